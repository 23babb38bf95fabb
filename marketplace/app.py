"""Put the marketplace together: config, extensions, blueprints, error pages. Nothing else."""

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace.accounts.access import login_manager, viewer
from marketplace.accounts.rules import ANYONE, Permission
from marketplace.catalogue.gateways.safeguarding import safeguarding_contacts
from marketplace.catalogue.views.shortlist import keep_shortlist
from marketplace.config import Config
from marketplace.kit import assets, said
from marketplace.kit.db import BusyError, db
from marketplace.kit.drawing import PageEnvironment
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.headers import csp_nonce, set_headers
from marketplace.kit.limits import limiter, widen_where_needed
from marketplace.kit.mail import FilePostman, Postman, SmtpPostman
from marketplace.kit.places import Gazetteer
from marketplace.kit.site import Site
from marketplace.kit.text import prose
from marketplace.kit.undefined import Forgotten
from marketplace.payments.gateways.stripe import StripeGateway

csrf = CSRFProtect()

STATUS = {NotFoundError: 404, NotAllowedError: 403, BusyError: 503, DomainError: 409}

WORDS = {
    400: ("We could not read that", "Something was missing from what your browser sent. Go back and try again."),
    403: ("You cannot open this page", "It belongs to somebody else, or needs a different kind of account."),
    404: ("We cannot find that page", "The address may be mistyped, or what was here has been taken down."),
    405: ("That cannot be done here", "Go back, and use the buttons on the page."),
    413: ("That is too big to send", "Go back and send less of it: fewer words, or a smaller file."),
    429: ("Please wait a moment", "You have tried this many times. Wait a minute, then try again."),
    500: (
        "Something went wrong here",
        "It is our fault, not yours, and we have been told. Try again in a few minutes.",
    ),
}


def create_app(config: Config) -> Flask:
    """Create the application from explicit settings."""
    app = Site(__name__, static_folder="../static/dist", static_url_path="/static")
    app.jinja_environment = PageEnvironment
    _configure(app, config)
    db.init_app(app, config.database_url)
    widen_where_needed(app)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)  # Templates are given `viewer`.
    limiter.init_app(app)
    assets.init_app(app)
    app.extensions["gazetteer"] = Gazetteer(config.places_path)
    app.extensions["postman"] = _postman(config)
    app.extensions["safeguarding"] = safeguarding_contacts(config.safeguarding_contacts)
    app.extensions["stripe"] = _stripe(config)
    app.extensions["on_sign_in"] = (keep_shortlist,)
    _prepare_templates(app, config)
    _register_blueprints(app)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _stopped)
    app.register_error_handler(500, _broken)
    set_headers(app, https=config.is_production)
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        TESTING=config.env == "test",
        SECRET_KEY=config.secret_key.get_secret_value(),
        SITE_URL=config.site_url,
        CONTACT_EMAIL=config.contact_email,
        SITE_NAME=config.site_name,
        PLACES_PATH=config.places_path,
        HAS_DEMO=config.has_demo,
        IS_PRODUCTION=config.is_production,
        FEE_PENCE_PER_POUND=config.fee_pence_per_pound,
        TAKES_CARDS=bool(config.stripe_secret_key.get_secret_value()),
        MICRO_PROVIDER_MOST_STAFF=config.micro_provider_most_staff,
        MAIL_READABLE_AT=config.mail_folder if config.mail_route == "file" and not config.is_production else None,
        RATELIMIT_STORAGE_URI=config.ratelimit_storage_uri,
        COUNTS_TRIES=config.env != "test",
        SESSION_COOKIE_NAME="__Host-session" if config.is_production else "session",
        SESSION_COOKIE_SECURE=config.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form lives as long as its session: a clock would only lose what slow typists wrote.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=5 * 1024 * 1024,
    )


def _postman(config: Config) -> Postman:
    if config.mail_route == "file":
        return FilePostman(folder=config.mail_folder, sender=config.mail_from)
    return SmtpPostman(
        host=config.smtp_host,
        port=config.smtp_port,
        sender=config.mail_from,
        username=config.smtp_username,
        password=config.smtp_password.get_secret_value(),
        starttls=config.smtp_starttls,
    )


def _stripe(config: Config) -> StripeGateway | None:
    key = config.stripe_secret_key.get_secret_value()
    if not key:
        return None
    return StripeGateway(key, config.stripe_webhook_secret.get_secret_value(), config.stripe_api_base)


