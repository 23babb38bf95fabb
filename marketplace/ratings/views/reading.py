"""Reading reviews: of one offer, one by itself, one's own, and those of one's organisation."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.kit.db import db
from marketplace.kit.pages import page_number
from marketplace.ratings import queries
from marketplace.ratings.queries.appeals import kept_back
from marketplace.ratings.rules import ReviewId, ReviewStatus
from marketplace.ratings.views.blueprint import bp


@bp.get("/about/<uuid:offer_id>")
@public
def about(offer_id: UUID) -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.offer_reviews(db.session, offer_id=OfferId(offer_id), viewer=viewer(), page=number) or abort(404)
    return render_template("ratings/about.html", page=page)


@bp.get("/<uuid:review_id>")
@public
def show(review_id: UUID) -> ResponseReturnValue:
    it = queries.review_page(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    if it.status is ReviewStatus.UNREAD and it.words and not it.is_mine:
        # A moderator reads it on the page that leaves out the stars.
        return redirect(url_for(".decide", kind="review", subject_id=it.id))
    kept = kept_back(db.session, review_id=it.id, viewer=viewer())
    safety = safeguarding_shown(kept[0].council if kept else None)
    return render_template("ratings/show.html", it=it, kept=kept, safety=safety)


@bp.get("/mine")
@signed_in
def mine() -> ResponseReturnValue:
    page = queries.my_reviews(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    waiting = queries.to_review(db.session, viewer=viewer())
    return render_template("ratings/mine.html", page=page, waiting=waiting)


@bp.get("/for-my-organisation")
@requires(Permission.PROVIDE)
def for_my_organisation() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.reviews_of_my_organisations(db.session, viewer=viewer(), page=number)
    return render_template("ratings/for_my_organisation.html", page=page)
