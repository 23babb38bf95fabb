"""A provider quotes in a browser: little to fill in, nothing typed lost, and plain words when it cannot be."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.brokerage.models import Quote
from marketplace.brokerage.rules.nouns import BriefStatus, QuoteStatus, WhyNot
from tests import pages
from tests.factories import accounts, briefs, quotes


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def brief(session, now):
    starts = (now + timedelta(days=30)).date()
    it = briefs.open_brief(session, person=accounts.person(session), now=now - timedelta(days=1), starts_on=starts)
    session.commit()
    return it


@pytest.fixture
def provider(session, brief, sign_in):
    by, about = quotes.provider(session)
    session.commit()
    sign_in(by.person_id)
    return by, about


def shown(client, brief):
    """Return the form as a browser would send it untouched: all that is filled in already."""
    form = pages.form(pages.read(client.get(f"/calls/{brief.id}/quote").text))
    given = defaultdict(list)
    for field in form.xpath(".//input[not(@type='radio')] | .//input[@type='radio'][@checked] | .//textarea"):
        given[field.get("name")].append(field.text or "" if field.tag == "textarea" else field.get("value") or "")
    return given


def press(client, brief, button, **typed):
    return client.post(f"/calls/{brief.id}/quote", data=shown(client, brief) | typed | {button: "yes"})


def test_a_quote_is_one_answer_to_each_need_and_one_press(client, session, brief, provider):
    page = press(client, brief, "send", fit_1="yes", fit_2="yes")

    quote = session.query(Quote).one()
    assert page.location == f"/quotes/{quote.id}"
    assert (quote.status, quote.times, quote.can_start_on) == (QuoteStatus.SENT, "Any weekday", brief.starts_on)
    assert "Sent" in client.get(page.location).text
    assert client.get("/quotes").text.count("Help in a garden") == 1


def test_what_cannot_be_sent_yet_is_kept_and_shown_as_typed(client, session, brief, provider):
    page = press(client, brief, "send", fit_1="partly", words_1="", fit_2="no", words_2="Not the bin.", travel="0.50")

    assert page.status_code == 422
    for said in ("Say which part of it you can do.", "Not the bin.", "£15.00"):
        assert said in page.text
    assert session.query(Quote).one().status is QuoteStatus.DRAFT
    assert "Not the bin." in client.get(f"/calls/{brief.id}/quote").text
    # What is no amount at all is kept by the page alone.
    wrong = press(client, brief, "recount", support="a lot", words_2="Still not the bin.")
    assert wrong.status_code == 422
    assert "Still not the bin." in wrong.text
    assert 'value="a lot"' in wrong.text


@pytest.mark.once
def test_the_sum_is_told_without_a_script_and_changes_nothing_that_was_sent(client, session, brief, provider):
    added = press(client, brief, "recount", support="20", admin="1.25")
    assert "£21.25" in client.get(added.location).text
    press(client, brief, "send", fit_1="yes", fit_2="yes")

    page = press(client, brief, "recount", support="99")
    assert page.status_code == 200
    assert "£100.25" in page.text
    assert session.query(Quote).one().unit_price.pence == 21_25


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"closes_at": -1}, "has closed"),
        ({"status": BriefStatus.WITHDRAWN, "ended_at": 0}, "was taken back"),
        ({"held_at": 0}, "A moderator is looking at this brief"),
    ],
    ids=["closed", "withdrawn", "held"],
)
def test_too_late_is_told_in_words_and_what_was_typed_is_given_back(
    client, session, brief, provider, now, change, said
):
    form = shown(client, brief) | {"fit_1": "yes", "words_1": "With my own mower.", "send": "yes"}
    for name, value in change.items():
        setattr(brief, name, now + timedelta(seconds=value) if isinstance(value, int) else value)
    session.commit()

    page = client.post(f"/calls/{brief.id}/quote", data=form)

    assert page.status_code == 422
    assert said in page.text
    assert "With my own mower." in page.text
    # The brief itself is nobody's to read any more.
    assert "green bin" not in page.text
    assert said in client.get(f"/calls/{brief.id}/quote").text
    assert session.query(Quote).count() == 0


@pytest.mark.once
def test_a_colleagues_change_is_shown_before_it_is_overwritten(client, session, brief, provider, now):
    by, about = provider
    quotes.sent(session, brief=brief, by=by, about=about, can_start_on=brief.starts_on, now=now - timedelta(hours=2))
    session.commit()
    mine = shown(client, brief) | {"times": "My times", "send": "yes"}
    quotes.sent(
        session, brief=brief, by=by, about=about, can_start_on=brief.starts_on, times="Their times",
        now=now - timedelta(hours=1),
    )  # fmt: skip
    session.commit()

    page = client.post(f"/calls/{brief.id}/quote", data=mine)
    assert page.status_code == 422
    assert "Their times" in page.text
    form = pages.form(pages.read(page.text))
    client.post(f"/calls/{brief.id}/quote", data=mine | pages.hidden(form))
    assert session.query(Quote).one().times == "My times"


@pytest.mark.once
def test_the_outcome_is_told_with_its_kind_reason(client, session, brief, provider, now):
    by, about = provider
    quote_id = quotes.sent(
        session, brief=brief, by=by, about=about, can_start_on=brief.starts_on, now=now - timedelta(hours=2)
    )
    it = session.get_one(Quote, quote_id)
    brief.status, brief.ended_at = BriefStatus.AWARDED, now
    it.status, it.why_not, it.why_not_words = QuoteStatus.NOT_CHOSEN, WhyNot.TIMES, "I sleep until noon."
    session.commit()

    text = client.get(f"/quotes/{quote_id}").text
    assert "The times did not fit this time. I sleep until noon." in text
    assert client.post(f"/quotes/{quote_id}/withdraw", data={"csrf_token": "wrong"}).status_code == 422
    assert client.get(f"/quotes/{quote_id}/withdraw").location == f"/quotes/{quote_id}"
