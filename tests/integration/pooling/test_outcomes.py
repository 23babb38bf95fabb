from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.kit.money import Money
from marketplace.pooling.models import PoolMember, PoolReading
from marketplace.pooling.queries.gains import gain_of_all, gains_of
from marketplace.pooling.queries.measuring import averages_to_tell, measure_asked, outcomes
from marketplace.pooling.rules.nouns import Measure, MemberRole
from marketplace.pooling.services import attending, measuring, visiting
from marketplace.pooling.services.joining import NotChampionError
from marketplace.pooling.services.locking import PoolNotFoundError
from marketplace.purchasing.models import Visit
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.services import confirming
from tests.factories import accounts, together

START = datetime(2026, 5, 4, 18, tzinfo=UTC)
OVER = START + timedelta(days=28)


@pytest.fixture
def it(session):
    return together.running(session)


@pytest.fixture
def choose(session, it):
    def choose(by=0, measure=Measure.QUALITY_OF_LIFE, words="", now=START):
        return measuring.choose_measure(
            session, pool_id=it.pool.id, by=it.people[by].id, measure=measure, words=words, now=now
        )

    return choose


@pytest.fixture
def say(session, it):
    def say(measure_id, *values, now=START):
        for person, value in zip(it.people, values, strict=False):
            measuring.say_reading(session, measure_id=measure_id, by=person.id, value=value, now=now)

    return say


@pytest.fixture
def page(session, it):
    def page(person=None, now=OVER):
        viewer = accounts.as_viewer(person or it.people[0])
        return outcomes(session, pool_id=it.pool.id, viewer=viewer, now=now)

    return page


class TestChoosing:
    def test_any_member_chooses_and_a_champion_takes_away(self, session, it, choose, page):
        first = choose(by=1)
        later = START + timedelta(seconds=1)
        own = choose(by=2, measure=Measure.OWN, words=" How often do you laugh? ", now=later)
        assert [line.asked.name for line in page().measures] == ["How good life is", "How often do you laugh?"]
        with pytest.raises(NotChampionError):
            measuring.remove_measure(session, measure_id=own, by=it.people[1].id, now=START)
        measuring.remove_measure(session, measure_id=own, by=it.people[0].id, now=START)
        assert [line.id for line in page().measures] == [first]
        with pytest.raises(PoolNotFoundError):
            measuring.remove_measure(session, measure_id=own, by=it.people[0].id, now=START)

    def test_what_is_there_already_or_too_much_is_refused(self, session, it, choose):
        for measure in Measure:
            choose(measure=measure, words="How often do you laugh?")
        with pytest.raises(measuring.MeasureThereError, match="already"):
            choose()
        with pytest.raises(measuring.MeasureThereError, match="Take one away"):
            choose(measure=Measure.OWN, words="Another")
        with pytest.raises(measuring.MeasureUnclearError) as refusal:
            choose(measure=Measure.OWN)
        assert refusal.value.field == "words"
        with pytest.raises(PoolNotFoundError):
            measuring.choose_measure(
                session, pool_id=it.pool.id, by=it.speaker.id, measure=Measure.SELF_CARE, words="", now=START
            )


class TestAnswering:
    def test_an_answer_can_be_changed_and_taken_back_while_the_round_is_open(self, session, it, choose, say):
        chosen = choose()
        say(chosen, 4)
        say(chosen, 5)
        (reading,) = session.scalars(select(PoolReading)).all()
        assert reading.value == Decimal(5)
        for _ in range(2):
            measuring.take_back_reading(session, measure_id=chosen, by=it.people[0].id, now=START)
        assert session.scalars(select(PoolReading)).all() == []

    def test_it_is_refused_once_over_to_others_and_off_the_scale(self, session, it, choose, say):
        chosen = choose()
        with pytest.raises(measuring.RoundOverError):
            say(chosen, 4, now=OVER)
        with pytest.raises(measuring.MeasureUnclearError):
            say(chosen, 11)
        with pytest.raises(PoolNotFoundError):
            measuring.say_reading(session, measure_id=chosen, by=it.speaker.id, value=4, now=START)
        session.query(PoolMember).where(PoolMember.person_id == it.people[1].id).update(
            {"role": MemberRole.FACILITATOR}
        )
        with pytest.raises(measuring.NotAskedError):
            say(chosen, 4, 5)


