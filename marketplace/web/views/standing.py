"""What anyone sees: the standing pages."""

from datetime import UTC, datetime, timedelta

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import known_browsers, public
from marketplace.kit import hiding
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of, midnight
from marketplace.kit.reading import COOKIE
from marketplace.web.views.blueprint import bp

_STAYS_TRUE = timedelta(days=180)


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
        reading_cookie=COOKIE,
        hidden_cookie=hiding.COOKIE,
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
