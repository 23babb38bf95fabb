"""The picture of where results are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules.pins import HEIGHT, WIDTH, Pin, frame, pins, visible
from marketplace.kit.grid import Point

SALE = Point(378_700, 392_000)
points = st.builds(Point, st.integers(100_000, 650_000), st.integers(20_000, 650_000))


def test_a_single_place_stands_in_the_middle():
    shown = frame([SALE])
    assert shown.at(SALE) == (WIDTH / 2, HEIGHT / 2)
    assert 3 < shown.miles < 5


def test_what_is_around_is_shown_when_that_leaves_the_pins_apart():
    near = [Point(375_000, 390_000), Point(381_000, 394_000)]
    council = [Point(369_000, 386_000), Point(384_000, 398_000)]
    assert frame([SALE, *near], council).miles > frame([SALE, *near]).miles
    county = [Point(300_000, 300_000), Point(400_000, 420_000)]
    assert frame([SALE, *near], county) == frame([SALE, *near])


def test_north_is_up_and_east_is_right():
    shown = frame([SALE])
    x, y = shown.at(Point(SALE.easting + 100, SALE.northing + 100))
    assert x > WIDTH / 2
    assert y < HEIGHT / 2


def test_pins_that_would_hide_each_other_are_one():
    far = Point(SALE.easting + 9_000, SALE.northing)
    shown = frame([SALE, far])
    found = pins([(1, SALE), (2, far), (3, SALE)], shown)
    assert [pin.lines for pin in found] == [("1, 3",), ("2",)]


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        ((3,), ["3"]),
        ((3, 5), ["3, 5"]),
        ((1, 2), ["1, 2"]),
        ((1, 2, 3, 9), ["1–3, 9"]),
        (tuple(range(1, 21)), ["1–20"]),
        (tuple(range(1, 21, 2)), ["1, 3, 5, 7", "9, 11, 13, 15", "17, 19"]),
    ],
)
def test_a_pin_says_which_of_the_list_it_stands_for(numbers, lines):
    assert list(Pin(0, 0, numbers).lines) == lines


@given(st.lists(points, min_size=1, max_size=20))
def test_every_number_is_on_one_pin_and_every_pin_in_the_picture_and_apart(places):
    found = pins(enumerate(places, start=1), frame(places))
    assert sorted(number for pin in found for number in pin.numbers) == list(range(1, len(places) + 1))
    for n, pin in enumerate(found):
        assert pin.width / 2 <= pin.x <= WIDTH - pin.width / 2
        assert pin.height / 2 <= pin.y <= HEIGHT - pin.height / 2
        for other in found[n + 1 :]:
            is_beside = abs(pin.x - other.x) >= (pin.width + other.width) / 2
            assert is_beside or abs(pin.y - other.y) >= (pin.height + other.height) / 2


def test_a_line_is_cut_just_outside_the_picture():
    square = [(100, 100), (1_000, 100), (1_000, 200), (100, 200)]
    assert set(visible(square)) == {(100, 100), (100, 200), (WIDTH + 5, 100), (WIDTH + 5, 200)}


def test_what_surrounds_the_picture_fills_it_and_what_is_elsewhere_is_nothing():
    assert len(visible([(-900, -900), (900, -900), (900, 900), (-900, 900)])) == 4
    assert visible([(900, 900), (950, 900), (950, 950)]) == ()
    assert visible([(10, 10), (10.1, 10), (10.1, 10.1)]) == ()


corners = st.tuples(st.floats(-2_000, 2_000), st.floats(-2_000, 2_000))


@given(st.lists(corners, min_size=3, max_size=30))
def test_nothing_is_drawn_far_outside(ring):
    assert all(-5.1 <= x <= WIDTH + 5.1 and -5.1 <= y <= HEIGHT + 5.1 for x, y in visible(ring))
