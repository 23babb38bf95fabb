import uuid

import pytest
from sqlalchemy import select

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit.audit import AuditEvent
from marketplace.kit.errors import NotAllowedError, NotFoundError
from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings import services
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.rules import Basis, ReviewStatus, Written
from tests.factories import accounts, purchasing, ratings

WORDS = "They came when they said, and listened."


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def done(session, sides):
    return purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE)


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None)


def of_arrangement(session, it, by, now, **differences):
    plain = {"stars": 4, "words": WORDS}
    return services.review_arrangement(
        session, arrangement_id=it.id, by=by.id, link=link, now=now, written=Written(**plain | differences)
    )


def of_offer(session, offer, by, now, **differences):
    plain = {"stars": 4, "words": WORDS}
    return services.declare_use_and_review(
        session, offer_id=offer.id, by=by.id, link=link, now=now, written=Written(**plain | differences)
    )


def letters_to(session, person):
    return session.scalars(select(Message.body).where(Message.to == person.email).order_by(Message.created_at)).all()


class TestReviewing:
    @pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
    def test_good_or_bad_it_is_shown_at_once_and_the_provider_told(self, session, sides, done, now, stars):
        it = session.get_one(Review, of_arrangement(session, done, sides[0], now, stars=stars))
        assert (it.status, it.basis, it.stars, it.written_at) == (ReviewStatus.SHOWN, Basis.ARRANGEMENT, stars, now)
        assert (it.offer_id, it.provider_id, it.words) == (done.offer_id, done.provider_id, WORDS)
        [letter] = letters_to(session, sides[2])
        assert link(it.id) in letter
        assert sides[0].name not in letter
        assert WORDS not in letter
        assert session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == it.id)).all() == ["wrote"]

    @pytest.mark.parametrize("status", [s for s in ArrangementStatus if s is not ArrangementStatus.DONE])
    def test_what_was_not_done_is_not_reviewed(self, session, sides, status, now):
        it = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=status)
        with pytest.raises(services.NotDoneYetError):
            of_arrangement(session, it, sides[0], now)

    def test_nobody_reviews_what_somebody_else_arranged(self, session, sides, done, now):
        for other in (sides[2], accounts.person(session)):
            with pytest.raises(NotFoundError):
                of_arrangement(session, done, other, now)
        with pytest.raises(NotFoundError):
            services.review_arrangement(
                session,
                arrangement_id=uuid.uuid4(),
                by=sides[0].id,
                written=Written(stars=5, words=WORDS),
                link=link,
                now=now,
            )

    def test_nobody_reviews_their_own_provider_even_when_they_joined_it_later(self, session, sides, done, now):
        session.add(RoleGrant(person_id=sides[0].id, role=Role.PROVIDER, organisation_id=sides[1].id))
        session.flush()
        with pytest.raises(services.OwnProviderError):
            of_arrangement(session, done, sides[0], now)

    def test_an_arrangement_is_reviewed_once_and_a_second_one_again(self, session, sides, done, now):
        of_arrangement(session, done, sides[0], now)
        with pytest.raises(services.AlreadyReviewedError):
            of_arrangement(session, done, sides[0], now)
        second = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE
        )
        of_arrangement(session, second, sides[0], now)

    @pytest.mark.parametrize(
        ("field", "answer"), [("stars", 0), ("stars", 6), ("words", " short \n\n "), ("words", "x" * 3_001)]
    )
    def test_an_unclear_review_says_which_answer_is_the_matter(self, session, sides, done, now, field, answer):
        with pytest.raises(services.ReviewUnclearError) as refusal:
            of_arrangement(session, done, sides[0], now, **{field: answer})
        assert refusal.value.field == field
        assert session.scalars(select(Review)).all() == []

    def test_a_service_open_to_everyone_is_reviewed_on_ones_own_word_once(self, session, sides, library, now):
        it = session.get_one(Review, of_offer(session, library, sides[0], now))
        assert (it.basis, it.arrangement_id) == (Basis.SAID_USED, None)
        with pytest.raises(services.AlreadyReviewedError):
            of_offer(session, library, sides[0], now)
        of_offer(session, library, sides[2], now)

    def test_ones_own_word_is_not_enough_for_what_is_arranged_here(self, session, sides, now):
        offer = purchasing.offer(session, organisation_id=sides[1].id)
        with pytest.raises(services.NotOpenToEveryoneError):
            of_offer(session, offer, sides[0], now)

    def test_what_was_never_shown_is_not_found(self, session, sides, now):
        hidden = purchasing.offer(session, organisation_id=None, status=OfferStatus.DRAFT)
        with pytest.raises(NotFoundError):
            of_offer(session, hidden, sides[0], now)


class TestWithdrawing:
    def test_ones_own_review_goes_with_its_reply_and_can_be_written_anew(self, session, sides, done, now):
        review_id = of_arrangement(session, done, sides[0], now)
        services.reply_to_review(session, review_id=review_id, by=sides[2].id, words="Thanks.", link=link, now=now)
        services.withdraw_review(session, review_id=review_id, by=sides[0].id, now=now)
        assert session.scalars(select(Review)).all() == []
        assert session.scalars(select(Reply)).all() == []
        of_arrangement(session, done, sides[0], now)

    def test_nobody_withdraws_somebody_elses(self, session, sides, done, now):
        review_id = of_arrangement(session, done, sides[0], now)
        for other in (sides[2], accounts.person(session)):
            with pytest.raises(NotFoundError):
                services.withdraw_review(session, review_id=review_id, by=other.id, now=now)


class TestReplying:
    @pytest.fixture
    def review(self, session, sides, done):
        return ratings.review(
            session, offer=session.get_one(Offer, done.offer_id), stars=2, person=sides[0], arrangement=done
        )

    def reply(self, session, review, by, now, words="We have changed the rota."):
        return services.reply_to_review(session, review_id=review.id, by=by.id, words=words, link=link, now=now)

    def test_the_provider_replies_once_and_may_change_it(self, session, sides, review, now):
        first = self.reply(session, review, sides[2], now)
        assert self.reply(session, review, sides[2], now, "Better words.") == first
        [it] = session.scalars(select(Reply))
        assert (it.words, it.edited_at) == ("Better words.", now)
        [letter] = letters_to(session, sides[0])
        assert "They have not been told who you are." in letter

    def test_nobody_else_replies(self, session, sides, review, now):
        _, other_provider = accounts.organisation(session)
        for other in (sides[0], other_provider, accounts.person(session)):
            with pytest.raises(NotAllowedError):
                self.reply(session, review, other, now)

    def test_nobody_replies_to_what_is_held(self, session, sides, review, now):
        review.counts, review.status = False, ReviewStatus.HELD
        session.flush()
        with pytest.raises(NotFoundError):
            self.reply(session, review, sides[2], now)

    @pytest.mark.parametrize("words", ["  ", "x" * 2_001])
    def test_replies_have_bounds(self, session, sides, review, now, words):
        with pytest.raises(services.ReplyUnclearError):
            self.reply(session, review, sides[2], now, words)
