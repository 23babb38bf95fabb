import csv
import io

import pytest
from bs4 import BeautifulSoup

from marketplace.accounts.rules import Role
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.ratings.rules.nouns import Ground, ReviewStatus
from tests.factories import accounts, fairness, moderation, purchasing, ratings

FALSE = "It names nobody."


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id, title="Gardening")


@pytest.fixture
def review(session, sides, offer):
    return ratings.review_of_done(
        session, offer=offer, organisation_id=sides[1].id, stars=1, person=sides[0], words="Late, and rude."
    )


@pytest.fixture
def moderator(session):
    return accounts.person(session, role=Role.MODERATOR)


def text_of(response):
    return BeautifulSoup(response.text, "html.parser").select_one("main").get_text(" ", strip=True)


class TestQueue:
    def test_it_says_what_waits_why_and_until_when_but_not_the_stars(self, client, sign_in, session, review, moderator):
        fairness.stopped(session, review, suspected=(Ground.SAFEGUARDING,))
        sign_in(moderator.id)
        page = text_of(client.get("/reviews/queue"))
        assert "A review: Gardening" in page
        assert "Somebody may be being harmed" in page
        assert "Late" in page
        decide = text_of(client.get(f"/reviews/decide/review/{review.id}"))
        assert "Late, and rude." in decide
        assert "999" in decide
        assert "out of 5" not in decide

    def test_reports_wait_in_the_same_list_once(self, client, sign_in, session, review, moderator):
        for reason in (ReportReason.ABUSIVE, ReportReason.UNSAFE):
            moderation.report(session, subject_kind=SubjectKind.REVIEW, subject_id=review.id, reason=reason)
        sign_in(moderator.id)
        page = text_of(client.get("/reviews/queue"))
        assert "1 thing waits." in page
        assert "Reported: abusive" in page
        assert "Reported: somebody could come to harm" in page
        fairness.screening(session, review, suspected=())
        assert "1 thing waits." in text_of(client.get("/reviews/queue"))

    def test_what_is_about_oneself_is_not_there(self, client, sign_in, session, sides, review, moderator):
        fairness.stopped(session, review)
        session.add(accounts.RoleGrant(person_id=moderator.id, role=Role.PROVIDER, organisation_id=sides[1].id))
        session.flush()
        sign_in(moderator.id)
        assert "Nothing waits to be read." in text_of(client.get("/reviews/queue"))
        assert client.get(f"/reviews/decide/review/{review.id}").status_code == 404

    def test_a_moderator_who_opens_what_waits_lands_where_there_are_no_stars(
        self, client, sign_in, session, review, moderator
    ):
        fairness.stopped(session, review)
        sign_in(moderator.id)
        response = client.get(f"/reviews/{review.id}")
        assert (response.status_code, response.location) == (302, f"/reviews/decide/review/{review.id}")


class TestWriter:
    def test_they_see_at_once_whom_to_tell_of_harm(self, client, sign_in, session, sides, review):
        fairness.stopped(session, review, suspected=(Ground.SAFEGUARDING,))
        sign_in(sides[0].id)
        page = text_of(client.get(f"/reviews/{review.id}"))
        assert "Is somebody being hurt, or about to be?" in page
        assert "adult safeguarding team" in page

    def test_they_read_why_it_waits(self, client, sign_in, session, sides, review):
        fairness.stopped(session, review, suspected=(Ground.IDENTIFYING,))
        sign_in(sides[0].id)
        assert "It may say who somebody is" in text_of(client.get(f"/reviews/{review.id}"))

    def test_they_appeal_once(self, client, sign_in, session, sides, review, moderator):
        refusal = fairness.refused(session, review, by=moderator)
        url = f"/reviews/refusals/{refusal.id}/appeal"
        sign_in(sides[0].id)
        empty = client.fill_in(url, words=" ")
        assert (empty.status_code, "Say why it should be shown." in empty.text) == (422, True)
        sent = client.fill_in(url, words=FALSE)
        assert sent.status_code == 302
        assert "0 of 3 have voted." in text_of(client.get(sent.location))
        assert client.get(url).location == sent.location
        sign_in(sides[2].id)
        assert client.get(url).status_code == 404


