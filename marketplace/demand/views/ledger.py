"""What everybody may know of releases: their hashes, and how often they were taken away. And how they are made."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.demand.queries import ledger, released
from marketplace.demand.rules import disclosure
from marketplace.demand.rules.files import FORMS
from marketplace.demand.rules.method import TABLES, note_about
from marketplace.demand.rules.shapes import tables
from marketplace.demand.views.areas import names_of
from marketplace.demand.views.blueprint import bp
from marketplace.demand.views.downloads import quarter_of
from marketplace.kit.db import db


@bp.get("/demand/releases")
@public
def releases() -> ResponseReturnValue:
    taken = ledger.taken_away(db.session)
    return render_template(
        "demand/releases.html",
        releases=released.releases(db.session),
        taken=taken,
        taken_of=ledger.taken_of_releases(db.session),
        names=names_of([one.area for one in taken]),
        forms=FORMS,
    )


@bp.get("/demand/releases/<quarter>")
@public
def release(quarter: str) -> ResponseReturnValue:
    found = ledger.release_in_full(db.session, quarter=quarter_of(quarter)) or abort(404)
    return render_template(
        "demand/release.html", release=found, names=names_of([file.area for file in found.files]), forms=FORMS
    )


@bp.get("/demand/method")
@public
def method() -> ResponseReturnValue:
    shapes = tables(criteria=(), outcomes=())
    return render_template(
        "demand/method.html",
        tables=shapes,
        about=TABLES,
        notes={(table.slug, one.slug): note_about(table.slug, one.slug) for table in shapes for one in table.measures},
        rules=disclosure,
    )
