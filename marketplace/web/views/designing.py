"""The gallery of everything that pages are made of, in development only."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.charts import spark_of
from marketplace.kit.colours import SCHEMES, named, pairs
from marketplace.kit.components import usages
from marketplace.kit.days import day_of
from marketplace.kit.letterhead import Letterhead
from marketplace.kit.outbox import Letter
from marketplace.web.forms import GalleryForm
from marketplace.web.views.blueprint import bp

PARTS = {
    "looks": "Colours, type and space",
    "drawings": "Icons and drawings",
    "pieces": "Pieces",
    "around": "Around a page",
    "figures": "Figures and pictures of them",
    "forms": "Forms",
    "states": "States",
    "papers": "Letters and papers",
}
_PAGES = {
    "looks": "web/design/looks.html",
    "drawings": "web/design/drawings.html",
    "pieces": "web/design/pieces.html",
    "around": "web/design/around.html",
    "figures": "web/design/figures.html",
    "forms": "web/design/forms.html",
    "states": "web/design/states.html",
    "papers": "web/design/papers.html",
}
_TOKENS = Path(__file__).parents[3] / "static" / "src" / "scss" / "_tokens.scss"
_LETTER = """Hello Nadine,

The pool “Families starting to sign” is going ahead. It begins on Tuesday 3 March.

- You pay £10 a session.
- Nothing is paid before your first visit.

See the pool: https://example.org/pools/1

If that is not right, tell us. A person reads every answer.
"""
_PAPERS = (
    ("Invoice", "A month’s invoice", "purchasing"),
    ("Pack of an arrangement", "An arrangement", "purchasing"),
    ("Statement of a budget", "A budget", "budgets"),
    ("Quarterly return", "Your budgets", "budgets"),
    ("Plan", "A plan, “Take it with you”", "brokerage"),
    ("Agreement of a pool", "The space of a pool", "pooling"),
    ("Invitations", "Finding people for a pool", "pooling"),
    ("Cards to rate by post", "Your offers", "ratings"),
    ("Market report", "Demand, every quarter", "demand"),
)


@bp.get("/design")
@public
def design() -> ResponseReturnValue:
    _only_in_development()
    return render_template("web/design.html", parts=PARTS, usage=usages(current_app.jinja_env))


@bp.get("/design/<part>")
@public
def design_part(part: str) -> ResponseReturnValue:
    _only_in_development()
    if part not in PARTS:
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
        _PAGES[part],
        part=part,
        parts=PARTS,
        usage=usages(current_app.jinja_env),
        example=GalleryForm(formdata=None),
        refused=refused,
        checked_on=day_of(datetime.now(UTC)),
        icons=_names("icon"),
        easy_drawings=_names("easy_drawing"),
        illustrations=_names("illustration"),
        schemes=_schemes(),
        spark=spark_of((565, 560, 610, 650, 735)),
        letter=_letter(),
        papers=_PAPERS,
    )


def _only_in_development() -> None:
    if current_app.config["IS_PRODUCTION"]:
        abort(404)


def _names(component: str) -> tuple[str, ...]:
    """Return what a component of drawings can draw: the names that its file exports."""
    module = current_app.jinja_env.get_template(f"components/{component}.html").module
    drawings: dict[str, str] = getattr(module, f"{component}s")
    return tuple(drawings)


def _schemes() -> dict[str, object]:
    sheet = _TOKENS.read_text()
    every = {scheme: named(sheet, scheme) for scheme in SCHEMES}
    return {scheme: {"colours": colours, "pairs": pairs(colours)} for scheme, colours in every.items()}


def _letter() -> str:
    """Return a letter as somebody reads it whose program shows no pages."""
    head = Letterhead(
        current_app.config["CONTACT_EMAIL"], current_app.config["SITE_NAME"], current_app.config["SITE_URL"]
    )
    return head.plain(Letter(id=UUID(int=0), to="nadine@example.org", subject="", body=_LETTER))
