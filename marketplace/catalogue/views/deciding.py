"""What a moderator sees of an offer before deciding about it, and what comes after."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms import DecideForm
from marketplace.catalogue.gateways import ready_reasons
from marketplace.catalogue.queries import OfferPage, Waiting
from marketplace.catalogue.rules import Act, OfferId, OfferStatus
from marketplace.catalogue.views import saved
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.history import category_names
from marketplace.catalogue.views.shown import council_name, price_shown, today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.fields import choices
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import since
from marketplace.kit.sentences import one_word, worded
from marketplace.moderation.services import ReasonMissingError


@bp.route("/offers/<uuid:offer_id>/decide", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide(offer_id: UUID) -> ResponseReturnValue:
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today()) or abort(404)
    only = _which(request.args.get("show"))
    form = DecideForm(seen=offer.updated_at.isoformat())
    form.ready.choices = choices((reason.key, reason.label) for reason in ready_reasons())
    if Act.APPROVE not in offer.acts:
        form.outcome.choices = choices([(Act.REFUSE, "Take it down until it is changed")])
    if form.copy.data and form.csrf_token.validate(form):
        form.reason.data, form.ready.data = _reason(form), []
        return _page(offer, form, only)
    if form.validate_on_submit():
        try:
            _decide(offer, form)
        except ReasonMissingError as error:
            show_refusal(form, error, beside="reason")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                worded("Decided. We have written to {name}.", name=offer.provider.name)
                if offer.provider.takes_requests
                else one_word("Decided.")
            )
            return redirect(_next_address(offer, only))
    return _page(offer, form, only), 422 if form.errors else 200


def _which(typed: str | None) -> Waiting | None:
    """Return which waiting offers a moderator asked for; anything else is all of them."""
    return Waiting(typed) if typed in set(Waiting) else None


def _page(offer: OfferPage, form: DecideForm, only: Waiting | None) -> str:
    compared = queries.since_approved(db.session, offer_id=offer.id, viewer=viewer())
    names = category_names()
    return render_template(
        "catalogue/decide.html",
        form=form,
        offer=offer,
        council=council_name(offer.council),
        price=price_shown(is_free=offer.is_free, price=offer.price, group_price=offer.group_price),
        approved_at=compared.approved_at if compared else None,
        changes=(
            saved.changes(compared.approved, compared.now, categories=names) if compared and compared.approved else ()
        ),
        fields=saved.read_as(compared.now, categories=names) if compared else (),
        evidence=queries.evidence_on_offers(db.session, offer_ids=[offer.id], on=today()).get(offer.id, ()),
        only=only,
        waited=since(offer.updated_at, datetime.now(UTC)),
    )


def _next_address(offer: OfferPage, only: Waiting | None) -> str:
    """Return where a moderator goes on: to what has waited longest now, or back to the list."""
    came_from_list = offer.status is OfferStatus.SUBMITTED or only is Waiting.REPORTED
    following = queries.next_waiting(db.session, viewer=viewer(), only=only) if came_from_list else None
    if following is None:
        return url_for("moderation.queue", show=only)
    return url_for("catalogue.decide", offer_id=following, show=only)


def _reason(form: DecideForm) -> str:
    """Return what the moderator wrote, and after it the ready-made words of what they ticked."""
    ticked = [reason.words for reason in ready_reasons() if reason.key in (form.ready.data or ())]
    typed = form.reason.data or ""
    return "\n\n".join(words for words in (typed, *ticked) if words)


def _decide(offer: OfferPage, form: DecideForm) -> None:
    seen, now = _moment(form.seen.data), datetime.now(UTC)
    with transaction() as session:
        if form.outcome.data == Act.APPROVE:
            services.approve_offer(
                session,
                offer_id=offer.id,
                by=viewer(),
                seen=seen,
                address=page_address("catalogue.offer", {"offer_id": offer.id}),
                now=now,
            )
        else:
            services.refuse_offer(
                session,
                offer_id=offer.id,
                reason=_reason(form),
                by=viewer(),
                seen=seen,
                address=page_address("catalogue.edit", {"offer_id": offer.id}),
                now=now,
            )


def _moment(typed: str | None) -> datetime:
    """Return when the version was saved that was read. What cannot be read counts as one long gone."""
    try:
        return datetime.fromisoformat(typed or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
