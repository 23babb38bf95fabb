"""The pages of a pool that goes on: visits together, what comes of it, and its story."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.kit.money import Money
from marketplace.kit.said import day
from marketplace.pooling.models import PoolMeasure, PoolReading, PoolStory, SharedVisit, SharedVisitMember
from marketplace.pooling.rules.nouns import Measure, SharedVisitStatus
from marketplace.pooling.services import measuring
from marketplace.purchasing.models import Visit
from tests.factories import accounts, together

NOW = datetime.now(UTC)
TODAY = NOW.date()


@pytest.fixture
def it(session):
    return together.running(session, started=TODAY - timedelta(days=7))


@pytest.fixture
def past(session, it):
    return together.plan(session, it, now=NOW, first_on=TODAY - timedelta(days=1))[0]


@pytest.fixture
def to_come(session, it):
    return together.plan(session, it, now=NOW, first_on=TODAY + timedelta(days=6))[0]


class TestVisits:
    def test_a_member_reads_what_it_costs_and_says_that_they_cannot_come(self, session, it, to_come, sign_in):
        client = sign_in(it.people[1].id)
        page = client.get(f"/pools/{it.pool.id}/visits")
        assert "You pay £16.00 for the next visit if everybody comes, and never more than £24.00." in page.text
        assert "4 of 4 are coming" in page.text
        assert not any(person.name in page.text for person in it.people[2:])
        client.press(f"/pools/{it.pool.id}/visits", f"I cannot come on {day(to_come.held_on)}")
        session.expire_all()
        assert session.get_one(SharedVisitMember, (to_come.id, it.people[1].id)).away_said_at is not None

    def test_the_provider_plans_says_who_was_there_and_calls_off(self, session, it, past, sign_in):
        client = sign_in(it.speaker.id)
        planned = client.fill_in(
            f"/pools/{it.pool.id}/visits/plan", **_day(TODAY + timedelta(days=3)), starts_at="2pm", minutes="90",
            weeks="2",
        )  # fmt: skip
        assert planned.status_code == 302
        held = client.fill_in(f"/pools/visits/{past.id}/held", minutes="120", present=[str(it.people[0].id)])
        assert held.status_code == 302
        page = client.get(f"/pools/visits/{past.id}")
        assert "You get £64.00 for it in all." in page.text
        following = session.scalars(
            select(SharedVisit).where(SharedVisit.minutes == 90).order_by(SharedVisit.held_on)
        ).first()  # fmt: skip
        assert client.fill_in(f"/pools/visits/{following.id}/call-off").status_code == 302
        session.refresh(following)
        assert following.status is SharedVisitStatus.CANCELLED
        assert client.get(f"/pools/visits/{following.id}").status_code == 200
        assert client.get(f"/pools/{it.pool.id}/visits").status_code == 200

    def test_refusals_stand_beside_their_question(self, session, it, past, sign_in):
        client = sign_in(it.speaker.id)
        refused = client.fill_in(f"/pools/visits/{past.id}/held", minutes="1")
        assert refused.status_code == 422
        assert "A visit is from 5 minutes to 24 hours long." in refused.text
        url = f"/pools/{it.pool.id}/visits/plan"
        refused = client.fill_in(url, **_day(TODAY - timedelta(days=30)), minutes="60", weeks="1")
        assert refused.status_code == 422
        assert "Choose a day on or after the one this starts on." in refused.text

    def test_a_share_leads_to_the_visit_of_the_pool(self, session, it, past, sign_in):
        page = sign_in(it.people[0].id).get(f"/arrangements/{it.arrangements[0].id}/visits")
        assert f"/pools/visits/{past.id}" in page.text
        assert "Call it off" not in page.text

    def test_what_was_confirmed_too_high_is_said_with_what_to_do(self, session, it, past, sign_in):
        client = sign_in(it.speaker.id)
        client.fill_in(f"/pools/visits/{past.id}/held", minutes="120", present=[str(it.people[0].id)])
        own = session.scalars(select(Visit).where(Visit.arrangement_id == it.arrangements[1].id)).one()
        assert own.amount == Money(16_00)
        client = sign_in(it.people[1].id)
        client.press(f"/arrangements/{it.arrangements[1].id}/visits", f"Yes, this is right on {day(past.held_on)}")
        client = sign_in(it.speaker.id)
        shorter = client.fill_in(f"/pools/visits/{past.id}/held", minutes="60", present=[str(it.people[0].id)])
        page = client.get(shorter.location)
        assert "Member 1 has confirmed £8.00 more than their share is now." in page.text


class TestOutcomes:
    def test_a_member_chooses_answers_and_takes_it_back(self, session, it, sign_in):
        client = sign_in(it.people[0].id)
        assert "You look at nothing yet" in client.get(f"/pools/{it.pool.id}/outcomes").text
        refused = client.fill_in(f"/pools/{it.pool.id}/outcomes/choose", measure="own", words="")
        assert (refused.status_code, "Say what you would like to look at" in refused.text) == (422, True)
        assert client.fill_in(f"/pools/{it.pool.id}/outcomes/choose", measure="self_care").status_code == 302
        chosen = session.scalars(select(PoolMeasure)).one()
        refused = client.fill_in(f"/pools/measures/{chosen.id}", value="11")
        assert (refused.status_code, "Enter a whole number from 0 to 10." in refused.text) == (422, True)
        assert client.fill_in(f"/pools/measures/{chosen.id}", value="4").status_code == 302
        assert "You answered 4." in client.get(f"/pools/{it.pool.id}/outcomes").text
        client.press(f"/pools/{it.pool.id}/outcomes", "Take my answer back Looking after my health")
        assert session.scalars(select(PoolReading)).all() == []
        client.press(f"/pools/{it.pool.id}/outcomes", "Look at this no more Looking after my health")
        assert "You look at nothing yet" in client.get(f"/pools/{it.pool.id}/outcomes").text

    def test_a_chart_and_a_table_show_averages_over_time(self, session, sign_in):
        started = TODAY - timedelta(days=125)
        it = together.running(session, started=started)
        begun = NOW - timedelta(days=125)
        chosen = measuring.choose_measure(
            session, pool_id=it.pool.id, by=it.people[0].id, measure=Measure.GP_VISITS, words="", now=begun
        )
        for days, values in ((125, (5, 6, 8)), (33, (3, 3, 4))):
            for person, value in zip(it.people, values, strict=False):
                measuring.say_reading(
                    session, measure_id=chosen, by=person.id, value=value, now=NOW - timedelta(days=days)
                )
        page = sign_in(it.people[3].id).get(f"/pools/{it.pool.id}/outcomes")
        assert 'class="trend"' in page.text
        assert "6.3" in page.text
        assert "3.3" in page.text


class TestStories:
    def test_a_story_goes_from_its_writer_by_everybodys_yes_to_everybody(self, session, it, client, sign_in):
        champion = sign_in(it.people[0].id)
        own = f"/pools/{it.pool.id}/story"
        assert "Nothing is written yet" in champion.get(own).text
        refused = champion.fill_in(f"{own}/write", title="We swim", words="Short.")
        assert (refused.status_code, "Tell a little more" in refused.text) == (422, True)
        words = "We met at the pool on Saturdays, and none of us goes alone any more."
        assert champion.fill_in(f"{own}/write", title="We swim", words=words).status_code == 302
        for person in it.people[1:]:
            assert client.get(f"/pools/stories/{it.pool.id}").status_code == 404
            sign_in(person.id).press(own, "Yes, show exactly this")
        page = client.get(f"/pools/stories/{it.pool.id}")
        assert words in page.text
        assert "We swim" in client.get("/pools/stories").text
        assert "Write it anew" in sign_in(it.people[0].id).get(own).text
        sign_in(it.people[2].id).press(f"/pools/stories/{it.pool.id}", "Take this story down")
        assert client.get(f"/pools/stories/{it.pool.id}").status_code == 404
        assert "Nobody has told their story yet" in client.get("/pools/stories").text

    def test_a_moderator_keeps_a_story_from_view(self, session, it, client, sign_in):
        together.story(session, it)
        sign_in(accounts.person(session, role=Role.MODERATOR).id)
        assert "Keep it from view" in client.get(f"/pools/stories/{it.pool.id}").text
        held = client.fill_in(f"/pools/stories/{it.pool.id}/hold", reason="It says a name.")
        assert held.status_code == 302
        session.expire_all()
        assert session.get_one(PoolStory, it.pool.id).held_at is not None
        assert "It says a name." in sign_in(it.people[1].id).get(f"/pools/{it.pool.id}/story").text


def _day(on):
    return {"first_on": [str(on.day), str(on.month), str(on.year)]}
