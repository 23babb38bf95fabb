"""What a moderator sees of an offer before deciding about it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms import DecideForm
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import Act, OfferId
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import council_name, price_shown, today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.fields import choices
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.services import ReasonMissingError


@bp.route("/offers/<uuid:offer_id>/decide", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide(offer_id: UUID) -> ResponseReturnValue:
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today()) or abort(404)
    form = DecideForm(seen=offer.updated_at.isoformat())
    if Act.APPROVE not in offer.acts:
        form.outcome.choices = choices([(Act.REFUSE, "Take it down until it is changed")])
    if form.validate_on_submit():
        try:
            _decide(offer, form)
        except ReasonMissingError as error:
            show_refusal(form, error, beside="reason")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                f"Decided. We have written to {offer.provider.name}." if offer.provider.takes_requests else "Decided."
            )
            return redirect(url_for("moderation.queue"))
    page = render_template(
        "catalogue/decide.html",
        form=form,
        offer=offer,
        council=council_name(offer.council),
        price=price_shown(is_free=offer.is_free, price=offer.price, group_price=offer.group_price),
    )
    return page, 422 if form.errors else 200


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
                reason=form.reason.data or "",
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
