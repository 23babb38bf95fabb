"""People ask for things, get them or not, and say what they were like."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.demo.rules import PlannedArrangement, WrittenReview, plan_first_days, plan_trade
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.services.paying import expect_payment
from marketplace.demo.services.street import Street
from marketplace.demo.services.voices import Told, expect_what_follows, written_of
from marketplace.kit.days import day_of
from marketplace.purchasing import services as purchasing
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.ratings import services as ratings

_PAID = 0.8
"""Such a share of invoices is paid within a fortnight."""
_WAYS = (PayBy.BANK_TRANSFER, PayBy.BANK_TRANSFER, PayBy.PREPAID_CARD)


def expect_trade(draw: Random, street: Street, *, shown_since: Mapping[str, datetime]) -> None:
    """Put on the agenda everything that people ask for."""
    told = plan_first_days(draw, town=street.town, calendar=street.calendar)
    busy = {one.person for one in told}
    others = [person.key for person in street.town.people if person.key not in busy]
    planned = plan_trade(
        draw,
        town=street.town,
        calendar=street.calendar,
        people=others,
        reach=street.reaches,
        shown_since=shown_since,
    )
    for one in (*told, *planned):
        street.agenda.add(one.asked_at, partial(_ask, street, one))


def _ask(street: Street, planned: PlannedArrangement, *, now: datetime) -> None:
    arrangement_id = purchasing.ask_for_arrangement(
        street.session,
        offer_id=street.offers[planned.offer],
        by=street.people[planned.person],
        what=planned.what,
        quantity=planned.quantity,
        starts_on=planned.starts_on,
        link=street.addresses.arrangement,
        now=now,
    )
    if planned.ends is ArrangementStatus.WITHDRAWN:
        street.agenda.add(planned.ended_at, partial(_withdraw, street, planned, arrangement_id))
    elif planned.ends is ArrangementStatus.DECLINED:
        street.agenda.add(planned.answered_at, partial(_decline, street, planned, arrangement_id))
    else:
        street.agenda.add(planned.answered_at, partial(_accept, street, planned, arrangement_id))


def _withdraw(street: Street, planned: PlannedArrangement, arrangement_id: ArrangementId, *, now: datetime) -> None:
    purchasing.withdraw_arrangement(
        street.session,
        arrangement_id=arrangement_id,
        by=street.people[planned.person],
        link=street.addresses.arrangement,
        now=now,
    )


def _decline(street: Street, planned: PlannedArrangement, arrangement_id: ArrangementId, *, now: datetime) -> None:
    purchasing.decline_arrangement(
        street.session,
        arrangement_id=arrangement_id,
        by=street.speaker(planned.offer),
        reason=planned.reason,
        link=street.addresses.arrangement,
        now=now,
    )


def _accept(street: Street, planned: PlannedArrangement, arrangement_id: ArrangementId, *, now: datetime) -> None:
    purchasing.accept_arrangement(
        street.session,
        arrangement_id=arrangement_id,
        by=street.speaker(planned.offer),
        link=street.addresses.arrangement,
        now=now,
    )
    if planned.ends is ArrangementStatus.DONE:
        street.agenda.add(planned.ended_at, partial(_finish, street, planned, arrangement_id))
    elif planned.ends is ArrangementStatus.CANCELLED:
        street.agenda.add(planned.ended_at, partial(_cancel, street, planned, arrangement_id))


def _cancel(street: Street, planned: PlannedArrangement, arrangement_id: ArrangementId, *, now: datetime) -> None:
    purchasing.cancel_arrangement(
        street.session,
        arrangement_id=arrangement_id,
        by=street.people[planned.person] if planned.by_person else street.speaker(planned.offer),
        link=street.addresses.arrangement,
        now=now,
    )


def _finish(street: Street, planned: PlannedArrangement, arrangement_id: ArrangementId, *, now: datetime) -> None:
    purchasing.mark_done(
        street.session,
        arrangement_id=arrangement_id,
        by=street.people[planned.person] if planned.by_person else street.speaker(planned.offer),
        link=street.addresses.arrangement,
        now=now,
    )
    street.agenda.add(planned.invoiced_at, partial(_invoice, street, planned, arrangement_id))
    if planned.review is not None:
        street.agenda.add(planned.reviewed_at, partial(_review, street, planned, planned.review, arrangement_id))


def _invoice(street: Street, planned: PlannedArrangement, arrangement_id: ArrangementId, *, now: datetime) -> None:
    offer = next(offer for offer in street.town.offers if offer.key == planned.offer)
    if offer.free:
        return
    invoice_id = purchasing.issue_invoice(
        street.session,
        arrangement_id=arrangement_id,
        by=street.speaker(planned.offer),
        link=street.addresses.arrangement,
        now=now,
    )
    # Most pay within a fortnight, in their own way.
    draw = Random(f"paid {planned.person} {planned.offer}")  # noqa: S311  (nobody is to be surprised)
    if draw.random() < _PAID:
        at = some_time(draw, day_of(now) + timedelta(days=draw.randint(1, 14)))
        expect_payment(street, planned.offer, invoice_id, pay_by=draw.choice(_WAYS), at=at)


def _review(
    street: Street,
    planned: PlannedArrangement,
    review: WrittenReview,
    arrangement_id: ArrangementId,
    *,
    now: datetime,
) -> None:
    person_id = street.people[planned.person]
    review_id = ratings.review_arrangement(
        street.session,
        arrangement_id=arrangement_id,
        by=person_id,
        written=written_of(street, planned.offer, review),
        link=street.addresses.review,
        now=now,
    )
    told = Told(offer=planned.offer, review=review, writer=person_id, replied_at=planned.replied_at)
    expect_what_follows(street, told, review_id, now=now)
