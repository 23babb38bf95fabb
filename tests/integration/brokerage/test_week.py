import pytest

from marketplace.brokerage.models import PlanLine
from marketplace.brokerage.queries.plans import parts_of
from marketplace.brokerage.queries.week import week_of
from marketplace.brokerage.rules.nouns import Part, PartOfDay
from marketplace.brokerage.services import week as services
from marketplace.brokerage.services.examples import begin_from
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan, write_part
from marketplace.brokerage.services.week import Shown
from marketplace.kit.days import day_of
from tests.factories import accounts as make

EXAMPLE = {
    "parts": {"about_me": "I was a postman.\r\n ", "risks": "I want to cook by myself."},
    "lines": [{"wish": "See my friends", "what_would_help": "A lift", "outcome_id": "care-act.relationships"}],
    "week": [{"day": 1, "part_of_day": "morning", "words": "", "drawing": "swim"}],
}


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


def put(session, plan_id, by, now, *, days=(1,), words="", drawing=None, part=PartOfDay.MORNING):
    return services.put_in_week(
        session, plan_id=plan_id, days=days, part_of_day=part, shown=Shown(words, drawing), by=by.id, now=now
    )


def week(session, plan_id, ada, now):
    seen = week_of(session, plan_id=plan_id, viewer=make.as_viewer(ada), on=day_of(now))
    return [(day, part, it.words) for day, parts in seen.items() for part, its in parts.items() for it in its]


def test_a_week_takes_one_thing_on_several_days_once(session, ada, plan_id, now):
    put(session, plan_id, ada, now, days=(3, 1), drawing="swim")
    put(session, plan_id, ada, now, days=(1,), words="Tea with Jo", part=PartOfDay.NIGHT)
    assert put(session, plan_id, ada, now, days=(1,), drawing="swim") == ()
    assert week(session, plan_id, ada, now) == [
        (1, "morning", "A swim"),
        (1, "night", "Tea with Jo"),
        (3, "morning", "A swim"),
    ]


def test_a_week_refuses_what_nobody_could_see(session, ada, plan_id, now):
    with pytest.raises(services.NothingToShowError):
        put(session, plan_id, ada, now)
    with pytest.raises(services.NoDayError):
        put(session, plan_id, ada, now, days=(), words="Tea")
    with pytest.raises(services.PictureNotThereError):
        services.put_in_week(
            session, plan_id=plan_id, days=(1,), part_of_day=PartOfDay.MORNING,
            shown=Shown("Tea", file_id=plan_id), by=ada.id, now=now,
        )  # fmt: skip
    for number in range(5):
        put(session, plan_id, ada, now, words=f"Thing {number}")
    with pytest.raises(services.PlaceFullError, match="Monday morning is full"):
        put(session, plan_id, ada, now, words="One more")


def test_nobody_else_changes_a_week(session, ada, plan_id, now):
    (item_id,) = put(session, plan_id, ada, now, words="Tea")
    bob = make.person(session, name="Bob")
    bobs = begin_plan(session, by=bob.id, now=now)
    with pytest.raises(PlanNotFoundError):
        services.take_out_of_week(session, plan_id=plan_id, item_id=item_id, by=bob.id, now=now)
    with pytest.raises(services.WeekItemNotFoundError):
        services.take_out_of_week(session, plan_id=bobs, item_id=item_id, by=bob.id, now=now)


def test_an_example_adds_what_is_missing_and_overwrites_nothing(session, ada, plan_id, now):
    write_part(session, plan_id=plan_id, part=Part.ABOUT_ME, words="I like tea.", edition=0, by=ada.id, now=now)
    begun = begin_from(session, example=EXAMPLE, by=ada.id, now=now)
    assert (begun.plan_id, begun.parts, begun.lines, begun.things_in_week) == (plan_id, 1, 1, 1)
    assert begun.kept == ("About me",)
    again = begin_from(session, example=EXAMPLE, by=ada.id, now=now)
    assert (again.parts, again.lines, again.things_in_week) == (0, 0, 0)
    viewer, on = make.as_viewer(ada), day_of(now)
    parts = parts_of(session, plan_id=plan_id, viewer=viewer, on=on)
    assert parts[Part.ABOUT_ME].words == "I like tea."
    assert parts[Part.RISKS].words == "I want to cook by myself."
    assert [line.wish for line in session.query(PlanLine)] == ["See my friends"]
    assert week(session, plan_id, ada, now) == [(1, "morning", "A swim")]
