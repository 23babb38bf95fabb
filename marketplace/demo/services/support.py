"""What people buy with their budgets: asked for, visited week by week, invoiced, paid and partly given back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from marketplace.budgets.queries.paying import payable_streams
from marketplace.budgets.rules import StreamId
from marketplace.budgets.rules.sharing import share
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.money import WrittenChange, WrittenDispute, WrittenSupport, WrittenVisits
from marketplace.demo.services.paying import expect_payment
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.purchasing import services as purchasing
from marketplace.purchasing.queries.terms import terms_page
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import ArrangementKind, DisputeId, VisitId
from marketplace.purchasing.rules.visits import TookPlace
from marketplace.purchasing.services import (
    asking,
    calling_off,
    changing_terms,
    confirming,
    disputes,
    invoicing,
    visits,
)

_VISITS_ON_AN_INVOICE = 4
_CALLED_OFF_DAYS_BEFORE = 6


def expect_support(draw: Random, street: Street) -> None:
    """Put on the agenda everything that is told in full about what people buy with a budget."""
    for one in street.town.money.support:
        asked_on = street.calendar.days_ago(one.asked_days_ago)
        starts_on = asked_on + timedelta(days=one.days[1])
        street.agenda.add(some_time(draw, asked_on), partial(_ask, draw, street, one, asked_on, starts_on))


def _ask(draw: Random, street: Street, one: WrittenSupport, asked_on: date, starts_on: date, *, now: datetime) -> None:
    by = street.people[one.person]
    wanted = asking.price_request(
        street.session,
        offer_id=street.offers[one.offer],
        by=by,
        what=one.what,
        quantity=one.quantity,
        starts_on=starts_on,
        kind=one.kind,
        weeks=one.weeks,
        trial_weeks=one.trial_weeks,
        now=now,
    )
    arrangement_id = asking.ask_for_arrangement(
        street.session,
        offer_id=street.offers[one.offer],
        by=by,
        what=one.what,
        quantity=one.quantity,
        starts_on=starts_on,
        kind=one.kind,
        weeks=one.weeks,
        trial_weeks=one.trial_weeks,
        pay_by=one.pay_by,
        shares=_shares(street, one, wanted.total),
        agreed_total=wanted.total,
        link=street.addresses.arrangement,
        now=now,
    )
    answered_at = some_time(draw, asked_on + timedelta(days=one.days[0]))
    street.agenda.add(answered_at, partial(_accept, draw, street, one, arrangement_id, starts_on))
    if len(one.days) > 2:  # noqa: PLR2004  (the third is when it is done)
        done_at = some_time(draw, asked_on + timedelta(days=one.days[2]))
        street.agenda.add(done_at, partial(_finish, draw, street, one, arrangement_id))
    if one.dispute is not None:
        wrong_at = some_time(draw, street.calendar.days_ago(one.dispute.days_ago))
        street.agenda.add(wrong_at, partial(_dispute, draw, street, one, one.dispute, arrangement_id))
    if one.change is not None:
        changed_at = some_time(draw, street.calendar.days_ago(one.change.days_ago))
        street.agenda.add(changed_at, partial(_propose, street, one, one.change, arrangement_id))


def _shares(street: Street, one: WrittenSupport, total: Money) -> Mapping[StreamId, Money]:
    """Return how much of a total each stream pays."""
    streams = payable_streams(street.session, viewer=street.viewer(street.people[one.person]))
    of = {(stream.budget_id, stream.kind): stream.stream_id for stream in streams}
    amounts = share(total, [part.parts for part in one.shares])
    return {
        of[street.budgets[part.budget], part.stream]: amount for part, amount in zip(one.shares, amounts, strict=True)
    }


def _accept(
    draw: Random, street: Street, one: WrittenSupport, arrangement_id: ArrangementId, starts_on: date, *, now: datetime
) -> None:
    by = street.speaker(one.offer)
    purchasing.accept_arrangement(
        street.session, arrangement_id=arrangement_id, by=by, link=street.addresses.arrangement, now=now
    )
    if one.kind is ArrangementKind.PACKAGE:
        # Hours are paid for as they are bought, and used later.
        street.agenda.add(some_time(draw, starts_on), partial(_invoice, draw, street, one, arrangement_id))
    if one.visits is None:
        return
    planned = visits.plan_visits(
        street.session,
        arrangement_id=arrangement_id,
        by=by,
        first_on=starts_on,
        starts_at=one.visits.at,
        minutes=one.visits.minutes,
        weeks=one.visits.number,
        link=street.addresses.arrangement,
        now=now,
    )
    for number, visit_id in enumerate(planned, start=1):
        held_on = starts_on + timedelta(weeks=number - 1)
        if number == one.visits.banked:
            at = some_time(draw, held_on - timedelta(days=_CALLED_OFF_DAYS_BEFORE))
            street.agenda.add(at, partial(_bank, street, one, visit_id))
        else:
            _expect_visit(draw, street, one, one.visits, visit_id, number=number, held_on=held_on)
        if number % _VISITS_ON_AN_INVOICE == 0:
            at = some_time(draw, held_on + timedelta(days=5))
            street.agenda.add(at, partial(_invoice, draw, street, one, arrangement_id))


def _expect_visit(
    draw: Random,
    street: Street,
    one: WrittenSupport,
    of: WrittenVisits,
    visit_id: VisitId,
    *,
    number: int,
    held_on: date,
) -> None:
    """Let the provider say the day after that they came, and the person say yes a day later, or what is not right."""
    said = TookPlace(held_on=held_on, starts_at=of.at, minutes=of.minutes, miles=of.miles)
    after = [some_time(draw, held_on + timedelta(days=days)) for days in (1, 2, 3, 4)]
    street.agenda.add(after[0], partial(_claim, street, one, visit_id, said))
    if of.queried is None or of.queried.visit != number:
        street.agenda.add(after[1], partial(_confirm, street, one, visit_id))
        return
    street.agenda.add(after[1], partial(_query, street, one, visit_id, of.queried.words))
    amended = replace(said, minutes=of.queried.minutes, note="You are right. I have put it right.")
    street.agenda.add(after[2], partial(_claim, street, one, visit_id, amended))
    street.agenda.add(after[3], partial(_confirm, street, one, visit_id))


def _claim(street: Street, one: WrittenSupport, visit_id: VisitId, said: TookPlace, *, now: datetime) -> None:
    visits.claim_visit(
        street.session,
        visit_id=visit_id,
        by=street.speaker(one.offer),
        said=said,
        link=street.addresses.arrangement,
        now=now,
    )


def _confirm(street: Street, one: WrittenSupport, visit_id: VisitId, *, now: datetime) -> None:
    by, link = street.people[one.person], street.addresses.arrangement
    confirming.confirm_visit(street.session, visit_id=visit_id, by=by, link=link, now=now)


def _query(street: Street, one: WrittenSupport, visit_id: VisitId, words: str, *, now: datetime) -> None:
    by, link = street.people[one.person], street.addresses.arrangement
    confirming.query_visit(street.session, visit_id=visit_id, by=by, words=words, link=link, now=now)


def _bank(street: Street, one: WrittenSupport, visit_id: VisitId, *, now: datetime) -> None:
    by, link = street.people[one.person], street.addresses.arrangement
    calling_off.call_off_visit(street.session, visit_id=visit_id, by=by, bank=True, link=link, now=now)


def _finish(draw: Random, street: Street, one: WrittenSupport, arrangement_id: ArrangementId, *, now: datetime) -> None:
    by, link = street.people[one.person], street.addresses.arrangement
    purchasing.mark_done(street.session, arrangement_id=arrangement_id, by=by, link=link, now=now)
    at = some_time(draw, day_of(now) + timedelta(days=1))
    street.agenda.add(at, partial(_invoice, draw, street, one, arrangement_id))


def _invoice(
    draw: Random, street: Street, one: WrittenSupport, arrangement_id: ArrangementId, *, now: datetime
) -> None:
    """Send what is due and on no invoice yet, if anything is."""
    by, link = street.speaker(one.offer), street.addresses.arrangement
    try:
        invoice_id = invoicing.issue_invoice(street.session, arrangement_id=arrangement_id, by=by, link=link, now=now)
    except invoicing.AlreadyInvoicedError:
        return
    paid_at = some_time(draw, day_of(now) + timedelta(days=one.paid_after))
    expect_payment(street, one.offer, invoice_id, pay_by=one.pay_by, at=paid_at, refund=one.refund)


def _propose(
    street: Street, one: WrittenSupport, change: WrittenChange, arrangement_id: ArrangementId, *, now: datetime
) -> None:
    by = street.speaker(one.offer)
    page = terms_page(street.session, arrangement_id=arrangement_id, viewer=street.viewer(by))
    if page is None:
        raise LookupError(f"nobody has agreed anything about {one.offer}")
    changing_terms.propose_terms(
        street.session,
        arrangement_id=arrangement_id,
        by=by,
        wanted=replace(page.to_change(today=day_of(now)), quantity=change.quantity),
        reason=change.reason,
        link=street.addresses.arrangement,
        now=now,
    )


def _dispute(
    draw: Random,
    street: Street,
    one: WrittenSupport,
    wrong: WrittenDispute,
    arrangement_id: ArrangementId,
    *,
    now: datetime,
) -> None:
    dispute_id = disputes.open_dispute(
        street.session,
        arrangement_id=arrangement_id,
        by=street.people[one.person],
        words=wrong.words,
        wanted=wrong.wanted,
        link=street.addresses.dispute,
        now=now,
    )
    if wrong.answer:
        answered_at, referred_at = (some_time(draw, day_of(now) + timedelta(days=days)) for days in (1, 2))
        street.agenda.add(answered_at, partial(_answer, street, one, wrong.answer, dispute_id))
        street.agenda.add(referred_at, partial(_refer, street, one, dispute_id))


def _answer(street: Street, one: WrittenSupport, words: str, dispute_id: DisputeId, *, now: datetime) -> None:
    by, link = street.speaker(one.offer), street.addresses.dispute
    disputes.answer_dispute(street.session, dispute_id=dispute_id, by=by, answer=words, link=link, now=now)


def _refer(street: Street, one: WrittenSupport, dispute_id: DisputeId, *, now: datetime) -> None:
    disputes.refer_dispute(
        street.session,
        dispute_id=dispute_id,
        by=street.people[one.person],
        link=street.addresses.dispute,
        queue=street.addresses.disputes(),
        now=now,
    )
