from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings import queries
from marketplace.ratings.models import Criterion, CriterionAnswer, Outcome, OutcomeAnswer
from marketplace.ratings.queries.rated import rated_answers, rated_offer
from marketplace.ratings.rules import NO_RATINGS, ReviewStatus
from marketplace.ratings.services.counting import counted_anew
from tests.factories import accounts, purchasing, ratings


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id)


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None, title="Sale Library")


class TestSummaries:
    def test_one_query_answers_for_many_offers(self, session, library, offer, count_queries):
        for stars in (5, 4, 1):
            ratings.review(session, offer=library, stars=stars)
        quiet = purchasing.offer(session, organisation_id=None)
        ratings.review(session, offer=quiet, stars=1)
        count_queries.clear()
        found = queries.summaries_for(session, offer_ids=[library.id, quiet.id, offer.id])
        assert len(count_queries) == 1
        assert (found[library.id].average, found[library.id].spread) == (Decimal("3.3"), (1, 0, 0, 1, 1))
        assert (found[quiet.id].count, found[quiet.id].average) == (1, None)
        assert found[offer.id] == NO_RATINGS
        assert queries.summaries_for(session, offer_ids=[]) == {}

    def test_one_person_counts_once_by_what_they_wrote_last(self, session, sides, offer):
        def add(person, stars, days):
            ratings.review_of_done(
                session, offer=offer, organisation_id=sides[1].id, stars=stars, person=person,
                written_at=ratings.WRITTEN_AT + timedelta(days=days),
            )  # fmt: skip

        for days, stars in enumerate((1, 1, 5)):
            add(sides[0], stars, days)
        assert queries.summaries_for(session, offer_ids=[offer.id])[offer.id].spread == (0, 0, 0, 0, 1)
        add(accounts.person(session), 3, 9)
        add(accounts.person(session), 4, 9)
        summary = queries.summaries_for(session, offer_ids=[offer.id])[offer.id]
        assert (summary.count, summary.average) == (3, Decimal("4.0"))

    def test_what_is_held_does_not_count(self, session, library):
        for stars in (5, 5, 1):
            ratings.review(session, offer=library, stars=stars)
        ratings.review(session, offer=library, stars=1, status=ReviewStatus.HELD)
        assert queries.summaries_for(session, offer_ids=[library.id])[library.id].spread == (1, 0, 0, 0, 2)


class TestAnswers:
    def test_one_query_says_how_it_is_rated_by_what_in_the_order_asked_in(self, session, library, count_queries):
        said = ratings.review(session, offer=library, stars=4)
        criteria = session.scalars(select(Criterion).order_by(Criterion.position, Criterion.words).limit(2)).all()
        scheme = select(Outcome.scheme).order_by(Outcome.scheme).limit(1).scalar_subquery()
        outcomes = session.scalars(
            select(Outcome).where(Outcome.scheme == scheme).order_by(Outcome.position, Outcome.id).limit(2)
        ).all()
        with counted_anew(session, offer_id=library.id, person_id=said.person_id):
            for stars, criterion in zip((5, 2), reversed(criteria), strict=True):
                session.add(CriterionAnswer(review_id=said.id, criterion_id=criterion.id, stars=stars))
            for stars, outcome in zip((3, 1), reversed(outcomes), strict=True):
                session.add(OutcomeAnswer(review_id=said.id, outcome_id=outcome.id, stars=stars))
        count_queries.clear()
        rated, answers = rated_offer(session, offer_id=library.id), rated_answers(session, offer_id=library.id)
        assert len(set(count_queries)) == 1, "whoever writes asks each time, but only that"
        assert rated.spread == (0, 0, 0, 1, 0)
        assert [(one.words, one.summary.spread) for one in answers.criteria] == [
            (criteria[0].words, (0, 1, 0, 0, 0)),
            (criteria[1].words, (0, 0, 0, 0, 1)),
        ]
        assert [(one.words, one.summary.spread) for one in answers.outcomes] == [
            (outcomes[0].name, (1, 0, 0, 0, 0)),
            (outcomes[1].name, (0, 0, 1, 0, 0)),
        ]


