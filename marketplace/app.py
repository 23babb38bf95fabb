"""Put the marketplace together: config, extensions, blueprints, error pages. Nothing else."""

from collections.abc import Sequence

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace.accounts.access import login_manager, viewer
from marketplace.accounts.rules import ANYONE, Permission, Viewer
from marketplace.catalogue.gateways.safeguarding import safeguarding_contacts
from marketplace.catalogue.views.shortlist import keep_shortlist
from marketplace.config import Config
from marketplace.kit import assets, codes, gazetteers, kept, logs, metrics, reading, said, squeezing
from marketplace.kit.addresses import is_sent_from_here, this_page
from marketplace.kit.db import BusyError, db
from marketplace.kit.drawing import PageEnvironment
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.headers import EARLY_SCRIPT, set_headers
from marketplace.kit.hosts import names_of, only_as, with_a_name
from marketplace.kit.languages import choosing
from marketplace.kit.languages.drawing import ManyLanguages
from marketplace.kit.languages.language import read_language
from marketplace.kit.letterhead import Letterhead
from marketplace.kit.limits import limiter, widen_where_needed
from marketplace.kit.mail import FilePostman, Postman, SmtpPostman
from marketplace.kit.outages import while_reading
from marketplace.kit.papers import PaperHead, set_letterhead
from marketplace.kit.site import Site
from marketplace.kit.text import prose
from marketplace.kit.tries import TryCounter
from marketplace.kit.undefined import Forgotten
from marketplace.payments.gateways.stripe import StripeGateway
from marketplace.web.rules.shown import SHOWN_TO_ANYBODY

csrf = CSRFProtect()

STATUS = {NotFoundError: 404, NotAllowedError: 403, BusyError: 503, DomainError: 409}

WORDS = {
    400: (
        "We could not read that",
        "Something was missing from what your browser sent. Nothing was changed.",
        ("Go back, reload the page, and try again.", "If you followed a link, copy all of it into the address line."),
    ),
    403: (
        "You cannot open this page",
        "It belongs to somebody else, or needs a different kind of account.",
        (
            "If you have another account, sign out and sign in with that one.",
            "If somebody lets you help them, ask whether that has ended.",
        ),
    ),
    404: (
        "We cannot find that page",
        "The address may be mistyped, or what was here has been taken down.",
        ("If you typed the address, look whether all of it is right.", "Or search for what you need:"),
    ),
    405: (
        "That cannot be done here",
        "Your browser asked for something that this page does not do. Nothing was changed.",
        ("Go back, and use the buttons on the page.",),
    ),
    413: (
        "That is too big to send",
        "We take up to 5 megabytes at once. Nothing was changed.",
        (
            "Go back and send less of it: fewer words, or a smaller file.",
            "Most phones can send a picture in a smaller size.",
        ),
    ),
    429: (
        "Please wait a moment",
        "You have tried this many times, so we stop for a while. That keeps everybody’s account safe.",
        ("Wait a minute, then try again.",),
    ),
    500: (
        "Something went wrong here",
        "It is our fault, not yours, and we have been told.",
        ("Try again in a few minutes.", "If you sent something, look whether it is there before you send it again."),
    ),
    503: (
        "We cannot do that now",
        "Something that we need is away for a while. It is our fault, not yours.",
        ("Try again in a minute.",),
    ),
}
"""For each status: what happened, why, and what one can do."""


def create_app(config: Config) -> Flask:
    """Create the application from explicit settings."""
    app = Site(__name__, static_folder="../static/dist", static_url_path="/static")
    app.jinja_environment = ManyLanguages if len(config.language_codes) > 1 else PageEnvironment
    _configure(app, config)
    set_letterhead(PaperHead(config.site_name, (config.site_url.partition("://")[2], config.contact_email)))
    db.init_app(app, config.database_url, counted=SHOWN_TO_ANYBODY)
    logs.init_app(app, trusts_proxy=config.trusted_proxies > 0)
    metrics.init_app(app, is_read=bool(config.metrics_token.get_secret_value()))
    kept.init_app(app, most_bytes=config.keep_pages_mb * 1024 * 1024)
    widen_where_needed(app)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)  # Templates are given `viewer`.
    app.extensions["tries"] = TryCounter(app.extensions["engine"], config.secret_key.get_secret_value())
    limiter.init_app(app)
    assets.init_app(app)
    reading.init_app(app)
    choosing.init_app(app, [read_language(code, config.translations_path) for code in config.language_codes])
    gazetteers.init_app(app, config.places_path)
    app.extensions["postman"] = _postman(config)
    app.extensions["safeguarding"] = safeguarding_contacts(config.safeguarding_contacts)
    app.extensions["stripe"] = _stripe(config)
    app.extensions["on_sign_in"] = (keep_shortlist,)
    _prepare_templates(app, config)
    _register_blueprints(app)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _stopped)
    app.register_error_handler(SQLAlchemyError, _not_read)
    app.register_error_handler(500, _broken)
    app.after_request(_say_that_it_passes)
    set_headers(app, https=config.is_production)
    squeezing.init_app(app)
    app.after_request(kept.keep)  # The last is the first to see a page.
    app.wsgi_app = with_a_name(app.wsgi_app)  # type: ignore[method-assign]
    if config.is_production:
        names = names_of(config.site_url, config.trusted_hosts)
        app.wsgi_app = only_as(app.wsgi_app, names)  # type: ignore[method-assign]
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        TESTING=config.env == "test",
        SECRET_KEY=config.secret_key.get_secret_value(),
        SECRET_KEY_FALLBACKS=list(config.former_keys),
        WTF_CSRF_SECRET_KEY=[*reversed(config.former_keys), config.secret_key.get_secret_value()],
        SITE_URL=config.site_url,
        CONTACT_EMAIL=config.contact_email,
        SITE_NAME=config.site_name,
        PLACES_PATH=config.places_path,
        TRANSLATIONS_PATH=config.translations_path,
        HAS_DEMO=config.has_demo,
        IS_PRODUCTION=config.is_production,
        FEE_PENCE_PER_POUND=config.fee_pence_per_pound,
        TAKES_CARDS=bool(config.stripe_secret_key.get_secret_value()),
        MICRO_PROVIDER_MOST_STAFF=config.micro_provider_most_staff,
        MAIL_READABLE_AT=config.mail_folder if config.mail_route == "file" and not config.is_production else None,
        RATELIMIT_STORAGE_URI=config.counts_tries_in,
        METRICS_TOKEN=config.metrics_token.get_secret_value(),
        TRUSTED_PROXIES=config.trusted_proxies,
        WEB_WORKERS=config.web_workers,
        BACKUP_FOLDER=config.backup_folder,
        BACKUP_RECIPIENT=config.backup_recipient,
        ERASED_LIST=config.erased_list,
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
    head = Letterhead(config.mail_from, config.site_name, config.site_url, config.contact_email, config.ways_to_us)
    if config.mail_route == "file":
        return FilePostman(folder=config.mail_folder, head=head)
    return SmtpPostman(
        host=config.smtp_host,
        port=config.smtp_port,
        head=head,
        username=config.smtp_username,
        password=config.smtp_password.get_secret_value(),
        starttls=config.smtp_starttls,
    )


