from datetime import UTC, datetime

import pytest

from marketplace.accounts.services.delegations import end_consent
from marketplace.brokerage.models import PlanLine
from marketplace.brokerage.queries import lines as queries
from marketplace.brokerage.rules import plans as rules
from marketplace.brokerage.rules.marks import mark_of
from marketplace.brokerage.services import lines as services
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan
from marketplace.kit.days import day_of
from tests.factories import accounts as make


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


def add(session, plan_id, person, now, wish="See friends"):
    return services.add_line(
        session, plan_id=plan_id, by=person.id, outcome_id="care-act.relationships", wish=wish,
        what_would_help="A lift", now=now,
    )  # fmt: skip


def test_lines_keep_their_order_through_changes(session, ada, plan_id, now):
    first, second = add(session, plan_id, ada, now, "One"), add(session, plan_id, ada, now, "Two")
    third = add(session, plan_id, ada, now, "Three")
    services.remove_line(session, plan_id=plan_id, line_id=second, by=ada.id, now=now)
    seen = mark_of("care-act.relationships", "One", "A lift")
    services.change_line(
        session, plan_id=plan_id, line_id=first, by=ada.id, outcome_id="care-act.health", wish="Swim",
        what_would_help="", seen=seen, now=now,
    )  # fmt: skip
    session.flush()
    lines = session.query(PlanLine).order_by(PlanLine.position)
    assert [(line.id, line.wish) for line in lines] == [(first, "Swim"), (third, "Three")]


def test_nobody_sees_or_changes_a_line_of_somebody_elses_plan(session, ada, plan_id, now):
    line_id, bob = add(session, plan_id, ada, now), make.person(session, name="Bob")
    seen = queries.line_to_write(session, plan_id=plan_id, line_id=line_id, viewer=make.as_viewer(bob), on=day_of(now))
    assert seen is None
    for change in (
        lambda: services.remove_line(session, plan_id=plan_id, line_id=line_id, by=bob.id, now=now),
        lambda: services.change_line(
            session, plan_id=plan_id, line_id=line_id, by=bob.id, outcome_id="care-act.health", wish="x",
            what_would_help="", seen="", now=now,
        ),
    ):  # fmt: skip
        with pytest.raises(PlanNotFoundError):
            change()
    bobs = begin_plan(session, by=bob.id, now=now)
    with pytest.raises(services.LineNotFoundError):
        services.remove_line(session, plan_id=bobs, line_id=line_id, by=bob.id, now=now)


def test_a_plan_has_room_for_so_many_lines(session, ada, plan_id, now):
    for n in range(rules.MOST_LINES):
        add(session, plan_id, ada, now, f"Wish {n}")
    with pytest.raises(services.PlanFullError):
        add(session, plan_id, ada, now)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome_id": "care-act.health", "what_would_help": "Kept words"}, "Write down what you want."),
        ({"wish": "x", "what_would_help": "Kept words"}, "Choose what it is about."),
        (
            {"wish": "x" * 201, "outcome_id": "care-act.health", "what_would_help": "Kept words"},
            "at most 200 characters",
        ),
    ],
)
def test_gaps_come_back_with_a_sentence_and_what_was_typed(client, ada, plan_id, sign_in, typed, sentence):
    sign_in(ada.id)
    page = client.fill_in(f"/plans/{plan_id}/lines/new", **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Kept words" in page.text


def test_what_was_typed_while_consent_ended_is_given_back(client, session, ada, plan_id, sign_in):
    friend, consent_id = make.friend(session, of=ada)
    sign_in(friend.id)
    address = f"/plans/{plan_id}/lines/new"
    token = client.get(address).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    end_consent(session, delegation_id=consent_id, by=ada.id, link="/", now=datetime.now(UTC))
    session.commit()
    page = client.post(address, data={"csrf_token": token, "wish": "See the sea", "outcome_id": "care-act.health"})
    assert (page.status_code, "See the sea" in page.text) == (404, True)
    assert session.query(PlanLine).count() == 0
