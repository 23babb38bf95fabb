import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Person
from marketplace.kit.money import Money
from marketplace.payments.models import Payment
from marketplace.payments.queries.payments import left_to_pay, payments_page
from marketplace.payments.rules import PaymentKey, Route
from marketplace.payments.services import payments as services
from marketplace.payments.services.paying import InvoiceNotFoundError
from marketplace.purchasing import services as purchasing_services
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.services import invoicing
from tests import pages
from tests.factories import accounts as make
from tests.factories import purchasing
from tests.races import in_transactions


@pytest.fixture
def sides(session, now):
    """A person, somebody who speaks for the provider, and an arrangement with an invoice for £43.50."""
    person, organisation, speaker = purchasing.two_sides(session)
    it = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED
    )
    invoice_id = purchasing_services.issue_invoice(session, arrangement_id=it.id, by=speaker.id, link=str, now=now)
    return make.as_viewer(person), make.as_viewer(speaker, organisation), invoice_id


@pytest.fixture
def record(session, sides, now):
    def payment(pence, by=None, key=None, paid_on=None, of=None):
        _person, speaker, invoice_id = sides
        by = by or speaker
        return services.record_payment(
            session,
            invoice_id=of or invoice_id,
            by=by,
            amount=Money(pence),
            route=Route.BANK_TRANSFER,
            paid_on=paid_on or now.date(),
            key=PaymentKey(key or uuid.uuid4()),
            now=now,
        )

    return payment


def test_both_sides_see_what_has_arrived(session, sides, record):
    person, speaker, invoice_id = sides
    record(1000)
    record(50)
    for side in (person, speaker):
        page = payments_page(session, invoice_id=invoice_id, viewer=side, cards_are_on=False)
        assert (page.paid, page.owed) == (Money(1050), Money(3300))
        assert page.may_record is (side is speaker)


def test_a_stranger_sees_nothing(session, sides):
    _person, _speaker, invoice_id = sides
    stranger = make.as_viewer(make.person(session))
    assert payments_page(session, invoice_id=invoice_id, viewer=stranger, cards_are_on=False) is None


def test_the_same_key_records_one_payment(session, record):
    key = uuid.uuid4()
    assert record(1000, key=key) == record(1000, key=key)
    assert session.scalar(select(func.count(Payment.id))) == 1


def test_a_key_is_good_for_one_invoice(session, sides, record, now):
    key = uuid.uuid4()
    record(1000, key=key)
    person, speaker, _invoice_id = sides
    (organisation_id,) = speaker.organisations
    another = purchasing.arrangement(
        session,
        person=session.get_one(Person, person.person_id),
        organisation_id=organisation_id,
        status=ArrangementStatus.ACCEPTED,
    )
    other = purchasing_services.issue_invoice(
        session, arrangement_id=another.id, by=speaker.person_id, link=str, now=now
    )
    with pytest.raises(services.KeySpentError):
        record(1000, key=key, of=other)


@pytest.mark.parametrize("pence", [0, -5, 4351])
def test_nothing_and_more_than_is_owed_are_refused(record, pence):
    with pytest.raises(services.WrongAmountError, match=r"£43\.50"):
        record(pence)


def test_what_is_paid_cannot_be_paid_again(record):
    record(4350)
    with pytest.raises(services.WrongAmountError):
        record(1)


def test_tomorrow_is_refused(record, now):
    with pytest.raises(services.WrongDayError):
        record(1, paid_on=now.date() + timedelta(days=1))


def test_the_one_who_pays_does_not_say_what_arrived(sides, record):
    with pytest.raises(services.NotTheProviderError):
        record(1, by=sides[0])


def test_what_is_left_to_pay_is_for_both_sides_alone(session, sides, record, now):
    person, speaker, invoice_id = sides
    stranger = make.as_viewer(make.person(session))

    def left(viewer):
        return left_to_pay(session, invoice_ids=[invoice_id], viewer=viewer)

    assert left(person) == left(speaker) == {invoice_id: Money(43_50)}
    record(3000)
    note_id = invoicing.issue_credit_note(
        session,
        invoice_id=invoice_id,
        by=speaker.person_id,
        amount=Money(3_50),
        reason="An hour less",
        link=str,
        now=now,
    )
    assert left(person) == {invoice_id: Money(10_00)}
    record(1000)
    assert left(speaker) == {invoice_id: Money(0)}
    assert left(stranger) == left_to_pay(session, invoice_ids=[note_id], viewer=person) == {}


def test_a_list_of_invoices_says_what_is_left_of_each(client, sides, record, sign_in):
    person, speaker, invoice_id = sides
    ours = "/arrangements/invoices/for-my-organisation"
    sign_in(person.person_id)
    assert "To pay" in tags(client.get("/arrangements/invoices"))
    record(1000)
    assert "£33.50 still to pay" in tags(client.get("/arrangements/invoices"))
    assert "How to pay" in client.get(f"/arrangements/invoices/{invoice_id}").text
    record(3350)
    assert "Nothing left to pay" in tags(client.get("/arrangements/invoices"))
    assert "How to pay" not in client.get(f"/arrangements/invoices/{invoice_id}").text
    sign_in(speaker.person_id)
    assert "Nothing left to pay" in tags(client.get(ours))


def tags(page):
    return [pages.words(it) for it in pages.read(page.text).xpath("//*[contains(@class, 'tag--')]")]


def test_a_stranger_finds_no_invoice(session, record):
    with pytest.raises(InvoiceNotFoundError):
        record(1, by=make.as_viewer(make.person(session)))


def test_payments_at_once_never_pass_what_is_owed(real_app, arrange, now):
    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        it = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED
        )
        invoice_id = purchasing_services.issue_invoice(session, arrangement_id=it.id, by=speaker.id, link=str, now=now)
        return invoice_id, make.as_viewer(speaker, organisation)

    invoice_id, viewer = arrange(prepare)

    def pay(session):
        return services.record_payment(
            session, invoice_id=invoice_id, by=viewer, amount=Money(1000),
            route=Route.CASH, paid_on=now.date(), key=PaymentKey(uuid.uuid4()), now=now,
        )  # fmt: skip

    outcomes = in_transactions(real_app, [pay] * 8)
    assert sum(isinstance(it, services.WrongAmountError) for it in outcomes) == 4


def test_a_provider_writes_a_payment_down_in_the_browser(client, sides, sign_in):
    _person, speaker, invoice_id = sides
    sign_in(speaker.person_id)
    url = f"/payments/invoices/{invoice_id}"
    today = datetime.now(UTC).date()
    day = [str(today.day), str(today.month), str(today.year)]
    refused = client.fill_in(url, amount="99", route="cash", paid_on=day)
    assert refused.status_code == 422
    assert "£43.50 that is still to pay" in refused.text
    assert client.fill_in(url, amount="£43.50", route="cash", paid_on=day).status_code == 302
    assert "All £43.50 has been paid." in client.get(url).text
