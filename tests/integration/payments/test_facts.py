"""What is paid is counted stream by stream, and what is given back comes off again."""

import uuid

import pytest

from marketplace.budgets.rules import Purpose, Stream, TransferId
from marketplace.budgets.services import promising
from marketplace.catalogue.rules import Unit
from marketplace.kit.facts import FactKind
from marketplace.kit.money import Money
from marketplace.payments.rules import PaymentKey, RefundId, Route
from marketplace.payments.services import payments, refunding
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.services import invoicing
from tests.factories import accounts, budgets, purchasing
from tests.factories.facts import said

OWED = 43_50


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session, lives_in="E08000009")


@pytest.fixture
def pay(session, sides, now):
    """Let somebody pay all they owe, and let the provider give some of it back. Returns how to do the latter."""
    person, organisation, speaker = sides
    it = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED, unit=Unit.HOUR
    )
    by = accounts.as_viewer(speaker, organisation)
    invoice_id = invoicing.issue_invoice(session, arrangement_id=it.id, by=speaker.id, link=str, now=now)

    def pay(**promised):
        if promised:
            streams = budgets.streams(session, budgets.budget(session, person, **promised))
            shares = {streams[Stream(kind)]: Money(pence) for kind, pence in promised.items()}
            promising.promise(
                session, by=person.id, purpose=Purpose(it.id), shares=shares, what="", key=TransferId(it.id), now=now
            )
        payment_id = payments.record_payment(
            session,
            invoice_id=invoice_id,
            by=by,
            amount=Money(OWED),
            route=Route.BANK_TRANSFER,
            paid_on=now.date(),
            key=PaymentKey(uuid.uuid4()),
            now=now,
        )

        def give_back(pence):
            refunding.begin_refund(
                session,
                payment_id=payment_id,
                by=by,
                amount=Money(pence),
                reason="Nobody came",
                is_by_hand=True,
                refund_id=RefundId(uuid.uuid4()),
                address=str,
                link=str,
                now=now,
            )

        return give_back

    return pay


def bought(session):
    session.flush()
    return {facet: amount for _, _, facet, amount in said(session, FactKind.BOUGHT)}


def test_each_stream_counts_for_its_part_and_the_rest_is_money_we_were_not_told_about(session, pay):
    give_back = pay(social_care=20_00, nhs=10_00)
    assert bought(session) == {"nhs": 10_00, "social_care": 20_00, "not_said": 13_50}
    give_back(15_00)
    assert bought(session) == {"nhs": 5_00, "social_care": 10_00, "not_said": 13_50}
    give_back(OWED - 15_00)
    assert not bought(session), "who has everything back has bought nothing"


def test_without_a_budget_here_all_of_it_is_money_we_were_not_told_about(session, pay):
    pay()
    assert bought(session) == {"not_said": OWED}
