"""What will do as a signal, how a figure is quoted, what the wall shows, and the feed."""

import pytest

from marketplace.demand.rules.figures import Area, AreaFigures
from marketplace.demand.rules.nouns import SignalKind
from marketplace.demand.rules.shapes import ALL, Row, Unit
from marketplace.demand.rules.signals import QuotedFigure, quotable, quotation, signal_problem
from marketplace.demand.rules.wanted import news, wall, wanted_in
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import Level

QUARTER = Quarter(2026, 2)
ROWS = (Row("garden", "Gardens"), Row("lifts", "Lifts"), Row("none", "No category chosen"), Row(ALL, "All together"))


def figures(area="Trafford", level=Level.COUNCIL, **searched):
    """The figures of one area: how many searched in vain, by row; what is not named is hidden."""
    return AreaFigures(
        area=Area("E08000009", area, level),
        quarter=QUARTER,
        shown={("unmet", "searched", row): people for row, people in searched.items()}
        | {("support", "spend", ALL): 1_234_500, ("moderation", "people", "held"): 10},
        titles={
            "unmet": "What people look for and do not find",
            "support": "What people buy",
            "moderation": "Decisions",
        },
        rows={"unmet": ROWS, "support": ROWS[-1:], "moderation": (Row("held", "Held"),)},
        measures={
            "unmet": (
                ("searched", "People whose search found nothing", Unit.PEOPLE),
                ("waiting", "People who began to wait", Unit.PEOPLE),
            ),
            "support": (("spend", "Spent", Unit.PENCE),),
            "moderation": (("people", "People", Unit.PEOPLE),),
        },
    )


def test_a_figure_is_quoted_from_the_release_with_its_area_and_quarter():
    quoted = QuotedFigure.from_key("2026-q2|unmet|searched|lifts")
    assert quotation(figures(lifts=35), quoted) == (
        "People whose search found nothing, Lifts: about 35 (Trafford, April to June 2026)."
    )
    spent = QuotedFigure(QUARTER, "support", "spend", ALL)
    assert quotation(figures(), spent) == "Spent: about £12,345 (Trafford, April to June 2026)."


@pytest.mark.parametrize(
    "key", ["2026-q2|unmet|searched|garden", "2026-q2|unmet|nothing|lifts", "2026-q2|moderation|people|held"]
)
def test_what_is_hidden_or_not_for_quoting_is_not_quoted(key):
    assert quotation(figures(lifts=35), QuotedFigure.from_key(key)) is None


def test_what_can_be_quoted_is_what_is_shown():
    keys = [quoted.key for quoted, _ in quotable(figures(lifts=35))]
    assert keys == ["2026-q2|unmet|searched|lifts", "2026-q2|support|spend|all"]


@pytest.mark.parametrize("key", ["", "a|b", "2026-q9|unmet|searched|lifts", "2026-q2|unmet|searched|lifts|more"])
def test_what_names_no_figure_is_refused(key):
    with pytest.raises(ValueError, match=r"."):
        QuotedFigure.from_key(key)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"words": ""}, "words"),
        ({"words": "x" * 4001}, "words"),
        ({"told": "x" * 1001}, "told"),
        ({"kind": SignalKind.ANSWER}, "told"),
        ({"kind": SignalKind.ANSWER, "told": "That the bus goes too early."}, None),
    ],
)
def test_what_will_do_as_a_signal(changed, field):
    said = {"kind": SignalKind.SIGNAL, "title": "Lifts", "words": "We look for lifts.", "told": ""} | changed
    problem = signal_problem(**said)
    assert (problem and problem[0]) == field
    assert problem is None or problem[1].endswith(".")


def test_the_wall_shows_the_nearest_figure_of_each_kind_and_never_what_is_no_kind():
    near, further = wall(
        (figures(lifts=35, none=90, all=100), figures("North West", Level.REGION, lifts=80, garden=20))
    )
    assert [(line.row.name, line.said) for line in near] == [("Lifts", ((35, "searched and found nothing"),))]
    assert [(line.row.name, line.area.name, line.most) for line in further] == [("Gardens", "North West", 20)]


def test_most_wanted_comes_first_and_what_is_all_hidden_is_left_out():
    assert [line.row.code for line in wanted_in(figures(garden=15, lifts=35))] == ["lifts", "garden"]
    assert wanted_in(figures()) == ()


def test_news_is_what_is_shown_for_the_first_time_or_of_more_people():
    before = figures(lifts=35, garden=20)
    assert news(figures(lifts=35, garden=15), before, category=None) == ()
    assert [line.row.code for line in news(figures(lifts=40, garden=20), before, category=None)] == ["lifts"]
    assert [line.row.code for line in news(figures(lifts=35), None, category=None)] == ["lifts"]
    assert news(figures(lifts=40), before, category="garden") == ()
