import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.grid import MILE, OutsideBritainError, Point, _project, from_lat_lon, miles, to_lat_lon

points = st.builds(Point, st.integers(0, 700_000), st.integers(0, 1_300_000))

# Ordnance Survey's own test points for its exact transformation: name, latitude, longitude, easting, northing.
SURVEYED = [
    ("Scilly", 49.92226393730, -6.29977752014, 91492.146, 11318.804),
    ("Plymouth", 50.43885825610, -4.10864563561, 250359.811, 62016.569),
    ("North Foreland", 51.37447025550, 1.44454730409, 639821.835, 169565.858),
    ("Lambeth", 51.48936564950, -0.11992557180, 530624.974, 178388.464),
    ("Nottingham", 52.96219109410, -1.19747655922, 454002.834, 340834.943),
    ("Daresbury", 53.34480280190, -2.64049320810, 357455.843, 383290.436),
    ("Pudsey", 53.80021519630, -1.66379168242, 422242.186, 433818.701),
    ("Flamborough Head", 54.11685144290, -0.07773133187, 525745.670, 470703.214),
    ("Carlisle", 54.89542340420, -2.93827741149, 339921.145, 556034.761),
    ("Newcastle", 54.97912273660, -1.61657685184, 424639.355, 565012.703),
]


def test_distance_is_pythagoras():
    assert Point(0, 0).distance_to(Point(3000, 4000)) == 5000


@given(points, points)
def test_distance_is_the_same_both_ways_and_nought_only_at_home(one, other):
    assert one.distance_to(other) == other.distance_to(one)
    assert (one.distance_to(other) == 0) is (one == other)


@given(points, points, points)
def test_no_way_round_is_shorter(one, other, between):
    assert one.distance_to(other) <= one.distance_to(between) + between.distance_to(other) + 1e-6


@given(st.floats(0, 1_000_000))
def test_miles_turn_back_into_metres(metres):
    assert miles(metres) * MILE == pytest.approx(metres)


def test_a_mile_is_a_mile():
    assert miles(1609.344) == 1


def test_the_projection_gives_the_worked_example_of_ordnance_survey():
    latitude = math.radians(52 + 39 / 60 + 27.2531 / 3600)
    longitude = math.radians(1 + 43 / 60 + 4.5177 / 3600)
    assert _project(latitude, longitude) == pytest.approx((651409.903, 313177.270), abs=0.001)


@pytest.mark.parametrize(("name", "lat", "lon", "easting", "northing"), SURVEYED)
def test_a_surveyed_place_comes_out_within_six_metres(name, lat, lon, easting, northing):
    point = from_lat_lon(lat, lon)
    assert math.hypot(point.easting - easting, point.northing - northing) < 6  # five, but for Scilly


@pytest.mark.parametrize(("lat", "lon"), [(-2.35, 53.39), (0, 0), (48.85, 2.35), (math.nan, 0), (53, math.inf)])
def test_a_place_outside_britain_is_refused(lat, lon):
    with pytest.raises(OutsideBritainError, match="not in Great Britain"):
        from_lat_lon(lat, lon)


@given(st.builds(Point, st.integers(90_000, 655_000), st.integers(10_000, 660_000)))
def test_a_point_comes_back_from_its_latitude_and_longitude(point):
    assert from_lat_lon(*to_lat_lon(point)).distance_to(point) <= 1
