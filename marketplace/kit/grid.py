"""Where things are in metres: points on the British National Grid, and how far apart they lie."""

import math
from dataclasses import dataclass
from functools import lru_cache

from marketplace.kit.errors import DomainError

MILE = 1609.344
"""Metres in a mile."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the British National Grid, in whole metres east and north of its false origin."""

    easting: int
    northing: int

    def distance_to(self, other: "Point") -> float:
        """
        Return the straight-line distance in metres.

        The grid is flat, so this is Pythagoras. Its scale is never wrong by more than one part in 1,200 in England.
        """
        return math.hypot(self.easting - other.easting, self.northing - other.northing)


class OutsideBritainError(DomainError):
    """A latitude and longitude that the British National Grid does not reach."""


def miles(metres: float) -> float:
    """Return a distance in metres as miles."""
    return metres / MILE


@dataclass(frozen=True, slots=True)
class _Ellipsoid:
    """The shape a survey takes the earth to have: its two radii in metres."""

    a: float
    b: float

    @property
    def e2(self) -> float:
        """The square of the eccentricity."""
        return 1 - (self.b / self.a) ** 2


# All figures below are from Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes A to C.
_WGS84 = _Ellipsoid(a=6378137.0, b=6356752.3142)
_AIRY = _Ellipsoid(a=6377563.396, b=6356256.909)

