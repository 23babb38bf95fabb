from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from marketplace.ratings.models import AnswerRating, Criterion, CriterionAnswer, CriterionVote
from marketplace.ratings.queries.criteria import criteria_for, criteria_page, criterion_to_rule_on, outcome_schemes
from marketplace.ratings.rules.criteria import PICTURES, Ruling
from marketplace.ratings.rules.nouns import CriterionStatus, Subject
from marketplace.ratings.services import criteria
from marketplace.ratings.services.counting import counted_anew
from marketplace.ratings.services.criteria import Ruled
from tests.factories import accounts, purchasing, ratings

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def ada(session):
    return accounts.person(session, name="Ada")


@pytest.fixture
def member(session):
    return accounts.as_viewer(accounts.person(session, role=Role.PANEL_MEMBER), role=Role.PANEL_MEMBER)


def propose(session, by, words="They take their shoes off", why="My floor is my pride.", category=None):
    return criteria.propose_criterion(
        session, words=words, why=why, category=category, by=by.id, link="https://example.org/panel", now=NOW
    )


def adopted(session, words):
    return session.scalars(select(Criterion).where(Criterion.words == words)).one()


def rule(session, it, member, ruling, reason="Many people said so.", **more):
    return criteria.rule_on_criterion(session, criterion_id=it, ruled=Ruled(ruling, reason, **more), by=member, now=NOW)


def answers(session, criterion):
    found = select(CriterionAnswer.review_id, CriterionAnswer.stars).where(CriterionAnswer.criterion_id == criterion.id)
    return dict(session.execute(found).all())


class TestProposing:
    def test_it_can_be_voted_for_at_once_and_the_panel_hears_of_it(self, session, ada, member):
        it = propose(session, ada, words=" They take their  shoes off. ", category="home-and-garden")
        [line] = criteria_page(session, viewer=accounts.as_viewer(ada)).proposed
        assert (line.id, line.words, line.votes) == (it, "They take their shoes off", 1)
        assert line.has_my_vote
        assert line.is_mine
        assert line.categories == ("Home, garden and repairs",)
        [letter] = session.scalars(select(Message)).all()
        assert "They take their shoes off" in letter.body
        assert ada.email not in letter.body
        assert session.scalars(select(AuditEvent.did)).all() == ["proposed"]

    def test_nobody_else_learns_who_proposed_it(self, session, ada):
        propose(session, ada)
        for viewer in (ANYONE, accounts.as_viewer(accounts.person(session))):
            [line] = criteria_page(session, viewer=viewer).proposed
            assert not line.is_mine
            assert not line.has_my_vote
            assert not any(it.is_mine for it in criteria_page(session, viewer=viewer).adopted)

    @pytest.mark.parametrize(
        ("words", "why", "said"),
        [
            ("", "", "Write what matters"),
            ("x" * 81, "", "from 3 to 80"),
            ("they LISTEN to me", "", "there already"),
            ("Sarah Jones is kind", "", "Leave out names"),
            ("They come on time", "Ring 07700 900123", "Leave out names"),
            ("Cheap loans at www.loans.example.com", "", "Leave out"),
            ("Buy now: special offer, best prices", "", "no adverts"),
            ("My carer hits me", "", "safeguarding team"),
            ("They come on time", "y" * 501, "at most 500"),
        ],
    )
    def test_what_will_not_do_is_refused_in_words(self, session, ada, words, why, said):
        with pytest.raises(criteria.CriterionUnclearError, match=said):
            propose(session, ada, words=words, why=why)

    def test_the_panel_has_at_most_three_of_one_person_to_read(self, session, ada):
        for words in ("They wash up", "They know my dog", "They can cook"):
            propose(session, ada, words=words)
        with pytest.raises(criteria.TooManyProposedError):
            propose(session, ada, words="They sing")


class TestVoting:
    def test_somebody_votes_once_however_often_they_press(self, session, ada):
        it, other = propose(session, ada), accounts.person(session)
        for _ in range(2):
            criteria.vote_for_criterion(session, criterion_id=it, by=other.id, now=NOW)
        [line] = criteria_page(session, viewer=accounts.as_viewer(other)).proposed
        assert (line.votes, line.has_my_vote) == (2, True)
        criteria.take_vote_back(session, criterion_id=it, by=other.id)
        [line] = criteria_page(session, viewer=accounts.as_viewer(other)).proposed
        assert (line.votes, line.has_my_vote) == (1, False)

    def test_what_is_decided_is_not_voted_for(self, session, ada):
        settled = adopted(session, "They listen to me")
        with pytest.raises(criteria.CriterionNotFoundError):
            criteria.vote_for_criterion(session, criterion_id=settled.id, by=ada.id, now=NOW)
        with pytest.raises(criteria.CriterionNotFoundError):
            criteria.take_vote_back(session, criterion_id=settled.id, by=ada.id)
        assert session.scalar(select(func.count()).select_from(CriterionVote)) == 0


