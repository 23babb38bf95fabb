import pytest

from marketplace.brokerage.queries import plans as queries
from marketplace.brokerage.rules import plans as rules
from marketplace.brokerage.services import plans as services
from tests.factories import accounts as make
from tests.races import in_transactions


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


def add(session, person, now, wish="See friends"):
    return services.add_line(
        session, by=person.id, outcome_id="care-act.relationships", wish=wish, what_would_help="A lift", now=now
    )


def test_a_plan_that_was_never_begun_is_empty(session, ada):
    page = queries.my_plan(session, viewer=make.as_viewer(ada))
    assert page.updated_at is None
    assert page.lines == ()
    assert set(page.parts.values()) == {""}


def test_lines_keep_their_order_through_changes(session, ada, now):
    first, second = add(session, ada, now, "One"), add(session, ada, now, "Two")
    third = add(session, ada, now, "Three")
    services.remove_line(session, line_id=second, by=ada.id, now=now)
    services.change_line(
        session, line_id=first, by=ada.id, outcome_id="care-act.health", wish="Swim", what_would_help="", now=now
    )
    session.flush()
    page = queries.my_plan(session, viewer=make.as_viewer(ada))
    assert [(line.id, line.wish) for line in page.lines] == [(first, "Swim"), (third, "Three")]


def test_nobody_sees_or_changes_somebody_elses_plan(session, ada, now):
    line_id, bob = add(session, ada, now), make.person(session, name="Bob")
    assert queries.my_line(session, viewer=make.as_viewer(bob), line_id=line_id) is None
    for change in (
        lambda: services.remove_line(session, line_id=line_id, by=bob.id, now=now),
        lambda: services.change_line(
            session, line_id=line_id, by=bob.id, outcome_id="care-act.health", wish="x", what_would_help="", now=now
        ),
    ):
        with pytest.raises(services.LineNotFoundError):
            change()


def test_a_plan_has_room_for_so_many_lines(session, ada, now):
    for n in range(rules.MOST_LINES):
        add(session, ada, now, f"Wish {n}")
    with pytest.raises(services.PlanFullError):
        add(session, ada, now)


def test_a_person_writes_a_plan_in_the_browser(client, ada, sign_in):
    sign_in(ada.id)
    assert "Nothing here yet" in client.get("/plans/mine").text
    client.fill_in("/plans/mine/write", about_me="I like trains.", what_matters="", good_week="")
    client.fill_in(
        "/plans/mine/lines/new", wish="Ride a steam train", outcome_id="care-act.living", what_would_help="A lift"
    )
    page = client.get("/plans/mine").text
    assert "I like trains." in page
    assert "Ride a steam train" in page
    assert client.press("/plans/mine", "Take out “Ride a steam train”").status_code == 302
    assert "Ride a steam train" not in client.get("/plans/mine").text


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
def test_gaps_come_back_with_a_sentence_and_what_was_typed(client, ada, sign_in, typed, sentence):
    sign_in(ada.id)
    page = client.fill_in("/plans/mine/lines/new", **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Kept words" in page.text


def test_another_persons_line_is_not_found(client, session, ada, sign_in, now):
    line_id = add(session, ada, now)
    sign_in(make.person(session).id)
    assert client.get(f"/plans/mine/lines/{line_id}").status_code == 404


def test_a_plan_begun_in_two_tabs_at_once_is_one_plan(real_app, arrange, now):
    person = arrange(make.person)
    outcomes = in_transactions(real_app, [lambda session: add(session, person, now)] * 4)
    assert len(set(outcomes)) == 4
    page = arrange(lambda session: queries.my_plan(session, viewer=make.as_viewer(person)))
    assert len(page.lines) == 4
