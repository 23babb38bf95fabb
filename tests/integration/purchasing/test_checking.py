import uuid
from datetime import date

import pytest
import sqlalchemy as sa

from marketplace.budgets.models import Promise
from marketplace.budgets.queries import Broken
from marketplace.budgets.services import promising
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement, Invoice, InvoiceLine, InvoiceSeries
from marketplace.purchasing.queries.checking import broken_rows
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import InvoiceKind
from tests.factories import accounts as make
from tests.factories import budgets as given
from tests.factories import purchasing as buy

TODAY = date(2026, 6, 1)
DONE, DECLINED = ArrangementStatus.DONE, ArrangementStatus.DECLINED


@pytest.fixture
def sides(session):
    organisation, _speaker = make.organisation(session)
    return make.person(session, name="Ada"), organisation


@pytest.fixture
def agreed(session, sides):
    """Arranges something that a budget pays for, and says what became of it."""
    ada, organisation = sides
    [stream] = given.streams(session, given.budget(session, ada)).values()

    def arranged(status=ArrangementStatus.ACCEPTED, pence=3_000, person=ada):
        it = buy.arrangement(session, person=person, organisation_id=organisation.id, status=status)
        promising.promise(
            session, by=ada.id, purpose=it.id, shares={stream: Money(pence)}, what=it.title, key=given.key(),
            now=given.NOW,
        )  # fmt: skip
        return it

    return arranged


@pytest.fixture
def unguarded():
    """What a test breaks on purpose is broken, and not asked about again when it ends."""


def billed(session, it, *, number=1, pence=600, line=600, kind=InvoiceKind.INVOICE, credits_id=None):
    invoice = Invoice(
        id=uuid.uuid4(), arrangement_id=it.id, organisation_id=it.organisation_id, number=number, amount=Money(pence),
        issued_at=given.NOW, kind=kind, credits_id=credits_id,
    )  # fmt: skip
    session.add(invoice)
    session.flush()
    amount = Money(line)
    session.add(
        InvoiceLine(
            invoice_id=invoice.id, position=1, what="Help", quantity=1, unit="time", unit_price=amount, amount=amount
        )
    )
    session.merge(InvoiceSeries(organisation_id=it.organisation_id, last_number=number))
    session.flush()
    return invoice


def promise_of(session, it):
    return session.scalars(sa.select(Promise.id).where(Promise.purpose == it.id)).one()


def test_what_agrees_is_not_named(session, agreed):
    billed(session, agreed())
    it = agreed(DONE, pence=100)
    first = billed(session, it, number=2)
    billed(session, it, number=3, pence=100, line=100, kind=InvoiceKind.CREDIT_NOTE, credits_id=first.id)
    assert broken_rows(session, today=TODAY) == ()


def for_somebody_else(session, agreed, sides):
    return promise_of(session, agreed(person=make.person(session, name="Bob")))


def for_what_was_declined(session, agreed, sides):
    return promise_of(session, agreed(DECLINED))


def more_than_is_owed(session, agreed, sides):
    return agreed(DONE, pence=50_000).id


def hours_from_nowhere(session, agreed, sides):
    it = agreed()
    session.execute(sa.update(Arrangement).where(Arrangement.id == it.id).values(minutes_left=60))
    return it.id


def other_terms(session, agreed, sides):
    it = agreed()
    session.execute(sa.update(Arrangement).where(Arrangement.id == it.id).values(quantity=4, total=it.unit_price * 4))
    return it.id


def a_line_too_much(session, agreed, sides):
    return billed(session, agreed(), line=700).id


def a_number_left_out(session, agreed, sides):
    return billed(session, agreed(), number=2).organisation_id


def credited_twice(session, agreed, sides):
    it = agreed()
    first = billed(session, it)
    for number in (2, 3):
        billed(session, it, number=number, pence=400, line=400, kind=InvoiceKind.CREDIT_NOTE, credits_id=first.id)
    return first.id


@pytest.mark.parametrize(
    ("broken", "kind", "promise"),
    [
        (for_somebody_else, "promise", "a person's budget pays for that person's arrangements"),
        (for_what_was_declined, "promise", "nothing is promised or spent for what will never be"),
        (more_than_is_owed, "arrangement", "what is over holds no more than is owed"),
        (hours_from_nowhere, "arrangement", "the hours left are the sum of their entries, and never below zero"),
        (other_terms, "arrangement", "an arrangement says what the version of its terms says that holds"),
        (a_line_too_much, "invoice", "an invoice is the sum of its lines"),
        (a_number_left_out, "organisation", "invoices are numbered without gaps"),
        (credited_twice, "invoice", "no more is taken back than an invoice asked for"),
    ],
)
@pytest.mark.usefixtures("unguarded")
def test_the_check_names_the_row_that_breaks_a_promise(session, agreed, sides, broken, kind, promise):
    row_id = broken(session, agreed, sides)
    assert broken_rows(session, today=TODAY) == (Broken(promise=promise, kind=kind, row_id=row_id),)