def _stripe(config: Config) -> StripeGateway | None:
    key = config.stripe_secret_key.get_secret_value()
    if not key:
        return None
    secret, base = config.stripe_webhook_secret.get_secret_value(), config.stripe_api_base
    # Half of the threads of a process may wait for Stripe: the others serve everybody else.
    return StripeGateway(key, secret, base, at_once=max(1, config.web_threads // 2))


def _prepare_templates(app: Flask, config: Config) -> None:
    app.jinja_env.undefined = Forgotten
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        early_script=EARLY_SCRIPT,
        Permission=Permission,
        this_page=this_page,
        site_url=config.site_url.rstrip("/"),
        contact_ways=config.ways_to_us,
        contact_hours=config.contact_hours,
        contact_answer_days=config.contact_answer_days,
    )
    app.jinja_env.filters.update(prose=prose, square=codes.square_of_page, **said.FILTERS)
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
        return {"viewer": _looking(), "site_name": config.site_name, "contact_email": config.contact_email}


def _looking() -> Viewer:
    # After a fault the database may be out of reach, so the page that says so asks it nothing.
    if g.get("is_broken"):
        return ANYONE
    try:
        return viewer()
    except SQLAlchemyError:
        g.is_broken = True
        return ANYONE


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
    from marketplace.demo.views import bp as demo
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
    from marketplace.web.commands import (
        backup_commands,
        doctor,
        jobs_commands,
        ledger_commands,
        restore,
        words_commands,
    )
    from marketplace.web.views import bp as web
    from marketplace.web.views.home import near
    from marketplace.web.views.reading import read_your_way

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
        demo,
    ):
        app.register_blueprint(blueprint)
    # Stripe signs what it sends, and has no form to take a token from.
    csrf.exempt(payment_events.bp)
    # It opens nothing, and says nothing about anybody: a token would only make every page somebody's own.
    csrf.exempt(read_your_way)
    csrf.exempt(near)
    operating = (
        accounts_commands,
        backup_commands,
        brokerage_commands,
        catalogue_commands,
        ledger_commands,
        demand_commands,
        demo_commands,
        doctor,
        jobs_commands,
        payments_commands,
        ratings_commands,
        restore,
        search_commands,
        words_commands,
    )
    for group in operating:
        app.cli.add_command(group)


def _page(status: int, title: str, words: str, steps: Sequence[str] = ()) -> ResponseReturnValue:
    # Of a fault people can tell us, and by its number it is found in the log.
    number = logs.number_of_request() if status >= 500 else ""  # noqa: PLR2004
    page = render_template("errors/page.html", status=status, title=title, words=words, steps=steps, number=number)
    return page, status


def _refused(error: DomainError) -> ResponseReturnValue:
    """Show a refusal that no view turned into a form message."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    titles = {404: "We cannot find that", 403: "You may not do that"}
    title = error.title if isinstance(error, BusyError) else titles.get(status, "That cannot be done now")
    # Such a sentence says itself what one can do.
    return _page(status, title, str(error))


def _not_read(error: SQLAlchemyError) -> ResponseReturnValue:
    """Say plainly that the database is away. Whatever else is wrong with it is a fault of ours."""
    outage = while_reading(error)
    if outage is None:
        raise error
    g.is_broken = True
    # Somebody who sent something is told of that first, whatever could not be shown afterwards.
    g.outage = g.get("outage") or outage
    return _refused(g.outage)


def _say_that_it_passes(response: Response) -> Response:
    """Give every page about an outage, a form that is shown again too, the status that says: not now, but soon."""
    if g.get("outage") and response.status_code in {422, 503}:
        response.status_code = 503
        response.headers.setdefault("Retry-After", "60")
    return response


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
    if is_sent_from_here():
        fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
        return render_template("errors/again.html", path=request.full_path.rstrip("?"), fields=fields), 400
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
