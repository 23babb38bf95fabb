"""Messages, documents, the rota and the agreement of a pool, and the letters about them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Viewer
from marketplace.kit.documents import Document
from marketplace.kit.outbox import Message
from marketplace.moderation import services as moderation
from marketplace.pooling.jobs.space import tell_news_of_pools, tidy_pool_rooms
from marketplace.pooling.models import PoolAgreement, PoolDocument, PoolMember, PoolMessage, PoolVoice
from marketplace.pooling.queries import agreement as agreements
from marketplace.pooling.queries import messages as messages_queries
from marketplace.pooling.queries import rota as rotas
from marketplace.pooling.queries.space import Waiting, waiting_for
from marketplace.pooling.rules.agreement import USUAL_ABSENCE, AbsenceRule, Answer, AwayPays
from marketplace.pooling.rules.nouns import MemberRole, ProposalWay, Voice
from marketplace.pooling.services import agreeing, documents, messages, rota
from marketplace.pooling.services.locking import PoolNotFoundError
from marketplace.pooling.services.rota import NewTurn
from tests.factories import accounts, space

NOW = space.BEGAN_AT + timedelta(hours=1)
EVENING = datetime(2026, 5, 4, 17, tzinfo=UTC)
TODAY = date(2026, 5, 4)
ANSWERS = space.FIRST_ANSWERS


@pytest.fixture
def people(session):
    return [accounts.person(session, name=name) for name in ("Ada", "Ben", "Cy")]


@pytest.fixture
def pool(session, people):
    return space.draft(session, people=people)


@pytest.fixture
def run(app, connection, session):
    """Return a function that runs a job, as the clock does."""

    def job(doing, now):
        session.commit()
        with app.app_context():
            done = doing(now)
        session.expire_all()
        return done

    return job


def leave(session, person):
    session.execute(sa.update(PoolMember).where(PoolMember.person_id == person.id).values(left_at=NOW))


def address(pool_id):
    return f"https://example.org/pools/{pool_id}/space"


class TestMessages:
    def test_words_taken_back_are_gone_unless_a_report_about_them_is_open(self, session, pool, people, run):
        moderator = accounts.person(session)
        plain, told = (space.message(session, pool, people[0]) for _ in range(2))
        report = space.reported(session, told)
        for each in (plain, told):
            messages.take_back_message(session, pool_id=pool.id, message_id=each.id, by=people[0].id, now=NOW)
        assert (plain.words, bool(told.words)) == ("", True)
        room = messages_queries.room(session, pool_id=pool.id, viewer=Viewer(person_id=people[0].id))
        assert {each.words for each in room.messages} == {""}
        moderation.close_report(session, report_id=report.id, by=moderator.id, now=NOW)
        assert run(tidy_pool_rooms, NOW) == 1
        assert session.get_one(PoolMessage, told.id).words == ""
        assert run(tidy_pool_rooms, NOW) == 0

    def test_nobody_takes_back_what_another_wrote(self, session, pool, people):
        said = space.message(session, pool, people[0])
        with pytest.raises(messages.MessageNotFoundError):
            messages.take_back_message(session, pool_id=pool.id, message_id=said.id, by=people[1].id, now=NOW)

    def test_a_member_decides_about_nothing_said_in_their_pool(self, session, pool, people):
        said = space.message(session, pool, people[0])
        decide = {"message_id": said.id, "reason": "Because.", "address": address, "now": NOW}
        with pytest.raises(messages.MessageNotFoundError):
            messages.hold_message(session, by=accounts.person(session).id, **decide)
        space.reported(session, said)
        with pytest.raises(messages.OwnMessageDecisionError):
            messages.hold_message(session, by=people[1].id, **decide)
        with pytest.raises(messages.MessageNotHeldError):
            messages.release_message(session, by=accounts.person(session).id, **decide)

    def test_a_room_of_many_messages_takes_few_questions(self, session, pool, people, count_queries):
        for number in range(30):
            space.message(session, pool, people[number % 3], said_at=NOW + timedelta(minutes=number))
        count_queries.clear()
        room = messages_queries.room(session, pool_id=pool.id, viewer=Viewer(person_id=people[0].id), page=2)
        assert [len(room.messages), len(count_queries)] == [10, 4]

    def test_a_stranger_writes_nothing(self, session, pool):
        with pytest.raises(PoolNotFoundError):
            messages.say_to_pool(session, pool_id=pool.id, by=accounts.person(session).id, words="Hello", now=NOW)


class TestDocuments:
    def test_a_pool_keeps_so_many(self, session, pool, people):
        for _ in range(40):
            space.document(session, pool, people[0])
        with pytest.raises(documents.NoRoomError, match="40 documents"):
            documents.add_document(
                session,
                pool_id=pool.id,
                by=people[0].id,
                document=Document(name="a.txt", kind="text/plain", contents=b"Hello"),
                now=NOW,
            )

    def test_whoever_added_it_or_a_champion_removes_it_and_its_contents(self, session, pool, people):
        kept = space.document(session, pool, people[1])
        with pytest.raises(documents.NotYourDocumentError):
            documents.remove_document(session, pool_id=pool.id, document_id=kept.id, by=people[2].id, now=NOW)
        documents.remove_document(session, pool_id=pool.id, document_id=kept.id, by=people[0].id, now=NOW)
        assert session.scalar(sa.select(PoolDocument.contents)) is None
        elsewhere = space.draft(session, people=people)
        with pytest.raises(documents.DocumentNotFoundError):
            documents.remove_document(session, pool_id=elsewhere.id, document_id=kept.id, by=people[0].id, now=NOW)


class TestRota:
    def add(self, session, pool, by, **differences):
        plain = {"what": "Drive", "held_on": TODAY, "starts_at": None, "weeks": 1, "is_mine": False}
        return rota.add_turns(session, pool_id=pool.id, by=by.id, wanted=NewTurn(**plain | differences), now=NOW)

    def lines(self, session, pool, person):
        return rotas.rota_of(session, pool_id=pool.id, viewer=Viewer(person_id=person.id), today=TODAY).lines

    def test_a_turn_that_somebody_has_is_theirs_until_they_hand_it_back_or_leave(self, session, pool, people):
        ada, ben, cy = people
        assert self.add(session, pool, ada, weeks=3, is_mine=True) == 3
        turn = self.lines(session, pool, ben)[0]
        take = {"pool_id": pool.id, "turn_id": turn.id, "now": NOW}
        with pytest.raises(rota.TurnTakenError):
            rota.take_turn(session, by=ben.id, **take)
        with pytest.raises(rota.NotYourTurnError):
            rota.hand_back_turn(session, pool_id=pool.id, turn_id=turn.id, by=ben.id)
        rota.hand_back_turn(session, pool_id=pool.id, turn_id=turn.id, by=ada.id)
        rota.take_turn(session, by=ben.id, **take)
        assert self.lines(session, pool, ada)[0].done_by == "Ben"
        leave(session, ben)
        assert self.lines(session, pool, ada)[0].is_free
        rota.take_turn(session, by=cy.id, **take)

    def test_only_its_maker_or_a_champion_crosses_it_out(self, session, pool, people):
        self.add(session, pool, people[1])
        turn = self.lines(session, pool, people[1])[0]
        with pytest.raises(rota.NotYourTurnError):
            rota.cross_out_turn(session, pool_id=pool.id, turn_id=turn.id, by=people[2].id)
        rota.cross_out_turn(session, pool_id=pool.id, turn_id=turn.id, by=people[0].id)
        with pytest.raises(rota.TurnNotFoundError):
            rota.take_turn(session, pool_id=pool.id, turn_id=turn.id, by=people[0].id, now=NOW)

    def test_what_is_over_cannot_be_taken_and_a_full_rota_takes_no_more(self, session, pool, people):
        past = space.turn(session, pool, people[0], held_on=TODAY - timedelta(days=1))
        with pytest.raises(rota.TurnPastError):
            rota.take_turn(session, pool_id=pool.id, turn_id=past.id, by=people[0].id, now=NOW)
        with pytest.raises(rota.TurnUnclearError):
            self.add(session, pool, people[0], weeks=27)
        for number in range(7):
            self.add(session, pool, people[0], what=f"Turn {number}", weeks=26)
        with pytest.raises(rota.RotaFullError):
            self.add(session, pool, people[0], weeks=26)


class TestAgreement:
    def propose(self, session, pool, by, **changed):
        return agreeing.propose_agreement(session, pool_id=pool.id, by=by.id, answers=ANSWERS | changed, now=NOW)

    def accept(self, session, pool, version, by):
        return agreeing.accept_agreement(session, pool_id=pool.id, agreement_id=version, by=by.id, now=NOW)

    def test_it_holds_once_all_who_buy_together_say_yes_and_a_change_asks_them_again(self, session, pool, people):
        ada, ben, cy = people
        space.member(session, pool, accounts.person(session), role=MemberRole.FACILITATOR)
        assert agreements.absence_rule_of(session, pool_id=pool.id) == USUAL_ABSENCE
        first = self.propose(session, pool, ada, absence=Answer("half"), notice=Answer("24"))
        assert not self.accept(session, pool, first, ben)
        assert self.accept(session, pool, first, cy)
        second = self.propose(session, pool, cy)
        assert not self.accept(session, pool, second, ada)
        assert agreements.absence_rule_of(session, pool_id=pool.id) == AbsenceRule(AwayPays.HALF, 24)
        page = agreements.agreement_page(session, pool_id=pool.id, viewer=Viewer(person_id=ben.id))
        assert (page.in_force.number, page.proposed.number) == (1, 2)
        # They joined in the same moment, so they stand in no order.
        assert (set(page.proposed.accepted), page.proposed.missing) == ({"Ada", "Cy"}, ("Ben",))
        assert self.accept(session, pool, second, ben)
        assert agreements.absence_rule_of(session, pool_id=pool.id) == AbsenceRule(AwayPays.NOTHING, 24)

    def test_a_newer_version_takes_the_place_of_one_that_waits(self, session, pool, people):
        first = self.propose(session, pool, people[0])
        self.propose(session, pool, people[1], keys=Answer("each"))
        with pytest.raises(agreeing.AgreementMovedOnError):
            self.accept(session, pool, first, people[2])
        with pytest.raises(agreeing.NothingChangedError):
            self.propose(session, pool, people[2], keys=Answer("each"))
        with pytest.raises(agreeing.AgreementMovedOnError):
            agreeing.withdraw_agreement(session, pool_id=pool.id, agreement_id=first, by=people[0].id, now=NOW)

    def test_only_those_who_buy_together_agree(self, session, pool, people):
        helper = accounts.person(session)
        space.member(session, pool, helper, role=MemberRole.FACILITATOR)
        with pytest.raises(agreeing.NotForFacilitatorsError):
            self.propose(session, pool, helper)
        with pytest.raises(PoolNotFoundError):
            self.propose(session, pool, accounts.person(session))
        elsewhere = space.draft(session, people=people)
        with pytest.raises(agreeing.AgreementNotFoundError):
            self.accept(session, elsewhere, self.propose(session, pool, people[0]), people[1])

    def test_an_answer_that_will_not_do_is_refused_at_its_question(self, session, pool, people):
        with pytest.raises(agreeing.AnswerError) as refusal:
            self.propose(session, pool, people[0], keys=Answer("own"))
        assert refusal.value.field == "keys_words"

    def test_whoever_leaves_is_not_waited_for(self, session, pool, people, run):
        version = self.propose(session, pool, people[0])
        self.accept(session, pool, version, people[1])
        leave(session, people[2])
        assert run(tidy_pool_rooms, NOW) == 1
        assert session.get_one(PoolAgreement, version).in_force_at == NOW

    def test_who_joins_later_is_asked_and_it_holds_meanwhile(self, session, pool, people):
        version = space.agreement(session, pool, people[0], in_force_at=NOW)
        late = accounts.person(session, name="Dee")
        space.member(session, pool, late)
        assert waiting_for(session, pool_id=pool.id, viewer=Viewer(person_id=late.id), now=NOW).agreement
        assert self.accept(session, pool, version.id, late)
        assert not waiting_for(session, pool_id=pool.id, viewer=Viewer(person_id=late.id), now=NOW).agreement


class TestNews:
    @pytest.fixture
    def busy(self, session, pool, people):
        """A pool in which Ben did a little of everything."""
        ben = people[1]
        later = NOW + timedelta(minutes=1)
        space.message(session, pool, ben, words="A secret word", said_at=later)
        space.proposal(session, pool, ben, asked_at=later)
        space.proposal(session, pool, ben, asked_at=later, way=ProposalWay.BALLOT)
        space.turn(session, pool, ben)
        session.commit()
        return pool

    def letters(self, session):
        return session.scalars(sa.select(Message).order_by(Message.to)).all()

    def test_a_letter_says_how_much_is_new_and_never_what_or_who(self, session, busy, people, run):
        assert run(tell_news_of_pools, EVENING) == 2
        letters = self.letters(session)
        assert {each.to for each in letters} == {people[0].email, people[2].email}
        for letter in letters:
            assert "1 new message\n- 2 questions wait for your answer\n- 1 turn on the rota" in letter.body
            assert not any(private in letter.body for private in ("secret", "Ben", "Tuesdays"))
        viewer = Viewer(person_id=people[0].id)
        assert waiting_for(session, pool_id=busy.id, viewer=viewer, now=NOW) == Waiting(2, False, 1)

    def test_there_is_one_a_day_at_most_and_only_in_the_evening(self, session, busy, people, run):
        assert run(tell_news_of_pools, EVENING - timedelta(hours=3)) == 0
        assert run(tell_news_of_pools, EVENING) == 2
        space.message(session, busy, people[1], said_at=EVENING + timedelta(minutes=5))
        assert run(tell_news_of_pools, EVENING + timedelta(hours=1)) == 0
        assert run(tell_news_of_pools, EVENING + timedelta(days=1)) == 2
        assert run(tell_news_of_pools, EVENING + timedelta(days=2)) == 0
        assert len(self.letters(session)) == 4

    def test_on_the_evening_before_its_last_day_a_question_is_told_again_to_who_has_not_answered(
        self, session, pool, people, run
    ):
        asked = space.proposal(session, pool, people[0], asked_at=datetime(2026, 5, 3, 23, tzinfo=UTC))
        session.execute(sa.update(PoolMember).values(joined_at=asked.asked_at))
        session.add(PoolVoice(proposal_id=asked.id, person_id=people[1].id, voice=Voice.CONSENT, at=space.BEGAN_AT))
        session.execute(sa.update(PoolMember).values(told_at=EVENING))
        told = [run(tell_news_of_pools, EVENING + timedelta(days=days)) for days in range(1, 8)]
        # It closes at midnight after the tenth: Ben has answered, Ada and Cy hear on the ninth.
        assert told == [0, 0, 0, 0, 2, 0, 0]
        assert "1 of them can be answered until the end of tomorrow" in self.letters(session)[0].body

    def test_who_wants_none_or_has_left_gets_none(self, session, busy, people, run):
        leave(session, people[2])
        session.execute(sa.update(PoolMember).where(PoolMember.person_id == people[0].id).values(wants_news=False))
        assert run(tell_news_of_pools, EVENING) == 0
