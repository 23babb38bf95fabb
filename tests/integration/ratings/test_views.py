import uuid

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.catalogue.rules import OfferStatus
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.rules import ReviewStatus
from tests.factories import accounts, purchasing, ratings

GOOD = {"stars": "5", "words": "They came when they said.", "link": "none"}


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id)


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None, title="Sale Library")


@pytest.fixture
def done(session, sides, offer):
    return purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, about=offer, status=ArrangementStatus.DONE
    )


@pytest.fixture
def review(session, sides, offer, done):
    return ratings.review(session, offer=offer, stars=2, person=sides[0], arrangement=done, words="Came late, twice.")


def text_of(response):
    return BeautifulSoup(response.text, "html.parser").select_one("main").get_text(" ", strip=True)


class TestWriting:
    def test_what_was_done_is_reviewed_and_shown_without_a_name(self, client, sign_in, session, sides, done):
        sign_in(sides[0].id)
        response = client.fill_in(f"/reviews/for/{done.id}", **GOOD)
        assert response.status_code == 302
        [it] = session.scalars(select(Review))
        page = client.get(response.location)
        assert "Your review is shown now." in page.text
        sign_in(sides[2].id)
        shown = text_of(client.get(f"/reviews/{it.id}"))
        assert "They came when they said." in shown
        assert "Arranged on this site" in shown
        assert "Ada" not in shown

    def test_a_place_open_to_everyone_needs_ones_word(self, client, sign_in, session, sides, library):
        sign_in(sides[0].id)
        url = f"/reviews/of/{library.id}"
        refused = client.fill_in(url, **GOOD)
        assert (refused.status_code, "Tick this only if you have used it." in refused.text) == (422, True)
        assert "They came when they said." in refused.text
        response = client.fill_in(url, has_used="y", **GOOD)
        assert response.status_code == 302
        assert "In their own word" in client.get(response.location).text
        again = client.get(url)
        assert (again.status_code, "You have reviewed this already." in again.text) == (409, True)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"stars": ""}, "Choose how it was, from 1 to 5."),
            ({"stars": "6"}, "Choose from 1 to 5 stars."),
            ({"stars": "many"}, "Choose from 1 to 5 stars."),
            ({"words": ""}, "Write at least 10 characters"),
            ({"link": ""}, "Say whether you have a link to the provider."),
            ({"words": "Good."}, "Write at least 10 characters"),
            ({"words": "x" * 3001}, "Use at most 3,000 characters."),
        ],
    )
    def test_what_will_not_do_is_said_in_words_and_nothing_is_lost(
        self, client, sign_in, session, sides, done, wrong, said
    ):
        sign_in(sides[0].id)
        response = client.fill_in(f"/reviews/for/{done.id}", **GOOD | wrong)
        assert response.status_code == 422
        assert said in response.text
        page = BeautifulSoup(response.text, "html.parser")
        if "stars" not in wrong:
            assert page.select_one("input[name=stars][checked]")["value"] == "5"
        else:
            assert "They came when they said." in response.text
        assert session.scalars(select(Review)).all() == []

    def test_an_expired_form_comes_back_with_what_was_typed(self, client, sign_in, sides, done):
        sign_in(sides[0].id)
        response = client.post(f"/reviews/for/{done.id}", data=GOOD | {"csrf_token": "old"})
        assert response.status_code == 422
        assert "They came when they said." in response.text

    def test_what_was_never_used_is_refused_in_words(self, client, sign_in, session, sides, offer, done):
        sign_in(sides[0].id)
        page = client.get(f"/reviews/of/{offer.id}")
        assert (page.status_code, "Only people who have arranged this here" in page.text) == (403, True)
        asked = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, about=offer)
        sign_in(sides[0].id)
        page = client.get(f"/reviews/for/{asked.id}")
        assert (page.status_code, "once it has been done" in page.text) == (409, True)
        sign_in(sides[2].id)
        assert client.get(f"/reviews/for/{done.id}").status_code == 404
        assert client.get(f"/reviews/of/{uuid.uuid4()}").status_code == 404
        sign_in(accounts.person(session, role=Role.COMMISSIONER, council="E08000009").id)
        assert client.get(f"/reviews/for/{done.id}").status_code == 403

    def test_the_arrangement_leads_to_its_review(self, client, sign_in, sides, review):
        sign_in(sides[0].id)
        page = client.get(f"/arrangements/{review.arrangement_id}").text
        assert f"/reviews/{review.id}" in page
        assert "Review this" not in page


