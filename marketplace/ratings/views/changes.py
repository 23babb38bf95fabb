"""What people ask for, and what becomes of it: saying the same, planned or done, did it change, and “You told us”."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import ProviderId
from marketplace.demand.queries import signals as demand
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.places import CouncilCode
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.forms import DecideForm
from marketplace.ratings.forms.changing import ChangeForm, VerdictForm
from marketplace.ratings.queries import changes as queries
from marketplace.ratings.rules.nouns import ChangeState, PointId, ReviewId, Verdict
from marketplace.ratings.services import changing
from marketplace.ratings.services.naming import TellsWhoError
from marketplace.ratings.views.blueprint import bp, review_address, told

SIGNALS_SHOWN = 3


@bp.post("/points/<uuid:point_id>/same")
@requires(Permission.BUY)
def say_the_same(point_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        review_id = changing.say_the_same(session, point_id=PointId(point_id), by=me(), now=datetime.now(UTC))
    flash("You say the same. Nobody sees that it is you.")
    return _back_to(review_id, point_id)


@bp.post("/points/<uuid:point_id>/not-the-same")
@requires(Permission.BUY)
def take_back_the_same(point_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        review_id = changing.take_back_the_same(session, point_id=PointId(point_id), by=me())
    flash("Taken back.")
    return _back_to(review_id, point_id)


@bp.route("/points/<uuid:point_id>/change", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def mark_change(point_id: UUID) -> ResponseReturnValue:
    wanted = PointId(point_id)
    it = queries.point_to_change(db.session, point_id=wanted, viewer=viewer()) or abort(404)
    form = ChangeForm(state=it.change.state if it.change else None, words=it.change.words if it.change else "")
    asks_if_sure = bool(form.is_sure.data)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                review_id = changing.mark_change(
                    session,
                    point_id=wanted,
                    by=me(),
                    state=ChangeState(form.state.data),
                    words=form.words.data or "",
                    is_sure=bool(form.is_sure.data),
                    link=review_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            asks_if_sure = asks_if_sure or isinstance(error, TellsWhoError)
            show_refusal(form, error)
        else:
            flash("Saved. Everybody can read it, and we tell whoever asked for it.")
            return _back_to(review_id, point_id)
    page = render_template("ratings/change.html", it=it, form=form, asks_if_sure=asks_if_sure)
    return page, 422 if form.errors else 200


@bp.route("/points/<uuid:point_id>/did-it-change", methods=["GET", "POST"])
@signed_in
def did_it_change(point_id: UUID) -> ResponseReturnValue:
    wanted = PointId(point_id)
    it = queries.point_to_judge(db.session, point_id=wanted, viewer=viewer()) or abort(404)
    form = VerdictForm(verdict=it.change.verdict if it.change else None)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                review_id = changing.say_whether_it_changed(
                    session, point_id=wanted, by=me(), verdict=Verdict(form.verdict.data), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. Everybody can read your answer.")
            return _back_to(review_id, point_id)
    return render_template("ratings/did_it_change.html", it=it, form=form), 422 if form.errors else 200


@bp.route("/points/<uuid:point_id>/take-down", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def take_down_change(point_id: UUID) -> ResponseReturnValue:
    wanted = PointId(point_id)
    it = queries.change_to_judge(db.session, point_id=wanted, viewer=viewer()) or abort(404)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                review_id = changing.take_down_change(
                    session,
                    point_id=wanted,
                    by=me(),
                    reason=form.reason.data or "",
                    link=review_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Taken down. We have written to the provider.")
            return _back_to(review_id, point_id)
    return render_template("ratings/take_down_change.html", it=it, form=form), 422 if form.errors else 200


@told.get("")
@public
def index() -> ResponseReturnValue:
    found = queries.councils_with_changes(db.session)
    councils = sorted((gazetteer().council(code).name, code, many) for code, many in found.items())
    return render_template("ratings/told.html", councils=councils)


@told.get("/providers/<uuid:provider_id>")
@public
def by_provider(provider_id: UUID) -> ResponseReturnValue:
    wanted, number = ProviderId(provider_id), page_number(request.args.get("page"))
    provider = queries.telling_provider(db.session, provider_id=wanted, viewer=viewer()) or abort(404)
    page = queries.told_by_provider(db.session, provider_id=wanted, page=number)
    council = gazetteer().council(provider.council) if provider.council else None
    return render_template("ratings/told_by_provider.html", provider=provider, council=council, page=page)


@told.get("/<council>")
@public
def in_council(council: str) -> ResponseReturnValue:
    found = gazetteer().council(CouncilCode(council))
    number = page_number(request.args.get("page"))
    page = queries.told_in_council(db.session, council=found.code, page=number)
    return render_template(
        "ratings/told_in_council.html",
        council=found,
        page=page,
        signals=demand.newest_signals(db.session, councils=(found.code,), limit=SIGNALS_SHOWN),
    )


def _back_to(review_id: ReviewId, point_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("ratings.show", review_id=review_id, _anchor=f"point-{point_id}"))
