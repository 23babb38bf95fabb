"""Is every promise of payments asked in SQL, and each row that breaks it named? Each is broken here on purpose."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Role
from marketplace.kit.db import db, transaction
from marketplace.kit.money import Money
from marketplace.payments.jobs.reconciling import check_payments, finish_payments
from marketplace.payments.queries.checking import broken_promises, left_waiting
from marketplace.web.jobs import PERIODIC
from tests.factories import accounts, payments
from tests.integration.payments.shop import OWED
from tests.integration.payments.test_charging import begin_page
from tests.integration.payments.test_refunding import refund

BREAKS = {
    "nobody has paid more than an invoice asks for": ["UPDATE invoice SET amount = 1"],
    "credit notes are not paid": [
        "UPDATE payment SET invoice_id = (SELECT id FROM invoice WHERE kind = 'credit_note')"
    ],
    "a charge that succeeded is a payment": [
        "UPDATE payment SET charge_id = NULL, route = 'cash', recorded_by = (SELECT begun_by FROM refund)"
    ],
    "a payment by card is a charge that succeeded, of the same amount for the same invoice": [
        "UPDATE charge SET amount = amount + 1"
    ],
    "what is given back of a payment is the sum of its refunds": ["UPDATE payment SET refunded = 1"],
    "a refund goes back to the budget that paid": [
        (
            "INSERT INTO refund (id, payment_id, amount, reason, status, begun_by, begun_at, settled_at) SELECT "
            "(SELECT id FROM charge), payment_id, 1, 'x', 'succeeded', begun_by, begun_at, begun_at FROM refund"
        )
    ],
    "a budget bears no more than was paid": ["UPDATE payment SET amount = 1100", "UPDATE charge SET amount = 1100"],
    "a refund that failed was not kept from the budget": ["UPDATE refund SET status = 'failed', stripe_id = NULL"],
}


@pytest.fixture
def paid(shop):
    """A shop in which an invoice was paid by card and a part of it given back."""
    shop.save_card()
    shop.issue()
    shop.charge_invoices()
    refund(shop, 10_00)
    assert shop.is_clean()
    return shop


@pytest.mark.parametrize("promise", BREAKS)
def test_a_broken_promise_is_named(paid, promise):
    engine = paid.app.extensions["engine"]
    with engine.begin() as connection:
        for statement in BREAKS[promise]:
            connection.exec_driver_sql(statement)
    with paid.app.app_context():
        assert promise in {it.promise for it in broken_promises(db.session)}


def test_a_payment_that_no_budget_bore_is_named(shop):
    invoice_id = shop.issue()
    with shop.app.app_context(), transaction() as session:
        payments.payment(session, invoice_id=invoice_id, by=shop.speaker.person_id, recorded_at=shop.now)
    with shop.app.app_context():
        assert [it.promise for it in broken_promises(db.session)] == [
            "a payment is charged to the budget that promised it"
        ]


def test_operators_hear_of_it_and_the_command_ends_with_one(paid):
    with paid.app.app_context(), transaction() as session:
        operator = accounts.person(session, role=Role.OPERATOR).email
    runner = paid.app.test_cli_runner()
    assert runner.invoke(args=["payments", "check"]).output == "Every payment adds up.\n"
    with paid.app.extensions["engine"].begin() as connection:
        connection.exec_driver_sql("UPDATE invoice SET amount = 1")
    said = runner.invoke(args=["payments", "check"])
    assert said.exit_code == 1
    assert "BROKEN nobody has paid more than an invoice asks for" in said.output
    with paid.app.app_context():
        assert check_payments(paid.now) >= 1
        letters = db.session.execute(sa.text('SELECT subject FROM message WHERE "to" = :to'), {"to": operator}).all()
    assert [it.subject for it in letters] == ["The payments do not add up"]


def test_what_waits_long_is_named_and_finished_by_the_command(shop):
    invoice_id = shop.issue()
    begin_page(shop, invoice_id)
    shop.fake.use_card(shop.charges()[0].session_id)
    with shop.app.app_context():
        assert not left_waiting(db.session, now=shop.later(days=1))
        assert [it.promise for it in left_waiting(db.session, now=shop.later(days=3))] == [
            "a charge is settled in two days"
        ]
    said = shop.app.test_cli_runner().invoke(args=["payments", "reconcile"])
    assert "charges: 1" in said.output
    assert shop.payments()[0].amount == Money(OWED)
    with shop.app.app_context():
        assert finish_payments(shop.later(hours=1)) == 0


def test_without_a_key_there_is_nobody_to_ask(real_app):
    said = real_app.test_cli_runner().invoke(args=["payments", "reconcile"])
    assert said.exit_code == 1
    with real_app.app_context():
        now = datetime.now(UTC)
        names = {"finish-payments", "charge-invoices", "remind-of-failed-cards", "look-at-accounts", "check-payments"}
        assert {job.run(now) for job in PERIODIC if job.name in names} == {0}
