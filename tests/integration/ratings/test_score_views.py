import uuid

import pytest
from sqlalchemy import select

from marketplace.ratings.models import Criterion, CriterionAnswer, Likeness, Outcome, OutcomeAnswer
from marketplace.ratings.rules.nouns import CriterionStatus
from marketplace.ratings.services.counting import count_again
from tests.factories import accounts, purchasing, ratings


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None, title="Sale Library")


def opened(client, session, address):
    session.commit()
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(page.text.split())


class TestWorkedOut:
    def test_it_shows_the_very_sum(self, client, session, library):
        for stars in (5, 4, 4):
            ratings.review(session, offer=library, stars=stars)
        page = opened(client, session, f"/reviews/about/{library.id}/worked-out")
        page = page.replace("×", "x")  # noqa: RUF001  (the page shows the sign)
        assert "2 x 4 + 1 x 5 = 13 stars" in page
        assert "13 ÷ 3 people = <strong>4.3</strong>" in page
        assert "(0.75 x 4.33 + 5 x 4.00) ÷ 5.75 = 4.04" in page
        assert "Nobody can show that they used a place open to everyone" in page

    def test_what_is_set_aside_and_what_is_held_down_is_said(self, client, session):
        _, organisation, _ = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id)
        ratings.review_of_done(session, offer=offer, organisation_id=organisation.id, stars=5)
        for _ in range(5):
            ratings.review(session, offer=offer, stars=5)
        ratings.review(session, offer=offer, stars=1, is_set_aside=True)
        page = opened(client, session, f"/reviews/about/{offer.id}/worked-out")
        assert "1 review is set aside" in page
        assert "Of those in their own word, we count" in page
        assert "count at most a quarter of those that are verified" in page

    @pytest.mark.parametrize(
        ("stars", "words"),
        [((), "Nobody has rated this yet"), ((5, 4), "2 people have rated this. With fewer than 3 we show no average")],
    )
    def test_few_have_no_number(self, client, session, library, stars, words):
        for n in stars:
            ratings.review(session, offer=library, stars=n)
        page = opened(client, session, f"/reviews/about/{library.id}/worked-out")
        assert words in page
        assert "÷" not in page

    def test_there_is_none_for_what_is_not_there(self, client):
        assert client.get(f"/reviews/about/{uuid.uuid4()}/worked-out").status_code == 404


class TestRated:
    def test_a_page_says_who_showed_it_since_when_and_by_what(self, client, session, library):
        criterion, other, *_ = session.scalars(
            select(Criterion).where(Criterion.status == CriterionStatus.ADOPTED).order_by(Criterion.position)
        ).all()
        outcome = session.scalars(select(Outcome).order_by(Outcome.id)).first()
        for stars in (5, 4, 3):
            review = ratings.review(session, offer=library, stars=stars)
            session.add(CriterionAnswer(review_id=review.id, criterion_id=criterion.id, stars=stars))
        session.add(CriterionAnswer(review_id=review.id, criterion_id=other.id, stars=1))
        session.add(OutcomeAnswer(review_id=review.id, outcome_id=outcome.id, stars=5))
        session.flush()
        count_again(session, offer_ids=[library.id])
        for address in (f"/reviews/about/{library.id}", f"/offers/{library.id}"):
            page = opened(client, session, address)
            assert "All of them say that they used it; nobody has checked. Shown in May 2026." in page
            assert criterion.words in page
            assert "4.0 of 5, from 3" in page
            assert "1 more has fewer than 3 answers, and so no number." in page
            assert "Did it help with what they wanted?" not in page
            assert f"/reviews/about/{library.id}/worked-out" in page


class TestPeopleLikeMe:
    def test_somebody_says_what_they_like_and_takes_it_back(self, client, session, sign_in):
        somebody = accounts.person(session)
        sign_in(somebody.id)
        said = client.fill_in(
            "/reviews/people-like-me", interests=["interest:arts"], access=["access:hoist"], age="age:80", agrees="y"
        )
        assert said.status_code == 302
        facts = set(session.scalars(select(Likeness.fact).where(Likeness.person_id == somebody.id)))
        assert facts == {"interest:arts", "access:hoist", "age:80"}
        assert 'value="age:80" checked' in " ".join(client.get("/reviews/people-like-me").text.split())
        assert client.press("/reviews/people-like-me", "Delete what I said about myself").status_code == 302
        session.expire_all()
        assert not session.scalars(select(Likeness)).all()

    def test_without_agreeing_nothing_is_kept_and_nothing_is_lost(self, client, session, sign_in):
        sign_in(accounts.person(session).id)
        refused = client.fill_in("/reviews/people-like-me", interests=["interest:arts"])
        assert refused.status_code == 422
        assert "Tick this if you agree. Without it we keep nothing." in refused.text
        assert 'value="interest:arts" checked' in " ".join(refused.text.split())
        assert not session.scalars(select(Likeness)).all()

    def test_what_is_not_on_the_list_is_refused(self, client, session, sign_in):
        sign_in(accounts.person(session).id)
        refused = client.fill_in("/reviews/people-like-me", interests=["nonsense"], agrees="y")
        assert refused.status_code == 422
        assert "Choose from the list." in refused.text

    def test_an_offer_shows_it_from_five_on(self, client, session, sign_in, library):
        me = accounts.person(session)
        session.add(Likeness(person_id=me.id, fact="interest:arts", said_at=ratings.WRITTEN_AT))
        for n in range(5):
            if n == 4:
                sign_in(me.id)
                assert "Fewer than 5 people like you" in opened(client, session, f"/offers/{library.id}")
            somebody = accounts.person(session)
            session.add(Likeness(person_id=somebody.id, fact="interest:arts", said_at=ratings.WRITTEN_AT))
            ratings.review(session, offer=library, stars=4, person=somebody)
        page = opened(client, session, f"/offers/{library.id}")
        assert "About <strong>4</strong> out of 5" in page
        assert "From 5 people or more" in page
