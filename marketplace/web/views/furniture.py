"""What browsers ask of any site: its mark, and how it looks when it is put on a phone's first screen."""

from flask import current_app, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.assets import static_url
from marketplace.web.views.blueprint import bp

_DAY = "public, max-age=86400"
_SIZES = {"mark-192.png": 192, "mark-512.png": 512}


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    answer = redirect(static_url("mark-192.png"), 302)
    answer.headers["Cache-Control"] = _DAY
    return answer


@bp.get("/site.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    name = current_app.config["SITE_NAME"]
    answer = jsonify(
        name=name,
        short_name=name,
        description="Find support. See what people say. Club together.",
        lang="en-GB",
        start_url=url_for(".home"),
        scope=url_for(".home"),
        display="browser",
        background_color="#fffaf2",
        theme_color="#fffaf2",
        icons=[
            {"src": static_url("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(
                {"src": static_url(picture), "sizes": f"{side}x{side}", "type": "image/png", "purpose": "any maskable"}
                for picture, side in _SIZES.items()
            ),
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = _DAY
    return answer
