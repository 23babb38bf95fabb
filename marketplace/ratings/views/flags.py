"""A moderator looks at reviews that look arranged, and decides whether they are genuine."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.ratings.forms.flags import FlagForm, Which
from marketplace.ratings.queries import flags as queries
from marketplace.ratings.rules import flags as rules
from marketplace.ratings.rules.nouns import FlagId, ReviewId
from marketplace.ratings.services import settling
from marketplace.ratings.views.blueprint import bp, review_address


def flag_address(flag_id: FlagId) -> str:
    """Return the whole address of a flag's page, as letters give it."""
    return page_address("ratings.flag", {"flag_id": flag_id})


@bp.get("/flags")
@requires(Permission.MODERATE)
def flags() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.open_flags(db.session, viewer=viewer(), now=datetime.now(UTC), page=number)
    return render_template("ratings/flags.html", page=page)


@bp.route("/flags/<uuid:flag_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def flag(flag_id: UUID) -> ResponseReturnValue:
    it = queries.flag_page(db.session, flag_id=FlagId(flag_id), viewer=viewer()) or abort(404)
    can_be_decided = [(each.id, words) for words, each in _numbered(it) if each.is_shown]
    form = FlagForm(seen=str(len(can_be_decided)))
    form.choose_from(can_be_decided)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                settling.decide_about_flag(
                    session,
                    flag_id=it.id,
                    not_genuine=_meant(form, [review_id for review_id, _words in can_be_decided]),
                    reason=form.reason.data or "",
                    by=viewer(),
                    link=review_address,
                    address=flag_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have written to those whose reviews you kept from view.")
            return redirect(url_for(".flags"))
    page = render_template(
        "ratings/flag.html", it=it, form=form, fresh_days=rules.FRESH_DAYS, usual_fresh=round(100 * rules.USUAL_FRESH)
    )
    return page, 422 if form.errors else 200


def _numbered(it: queries.FlagPage) -> list[tuple[str, queries.FlaggedLine]]:
    return [(worded("Review {number}", number=number), each) for number, each in enumerate(it.reviews, start=1)]


def _meant(form: FlagForm, shown: list[ReviewId]) -> list[ReviewId]:
    """Return which reviews somebody meant, as they saw the page."""
    which, chosen = Which(form.which.data), [ReviewId(UUID(each)) for each in form.chosen.data or []]
    if which is Which.SOME and not chosen:
        raise settling.FlagUnclearError(
            "Choose at least one review, or say that none or all are meant.", field="chosen"
        )
    if which is not Which.SOME and chosen:
        raise settling.FlagUnclearError("You chose some reviews as well. Say that you mean those.", field="which")
    if which is Which.ALL and form.seen.data != str(len(shown)):
        raise settling.FlagMovedOnError("There are other reviews now than when you opened this page. Look again.")
    return {Which.NONE: [], Which.ALL: shown, Which.SOME: chosen}[which]