class TestReading:
    def test_anybody_reads_what_people_say_about_an_offer(self, client, session, offer, review, sides):
        ratings.reply(session, to=review, by=sides[2], words="We have changed the rota.")
        session.commit()
        page = client.get(f"/reviews/about/{offer.id}")
        words = text_of(page)
        assert "Came late, twice." in words
        assert "We have changed the rota." in words
        assert "Fewer than 3 ratings" in words
        assert "May 2026" in words
        assert "20 May" not in words
        assert "/reviews/policy" in page.text

    def test_three_people_make_an_average(self, client, session, library):
        for stars in (5, 4, 4):
            ratings.review(session, offer=library, stars=stars)
        session.commit()
        assert "4.3" in text_of(client.get(f"/reviews/about/{library.id}"))

    def test_what_somebody_typed_is_shown_and_not_run(self, client, session, library):
        it = ratings.review(session, offer=library, stars=1, words="<script>alert(1)</script> & so on")
        session.commit()
        assert "&lt;script&gt;alert(1)" in client.get(f"/reviews/{it.id}").text

    def test_nothing_yet_says_so_and_what_is_hidden_is_not_found(self, client, session, library):
        hidden = purchasing.offer(session, organisation_id=None, status=OfferStatus.DRAFT)
        session.commit()
        assert "Nobody has reviewed this yet" in client.get(f"/reviews/about/{library.id}").text
        for url in (f"/reviews/about/{hidden.id}", f"/reviews/about/{uuid.uuid4()}", f"/reviews/{uuid.uuid4()}"):
            assert client.get(url).status_code == 404

    @pytest.mark.parametrize("page", ["nonsense", "-1", "9999"])
    def test_a_strange_page_is_a_page(self, client, session, library, page):
        ratings.review(session, offer=library, stars=3)
        session.commit()
        assert client.get(f"/reviews/about/{library.id}?page={page}").status_code == 200

    def test_anybody_can_find_the_policy(self, client):
        assert "Nobody can buy a review" in text_of(client.get("/reviews/policy"))


class TestOwn:
    def test_a_writer_takes_their_review_back(self, client, sign_in, session, sides, review):
        sign_in(sides[0].id)
        assert str(review.id) in client.get("/reviews/mine").text
        assert client.press(f"/reviews/{review.id}", "Take my review back").location.endswith("/reviews/mine")
        assert session.scalars(select(Review)).all() == []
        assert "You could review these" in client.get("/reviews/mine").text

    def test_nobody_else_has_that_button(self, client, sign_in, session, sides, review):
        sign_in(sides[2].id)
        page = BeautifulSoup(client.get(f"/reviews/{review.id}").text, "html.parser")
        assert "Take my review back" not in page.text
        token = page.select_one("[name=csrf_token]")["value"]
        assert client.post(f"/reviews/{review.id}/withdraw", data={"csrf_token": token}).status_code == 404
        assert len(session.scalars(select(Review)).all()) == 1


class TestReplying:
    def test_the_provider_replies_and_changes_it(self, client, sign_in, session, sides, review):
        sign_in(sides[2].id)
        url = f"/reviews/{review.id}/reply"
        assert f"/reviews/{review.id}/reply" in client.get("/reviews/for-my-organisation").text
        assert client.fill_in(url, words="We are sorry.").status_code == 302
        assert "We are sorry." in client.get(url).text
        assert client.fill_in(url, words="We have changed the rota.").status_code == 302
        [it] = session.scalars(select(Reply))
        assert it.words == "We have changed the rota."
        empty = client.fill_in(url, words=" ")
        assert (empty.status_code, "Write your reply first." in empty.text) == (422, True)

    def test_nobody_else_does(self, client, sign_in, session, sides, review):
        _, other = accounts.organisation(session)
        for who, status in ((other, 403), (sides[0], 403)):
            sign_in(who.id)
            assert client.get(f"/reviews/{review.id}/reply").status_code == status


class TestHolding:
    @pytest.fixture
    def moderator(self, session):
        return accounts.person(session, role=Role.MODERATOR)

    def test_a_moderator_keeps_from_view_and_shows_and_the_writer_reads_why(
        self, client, sign_in, session, sides, offer, review, moderator
    ):
        sign_in(moderator.id)
        url = f"/reviews/decide/review/{review.id}"
        assert "Came late, twice." in client.get(url).text
        refusal = {"outcome": "refused", "ground": "identifying", "reason": "It names a child."}
        assert client.fill_in(url, **refusal).status_code == 302
        sign_in(sides[0].id)
        assert "It names a child." in client.get(f"/reviews/{review.id}").text
        sign_in(sides[2].id)
        assert client.get(f"/reviews/{review.id}").status_code == 404
        assert "Came late" not in client.get(f"/reviews/about/{offer.id}").text
        sign_in(moderator.id)
        again = client.fill_in(url, **refusal)
        assert (again.status_code, "Another moderator has just done this." in again.text) == (422, True)
        unclear = client.fill_in(url, outcome="refused", reason="It names a child.")
        assert (unclear.status_code, "Choose on which ground" in unclear.text) == (422, True)
        assert client.fill_in(url, outcome="shown").status_code == 302
        session.refresh(review)
        assert review.status is ReviewStatus.SHOWN

    def test_a_reply_is_kept_from_view_by_itself(self, client, sign_in, session, sides, review, moderator):
        reply = ratings.reply(session, to=review, by=sides[2], words="I know who you are.")
        sign_in(moderator.id)
        url = f"/reviews/decide/reply/{reply.id}"
        assert client.fill_in(url, outcome="refused", ground="unlawful", reason="It threatens.").status_code == 302
        sign_in(sides[0].id)
        page = client.get(f"/reviews/{review.id}").text
        assert "I know who you are." not in page
        assert "Came late, twice." in page
        sign_in(sides[2].id)
        assert "It threatens." in client.get(f"/reviews/{review.id}").text

    def test_only_moderators_may(self, client, sign_in, sides, review):
        for who in (sides[0], sides[2]):
            sign_in(who.id)
            assert client.get(f"/reviews/decide/review/{review.id}").status_code == 403
