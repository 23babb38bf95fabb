"""Looking at a plan again: the days, the letters, and what came of it."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.accounts.rules import Scope
from marketplace.brokerage.jobs.reviewing import remind_of_reviews
from marketplace.brokerage.models import PlanReview, PlanVersion
from marketplace.brokerage.queries.reviewing import readings_of, reviews_of
from marketplace.brokerage.services import reviewing as services
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan
from marketplace.brokerage.services.reviewing import Said
from marketplace.kit.days import day_of
from marketplace.kit.outbox import Message
from tests import pages
from tests.factories import accounts as make
from tests.factories import keeping

HEALTH = "care-act.health"


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


def set_day(session, plan_id, person, now, days=0):
    return services.set_review(
        session, plan_id=plan_id, due_on=day_of(now) + timedelta(days=days), by=person.id, now=now
    )


def hold(session, plan_id, review_id, person, now, *, worked, seen, readings=None, next_on=None):
    services.hold_review(
        session, plan_id=plan_id, review_id=review_id, by=person.id, said=Said(worked, "", "", seen),
        readings=readings or {}, next_on=next_on, around=keeping.AROUND, now=now,
    )  # fmt: skip


def test_what_came_of_a_plan_is_written_down_and_the_plan_kept_as_it_was(session, ada, plan_id, now):
    review_id, on = set_day(session, plan_id, ada, now), day_of(now)
    seen = services.seen_mark(session.get(PlanReview, review_id))
    friend, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN, Scope.WRITE_PLAN}, now=now)
    hold(session, plan_id, review_id, ada, now, worked="The bus.", seen=seen, readings={HEALTH: 6},
         next_on=on + timedelta(days=90))  # fmt: skip
    with pytest.raises(services.ReviewChangedError):
        hold(session, plan_id, review_id, friend, now, worked="Nothing.", seen=seen)
    later = now + timedelta(days=1)
    services.say_readings(session, plan_id=plan_id, by=friend.id, readings={HEALTH: 3}, now=later)
    services.say_readings(session, plan_id=plan_id, by=ada.id, readings={HEALTH: 8}, now=later)
    viewer = make.as_viewer(friend)
    to_come, held = reviews_of(session, plan_id=plan_id, viewer=viewer, on=on)
    assert (to_come.due_on, held.worked, held.writer) == (on + timedelta(days=90), "The bus.", "Ada")
    (series,) = readings_of(session, plan_id=plan_id, viewer=viewer, on=on)
    assert series.readings == ((on, 6), (on + timedelta(days=1), 8))
    assert [it["across"] for it in series.points()] == [0, 1]
    assert session.query(PlanVersion).count() == 1
    stranger = make.as_viewer(make.person(session))
    assert reviews_of(session, plan_id=plan_id, viewer=stranger, on=on) == ()
    assert readings_of(session, plan_id=plan_id, viewer=stranger, on=on) == ()


def test_days_are_chosen_and_taken_back_within_reason(session, ada, plan_id, now):
    first = set_day(session, plan_id, ada, now, days=30)
    assert set_day(session, plan_id, ada, now, days=30) == first
    for days in (-1, 3 * 366 + 1):
        with pytest.raises(services.ReviewDayError):
            set_day(session, plan_id, ada, now, days=days)
    looks, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN}, now=now)
    with pytest.raises(PlanNotFoundError):
        set_day(session, plan_id, looks, now)
    services.unset_review(session, plan_id=plan_id, review_id=first, by=ada.id, now=now)
    with pytest.raises(services.ReviewNotFoundError):
        services.unset_review(session, plan_id=plan_id, review_id=first, by=ada.id, now=now)


def test_a_letter_comes_a_week_before_and_on_the_day_and_none_once_it_was_held(app, session, ada, plan_id, now):
    set_day(session, plan_id, ada, now, days=10)
    near = set_day(session, plan_id, ada, now, days=3)
    session.commit()
    told = []
    with app.app_context():
        for days in range(12):
            told += [days] * remind_of_reviews(now + timedelta(days=days))
            assert remind_of_reviews(now + timedelta(days=days)) == 0
    # The near day was chosen so late that only its own letter is worth writing.
    assert told == [3, 3, 10]
    letter = session.query(Message).first()
    assert f"/plans/{plan_id}/reviews" in letter.body
    assert "Hello Ada" in letter.body
    review = session.get(PlanReview, near)
    review.held_on, review.told_at = review.due_on, None
    session.commit()
    with app.app_context():
        assert remind_of_reviews(now + timedelta(days=20)) == 0


def test_a_person_looks_at_their_plan_again_in_the_browser(client, session, ada, plan_id, sign_in):
    sign_in(ada.id)
    reviews = f"/plans/{plan_id}/reviews"
    past = client.fill_in(reviews, due_on=["1", "5", "2020"])
    assert "Choose today or a later day, within three years." in past.text
    review_id = set_day(session, plan_id, ada, datetime.now(UTC))
    session.commit()
    held = f"{reviews}/{review_id}"
    refused = client.fill_in(held, worked="The bus.", outcome_0="11")
    assert refused.status_code == 422
    assert "Enter a whole number from 0 to 10, or nothing." in refused.text
    assert "The bus." in refused.text
    assert client.fill_in(held, worked="The bus.", not_worked="", next="", outcome_0="7").status_code == 302
    page = client.get(reviews).text
    assert "The bus." in page
    unsaid = client.fill_in(f"/plans/{plan_id}/life")
    assert unsaid.status_code == 422
    assert pages.read(unsaid.text).xpath("//*[contains(@class, 'error-summary')]//a/@href") == ["#outcome_0"]
