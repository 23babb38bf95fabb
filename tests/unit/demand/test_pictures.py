import pytest

from marketplace.demand.rules import chapters, gaps, overview, pictures
from marketplace.demand.rules.figures import Area, AreaFigures
from marketplace.demand.rules.pictures import Seen
from marketplace.demand.rules.shapes import ALL, Row, Unit
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, Level

KINDS = (Row("company", "Company"), Row("food", "Food"), Row("garden", "Garden"), Row(ALL, "All together"))
SPRING = Quarter(2026, 2)


def figures(shown, *, name="Trafford", quarter=SPRING):
    measures = {
        "support": (("bought", "People who paid", Unit.PEOPLE), ("spend", "Spent", Unit.PENCE)),
        "unmet": (("searched", "People whose search found nothing", Unit.PEOPLE),),
        "price-of-an-hour": (
            ("people", "People", Unit.PEOPLE),
            *((slug, slug, Unit.PENCE) for slug in ("lower_quartile", "median", "upper_quartile")),
        ),
    }
    return AreaFigures(
        area=Area(AreaCode("E08000009"), name, Level.COUNCIL),
        quarter=quarter,
        shown=shown,
        titles={table: table for table in measures},
        rows={"support": KINDS, "unmet": KINDS, "price-of-an-hour": KINDS[:-1]},
        measures=measures,
    )


def bars(shown, **how):
    return pictures.bars(figures(shown), "support", "bought", title="Paid", words="How many.", **how)


def test_bars_are_the_largest_first_and_what_is_hidden_is_said_but_not_drawn():
    chart = bars({("support", "bought", "food"): 15, ("support", "bought", "garden"): 40})
    assert [(bar.label, bar.words) for bar in chart.picture.bars] == [("Garden", "40"), ("Food", "15")]
    assert chart.note == "Not shown: Company."
    assert ("Company", "not shown", "not shown") in chart.rows


def test_bars_in_order_name_what_is_hidden_among_them():
    chart = bars({("support", "bought", "food"): 15}, in_order=True)
    assert [(bar.label, bar.value) for bar in chart.picture.bars] == [("Company", None), ("Food", 15), ("Garden", None)]


def test_a_chart_of_which_nothing_is_shown_has_no_picture():
    assert bars({}).picture is None


@pytest.mark.parametrize(
    ("wanted", "offered", "step"),
    [(10, 15, 1), (15, 15, 2), (40, 15, 3), (45, 15, 4), (75, 15, 5), (None, 15, 0), (10, None, 0), (None, None, 0)],
)
def test_each_council_is_in_one_of_five_steps_or_not_shown(wanted, offered, step):
    assert gaps.step_of(wanted, offered) == step


def test_a_price_that_is_hidden_here_is_drawn_from_the_areas_around():
    region = figures({("price-of-an-hour", "median", "food"): 1600}, name="North West")
    chart = pictures.prices([figures({}), region], "price-of-an-hour", title="Hour", words="Prices.")
    [row] = chart.picture.rows
    assert [lane.words for lane in row.lanes] == ["not shown", "£16"]


@pytest.mark.parametrize(
    ("now", "before", "since"),
    [(375, 335, "Up from 335"), (300, 335, "Down from 335"), (340, 335, "Much as before, 335"), (375, None, "")],
)
def test_a_headline_claims_no_change_that_rounding_may_have_made(now, before, since):
    paid = ("support", "bought", ALL)
    earlier = figures({} if before is None else {paid: before}, quarter=SPRING.previous)
    page = overview.overview_of(Seen(figures({paid: now}), history=(earlier, figures({paid: now}))))
    assert page.headlines[0].since == since


@pytest.mark.parametrize("chapter", chapters.CHAPTERS, ids=lambda one: one.slug)
def test_every_chapter_stands_when_nothing_at_all_is_shown(chapter):
    seen = Seen(figures({}), history=(figures({}),))
    assert all(chart.picture is None for chart in chapter.charts(seen))
    assert not [words for words in chapter.says(seen) if not words.endswith(".")]
