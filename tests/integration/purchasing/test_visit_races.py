"""Visits, hours and invoices when many press at the same moment, on real threads."""

from datetime import time
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.catalogue.rules import Unit
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement, HoursEntry, Invoice, InvoiceLine, Visit
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, HoursReason, VisitStatus
from marketplace.purchasing.rules.visits import TookPlace
from marketplace.purchasing.services import confirming, hours, invoicing, visits
from tests.factories import purchasing
from tests.races import in_transactions

CROWD = 8


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


@pytest.fixture
def package(arrange, now):
    """A package of five hours, whose person and whose provider both press."""

    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        about = purchasing.offer(session, organisation_id=organisation.id, unit=Unit.PACKAGE, hours=Decimal(5))
        it = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, about=about, status=ArrangementStatus.ACCEPTED,
            kind=ArrangementKind.PACKAGE, unit=Unit.PACKAGE, package_hours=Decimal(5), quantity=1,
            unit_price=Money(70_00),
        )  # fmt: skip
        hours.follow_terms(session, it, by=speaker.id, now=now)
        return it.id, person.id, speaker.id

    return arrange(prepare)


def test_claims_at_once_never_take_more_hours_than_there_are(real_app, arrange, package, now):
    arrangement_id, person_id, speaker_id = package

    def claim(hour):
        said = TookPlace(held_on=purchasing.TODAY, starts_at=time(hour), minutes=60)
        return lambda session: visits.write_down_visit(
            session, arrangement_id=arrangement_id, by=speaker_id, said=said, link=link, now=now
        )

    outcomes = in_transactions(real_app, [claim(8 + n) for n in range(CROWD)])
    assert sum(isinstance(it, hours.NotEnoughHoursError) for it in outcomes) == CROWD - 5
    made = [it for it in outcomes if not isinstance(it, DomainError)]

    def confirm(visit_id):
        return lambda session: confirming.confirm_visit(session, visit_id=visit_id, by=person_id, link=link, now=now)

    # Each is pressed twice: hours go off the account once.
    outcomes = in_transactions(real_app, [confirm(visit_id) for visit_id in made + made])
    assert sum(isinstance(it, visits.VisitMovedOnError) for it in outcomes) == 5

    def look(session):
        used = select(func.sum(HoursEntry.minutes)).where(
            HoursEntry.arrangement_id == arrangement_id, HoursEntry.reason == HoursReason.USED
        )
        return session.get_one(Arrangement, arrangement_id).minutes_left, session.scalar(used)

    assert arrange(look) == (0, -300)


def test_a_visit_is_put_on_one_invoice_however_often_it_is_sent(real_app, arrange, now):
    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        it = purchasing.weekly(session, person=person, organisation_id=organisation.id)
        for hour in range(3):
            purchasing.visit(
                session, it, by=speaker.id, starts_at=time(9 + hour), amount=Money(14_50),
                status=VisitStatus.CONFIRMED, confirmed_by=person.id, confirmed_at=now,
            )  # fmt: skip
        return it.id, speaker.id

    arrangement_id, speaker_id = arrange(prepare)

    def issue(session):
        return invoicing.issue_invoice(session, arrangement_id=arrangement_id, by=speaker_id, link=link, now=now)

    outcomes = in_transactions(real_app, [issue] * CROWD)
    assert sum(isinstance(it, invoicing.AlreadyInvoicedError) for it in outcomes) == CROWD - 1
    [amount] = arrange(
        lambda s: s.scalars(select(Invoice.amount).where(Invoice.arrangement_id == arrangement_id)).all()
    )
    assert amount == Money(43_50)
    lines = (
        select(func.count())
        .select_from(InvoiceLine)
        .join(Visit, Visit.id == InvoiceLine.visit_id)
        .where(Visit.arrangement_id == arrangement_id)
    )
    assert arrange(lambda s: s.scalar(lines)) == 3


def test_credit_notes_at_once_never_take_back_more_than_was_asked(real_app, arrange, now):
    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        it = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED
        )
        invoice_id = invoicing.issue_invoice(session, arrangement_id=it.id, by=speaker.id, link=link, now=now)
        return invoice_id, speaker.id

    invoice_id, speaker_id = arrange(prepare)

    def credit(session):
        return invoicing.issue_credit_note(
            session, invoice_id=invoice_id, by=speaker_id, amount=Money(10_00), reason="A slip.", link=link, now=now
        )

    outcomes = in_transactions(real_app, [credit] * CROWD)
    assert sum(isinstance(it, invoicing.CreditUnclearError) for it in outcomes) == CROWD - 4
    taken = arrange(lambda s: s.scalars(select(Invoice.amount).where(Invoice.credits_id == invoice_id)).all())
    assert taken == [Money(10_00)] * 4
