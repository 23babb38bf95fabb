"""Saying the same, planned and done, and whether it did change: the provider can never bury a “no”."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE
from marketplace.catalogue.models import Offer
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from marketplace.ratings import queries
from marketplace.ratings.models import Change, PointVote
from marketplace.ratings.queries import changes
from marketplace.ratings.rules.nouns import ChangeState, PointKind, ReviewStatus, Verdict
from marketplace.ratings.services import changing
from marketplace.ratings.services.naming import TellsWhoError
from tests.factories import accounts, purchasing, ratings
from tests.races import in_transactions

NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)
WORDS = "From June we open on Saturdays too."


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def review(session, sides):
    offer = purchasing.offer(session, organisation_id=sides[1].id)
    return ratings.review_of_done(session, offer=offer, organisation_id=sides[1].id, stars=3, person=sides[0])


@pytest.fixture
def point(session, review):
    return ratings.point(session, of=review)


@pytest.fixture
def mark(session, point, sides):
    def marked(state=ChangeState.DONE, words=WORDS, *, by=sides[2], about=point, is_sure=False, now=NOW):
        return changing.mark_change(
            session, point_id=about.id, by=by.id, state=state, words=words, is_sure=is_sure, link=link, now=now
        )

    return marked


@pytest.fixture
def judge(session, point, sides):
    def judged(verdict, *, by=sides[0], now=NOW + timedelta(days=1)):
        return changing.say_whether_it_changed(session, point_id=point.id, by=by.id, verdict=verdict, now=now)

    return judged


def letters(session):
    return sorted(session.scalars(select(Message.subject)))


class TestSayingTheSame:
    def test_each_person_says_it_once_and_can_take_it_back(self, session, point, review):
        ben, cat = accounts.person(session), accounts.person(session)
        for who in (ben, ben, cat):
            assert changing.say_the_same(session, point_id=point.id, by=who.id, now=NOW) == review.id
        [shown] = queries.review_page(session, review_id=review.id, viewer=accounts.as_viewer(ben)).points
        assert (shown.votes, shown.is_voted) == (2, True)
        changing.take_back_the_same(session, point_id=point.id, by=ben.id)
        [shown] = queries.review_page(session, review_id=review.id, viewer=accounts.as_viewer(ben)).points
        assert (shown.votes, shown.is_voted) == (1, False)
        [shown] = queries.review_page(session, review_id=review.id, viewer=ANYONE).points
        assert (shown.votes, shown.is_voted) == (1, False)

    def test_not_the_writer_and_not_the_provider(self, session, point, sides):
        for who in (sides[0], sides[2]):
            with pytest.raises(changing.OwnPointError):
                changing.say_the_same(session, point_id=point.id, by=who.id, now=NOW)
        assert session.scalars(select(PointVote)).all() == []

    @pytest.mark.parametrize("status", [ReviewStatus.HELD, ReviewStatus.UNREAD, ReviewStatus.WAITING])
    def test_not_about_what_is_not_shown(self, session, sides, status):
        offer = purchasing.offer(session, organisation_id=sides[1].id)
        hidden = ratings.point(session, of=ratings.review(session, offer=offer, stars=2, status=status))
        with pytest.raises(changing.PointNotFoundError):
            changing.say_the_same(session, point_id=hidden.id, by=accounts.person(session).id, now=NOW)

    def test_many_at_once_are_all_counted_and_one_twice_at_once_is_one(self, real_app, arrange):
        def prepare(session):
            offer = purchasing.offer(session, organisation_id=purchasing.two_sides(session)[1].id)
            it = ratings.point(session, of=ratings.review(session, offer=offer, stars=2))
            return it.id, [accounts.person(session).id for _ in range(4)]

        point_id, people = arrange(prepare)

        def saying(person_id):
            return lambda session: changing.say_the_same(session, point_id=point_id, by=person_id, now=NOW)

        in_transactions(real_app, [saying(it) for it in people for _ in range(2)])
        votes = arrange(lambda s: len(s.scalars(select(PointVote).where(PointVote.point_id == point_id)).all()))
        assert votes == len(people)


class TestMarking:
    def test_planned_then_done_and_the_writer_gets_a_letter_each_time(self, session, point, mark):
        mark(ChangeState.PLANNED, "We look for somebody who can open on Saturdays.")
        mark(ChangeState.PLANNED, "We have found somebody who can open on Saturdays.")
        mark()
        mark(words="From June we open on Saturdays and Sundays.")
        it = session.get_one(Change, point.id)
        assert (it.state, it.asked_at) == (ChangeState.DONE, NOW)
        assert letters(session) == ["Did it change?", "Something you said is going to change"]
        did = set(session.scalars(select(AuditEvent.did)))
        assert {"marked as planned", "marked as done"} <= did

    def test_a_letter_neither_says_what_was_written_nor_who(self, session, mark, point, sides):
        mark()
        [letter] = session.scalars(select(Message)).all()
        assert point.words not in letter.body
        assert WORDS not in letter.body
        assert sides[2].name not in letter.body

    def test_only_the_provider_and_only_about_what_can_change(self, session, review, mark, sides):
        _body, other = accounts.organisation(session, name="Somebody Else")
        for who in (other, sides[0], accounts.person(session)):
            with pytest.raises(changing.PointNotFoundError):
                mark(by=who)
        fine = ratings.point(session, of=review, kind=PointKind.WORKING)
        with pytest.raises(changing.PointNotFoundError):
            mark(about=fine)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("Soon.", "Say in a sentence"),
            ("x" * 1001, "at most 1,000"),
            ("We will kill you if you write this again.", "A moderator would have to read this first."),
        ],
    )
    def test_words_that_will_not_do_are_refused(self, session, mark, words, said):
        with pytest.raises(changing.ChangeUnclearError, match=said) as refused:
            mark(words=words)
        assert refused.value.field == "words"
        assert session.scalars(select(Change)).all() == []
        assert letters(session) == []

    def test_a_name_is_asked_about_once(self, session, mark):
        named = "Ring 0161 496 0000 and ask for Sarah."
        with pytest.raises(TellsWhoError, match="0161 496 0000"):
            mark(words=named)
        mark(words=named, is_sure=True)
        assert session.scalars(select(Change.words)).all() == [named]

    def test_paper_without_an_account_gets_no_letter(self, session, mark, review, sides):
        review.told, review.typed_by, review.person_id = "paper", sides[2].id, None
        session.flush()
        mark()
        assert letters(session) == []


class TestJudging:
    def test_the_writer_says_whether_it_changed_and_may_say_otherwise(self, session, point, mark, judge):
        mark()
        judge(Verdict.NO)
        judge(Verdict.YES)
        it = session.get_one(Change, point.id)
        assert (it.verdict, it.state) == (Verdict.YES, ChangeState.DONE)

    def test_nobody_else_and_not_before_it_is_done(self, session, mark, judge, sides):
        with pytest.raises(changing.NotDoneError):
            judge(Verdict.YES)
        mark(ChangeState.PLANNED)
        with pytest.raises(changing.NotDoneError):
            judge(Verdict.YES)
        mark()
        for who in (sides[2], accounts.person(session)):
            with pytest.raises(changing.PointNotFoundError):
                judge(Verdict.YES, by=who)

    @pytest.mark.parametrize("verdict", [Verdict.NO, Verdict.PARTLY])
    def test_a_no_stays_until_the_writer_says_otherwise(self, session, point, mark, judge, verdict):
        mark()
        judge(verdict)
        with pytest.raises(changing.ChangeUnclearError) as refused:
            mark(ChangeState.PLANNED, now=NOW + timedelta(days=2))
        assert refused.value.field == "state"
        for day in (2, 3):
            mark(words="Now we truly open on Saturdays.", now=NOW + timedelta(days=day))
        assert session.get_one(Change, point.id).verdict is verdict
        # Asked again once, however often the provider changes its words meanwhile.
        assert letters(session) == ["Did it change?"] * 2

    def test_after_a_yes_nobody_is_asked_again(self, session, mark, judge):
        mark()
        judge(Verdict.YES)
        mark(words="And on Sundays as well.", now=NOW + timedelta(days=2))
        assert letters(session) == ["Did it change?"]


class TestYouToldUs:
    def test_what_is_done_comes_first_then_planned_then_what_most_people_ask(self, session, sides, review, point, mark):
        mark()
        planned = ratings.point(session, of=review, kind=PointKind.NOT_WORKING, words="Nobody answers the phone.")
        mark(ChangeState.PLANNED, "We will have a second line.", about=planned)
        ratings.point(session, of=review, kind=PointKind.WORKING, words="The tea.")
        offer = purchasing.offer(session, organisation_id=None)
        offer.provider_id = review.provider_id
        others = [ratings.point(session, of=ratings.review(session, offer=offer, stars=2)) for _ in range(2)]
        changing.say_the_same(session, point_id=others[1].id, by=sides[0].id, now=NOW)
        page = changes.told_by_provider(session, provider_id=review.provider_id)
        assert [it.id for it in page.changes] == [point.id, planned.id]
        assert [it.id for it in page.unanswered] == [others[1].id, others[0].id]
        assert (page.tally.asked, page.tally.planned, page.tally.done, page.tally.changed) == (4, 1, 1, 0)

    def test_what_is_not_shown_is_not_told(self, session, review, point, mark):
        mark()
        review.status, review.counts = ReviewStatus.HELD, False
        session.flush()
        page = changes.told_by_provider(session, provider_id=review.provider_id)
        assert (page.changes, page.unanswered, page.tally.asked) == ((), (), 0)
        assert changes.councils_with_changes(session) == {}

    def test_a_council_hears_of_all_its_providers_in_few_queries(self, session, review, point, mark, count_queries):
        mark()
        session.get_one(Offer, review.offer_id).council = "E08000009"
        session.flush()
        [(council, done)] = changes.councils_with_changes(session).items()
        assert done == 1
        count_queries.clear()
        page = changes.told_in_council(session, council=council)
        assert [it.id for it in page.changes] == [point.id]
        assert len(count_queries) == 3
        assert changes.told_in_council(session, council="E08000003").changes == ()
