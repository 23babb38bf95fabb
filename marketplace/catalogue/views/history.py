"""What an offer said before: every version of it, for its provider and for moderators."""

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import signed_in, viewer
from marketplace.catalogue import queries
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.views import saved
from marketplace.catalogue.views.blueprint import bp
from marketplace.kit.db import db
from marketplace.kit.pages import page_number


@bp.get("/offers/<uuid:offer_id>/history")
@signed_in
def history(offer_id: UUID) -> ResponseReturnValue:
    page = queries.offer_history(
        db.session, offer_id=OfferId(offer_id), viewer=viewer(), page=page_number(request.args.get("page"))
    ) or abort(404)
    names = category_names()
    return render_template(
        "catalogue/history.html",
        page=page,
        changes_of={
            line.number: saved.changes(line.before or {}, line.words, categories=names) for line in page.versions
        },
        wrong_facts=queries.wrong_facts_about(db.session, offer_id=page.id, viewer=viewer()),
        href=url_for("catalogue.history", offer_id=page.id) + "?page=",
    )


def category_names() -> dict[str, str]:
    """Return what every category is called, by its slug."""
    return {str(shelf.slug): shelf.name for shelf in queries.categories(db.session)}
