"""Pages of budgets: read, changed, closed, stated, taken away, and read by a friend who may change nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.budgets.models import Budget, Promise
from marketplace.budgets.queries import broken_rows
from marketplace.budgets.rules import Stream
from marketplace.budgets.rules.statements import Quarter
from marketplace.budgets.services import promising
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from tests.factories import accounts as make
from tests.factories import budgets as given

TODAY = day_of(datetime.now(UTC))


def boxes(day):
    return [str(day.day), str(day.month), str(day.year)]


@pytest.fixture
def running(session):
    """A budget of 40 weeks that began twenty weeks ago; £100 is spent every week since."""
    ada = make.person(session, name="Ada")
    begins = TODAY - timedelta(days=139)
    at = datetime(begins.year, begins.month, begins.day, 12, tzinfo=UTC)
    period = {"begins_on": begins, "ends_on": begins + timedelta(days=279)}
    budget_id = given.budget(session, ada, now=at, period=period, carry_over_percent=25, social_care=400_000)
    stream = given.streams(session, budget_id)[Stream.SOCIAL_CARE]
    purpose = given.purpose()
    promising.promise(
        session,
        by=ada.id,
        purpose=purpose,
        shares={stream: Money(250_000)},
        what="Help at home",
        key=given.key(),
        now=at,
    )
    for week in range(20):
        promising.spend(
            session,
            purpose=purpose,
            amount=Money(10_000),
            key=given.key(),
            note=f"Invoice {week + 1}",
            now=at + timedelta(days=7 * week + 6),
            by=None,
        )
    return ada, budget_id


def test_the_page_says_what_there_is_and_whether_it_lasts(client, running, sign_in):
    ada, budget_id = running
    sign_in(ada.id)
    page = client.get(f"/budgets/{budget_id}").text
    assert "You have £1,500 left" in page
    assert "The money lasts." in page
    assert "At this week’s pace, £100 a week" in page
    assert 'class="spending__ahead"' in page
    assert "Help at home" in page
    assert "Everything that happened (22)" in page
    second = client.get(f"/budgets/{budget_id}/history?page=9").text
    assert "Money added" in second


def test_a_pace_that_is_too_fast_is_said(client, session, running, sign_in):
    ada, budget_id = running
    promising.spend(
        session,
        purpose=session.scalars(sa.select(Promise.purpose)).one(),
        amount=Money(100_000),
        key=given.key(),
        note="",
        now=datetime.now(UTC),
        by=None,
    )
    sign_in(ada.id)
    page = client.get(f"/budgets/{budget_id}").text
    assert "The money runs out too soon." in page
    assert "days before the period ends" in page


def test_a_young_budget_says_that_it_is_too_early(client, session, sign_in):
    ada = make.person(session)
    period = {"begins_on": TODAY, "ends_on": TODAY + timedelta(days=90)}
    young = given.budget(session, ada, period=period)
    later = given.budget(session, ada, period={name: day + timedelta(days=200) for name, day in period.items()})
    past = given.budget(session, ada, period={name: day - timedelta(days=200) for name, day in period.items()})
    sign_in(ada.id)
    for budget_id, words in ((young, "too early to say"), (later, "It begins on"), (past, "This period ended on")):
        page = client.get(f"/budgets/{budget_id}").text
        assert words in page
        assert "Nothing is promised or paid yet." in page
    index = client.get("/budgets").text
    assert "Not begun" in index
    assert "Over: close it" in index


def test_a_friend_reads_everything_and_changes_nothing(client, session, running, sign_in):
    ada, budget_id = running
    friend, _ = make.friend(session, of=ada)
    sign_in(friend.id)
    assert "What others let you see" in client.get("/budgets").text
    for path in ("", "/history", "/statement", f"/statement/{TODAY - timedelta(days=30)}/{TODAY}"):
        page = client.get(f"/budgets/{budget_id}{path}").text
        assert "This is Ada’s budget" in page, path
        assert "Add money" not in page
        assert "Change these" not in page
    for path in ("/change", "/top-up", "/next", "/close"):
        assert client.get(f"/budgets/{budget_id}{path}").status_code == 404, path
    assert "Ada" in client.get(f"/budgets/returns/{Quarter.holding(TODAY).code}").text


def test_a_person_says_who_holds_it(client, session, running, sign_in):
    ada, budget_id = running
    sign_in(ada.id)
    page = client.get(f"/budgets/{budget_id}/change").text
    assert 'value="25"' in page
    answers = {
        "name": "Council money",
        "holding": "council_managed",
        "holder_name": "Trafford Council",
        "holder_email": "Budgets@Trafford.example.org",
        "reference": "C-1042",
        "carry_over_percent": "50",
    }
    assert client.fill_in(f"/budgets/{budget_id}/change", **answers).status_code == 302
    page = client.get(f"/budgets/{budget_id}").text
    for words in ("Council money", "Trafford Council", "budgets@trafford.example.org", "C-1042", "50% of a week"):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give this budget a name."),
        ({"holder_name": "", "holder_email": "trust@example.org"}, "Say what they are called too"),
        ({"holder_email": "trust"}, "Enter an email address"),
        ({"carry_over_percent": "-1"}, "Enter a percentage from 0 to 5200"),
        ({"carry_over_percent": "a quarter"}, "Enter a whole number"),
        ({"reference": "x" * 41}, "Use at most 40 characters."),
    ],
)
def test_what_cannot_be_changed_comes_back_with_a_sentence(client, running, sign_in, typed, sentence):
    ada, budget_id = running
    sign_in(ada.id)
    answers = {"name": "Kept", "holding": "trust", "holder_name": "Kept Trust"} | typed
    page = client.fill_in(f"/budgets/{budget_id}/change", **answers)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Kept" in page.text


def test_the_next_period_begins_with_what_may_be_carried_over(client, session, running, sign_in):
    ada, budget_id = running
    sign_in(ada.id)
    page = client.get(f"/budgets/{budget_id}/next").text
    # A week is £100: a quarter of it. The rest of the £1,500 goes back; £500 is promised still.
    for words in ("£25.00", "£1,475.00", "£500 is promised", "This period is not over yet", 'value="4000"'):
        assert words in page
    begins = TODAY + timedelta(days=141)
    answers = {"begins_on": boxes(begins), "ends_on": boxes(begins + timedelta(days=279)), "social_care": "4200"}
    done = client.fill_in(f"/budgets/{budget_id}/next", **answers)
    assert done.status_code == 302
    following = client.get(done.headers["Location"]).text
    assert "You have £4,225 left" in following
    assert "£25 of it carried over from before" in following
    old = client.get(f"/budgets/{budget_id}").text
    assert "This budget was closed on" in old
    assert "£500 is still promised, and is paid from here." in old
    assert "closed already" in client.get(f"/budgets/{budget_id}/next").text
    assert broken_rows(session) == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"begins_on": boxes(TODAY)}, "The next period must begin after the last day of this one."),
        ({"ends_on": boxes(TODAY)}, "The last day must come after the first"),
        ({"social_care": "0"}, "Enter an amount of at least a penny"),
        ({"social_care": "lots"}, "Enter pounds and pence"),
    ],
)
def test_a_next_period_that_makes_no_sense_changes_nothing(client, session, running, sign_in, typed, sentence):
    ada, budget_id = running
    sign_in(ada.id)
    begins = TODAY + timedelta(days=141)
    answers = {"begins_on": boxes(begins), "ends_on": boxes(begins + timedelta(days=279)), "social_care": "42"} | typed
    page = client.fill_in(f"/budgets/{budget_id}/next", **answers)
    assert page.status_code == 422
    assert sentence in page.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Budget)) == 1
    assert session.get_one(Budget, budget_id).closed_at is None


def test_a_budget_is_closed_when_nothing_follows(client, session, running, sign_in):
    ada, budget_id = running
    sign_in(ada.id)
    assert "£1,500.00" in client.get(f"/budgets/{budget_id}/close").text
    assert client.fill_in(f"/budgets/{budget_id}/close").status_code == 302
    page = client.get(f"/budgets/{budget_id}").text
    assert "£0 was left of £4,000." in page
    assert "Returned" in page
    assert client.fill_in(f"/budgets/{budget_id}/top-up", stream="nhs", amount="5").status_code == 422
    assert "Closed" in client.get("/budgets").text
    assert broken_rows(session) == ()


def test_a_statement_is_chosen_read_and_kept(client, running, sign_in):
    ada, budget_id = running
    sign_in(ada.id)
    first, last = TODAY - timedelta(days=139), TODAY
    chosen = client.fill_in(f"/budgets/{budget_id}/statement", begins_on=boxes(first), ends_on=boxes(last))
    assert chosen.headers["Location"] == f"/budgets/{budget_id}/statement/{first}/{last}"
    page = client.get(chosen.headers["Location"]).text
    assert "£2,000 was unspent at the end: £1,500 left and £500 promised." in page
    assert "Help at home · Invoice 20" in page
    table = client.get(chosen.headers["Location"] + ".csv")
    rows = list(csv.reader(io.StringIO(table.text)))
    assert rows[0][-1] == "Unspent after"
    assert [row[-1] for row in rows[1:4]] == ["0", "4000", "3900"]
    assert rows[-1][-1] == "2000"
    assert len(rows) == 24
    pdf = client.get(chosen.headers["Location"] + ".pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf.data
    assert pdf.headers["Cache-Control"] == "no-store"


def test_a_statement_of_a_time_before_there_was_anything_says_so(client, running, sign_in):
    ada, budget_id = running
    sign_in(ada.id)
    assert "Nothing had happened by then" in client.get(f"/budgets/{budget_id}/statement/2020-01-01/2020-01-31").text
    for path in (
        "2020-01-31/2020-01-01",
        "2020-01-01/2024-01-01",
        "x/y",
        "0001-01-01/0001-01-02",
        "9999-12-01/9999-12-31",
    ):
        assert client.get(f"/budgets/{budget_id}/statement/{path}").status_code == 404
    page = client.fill_in(f"/budgets/{budget_id}/statement", begins_on=boxes(TODAY), ends_on=["1", "1", "2020"])
    assert page.status_code == 422
    assert "Choose a last day after the first, and within two years of it." in page.text


def test_the_quarterly_return_is_read_and_kept(client, running, sign_in):
    ada, _budget_id = running
    sign_in(ada.id)
    code = Quarter.holding(TODAY).code
    page = client.get(f"/budgets/returns/{code}").text
    assert "£2,000 was unspent at the end of the quarter, £500 of it promised." in page
    rows = list(csv.DictReader(io.StringIO(client.get(f"/budgets/returns/{code}.csv").text)))
    assert [(row["Funding stream"], row["At the end"], row["of that, promised"]) for row in rows] == [
        ("Council (social care)", "2000", "500")
    ]
    assert rows[0]["Most that may be carried over"] == "25"
    assert client.get(f"/budgets/returns/{code}.pdf").data.startswith(b"%PDF-")
    assert "No account was open in this quarter" in client.get("/budgets/returns/2001-q1").text
    for wrong in ("2026-q5", "nothing", "2026-q1.txt"):
        assert client.get(f"/budgets/returns/{wrong}").status_code == 404


def test_one_click_takes_all_of_ones_data_away(client, session, running, sign_in):
    ada, _budget_id = running
    sign_in(ada.id)
    taken = client.get("/budgets/everything.zip")
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        tables = {name: list(csv.DictReader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()}
    assert {name: len(rows) for name, rows in tables.items()} == {
        "budgets.csv": 1,
        "funding_streams.csv": 1,
        "promises.csv": 1,
        "entries.csv": 44,
    }
    assert tables["funding_streams.csv"][0]["left"] == "1500"
    sign_in(make.person(session).id)
    with zipfile.ZipFile(io.BytesIO(client.get("/budgets/everything.zip").data)) as archive:
        assert all(len(archive.read(name).splitlines()) == 1 for name in archive.namelist())
