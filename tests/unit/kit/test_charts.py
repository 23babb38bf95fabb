import pytest

from marketplace.kit.charts import lines_of, ranges_of, scale_of, shares_of, spark_of
from marketplace.kit.maps import shapes_of
from marketplace.kit.places import CouncilCode
from marketplace.kit.regions import region_of_councils


@pytest.mark.parametrize(
    ("values", "from_zero", "ticks"),
    [
        ([255, None, 375], True, (0, 100, 200, 300, 400)),
        ([1650, 1900], False, (1600, 1700, 1800, 1900)),
        ([10, 10], False, (10, 11)),
        ([0], True, (0, 1)),
        ([], True, (0, 1)),
    ],
)
def test_a_scale_has_round_steps_and_holds_every_figure(values, from_zero, ticks):
    scale = scale_of(values, from_zero=from_zero)
    assert scale.ticks == ticks
    assert all(0 <= scale.at(value) <= 100 for value in values if value is not None)


def test_a_line_stops_where_a_figure_is_not_shown():
    [line] = lines_of(["a", "b", "c", "d"], [("People", [10, None, 30, 40])], say=str).lines
    assert [(a.words, b.words) for a, b in line.pieces] == [("30", "40")]
    assert [spot.down for spot in line.spots] == [75.0, None, 25.0, 0.0]


def test_what_no_line_shows_is_marked_and_what_one_line_shows_is_not():
    picture = lines_of(["a", "b"], [("One", [None, None]), ("Other", [None, 5])], say=str)
    assert picture.hidden == (25.0,)


def test_words_of_lines_that_meet_do_not_run_into_each_other():
    picture = lines_of(["a", "b"], [("One", [40, 40]), ("Other", [39, 10])], say=str)
    assert [[spot.side for spot in line.spots] for line in picture.lines] == [["above", "above"], ["below", "above"]]


def test_words_without_room_above_or_below_are_left_to_the_table():
    picture = lines_of(["a", "b"], [("One", [40, 40]), ("Two", [39, 1]), ("Three", [38, 0])], say=str)
    assert [[spot.side for spot in line.spots] for line in picture.lines] == [
        ["above", "above"],
        ["", "above"],
        ["below", ""],
    ]


def test_an_area_that_shows_nothing_has_no_mark_and_says_so():
    rows = [("Company", [(1400, 1600, 1800), (None, None, None), (None, 1500, None)])]
    picture = ranges_of(["Here", "Region", "England"], rows, say=str, unit="Pence", hidden="not shown")
    here, region, england = picture.rows[0].lanes
    assert (here.begins, here.at, here.ends) == (0.0, 50.0, 100.0)
    assert (region.at, region.words) == (None, "not shown")
    assert (england.begins, england.at) == (None, 25.0)


def test_parts_fill_their_bar_and_what_is_not_shown_takes_no_room():
    row = shares_of(["a", "b", "c", "d"], [("Whole", [30, None, 0, 10])], say=str, unit="Pounds").rows[0]
    assert [(part.name, part.begins, part.wide) for part in row.parts] == [("a", 0.0, 75.0), ("d", 75.0, 25.0)]


def test_every_council_of_england_is_on_the_map():
    councils = tuple(region_of_councils())
    shapes = shapes_of(councils, width=600)
    assert set(shapes.paths) == set(councils)
    assert all(path.startswith("M") and path.endswith("z") for path in shapes.paths.values())
    assert all(0 <= x <= shapes.width and 0 <= y <= shapes.height for x, y in shapes.middles.values())


def test_a_council_that_nobody_knows_is_left_out():
    assert shapes_of((CouncilCode("E99999999"),), width=100).paths == {}


def test_a_small_line_keeps_inside_its_edges_and_stops_where_nothing_is_shown():
    spark = spark_of((0, 50, None, 100))
    assert [spot.across for spot in spark.spots] == [6, 35.33, 64.67, 94]
    assert [spot.down for spot in spark.spots] == [94, 50, None, 6]
    assert len(spark.pieces) == 1


def test_a_small_line_of_nothing_lies_on_the_floor():
    assert [spot.down for spot in spark_of((0, 0)).spots] == [94, 94]
    assert spark_of(()).spots == ()
