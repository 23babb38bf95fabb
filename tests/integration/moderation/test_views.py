"""Reporting something, and looking at what is reported."""

import uuid

import pytest
from sqlalchemy import select

from marketplace.catalogue.models import Offer
from marketplace.moderation.models import Report
from tests.factories import accounts, catalogue, pooling, ratings
from tests.factories import moderation as make


@pytest.fixture
def offer(session):
    live, _ = catalogue.live(session)
    session.commit()
    return live


def test_anybody_reports_an_offer_after_being_told_whom_to_ring(client, session, offer):
    address = f"/moderation/report/offer/{offer.id}"
    page = client.get(address)
    assert "999" in page.text
    assert "adult safeguarding team of the council" in page.text
    sent = client.fill_in(address, reason="misleading", words="It is not so.")
    assert sent.headers["Location"] == f"/offers/{offer.id}"
    assert "A moderator will look at it" in client.get(sent.headers["Location"]).text
    assert session.scalars(select(Report.words)).one() == "It is not so."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": "Some words."}, "Choose what is wrong."),
        ({"reason": "something_else", "words": " "}, "Tell us what is wrong."),
        ({"reason": "unsafe", "words": "x" * 2001}, "Use at most 2,000 characters."),
    ],
)
def test_a_report_that_is_unclear_comes_back_with_a_sentence(client, session, offer, typed, sentence):
    page = client.fill_in(f"/moderation/report/offer/{offer.id}", **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert session.scalars(select(Report)).all() == []


def test_what_is_not_there_or_not_shown_cannot_be_reported(client, session):
    draft, _ = catalogue.draft(session)
    session.commit()
    for address in (f"offer/{uuid.uuid4()}", f"offer/{draft.id}", f"robot/{draft.id}", f"reply/{draft.id}"):
        assert client.get(f"/moderation/report/{address}").status_code == 404


def test_a_provider_can_be_reported(client, session, offer):
    client.fill_in(f"/moderation/report/provider/{offer.provider_id}", reason="out_of_date", words="")
    assert session.scalars(select(Report.subject_kind)).one() == "provider"


def test_a_moderator_reads_a_report_and_closes_it(client, session, offer, sign_in):
    report = make.report(session, subject_id=offer.id)
    moderator = sign_in(make.moderator(session).person_id)
    assert "Gardening, an hour" in moderator.get("/moderation").text
    page = moderator.get(f"/moderation/reports/{report.id}")
    assert "They moved." in page.text
    assert f"/offers/{offer.id}/decide" in page.text
    moderator.press(f"/moderation/reports/{report.id}", "Close it: nothing to change")
    session.refresh(report)
    assert report.closed_at


def test_a_report_about_something_that_is_gone_can_still_be_read(client, session, sign_in):
    report = make.report(session)
    moderator = sign_in(make.moderator(session).person_id)
    assert "Something that is gone" in moderator.get("/moderation").text
    assert moderator.get(f"/moderation/reports/{report.id}").status_code == 200
    assert moderator.get(f"/moderation/reports/{uuid.uuid4()}").status_code == 404


def test_the_queue_asks_as_little_for_many_reports_as_for_a_few(client, session, offer, sign_in, count_queries):
    pool, review = pooling.pool(session), ratings.review(session, offer=offer, stars=1)
    subjects = {"offer": offer.id, "provider": offer.provider_id, "pool": pool.id, "review": review.id}
    moderator = sign_in(make.moderator(session).person_id)
    asked = []
    for reports in (1, 2, 3):
        for kind, subject_id in subjects.items():
            make.report(session, subject_kind=kind, subject_id=subject_id)
        session.commit()
        count_queries.clear()
        page = moderator.get("/moderation")
        asked.append(len(count_queries))
        for title in ("Gardening, an hour", "Boring Help", "Swimming on Saturdays", "A review of Gardening, an hour"):
            assert page.text.count(f">{title}<") == reports
    # Who looks; what waits, what is reported, how many of each and in every other list; and one for each kind of thing.
    assert asked == [10, 10, 10]


def test_a_page_of_the_queue_past_the_end_is_its_last(client, session, offer, sign_in):
    make.report(session, subject_id=offer.id)
    moderator = sign_in(make.moderator(session).person_id)
    page = moderator.get("/moderation?reports=9999&offers=9999")
    assert "1 report to look at" in page.text
    assert "Gardening, an hour" in page.text


def test_taking_an_offer_down_closes_its_reports(client, session, offer, sign_in):
    report = make.report(session, subject_id=offer.id)
    moderator = sign_in(make.moderator(session).person_id)
    moderator.fill_in(f"/offers/{offer.id}/decide", outcome="refuse", reason="It moved.")
    session.refresh(report)
    assert report.closed_at
    assert session.get_one(Offer, offer.id, populate_existing=True).status == "refused"


@pytest.mark.parametrize("path", ["/moderation", f"/moderation/reports/{uuid.UUID(int=0)}"])
def test_the_queue_is_for_moderators(client, session, sign_in, path):
    assert client.get(path).headers["Location"].startswith("/accounts/sign-in")
    assert sign_in(accounts.person(session).id).get(path).status_code == 403
