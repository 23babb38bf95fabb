"""What anyone sees: the front page and the standing pages."""

from datetime import UTC, datetime, timedelta

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import known_browsers, public, viewer
from marketplace.catalogue import queries as catalogue
from marketplace.demand.queries import signals as demand
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of, midnight
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.pooling import queries as pooling
from marketplace.web.forms import GalleryForm
from marketplace.web.views.blueprint import bp

POOLS_ON_THE_FRONT_PAGE = 3
SIGNALS_ON_THE_FRONT_PAGE = 3
_STAYS_TRUE = timedelta(days=180)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    own = viewer().council
    signals = demand.newest_signals(db.session, councils=(own,) if own else (), limit=SIGNALS_ON_THE_FRONT_PAGE)
    return render_template(
        "web/home.html",
        categories=catalogue.categories_with_counts(db.session),
        pools=pooling.pools_forming(db.session, now=datetime.now(UTC), limit=POOLS_ON_THE_FRONT_PAGE),
        signals=[(signal, gazetteer().council(signal.council).name) for signal in signals],
    )


@bp.get("/how-it-works")
@public
def how_it_works() -> ResponseReturnValue:
    return render_template("web/how_it_works.html")


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("web/accessibility.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template("web/privacy.html")


@bp.get("/cookies")
@public
def cookies() -> ResponseReturnValue:
    return render_template(
        "web/cookies.html",
        session_cookie=current_app.config["SESSION_COOKIE_NAME"],
        known_cookie=known_browsers.cookie_name(),
    )


@bp.get("/contact")
@public
def contact() -> ResponseReturnValue:
    return render_template("web/contact.html")


@bp.get("/.well-known/security.txt")
@public
def how_to_report_a_way_in() -> ResponseReturnValue:
    """Tell whoever found a way in whom to write to (RFC 9116)."""
    words = (
        f"Contact: mailto:{current_app.config['CONTACT_EMAIL']}\n"
        f"Expires: {midnight(day_of(datetime.now(UTC)) + _STAYS_TRUE):%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: en\n"
        f"Canonical: {page_address('web.how_to_report_a_way_in')}\n"
    )
    return Response(words, mimetype="text/plain")


@bp.get("/design")
@public
def design() -> ResponseReturnValue:
    if current_app.config["IS_PRODUCTION"]:
        abort(404)
    refused = GalleryForm(formdata=None, prefix="refused-")
    refused.show_mistakes(
        {
            "name": "Tell us what to call you.",
            "kind": "Choose what you are.",
            "starts_on": "Enter a day that is still to come.",
        }
    )
    return render_template(
        "web/design.html", example=GalleryForm(formdata=None), refused=refused, checked_on=day_of(datetime.now(UTC))
    )