def _prepare_templates(app: Flask, config: Config) -> None:
    app.jinja_env.undefined = Forgotten
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(csp_nonce=csp_nonce, Permission=Permission)
    app.jinja_env.filters.update(prose=prose, **said.FILTERS)
    own = app.jinja_loader
    if own is None:
        raise RuntimeError("the application has no templates folder")
    app.jinja_loader = ChoiceLoader(
        [
            own,
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    WTFormsHelpers(app)

    @app.context_processor
    def _for_every_page() -> dict[str, object]:
        # After a fault the database may be out of reach, so the page that says so asks it nothing.
        looking = ANYONE if g.get("is_broken") else viewer()
        return {"viewer": looking, "site_name": config.site_name, "contact_email": config.contact_email}


def _register_blueprints(app: Flask) -> None:
    from marketplace.accounts.commands import commands as accounts_commands
    from marketplace.accounts.views import bp as accounts
    from marketplace.accounts.views import post
    from marketplace.brokerage.commands import commands as brokerage_commands
    from marketplace.brokerage.views import bp as brokerage
    from marketplace.budgets.views import bp as budgets
    from marketplace.catalogue.commands import commands as catalogue_commands
    from marketplace.catalogue.commands import search_commands
    from marketplace.catalogue.views import bp as catalogue
    from marketplace.catalogue.views import open_referral, sharing
    from marketplace.demand.commands import commands as demand_commands
    from marketplace.demand.views import api as demand_api
    from marketplace.demand.views import bp as demand
    from marketplace.demo.commands import commands as demo_commands
    from marketplace.moderation.views import bp as moderation
    from marketplace.payments.commands import commands as payments_commands
    from marketplace.payments.views import bp as payments
    from marketplace.payments.views import events as payment_events
    from marketplace.pooling.views import bp as pooling
    from marketplace.purchasing.views import basket, personal_assistants
    from marketplace.purchasing.views import bp as purchasing
    from marketplace.ratings.commands import commands as ratings_commands
    from marketplace.ratings.views import bp as ratings
    from marketplace.ratings.views import told
    from marketplace.web.commands import jobs_commands, ledger_commands
    from marketplace.web.views import bp as web

    buying = (catalogue, budgets, brokerage, payments, pooling, purchasing, basket, personal_assistants, ratings, told)
    for blueprint in (
        accounts,
        post,
        moderation,
        *buying,
        demand,
        web,
        payment_events.bp,
        sharing.bp,
        open_referral.bp,
        demand_api.bp,
    ):
        app.register_blueprint(blueprint)
    # Stripe signs what it sends, and has no form to take a token from.
    csrf.exempt(payment_events.bp)
    operating = (
        accounts_commands,
        brokerage_commands,
        catalogue_commands,
        ledger_commands,
        demand_commands,
        demo_commands,
        jobs_commands,
        payments_commands,
        ratings_commands,
        search_commands,
    )
    for group in operating:
        app.cli.add_command(group)


def _page(status: int, title: str, words: str) -> ResponseReturnValue:
    return render_template("errors/page.html", title=title, words=words), status


def _refused(error: DomainError) -> ResponseReturnValue:
    """Show a refusal that no view turned into a form message."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    titles = {404: "We cannot find that", 403: "You may not do that", 503: "Please wait a moment"}
    title = titles.get(status, "That cannot be done now")
    return _page(status, title, str(error))


def _expired(error: CSRFError) -> ResponseReturnValue:
    """Show the form again with everything typed in it: its own token check refuses it, and says so."""
    rule = request.url_rule
    if rule is not None and rule.methods and "GET" in rule.methods:
        view = current_app.view_functions[rule.endpoint]
        try:
            return current_app.ensure_sync(view)(**(request.view_args or {}))  # type: ignore[no-any-return]
        except (DomainError, HTTPException) as refusal:
            # Flask does not handle what an error handler raises.
            return current_app.handle_user_exception(refusal)
    return _page(400, "This page was open for a long time", "Go back, reload the page, and press the button again.")


def _stopped(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # noqa: PLR2004
        return error
    response = make_response(_page(error.code, *WORDS.get(error.code, WORDS[400])))
    # Which methods there are, or how long to wait, is said in headers.
    response.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return response


def _broken(_error: Exception) -> ResponseReturnValue:
    g.is_broken = True
    return _page(500, *WORDS[500])
