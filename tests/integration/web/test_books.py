import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Role
from marketplace.budgets.models import FundingStream
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.web.jobs import PERIODIC, check_books
from tests.factories import accounts as make
from tests.factories import budgets as given


@pytest.fixture
def broken(session):
    """Books in which one stream has a penny too much left. Answers with the stream's id."""
    [stream] = given.streams(session, given.budget(session, make.person(session))).values()
    session.execute(sa.update(FundingStream).where(FundingStream.id == stream).values(left=Money(52_001)))
    return stream


def test_the_command_says_that_the_books_balance(app, session):
    given.budget(session, make.person(session))
    session.commit()
    result = app.test_cli_runner().invoke(args=["ledger", "check"])
    assert (result.exit_code, result.output) == (0, "The books balance.\n")


def test_the_command_names_the_row_that_is_broken(app, session, broken):
    session.commit()
    result = app.test_cli_runner().invoke(args=["ledger", "check"])
    said = f"BROKEN what a stream keeps is the sum of its entries: funding stream {broken}\n"
    assert (result.exit_code, result.output) == (1, said)


def test_each_night_the_operators_hear_if_the_books_are_broken(app, session, broken, now):
    operator = make.person(session, role=Role.OPERATOR, name="Olu")
    make.person(session, name="Somebody else")
    session.commit()
    with app.app_context():
        assert check_books(now) == 1
    [letter] = session.scalars(sa.select(Message))
    assert (letter.to, letter.subject) == (operator.email, "The books are broken")
    assert f"what a stream keeps is the sum of its entries: funding stream {broken}" in letter.body
    assert [one.every_seconds for one in PERIODIC if one.run is check_books] == [86_400]


def test_nobody_hears_of_sound_books(app, session, now):
    make.person(session, role=Role.OPERATOR)
    given.budget(session, make.person(session))
    session.commit()
    with app.app_context():
        assert check_books(now) == 0
    assert session.scalars(sa.select(Message)).all() == []


def test_a_letter_names_the_first_fifty_rows(app, session, now):
    make.person(session, role=Role.OPERATOR)
    person = make.person(session)
    for _each in range(52):
        given.budget(session, person)
    session.execute(sa.update(FundingStream).values(left=Money(1)))
    session.commit()
    with app.app_context():
        assert check_books(now) == 52
    [letter] = session.scalars(sa.select(Message))
    assert letter.body.count("funding stream ") == 50
    assert "... and 2 more." in letter.body
