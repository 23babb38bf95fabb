import uuid

import pytest
import sqlalchemy as sa

from marketplace.budgets import queries
from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer
from marketplace.budgets.rules import Account, Reason, Stream
from marketplace.budgets.services import closing, promising
from marketplace.kit.money import Money
from tests.factories import accounts as make
from tests.factories import budgets as given

CHECKS = {"funding_stream": FundingStream, "promise": Promise, "entry": Entry}


@pytest.fixture
def books(session, now):
    """Sound books of two people, with something in every account."""
    ada, bob = make.person(session, name="Ada"), make.person(session, name="Bob")
    this = given.budget(session, ada, carry_over_percent=25)
    following = given.budget(session, ada, period=given.NEXT_YEAR)
    given.budget(session, bob)
    of_ada = given.streams(session, this)[Stream.SOCIAL_CARE]
    purpose = given.purpose()
    said = {"purpose": purpose, "by": ada.id, "now": now}
    promising.promise(session, shares={of_ada: Money(5_000)}, what="Help", key=given.key(), **said)
    promising.spend(session, amount=Money(2_000), key=given.key(), note="", **said)
    promising.give_back(session, amount=Money(500), key=given.key(), note="", **said)
    promising.release(session, amount=Money(1_000), key=given.key(), **said)
    closing.carry_over(session, from_budget=this, to_budget=following, by=ada.id, now=now)
    closing.close_budget(session, budget_id=this, by=ada.id, now=now)
    assert queries.broken_rows(session) == ()
    return session


@pytest.fixture
def unguarded(books, connection):
    """The same books, with everything taken away that the database does to keep them sound."""
    if connection.dialect.name == "sqlite":
        for name in ("entry_no_update", "entry_no_delete", "entry_is_summed"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        yield books
        books.expunge_all()
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
        return
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    connection.exec_driver_sql("ALTER TABLE entry DISABLE TRIGGER USER")
    for table, model in CHECKS.items():
        for check in model.__table__.constraints:
            if isinstance(check, sa.CheckConstraint) and check.name != "ck_entry_account":
                connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{check.name}"')
    yield books


def some(session, account):
    return session.scalars(sa.select(Entry).where(Entry.account == account).order_by(Entry.amount)).first()


def change(row, **values):
    return sa.update(type(row)).where(type(row).id == row.id).values(**values)


def another_stream(session, entry):
    own = sa.select(FundingStream.budget_id).where(FundingStream.id == entry.stream_id).scalar_subquery()
    person = sa.select(Budget.person_id).where(Budget.id == own).scalar_subquery()
    others = sa.select(FundingStream.id).join(Budget, Budget.id == FundingStream.budget_id)
    return session.scalars(others.where(Budget.person_id != person)).first()


def a_penny_more(session):
    entry = some(session, Account.RETURNED)
    session.execute(change(entry, amount=entry.amount + Money(1)))
    return entry.transfer_id


def a_side_lost(session):
    entry = some(session, Account.RETURNED)
    session.execute(sa.delete(Entry).where(Entry.id == entry.id))
    return entry.transfer_id


def all_sides_lost(session):
    stray = Transfer(id=uuid.uuid4(), made_at=given.NOW, made_by=None, reason=Reason.SPENT)
    session.add(stray)
    session.flush()
    return stray.id


def carried_nowhere(session):
    entry = some(session, Account.CARRIED)
    session.execute(sa.delete(Entry).where(Entry.stream_id == entry.stream_id, Entry.transfer_id == entry.transfer_id))
    return entry.transfer_id


def another_reason(session):
    entry = some(session, Account.RETURNED)
    session.execute(sa.update(Transfer).where(Transfer.id == entry.transfer_id).values(reason=Reason.ALLOCATED))
    return entry.transfer_id


def somebody_elses(session):
    entry = some(session, Account.RETURNED)
    session.execute(change(entry, stream_id=another_stream(session, entry)))
    return entry.transfer_id


def a_wrong_sum(session):
    entry = some(session, Account.LEFT)
    session.execute(sa.update(FundingStream).where(FundingStream.id == entry.stream_id).values(spent=Money(999)))
    return entry.stream_id


def below_zero(session):
    entry = session.scalars(sa.select(Entry).where(Entry.account == Account.SPENT, Entry.amount > Money(0))).one()
    session.execute(change(entry, amount=-entry.amount))
    return entry.stream_id


def money_from_nowhere(session):
    entry = some(session, Account.GRANTED)
    session.execute(change(entry, amount=entry.amount - Money(1)))
    return entry.stream_id


def kept_after_closing(session):
    closed = session.scalars(sa.select(Budget).where(Budget.closed_at.is_not(None))).one()
    session.execute(sa.update(FundingStream).where(FundingStream.budget_id == closed.id).values(left=Money(1)))
    return closed.id


def a_wrong_promise(session):
    promise = session.scalars(sa.select(Promise)).one()
    session.execute(change(promise, promised=Money(1)))
    return promise.id


def spent_below_zero(session):
    entry = session.scalars(sa.select(Entry).where(Entry.account == Account.SPENT, Entry.amount > Money(0))).one()
    session.execute(change(entry, amount=-entry.amount))
    return entry.promise_id


def another_streams_promise(session):
    promise = session.scalars(sa.select(Promise)).one()
    entry = some(session, Account.SPENT)
    session.execute(change(promise, stream_id=another_stream(session, entry)))
    return entry.transfer_id


@pytest.mark.parametrize(
    ("broken", "kind", "promise"),
    [
        (a_penny_more, "transfer", "a transfer sums to zero within each stream"),
        (a_side_lost, "transfer", "a transfer has at least two sides"),
        (all_sides_lost, "transfer", "a transfer has at least two sides"),
        (carried_nowhere, "transfer", "what one period carries over the next one gets"),
        (another_reason, "transfer", "money moves between the accounts that its reason names"),
        (somebody_elses, "transfer", "a transfer moves one person's money"),
        (a_wrong_sum, "funding stream", "what a stream keeps is the sum of its entries"),
        (below_zero, "funding stream", "no account of a stream is below zero"),
        (money_from_nowhere, "funding stream", "what was granted is the other side of the rest"),
        (kept_after_closing, "budget", "a closed budget has nothing left"),
        (a_wrong_promise, "promise", "what is kept of a promise is the sum of its entries"),
        (spent_below_zero, "promise", "no purpose spends more than was promised for it"),
        (another_streams_promise, "transfer", "money is promised and spent in the stream of its promise"),
    ],
)
def test_the_check_names_the_row_that_breaks_a_promise(unguarded, broken, kind, promise):
    row_id = broken(unguarded)
    assert queries.Broken(promise=promise, kind=kind, row_id=row_id) in queries.broken_rows(unguarded)