class TestWhatIsShown:
    def test_averages_show_once_the_round_is_over_and_from_three_answers_up(self, session, it, choose, say, page):
        chosen = choose()
        other = choose(measure=Measure.SELF_CARE, now=START + timedelta(seconds=1))
        say(chosen, 4, 5, 7)
        say(other, 4, 5)
        open_now = page(now=START).measures[0]
        assert (open_now.rounds[0].average, open_now.rounds[0].answers, open_now.rounds[0].mine) == (None, None, 4)
        first, second = page().measures
        assert (first.rounds[0].average, first.rounds[0].answers) == (Decimal("5.3"), 3)
        assert (second.rounds[0].average, second.rounds[0].answers) == (None, None)
        assert page(it.people[3]).measures[0].rounds[0].mine is None

    def test_nobody_else_sees_any_of_it(self, session, it, choose, page):
        chosen = choose()
        for somebody in (it.speaker, accounts.person(session)):
            assert page(somebody) is None
            viewer = accounts.as_viewer(somebody, it.organisation)
            assert measure_asked(session, measure_id=chosen, viewer=viewer, now=START) is None

    def test_a_story_tells_the_first_average_and_the_newest(self, session, it, choose, say):
        chosen, later = choose(), START + timedelta(days=91)
        say(chosen, 4, 5, 7)
        assert averages_to_tell(session, pool_id=it.pool.id, today=OVER.date()) == ()
        say(chosen, 6, 7, 9, now=later)
        told = averages_to_tell(session, pool_id=it.pool.id, today=(later + timedelta(days=28)).date())
        assert told == (("How good life is", Decimal("5.3"), Decimal("7.3"), 3),)


class TestGains:
    def test_savings_and_hours_are_exact_with_what_absence_cost(self, session, it):
        visit = together.plan(session, it, now=START - timedelta(days=7))[0]
        visiting.say_away(
            session, shared_visit_id=visit.id, by=it.people[3].id, is_away=True, address=together.address,
            now=START - timedelta(days=7),
        )  # fmt: skip
        attending.hold_pool_visit(
            session, shared_visit_id=visit.id, by=it.speaker.id, minutes=120, note="",
            present=[person.id for person in it.people[:2]], link=together.address, now=START,
        )  # fmt: skip
        for n in range(3):
            share = session.scalars(select(Visit).where(
                Visit.arrangement_id == it.arrangements[n].id)).one()  # fmt: skip
            confirming.confirm_visit(session, visit_id=share.id, by=it.people[n].id, link=together.address, now=START)
        mine = [gains_of(session, pool_id=it.pool.id, viewer=accounts.as_viewer(one)).mine for one in it.people]
        # The third was away without a word, and pays their share; the fourth had said so, and the other two pay it.
        assert [gain and (gain.paid.pence, gain.saved.pence, gain.minutes_gained) for gain in mine] == [
            (24_00, 8_00, 30), (24_00, 8_00, 30), (16_00, -16_00, 0), None,
        ]  # fmt: skip
        of_all, people = gain_of_all(session, pool_id=it.pool.id, until=START)
        assert (people, of_all.paid, of_all.saved) == (4, Money(64_00), Money(0))
        before = START - timedelta(seconds=1)
        assert gain_of_all(session, pool_id=it.pool.id, until=before) == (None, 4)

    def test_what_is_bought_once_counts_as_agreed_and_two_see_only_their_own(self, session):
        it = together.running(session, people=2, kind=ArrangementKind.ONE_OFF, weeks=1)
        gains = gains_of(session, pool_id=it.pool.id, viewer=accounts.as_viewer(it.people[0]))
        assert (gains.mine.paid, gains.mine.saved, gains.mine.minutes_gained) == (Money(16_00), Money(16_00), 60)
        assert gains.of_all is None
        it.arrangements[0].status = ArrangementStatus.CANCELLED
        it.arrangements[0].ended_at, it.arrangements[0].ended_by = START, it.people[0].id
        session.flush()
        assert gains_of(session, pool_id=it.pool.id, viewer=accounts.as_viewer(it.people[0])).mine is None
