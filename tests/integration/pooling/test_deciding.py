"""Deciding together: by consent, and by ballots that stay secret in every table, page and letter."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Viewer
from marketplace.kit.audit import AuditEvent
from marketplace.pooling.models import PoolBallotPaper, PoolMember, PoolProposal, PoolTurnout, PoolVoice
from marketplace.pooling.queries import deciding as queries
from marketplace.pooling.rules.deciding import NewProposal
from marketplace.pooling.rules.nouns import MemberRole, ProposalWay, Voice
from marketplace.pooling.services import deciding
from marketplace.pooling.services.locking import PoolNotFoundError
from tests.factories import accounts, space
from tests.races import in_transactions

BEFORE = space.BEGAN_AT
NOW = BEFORE + timedelta(hours=1)
OVER = BEFORE + timedelta(days=8)
BALLOT, CONSENT = ProposalWay.BALLOT, ProposalWay.CONSENT


@pytest.fixture
def people(session):
    return [accounts.person(session, name=name) for name in ("Ada", "Ben", "Cy")]


@pytest.fixture
def pool(session, people):
    return space.draft(session, people=people)


@pytest.fixture
def ballot(session, pool, people):
    return space.proposal(session, pool, people[0], way=BALLOT)


@pytest.fixture
def consent(session, pool, people):
    return space.proposal(session, pool, people[0])


def new(**differences):
    plain = {"way": CONSENT, "question": "We meet on Tuesdays", "options": (), "days": 7}
    return NewProposal(**plain | differences)


def seen(session, proposal, person, now=NOW):
    viewer = Viewer(person_id=person.id)
    return queries.proposal_page(session, pool_id=proposal.pool_id, proposal_id=proposal.id, viewer=viewer, now=now)


def speak(session, proposal, person, voice=Voice.CONSENT, words="", now=NOW):
    return deciding.speak(
        session, pool_id=proposal.pool_id, proposal_id=proposal.id, by=person.id, voice=voice, words=words, now=now
    )


def vote(session, proposal, person, option=0, now=NOW):
    return deciding.vote(
        session, pool_id=proposal.pool_id, proposal_id=proposal.id, by=person.id, option=option, now=now
    )


class TestAsking:
    def test_who_belongs_now_can_decide_and_five_or_all_must_take_part(self, session, pool, people):
        space.member(session, pool, accounts.person(session), role=MemberRole.FACILITATOR)
        asked = deciding.ask_members(session, pool_id=pool.id, by=people[1].id, asked=new(), now=NOW)
        proposal = session.get_one(PoolProposal, asked)
        assert (proposal.electorate, proposal.quorum) == (3, 3)

    def test_a_stranger_asks_nothing(self, session, pool):
        with pytest.raises(PoolNotFoundError):
            deciding.ask_members(session, pool_id=pool.id, by=accounts.person(session).id, asked=new(), now=NOW)

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            (new(question=" "), "question"),
            (new(way=BALLOT, options=("One", " ")), "options"),
            (new(days=0), "days"),
            (new(quorum=4), "quorum"),
        ],
        ids=["question", "options", "days", "quorum"],
    )
    def test_what_cannot_be_answered_is_refused_beside_its_question(self, session, pool, people, wanted, field):
        with pytest.raises(deciding.ProposalUnclearError) as refusal:
            deciding.ask_members(session, pool_id=pool.id, by=people[0].id, asked=wanted, now=NOW)
        assert refusal.value.field == field

    def test_two_people_cannot_keep_a_ballot_secret(self, session, people):
        pool = space.draft(session, people=people[:2])
        wanted = new(way=BALLOT, options=("One", "Two"))
        with pytest.raises(deciding.ProposalUnclearError, match="3 members or more"):
            deciding.ask_members(session, pool_id=pool.id, by=people[0].id, asked=wanted, now=NOW)

    def test_twenty_open_questions_are_enough(self, session, pool, people):
        for _ in range(20):
            space.proposal(session, pool, people[0])
        with pytest.raises(deciding.TooManyOpenError):
            deciding.ask_members(session, pool_id=pool.id, by=people[0].id, asked=new(), now=NOW)


class TestConsent:
    def test_everybody_sees_what_the_others_say_and_can_change_it_until_all_have_spoken(self, session, consent, people):
        ada, ben, cy = people
        speak(session, consent, ada)
        speak(session, consent, ben, Voice.OBJECT, "I work on Tuesdays.")
        assert not speak(session, consent, cy, Voice.STAND_ASIDE)
        said = {each.called: (each.voice, each.words) for each in seen(session, consent, ada).voices}
        assert said["Ben"] == (Voice.OBJECT, "I work on Tuesdays.")
        assert speak(session, consent, ben)
        page = seen(session, consent, ada)
        assert page.line.outcome == "Agreed: nobody objected, and 3 people took part."
        assert not page.line.viewer_may_answer

    def test_an_objection_says_why(self, session, consent, people):
        with pytest.raises(deciding.VoiceUnclearError, match="what stands against it"):
            speak(session, consent, people[0], Voice.OBJECT)

    def test_who_has_left_objects_no_more(self, session, consent, people):
        speak(session, consent, people[0])
        speak(session, consent, people[1], Voice.OBJECT, "No.")
        session.execute(sa.update(PoolMember).where(PoolMember.person_id == people[1].id).values(left_at=NOW))
        assert speak(session, consent, people[2])
        assert consent.outcome == "Nothing is decided: 2 people took part, and it takes 3."

    def test_who_joined_later_or_only_helps_is_not_asked(self, session, pool, consent):
        late, helper = accounts.person(session), accounts.person(session)
        space.member(session, pool, late, joined_at=NOW)
        space.member(session, pool, helper, role=MemberRole.FACILITATOR)
        for person in (late, helper):
            with pytest.raises(deciding.NotAskedError):
                speak(session, consent, person, now=OVER - timedelta(days=2))
            assert not seen(session, consent, person).line.viewer_may_answer

    def test_it_closes_by_itself_when_its_day_is_over_and_once(self, session, consent, people):
        speak(session, consent, people[0])
        assert queries.overdue_proposals(session, now=NOW) == ()
        assert queries.overdue_proposals(session, now=OVER) == (consent.id,)
        assert deciding.close_proposal(session, proposal_id=consent.id, now=OVER)
        assert not deciding.close_proposal(session, proposal_id=consent.id, now=OVER)
        assert consent.outcome == "Nothing is decided: one person took part, and it takes 3."
        with pytest.raises(deciding.ProposalClosedError):
            speak(session, consent, people[1])

    def test_it_takes_no_papers_and_a_ballot_no_voices(self, session, consent, ballot, people):
        with pytest.raises(deciding.WrongWayError):
            vote(session, consent, people[0])
        with pytest.raises(deciding.WrongWayError):
            speak(session, ballot, people[0])

    def test_a_stranger_finds_no_such_question(self, session, consent, pool, people):
        assert seen(session, consent, accounts.person(session)) is None
        elsewhere = space.draft(session, people=people[:1])
        with pytest.raises(deciding.ProposalNotFoundError):
            deciding.vote(session, pool_id=elsewhere.id, proposal_id=consent.id, by=people[0].id, option=0, now=NOW)


class TestBallot:
    def test_nothing_shows_before_everybody_has_voted_and_then_every_paper_does(self, session, ballot, people):
        marks = {}
        for person, option in zip(people, (0, 1, 0), strict=True):
            assert not any(seen(session, ballot, each).result for each in people)
            marks[person.name] = vote(session, ballot, person, option)
        page = seen(session, ballot, people[0])
        assert page.result.counts == (("Tuesdays", 2), ("Fridays", 1))
        papers = {mark.replace(" ", ""): option for mark, option in page.result.papers}
        assert papers == {marks["Ada"]: "Tuesdays", marks["Ben"]: "Fridays", marks["Cy"]: "Tuesdays"}
        assert page.result.adds_up
        assert page.line.outcome == "Decided: “Tuesdays”, with 2 of 3 papers."

    def test_a_page_is_the_same_however_many_have_voted(self, session, ballot, people):
        before = seen(session, ballot, people[2])
        vote(session, ballot, people[0])
        vote(session, ballot, people[1])
        assert seen(session, ballot, people[2]) == before

    def test_too_few_papers_are_never_shown(self, session, ballot, people):
        vote(session, ballot, people[0])
        vote(session, ballot, people[1])
        deciding.close_proposal(session, proposal_id=ballot.id, now=OVER)
        page = seen(session, ballot, people[0], now=OVER)
        assert page.result is None
        assert page.line.outcome == "Nothing is decided: fewer than 3 voted. Nobody ever sees the papers."

    def test_everybody_has_one_paper(self, session, ballot, people):
        vote(session, ballot, people[0])
        with pytest.raises(deciding.AlreadyVotedError):
            vote(session, ballot, people[0], 1)
        with pytest.raises(deciding.OptionError):
            vote(session, ballot, people[1], 2)

    def test_who_has_voted_and_left_leaves_their_paper_and_is_not_waited_for(self, session, ballot, people):
        for person in people[:2]:
            vote(session, ballot, person)
        session.execute(sa.update(PoolMember).where(PoolMember.person_id == people[1].id).values(left_at=NOW))
        vote(session, ballot, people[2])
        assert seen(session, ballot, people[0]).result.voted == 3

    def test_nothing_kept_ties_a_paper_to_whoever_voted(self, session, ballot, people):
        """No column but the question is shared, no event is written, and each vote lays all papers down anew."""
        shared = set(PoolTurnout.__table__.columns.keys()) & set(PoolBallotPaper.__table__.columns.keys())
        assert shared == {"proposal_id"}
        events = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
        vote(session, ballot, people[0])
        first = session.scalars(sa.select(PoolBallotPaper.id)).all()
        vote(session, ballot, people[1])
        assert not set(first) & set(session.scalars(sa.select(PoolBallotPaper.id)))
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == events

    @pytest.mark.once
    def test_rows_lie_in_no_order_of_voting(self, session, ballot, people):
        """SQLite lists rows as they were written: by their random numbers, not by who came first."""
        for person in people:
            vote(session, ballot, person)
        written = session.scalars(sa.text("SELECT id FROM pool_ballot_paper ORDER BY rowid")).all()
        assert written == sorted(written)


def test_a_vote_sent_four_times_at_once_is_one_paper(real_app, arrange):
    def prepare(session):
        people = [accounts.person(session) for _ in range(4)]
        pool = space.draft(session, people=people)
        return pool.id, space.proposal(session, pool, people[0], way=BALLOT, quorum=3).id, people[0].id

    pool_id, proposal_id, person_id = arrange(prepare)

    def act(session):
        return deciding.vote(session, pool_id=pool_id, proposal_id=proposal_id, by=person_id, option=0, now=NOW)

    outcomes = in_transactions(real_app, [act] * 4)
    assert sum(isinstance(each, str) for each in outcomes) == 1
    assert sum(isinstance(each, deciding.AlreadyVotedError) for each in outcomes) == 3
    counted = arrange(
        lambda session: [
            session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (PoolBallotPaper, PoolTurnout)
        ]
    )
    assert counted == [1, 1]


def test_the_list_says_what_waits_for_whom(session, pool, consent, ballot, people, count_queries):
    speak(session, consent, people[0])
    vote(session, ballot, people[1])
    count_queries.clear()
    viewer = Viewer(person_id=people[0].id)
    lines = queries.proposals_of(session, pool_id=pool.id, viewer=viewer, now=NOW).lines
    assert {line.way: line.waits_for_viewer for line in lines} == {CONSENT: False, BALLOT: True}
    assert len(count_queries) == 3
    assert session.scalar(sa.select(sa.func.count()).select_from(PoolVoice)) == 1
