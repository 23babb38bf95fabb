"""Pages about arrangements: asking for one, and what became of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.catalogue.rules import OfferId
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import pounds
from marketplace.purchasing import queries, rules, services
from marketplace.purchasing.forms import AskForm, DeclineForm
from marketplace.purchasing.queries.disputes import disputes_of
from marketplace.purchasing.queries.terms import terms_page
from marketplace.purchasing.queries.visits import visits_page, visits_waiting
from marketplace.purchasing.rules import Act, ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.views.blueprint import arrangement_address, bp
from marketplace.ratings import queries as ratings

_HESITATION = {ArrangementStatus.DECLINED: "declined", ArrangementStatus.CANCELLED: "ended"}
"""Where somebody may wonder what to do next, in the words by which free help is asked for."""


def _writes_to_nobody() -> bool:
    # Looking, seeing what it costs and changing one's mind are free: only what is sent to a provider counts.
    return only_looks() or not request.form.get("agreed_pence") or "change" in request.form


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    if not viewer().may(Permission.BUY):
        return redirect(url_for(".for_my_organisation"))
    page = queries.my_arrangements(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    waiting = visits_waiting(db.session, viewer=viewer(), today=day_of(datetime.now(UTC)))
    return render_template("purchasing/index.html", page=page, waiting=waiting)


@bp.get("/for-my-organisation")
@requires(Permission.PROVIDE)
def for_my_organisation() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.arrangements_for_my_organisations(db.session, viewer=viewer(), page=number)
    return render_template("purchasing/for_my_organisation.html", page=page)


@bp.route("/ask/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=_writes_to_nobody)
def ask(offer_id: UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    offer = services.offer_to_ask(db.session, offer_id=OfferId(offer_id), by=me(), now=now)
    form = AskForm()
    form.offer_rates(offer.rates)
    if "change" not in request.form and form.validate_on_submit():
        try:
            return _ask_or_show_cost(form, OfferId(offer_id), now)
        except DomainError as error:
            show_refusal(form, error)
    page = render_template(
        "purchasing/ask.html",
        offer=offer,
        form=form,
        units=rules.unit_words(offer.terms.unit),
        costs={price.rate.value: f"{pounds(price.amount)} {price.unit.each}" for price in offer.rates},
    )
    return page, 422 if form.errors else 200


def _ask_or_show_cost(form: AskForm, offer_id: OfferId, now: datetime) -> ResponseReturnValue:
    wanted = form.wanted
    if form.agreed_total is None:
        asked = services.price_request(db.session, offer_id=offer_id, by=me(), now=now, **wanted)
        return render_template("purchasing/check.html", asked=asked)
    with transaction() as session:
        arrangement_id = services.ask_for_arrangement(
            session, offer_id=offer_id, by=me(), link=arrangement_address, now=now,
            agreed_total=form.agreed_total, **wanted,
        )  # fmt: skip
    flash("You have asked for this. We have written to the provider, and will write to you when they answer.")
    return redirect(url_for(".show", arrangement_id=arrangement_id))


@bp.get("/<uuid:arrangement_id>")
@signed_in
def show(arrangement_id: UUID) -> ResponseReturnValue:
    wanted, today = ArrangementId(arrangement_id), day_of(datetime.now(UTC))
    page = queries.arrangement_page(db.session, arrangement_id=wanted, viewer=viewer(), today=today) or abort(404)
    review_id = ratings.my_review_of_arrangement(db.session, arrangement_id=wanted, viewer=viewer())
    terms = terms_page(db.session, arrangement_id=wanted, viewer=viewer()) or abort(404)
    visits = visits_page(db.session, arrangement_id=wanted, viewer=viewer(), now=datetime.now(UTC))
    disputes = disputes_of(db.session, arrangement_id=wanted, viewer=viewer())
    at = _HESITATION.get(page.status) if page.side is Side.PERSON else None
    return render_template(
        "purchasing/show.html",
        page=page,
        terms=terms,
        visits=visits,
        disputes=disputes,
        review_id=review_id,
        helps=free_help_at(db.session, at=at, council=viewer().council) if at else (),
    )


@bp.route("/<uuid:arrangement_id>/decline", methods=["GET", "POST"])
@signed_in
def decline(arrangement_id: UUID) -> ResponseReturnValue:
    form, now = DeclineForm(), datetime.now(UTC)
    wanted = ArrangementId(arrangement_id)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.decline_arrangement(
                    session, arrangement_id=wanted, by=me(), reason=form.reason.data or "",
                    link=arrangement_address, now=now,
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("You have declined this. We have written to the person who asked.")
            return redirect(url_for(".show", arrangement_id=arrangement_id))
    page = queries.arrangement_page(db.session, arrangement_id=wanted, viewer=viewer(), today=day_of(now))
    page = page or abort(404)
    if not form.errors and Act.DECLINE not in page.acts:
        return redirect(url_for(".show", arrangement_id=arrangement_id))
    return render_template("purchasing/decline.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/<uuid:arrangement_id>/accept")
@signed_in
def accept(arrangement_id: UUID) -> ResponseReturnValue:
    return _do(services.accept_arrangement, arrangement_id, "You have accepted this. We have written to the person.")


@bp.post("/<uuid:arrangement_id>/withdraw")
@signed_in
def withdraw(arrangement_id: UUID) -> ResponseReturnValue:
    return _do(services.withdraw_arrangement, arrangement_id, "You have withdrawn this. You owe nothing.")


@bp.post("/<uuid:arrangement_id>/done")
@signed_in
def mark_done(arrangement_id: UUID) -> ResponseReturnValue:
    return _do(services.mark_done, arrangement_id, "Marked as done. We have told the other side.")


def _do(act: Callable[..., object], arrangement_id: UUID, said: str) -> ResponseReturnValue:
    """Do one thing to an arrangement, as its one button asks. A refusal becomes a page that says why."""
    with transaction() as session:
        act(
            session,
            arrangement_id=ArrangementId(arrangement_id),
            by=me(),
            link=arrangement_address,
            now=datetime.now(UTC),
        )
    flash(said)
    return redirect(url_for(".show", arrangement_id=arrangement_id))