class TestReading:
    def test_the_newest_comes_first_with_its_reply_and_nobody_is_named(self, session, sides, offer, count_queries):
        old = ratings.review_of_done(session, offer=offer, organisation_id=sides[1].id, stars=2)
        new = ratings.review_of_done(
            session, offer=offer, organisation_id=sides[1].id, stars=5, written_at=ratings.WRITTEN_AT + timedelta(40)
        )
        ratings.reply(session, to=old, by=sides[2], words="We are sorry.")
        count_queries.clear()
        found = queries.reviews_of(session, offer_id=offer.id, viewer=ANYONE)
        # However many there are: the reviews, their answers with what was added, their points.
        assert len(count_queries) == 3
        assert [it.id for it in found.reviews] == [new.id, old.id]
        assert found.reviews[1].reply.words == "We are sorry."
        assert not any(it.is_mine or it.may_reply for it in found.reviews)

    def test_everybody_sees_what_is_theirs_to_do(self, session, sides, offer):
        it = ratings.review_of_done(session, offer=offer, organisation_id=sides[1].id, stars=2, person=sides[0])

        def look(viewer):
            found = queries.review_page(session, review_id=it.id, viewer=viewer)
            return found.is_mine, found.may_reply

        assert look(ANYONE) == (False, False)
        assert look(accounts.as_viewer(sides[0])) == (True, False)
        assert look(accounts.as_viewer(sides[2], sides[1])) == (False, True)

    def test_a_held_review_is_there_only_for_its_writer_and_moderators(self, session, sides, offer):
        it = ratings.review_of_done(
            session, offer=offer, organisation_id=sides[1].id, stars=2, person=sides[0], status=ReviewStatus.HELD
        )
        provider = accounts.as_viewer(sides[2], sides[1])
        for viewer in (ANYONE, provider, accounts.as_viewer(accounts.person(session))):
            assert queries.review_page(session, review_id=it.id, viewer=viewer) is None
            assert queries.reviews_of(session, offer_id=offer.id, viewer=viewer).reviews == ()
            assert queries.my_reviews(session, viewer=viewer).reviews == ()
        assert queries.reviews_of_my_organisations(session, viewer=provider).reviews == ()
        moderator = accounts.as_viewer(accounts.person(session), role=Role.MODERATOR)
        for viewer in (accounts.as_viewer(sides[0]), moderator):
            assert queries.review_page(session, review_id=it.id, viewer=viewer).is_held
        [mine] = queries.my_reviews(session, viewer=accounts.as_viewer(sides[0])).reviews
        assert mine.is_held

    def test_a_held_reply_is_there_only_for_its_provider_and_moderators(self, session, sides, offer):
        it = ratings.review_of_done(session, offer=offer, organisation_id=sides[1].id, stars=2, person=sides[0])
        ratings.reply(session, to=it, by=sides[2], status=ReviewStatus.HELD)

        def reply_seen_by(viewer):
            return queries.review_page(session, review_id=it.id, viewer=viewer).reply

        assert reply_seen_by(ANYONE) is None
        assert reply_seen_by(accounts.as_viewer(sides[0])) is None
        assert reply_seen_by(accounts.as_viewer(sides[2], sides[1])).is_held
        assert reply_seen_by(accounts.as_viewer(accounts.person(session), role=Role.MODERATOR)).is_held

    def test_a_provider_reads_what_has_no_reply_first(self, session, sides, offer):
        answered = ratings.review_of_done(
            session, offer=offer, organisation_id=sides[1].id, stars=2, written_at=ratings.WRITTEN_AT + timedelta(9)
        )
        ratings.reply(session, to=answered, by=sides[2])
        waiting = ratings.review_of_done(session, offer=offer, organisation_id=sides[1].id, stars=5)
        found = queries.reviews_of_my_organisations(session, viewer=accounts.as_viewer(sides[2], sides[1]))
        assert [it.id for it in found.reviews] == [waiting.id, answered.id]

    def test_lists_stop_at_their_end(self, session, library):
        for _ in range(queries.PAGE_SIZE + 1):
            ratings.review(session, offer=library, stars=3)
        far = queries.reviews_of(session, offer_id=library.id, viewer=ANYONE, page=9999)
        assert (far.slice.number, len(far.reviews)) == (2, 1)

    def test_what_is_done_and_not_reviewed_waits(self, session, sides, offer):
        def add(status):
            return purchasing.arrangement(
                session, person=sides[0], organisation_id=sides[1].id, about=offer, status=status
            )

        done, _ = add(ArrangementStatus.DONE), add(ArrangementStatus.ACCEPTED)
        ratings.review(session, offer=offer, stars=3, person=sides[0], arrangement=add(ArrangementStatus.DONE))
        found = queries.to_review(session, viewer=accounts.as_viewer(sides[0]))
        assert [it.arrangement_id for it in found] == [done.id]
        assert queries.to_review(session, viewer=accounts.as_viewer(sides[2])) == ()