class TestRuling:
    def test_what_is_adopted_is_asked_where_the_panel_says(self, session, ada, member):
        it = propose(session, ada)
        after = rule(session, it, member, Ruling.ADOPT, categories=["home-and-garden"], picture="home")
        assert after is CriterionStatus.ADOPTED
        assert criteria_for(session, "home-and-garden")[-1].picture == "home"
        assert it not in {one.id for one in criteria_for(session, "equipment")}
        letter = session.scalars(select(Message).where(Message.to == ada.email)).one()
        assert "Many people said so." in letter.body

    def test_answers_of_a_merged_one_count_for_the_other_and_nobody_answers_twice(self, session, ada, member):
        offer = purchasing.offer(session, organisation_id=None)
        late, other = adopted(session, "I get there in time"), adopted(session, "They turn up when they say")
        one, both, more = (ratings.review(session, offer=offer, stars=4) for _ in range(3))
        for review, about, stars in ((one, late, 2), (both, late, 1), (both, other, 5), (more, late, 3)):
            with counted_anew(session, offer_id=offer.id, person_id=review.person_id):
                session.add(CriterionAnswer(review_id=review.id, criterion_id=about.id, stars=stars))
        rule(session, late.id, member, Ruling.MERGE, into=other.id)
        assert answers(session, late) == {one.id: 2, both.id: 1, more.id: 3}, "what people said stays as they said it"
        assert session.get(AnswerRating, (offer.id, Subject.CRITERION, str(late.id))) is None
        kept = session.get(AnswerRating, (offer.id, Subject.CRITERION, str(other.id)))
        assert (kept.ones, kept.twos, kept.threes, kept.fours, kept.fives) == (0, 1, 1, 0, 1)
        assert (late.status, late.merged_into) == (CriterionStatus.MERGED, other.id)

    def test_what_was_merged_into_one_follows_it_into_the_next(self, session, member):
        first, second, third = (
            adopted(session, words) for words in ("I enjoy it", "I meet people I like", "I learn something")
        )
        rule(session, first.id, member, Ruling.MERGE, into=second.id)
        rule(session, second.id, member, Ruling.MERGE, into=third.id)
        session.expire_all()
        assert first.merged_into == third.id

    def test_it_is_not_merged_into_itself_or_into_what_nobody_is_asked(self, session, ada, member):
        it = adopted(session, "I enjoy it")
        for into in (it.id, propose(session, ada), None):
            with pytest.raises(criteria.CriterionUnclearError, match="Choose one"):
                rule(session, it.id, member, Ruling.MERGE, into=into)

    def test_a_retired_one_is_not_asked_and_its_answers_stay(self, session, member):
        it = adopted(session, "They listen to me")
        review = ratings.review(session, offer=purchasing.offer(session, organisation_id=None), stars=4)
        session.add(CriterionAnswer(review_id=review.id, criterion_id=it.id, stars=4))
        rule(session, it.id, member, Ruling.RETIRE)
        assert it.id not in {one.id for one in criteria_for(session, "equipment")}
        assert answers(session, it) == {review.id: 4}
        [settled] = criteria_page(session, viewer=ANYONE).settled
        assert (settled.words, settled.reason) == ("They listen to me", "Many people said so.")
        rule(session, it.id, member, Ruling.ADOPT)
        assert it.id in {one.id for one in criteria_for(session, "equipment")}

    def test_a_refused_one_is_for_its_proposer_and_the_panel(self, session, ada, member):
        it = propose(session, ada)
        rule(session, it, member, Ruling.REFUSE, reason="It is about one house only.")
        for viewer, seen in ((ANYONE, 0), (accounts.as_viewer(ada), 1), (member, 1)):
            assert len(criteria_page(session, viewer=viewer).settled) == seen
        assert criterion_to_rule_on(session, criterion_id=it, viewer=member) is None

    def test_each_ruling_has_a_reason_and_fits(self, session, ada, member):
        it = propose(session, ada)
        with pytest.raises(criteria.CriterionUnclearError, match="Give the reason"):
            rule(session, it, member, Ruling.REFUSE, reason=" ")
        with pytest.raises(criteria.CriterionUnclearError, match="decided about this meanwhile"):
            rule(session, it, member, Ruling.RETIRE)
        with pytest.raises(criteria.CriterionUnclearError, match="kinds of support"):
            rule(session, it, member, Ruling.ADOPT, categories=["nowhere"])

    def test_only_the_panel_decides_and_nobody_about_their_own(self, session, ada, member):
        it = propose(session, ada)
        with pytest.raises(criteria.NotOnPanelError):
            rule(session, it, accounts.as_viewer(accounts.person(session)), Ruling.ADOPT)
        with pytest.raises(criteria.OwnProposalError):
            rule(session, it, accounts.as_viewer(ada, role=Role.PANEL_MEMBER), Ruling.ADOPT)
        assert criterion_to_rule_on(session, criterion_id=it, viewer=accounts.as_viewer(ada)) is None
        assert criterion_to_rule_on(session, criterion_id=it, viewer=member).why == "My floor is my pride."


class TestReading:
    def test_the_page_of_all_takes_two_queries(self, session, ada, count_queries):
        propose(session, ada)
        count_queries.clear()
        page = criteria_page(session, viewer=ANYONE)
        assert len(count_queries) == 2
        assert len(page.adopted) == 23
        assert all(it.picture in PICTURES for it in page.adopted)

    def test_each_list_of_outcomes_says_what_its_own_mean(self, session):
        everybodys, lewisham = outcome_schemes(session)
        assert (everybodys.council, len(everybodys.outcomes)) == (None, 9)
        assert lewisham.outcomes[1] == ("Housing", ("A home that suits me",))