_SHIFT = (-446.448, 125.157, -542.060)  # metres along x, y and z
_TURN = tuple(math.radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
_SCALE = 20.4894e-6

_ORIGIN_LAT, _ORIGIN_LON = math.radians(49), math.radians(-2)
_ORIGIN_EASTING, _ORIGIN_NORTHING = 400_000, -100_000
_CENTRAL_SCALE = 0.9996012717

_LATITUDES, _LONGITUDES = (49.0, 61.0), (-9.0, 2.5)


def from_lat_lon(lat: float, lon: float) -> Point:
    """
    Return the point at a latitude and longitude in degrees (WGS84, as phones and web maps give them).

    Right to about five metres, which is what a single shift for the whole country can do.

    :raises OutsideBritainError: when the place is not in or near Great Britain.
    """
    if not (_LATITUDES[0] <= lat <= _LATITUDES[1] and _LONGITUDES[0] <= lon <= _LONGITUDES[1]):
        raise OutsideBritainError(
            f"Latitude {lat} and longitude {lon} are not in Great Britain. Check that they are the right way round."
        )
    airy_lat, airy_lon = _airy_from_wgs84(math.radians(lat), math.radians(lon))
    easting, northing = _project(airy_lat, airy_lon)
    return Point(round(easting), round(northing))


@lru_cache(maxsize=10_000)
def to_lat_lon(point: Point) -> tuple[float, float]:
    """Return the latitude and longitude in degrees (WGS84) of a point on the grid: `from_lat_lon`, backwards."""
    airy_lat, airy_lon = _unproject(point.easting, point.northing)
    lat, lon = airy_lat, airy_lon
    for _ in range(4):  # what the datums differ by hardly changes over so short a way
        moved_lat, moved_lon = _airy_from_wgs84(lat, lon)
        lat, lon = lat + airy_lat - moved_lat, lon + airy_lon - moved_lon
    return math.degrees(lat), math.degrees(lon)


def _airy_from_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """Move a latitude and longitude in radians from the satellites' datum to the map's (Helmert, annex B)."""
    nu = _WGS84.a / math.sqrt(1 - _WGS84.e2 * math.sin(lat) ** 2)
    x = nu * math.cos(lat) * math.cos(lon)
    y = nu * math.cos(lat) * math.sin(lon)
    z = nu * (1 - _WGS84.e2) * math.sin(lat)

    tx, ty, tz = _SHIFT
    rx, ry, rz = _TURN
    scale = 1 + _SCALE
    x, y, z = (
        tx + scale * x - rz * y + ry * z,
        ty + rz * x + scale * y - rx * z,
        tz - ry * x + rx * y + scale * z,
    )

    across = math.hypot(x, y)
    lat = math.atan2(z, across * (1 - _AIRY.e2))
    for _ in range(4):  # settles to well under a millimetre
        nu = _AIRY.a / math.sqrt(1 - _AIRY.e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + _AIRY.e2 * nu * math.sin(lat), across)
    return lat, math.atan2(y, x)


def _project(lat: float, lon: float) -> tuple[float, float]:
    """Return easting and northing in metres of a latitude and longitude in radians (annex C, with its letters)."""
    sin, cos, tan = math.sin(lat), math.cos(lat), math.tan(lat)
    nu = _AIRY.a * _CENTRAL_SCALE / math.sqrt(1 - _AIRY.e2 * sin**2)
    rho = nu * (1 - _AIRY.e2) / (1 - _AIRY.e2 * sin**2)
    eta2 = nu / rho - 1

    i = _meridian(lat) + _ORIGIN_NORTHING
    ii = nu / 2 * sin * cos
    iii = nu / 24 * sin * cos**3 * (5 - tan**2 + 9 * eta2)
    iiia = nu / 720 * sin * cos**5 * (61 - 58 * tan**2 + tan**4)
    iv = nu * cos
    v = nu / 6 * cos**3 * (nu / rho - tan**2)
    vi = nu / 120 * cos**5 * (5 - 18 * tan**2 + tan**4 + 14 * eta2 - 58 * tan**2 * eta2)

    d = lon - _ORIGIN_LON
    return _ORIGIN_EASTING + iv * d + v * d**3 + vi * d**5, i + ii * d**2 + iii * d**4 + iiia * d**6


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Return latitude and longitude in radians of an easting and northing in metres (annex C, with its letters)."""
    north = northing - _ORIGIN_NORTHING
    lat = _ORIGIN_LAT + north / (_AIRY.a * _CENTRAL_SCALE)
    for _ in range(6):  # settles to well under a millimetre
        lat += (north - _meridian(lat)) / (_AIRY.a * _CENTRAL_SCALE)
    sin, cos, tan = math.sin(lat), math.cos(lat), math.tan(lat)
    nu = _AIRY.a * _CENTRAL_SCALE / math.sqrt(1 - _AIRY.e2 * sin**2)
    rho = nu * (1 - _AIRY.e2) / (1 - _AIRY.e2 * sin**2)
    eta2 = nu / rho - 1

    vii = tan / (2 * rho * nu)
    viii = tan / (24 * rho * nu**3) * (5 + 3 * tan**2 + eta2 - 9 * tan**2 * eta2)
    ix = tan / (720 * rho * nu**5) * (61 + 90 * tan**2 + 45 * tan**4)
    x = 1 / (cos * nu)
    xi = 1 / (cos * 6 * nu**3) * (nu / rho + 2 * tan**2)
    xii = 1 / (cos * 120 * nu**5) * (5 + 28 * tan**2 + 24 * tan**4)
    xiia = 1 / (cos * 5040 * nu**7) * (61 + 662 * tan**2 + 1320 * tan**4 + 720 * tan**6)

    d = easting - _ORIGIN_EASTING
    return lat - vii * d**2 + viii * d**4 - ix * d**6, _ORIGIN_LON + x * d - xi * d**3 + xii * d**5 - xiia * d**7


def _meridian(lat: float) -> float:
    """Return metres along the central meridian from the true origin to a latitude in radians."""
    n = (_AIRY.a - _AIRY.b) / (_AIRY.a + _AIRY.b)
    less, more = lat - _ORIGIN_LAT, lat + _ORIGIN_LAT
    return (
        _AIRY.b
        * _CENTRAL_SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(less) * math.cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * less) * math.cos(2 * more)
            - 35 / 24 * n**3 * math.sin(3 * less) * math.cos(3 * more)
        )
    )
