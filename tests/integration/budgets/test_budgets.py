import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from marketplace.budgets import queries, services
from marketplace.budgets.rules import Holding, Stream, TransferId
from marketplace.kit.money import ZERO, Money
from tests.factories import accounts as make

TODAY = date(2026, 5, 4)
YEAR = {"begins_on": date(2026, 4, 6), "ends_on": date(2027, 4, 5)}


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def set_up(session, ada, now):
    def budget(amounts=None, by=ada, **period):
        return services.set_up_budget(
            session,
            by=by.id,
            name="My direct payment",
            holding=Holding.DIRECT_PAYMENT,
            amounts=amounts or {Stream.SOCIAL_CARE: Money(1_040_000), Stream.NHS: Money(260_050)},
            now=now,
            **(period or YEAR),
        )

    return budget


def test_a_budget_shows_each_stream_and_an_even_pace(session, ada, set_up):
    set_up()
    [page] = queries.seen_budgets(session, viewer=make.as_viewer(ada), on=TODAY)
    assert {line.kind: (line.allocated, line.left) for line in page.streams} == {
        Stream.NHS: (Money(260_050), Money(260_050)),
        Stream.SOCIAL_CARE: (Money(1_040_000), Money(1_040_000)),
    }
    assert page.allocated == page.left == Money(1_300_050)
    assert page.weekly == Money(1_300_050 // 53)


def test_topping_up_adds_to_a_stream_or_begins_one(session, ada, set_up, now):
    budget_id = set_up({Stream.SOCIAL_CARE: Money(100)})
    for stream in (Stream.SOCIAL_CARE, Stream.OWN_MONEY):
        services.top_up(session, budget_id=budget_id, by=ada.id, stream=stream, amount=Money(50), now=now)
    [page] = queries.seen_budgets(session, viewer=make.as_viewer(ada), on=TODAY, budget_id=budget_id)
    assert [(line.kind, line.left) for line in page.streams] == [
        (Stream.OWN_MONEY, Money(50)),
        (Stream.SOCIAL_CARE, Money(150)),
    ]
    assert queries.broken_rows(session) == ()


@pytest.mark.parametrize("amount", [1_000_000_01, 2**63, 10**30])
def test_more_than_a_million_pounds_is_refused_the_second_time_too(session, ada, set_up, now, amount):
    budget_id, key = set_up(), TransferId(uuid.uuid4())

    def top_up(pence):
        asked = Money(pence)
        services.top_up(session, budget_id=budget_id, by=ada.id, stream=Stream.NHS, amount=asked, now=now, key=key)

    top_up(1)
    with pytest.raises(services.TooMuchMoneyError):
        top_up(amount)


def test_somebody_elses_budget_is_not_there(session, set_up, now):
    budget_id, bob = set_up(), make.person(session, name="Bob")
    assert queries.seen_budgets(session, viewer=make.as_viewer(bob), on=TODAY, budget_id=budget_id) == ()
    with pytest.raises(services.BudgetNotFoundError):
        services.top_up(session, budget_id=budget_id, by=bob.id, stream=Stream.NHS, amount=Money(1), now=now)


@pytest.mark.parametrize("amounts", [{Stream.NHS: ZERO}, {Stream.NHS: Money(-1)}])
def test_a_budget_of_nothing_is_refused(set_up, amounts):
    with pytest.raises(services.NoMoneyError):
        set_up(amounts)


def test_more_than_a_million_pounds_is_a_slip(set_up):
    with pytest.raises(services.TooMuchMoneyError):
        set_up({Stream.NHS: Money(100_000_001)})


def test_a_period_that_runs_backwards_is_refused(set_up):
    with pytest.raises(services.UnsoundPeriodError):
        set_up(begins_on=date(2026, 4, 6), ends_on=date(2026, 4, 5))


@pytest.mark.parametrize("change", ["UPDATE entry SET amount = amount + 1", "DELETE FROM entry"])
def test_the_database_refuses_to_rewrite_the_ledger(session, set_up, change):
    set_up()
    with pytest.raises(DBAPIError, match="entries are never changed"), session.begin_nested():
        session.execute(sa.text(change))


PERIOD = {
    "begins_on": ["6", "4", "2026"],
    "ends_on": ["5", "4", "2027"],
}


def test_a_person_writes_a_budget_down_and_tops_it_up(client, ada, sign_in):
    sign_in(ada.id)
    assert "No budget written down yet" in client.get("/budgets").text
    saved = client.fill_in("/budgets/new", name="Holidays", holding="own_money", own_money="£1,250.50", **PERIOD)
    assert saved.status_code == 302
    page = client.get(saved.headers["Location"])
    assert "You have £1,250.50 left" in page.text
    client.fill_in(saved.headers["Location"] + "/top-up", stream="nhs", amount="49.50")
    assert "You have £1,300 left" in client.get(saved.headers["Location"]).text
    assert "Holidays" in client.get("/budgets").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"own_money": "lots"}, "Enter pounds and pence, like 14.50."),
        ({"own_money": "1.005"}, "Enter pounds and pence, like 14.50."),
        ({"own_money": ""}, "Enter an amount of at least a penny"),
        ({"own_money": "5", "ends_on": ["31", "2", "2027"]}, "Enter a day that is in the calendar"),
        ({"own_money": "5", "ends_on": ["5", "4", "2025"]}, "The last day must come after the first"),
        ({"own_money": "99999999999999999999"}, "over a million pounds"),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(client, ada, sign_in, typed, sentence):
    sign_in(ada.id)
    answers = {"name": "Kept as typed", "holding": "own_money"} | PERIOD | typed
    page = client.fill_in("/budgets/new", **answers)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Kept as typed" in page.text


def test_another_persons_budget_page_is_not_found(client, session, set_up, sign_in):
    budget_id = set_up()
    sign_in(make.person(session).id)
    assert client.get(f"/budgets/{budget_id}").status_code == 404
    assert client.get(f"/budgets/{budget_id}/top-up").status_code == 404