class TestPanel:
    def test_three_vote_and_only_then_the_votes_are_read(self, client, sign_in, session, sides, review, moderator):
        appeal = fairness.appealed(session, fairness.refused(session, review, by=moderator))
        url = f"/reviews/appeals/{appeal.id}"
        for verdict in ("overturned", "upheld", "overturned"):
            sign_in(accounts.person(session, role=Role.PANEL_MEMBER).id)
            assert "A review: Gardening" in text_of(client.get("/reviews/appeals"))
            assert "Because I say so" not in text_of(client.get(url))
            unclear = client.fill_in(url, outcome=verdict, reason=" ")
            assert (unclear.status_code, "Say why." in unclear.text) == (422, True)
            page = client.get(url)
            assert client.fill_in(url, outcome=verdict, reason="Because I say so.").status_code == 302
            token = BeautifulSoup(page.text, "html.parser").select_one("main input[name=csrf_token]")["value"]
            again = client.post(url, data={"csrf_token": token, "outcome": verdict, "reason": "Again."})
            assert again.status_code == 422
        page = text_of(client.get(url))
        assert "The panel decided: show it" in page
        assert page.count("Because I say so.") == 3
        session.refresh(review)
        assert review.status is ReviewStatus.SHOWN
        assert "Nothing waits for you." in text_of(client.get("/reviews/appeals"))


class TestObjections:
    def test_somebody_objects_and_a_moderator_weighs_it(self, client, sign_in, session, sides, review, moderator):
        sign_in(sides[2].id)
        url = f"/reviews/{review.id}/object"
        unclear = client.fill_in(url, words="It is about me.")
        assert (unclear.status_code, "Tick this if the review is about you." in unclear.text) == (422, True)
        made = client.fill_in(url, is_me="y", words="It is about me.")
        assert made.status_code == 302
        again = client.fill_in(url, is_me="y", words="Again.")
        assert (again.status_code, "Somebody has objected to this review already." in again.text) == (422, True)
        sign_in(moderator.id)
        assert "A review of Gardening" in text_of(client.get("/reviews/objections"))
        said = {"our_interest": "True.", "their_interest": "Little.", "balance": "It stays."}
        missing = client.fill_in(made.location, **said | {"balance": ""}, outcome="kept")
        assert (missing.status_code, "How do the two weigh" in missing.text) == (422, True)
        assert client.fill_in(made.location, **said, outcome="kept").status_code == 302
        assert "None is waiting." in text_of(client.get("/reviews/objections"))
        sign_in(sides[2].id)
        page = text_of(client.get(made.location))
        assert "The review stays" in page
        assert "It stays." in page


class TestLedger:
    def test_anybody_reads_it_and_takes_it_away(self, client, session, review, moderator):
        fairness.refused(session, review, by=moderator, ground=Ground.UNLAWFUL)
        page = client.get("/reviews/ledger/2026-q2")
        assert "What became of 1 review" in page.text
        table = client.get("/reviews/ledger/2026-q2.csv")
        assert table.mimetype == "text/csv"
        low, middle, _high, everything = csv.DictReader(io.StringIO(table.text))
        assert (low["stars"], low["received"], low["refused_unlawful"], low["median_hours"]) == ("low", "1", "1", "5.0")
        assert (middle["received"], middle["median_hours"]) == ("0", "")
        assert (everything["refused"], everything["shown"]) == ("1", "0")

    @pytest.mark.parametrize("code", ["2026-q9", "1999-q1", "2999-q1", "nonsense"])
    def test_there_is_none_of_other_times(self, client, code):
        assert client.get(f"/reviews/ledger/{code}").status_code == 404
        assert client.get(f"/reviews/ledger/{code}.csv").status_code == 404

    def test_a_quarter_without_reviews_says_so(self, client):
        assert "No review came in during this quarter." in client.get("/reviews/ledger").text


def test_the_policy_tells_the_whole(client):
    page = text_of(client.get("/reviews/policy"))
    for said in (
        "within 2 working days",
        "within 4 hours",
        "3 of them vote",
        "fewer than 3 people",
        "2024",
        "six grounds",
    ):
        assert said in page
