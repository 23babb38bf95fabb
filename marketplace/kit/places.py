"""Where is it: postcodes, parts of them and councils' names, as points in metres and councils' codes. England only."""

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, NewType

from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.gazetteer import ENGLAND, FORMAT, endings, look_up
from marketplace.kit.grid import MILE, OutsideBritainError, Point, from_lat_lon, miles

__all__ = [
    "MILE",
    "AmbiguousCouncilError",
    "Council",
    "CouncilCode",
    "Gazetteer",
    "GazetteerMissingError",
    "NoPlaceGivenError",
    "NotInEnglandError",
    "OutsideBritainError",
    "Place",
    "Point",
    "Precision",
    "UnknownCouncilError",
    "UnknownPlaceError",
    "UnknownPostcodeError",
    "from_lat_lon",
    "miles",
    "postcode_in",
]

CouncilCode = NewType("CouncilCode", str)
"""A council's nine-character GSS code, "E08000009"."""


class Precision(StrEnum):
    """How much of a place was given, and so how near its point is."""

    POSTCODE = "postcode"
    SECTOR = "sector"
    OUTWARD = "outward"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in England. For an area, `point` is its middle and `council` the one most of its postcodes are in."""

    name: str
    point: Point
    council: CouncilCode
    precision: Precision


@dataclass(frozen=True, slots=True)
class Council:
    """One of the 153 English councils that have adult social care duties."""

    code: CouncilCode
    name: str
    kind: str


class UnknownPlaceError(DomainError):
    """What somebody typed does not lead to a place in England."""


class NoPlaceGivenError(UnknownPlaceError):
    """Nothing was typed."""


class UnknownPostcodeError(UnknownPlaceError):
    """It looks like a postcode, but there is none like it."""


class NotInEnglandError(UnknownPlaceError):
    """It is a real postcode of another nation."""


class AmbiguousCouncilError(UnknownPlaceError):
    """It could be the name of more than one council."""


class UnknownCouncilError(NotFoundError):
    """There is no council with that code."""


class GazetteerMissingError(Exception):
    """There is no usable postcode file. The message tells an operator how to make it."""


# ---------------------------------------------------------------- what people type

_OUTWARD = re.compile("[A-Z]{1,2}[0-9][A-Z0-9]?")
_POSTCODE = re.compile(f"({_OUTWARD.pattern})([0-9][A-Z]{{2}})")
_SECTOR = re.compile(f"({_OUTWARD.pattern}) ?([0-9])")
_NOT_PLAIN = re.compile("[^A-Z0-9]+")
_LIKE_A_POSTCODE = re.compile("[A-Z]{1,2}[0-9][A-Z0-9]{0,5}")

_SAID_WITH_ANY_NAME = frozenset({"the", "council", "authority", "corporation"})
_TITLES = frozenset({"of", "city", "county", "borough", "district", "metropolitan", "royal", "unitary", "mbc", "cc"})
_SHORTEST_PART_OF_A_NAME = 3
_MOST_NAMED = 4
_MOST_REPEATED = 40


def _tidy(text: str) -> str:
    """Return what was typed in capitals, with one space for each run of anything but plain letters and figures."""
    return _NOT_PLAIN.sub(" ", unicodedata.normalize("NFKC", text).upper()).strip()


def postcode_in(text: str) -> str | None:
    """Return "M33 7AA" for a full postcode typed in any case and spacing, or None. It may not exist."""
    found = _POSTCODE.fullmatch(_tidy(text).replace(" ", ""))
    return f"{found[1]} {found[2]}" if found else None


def parts_in(text: str) -> list[str]:
    """Return the first parts or sectors that somebody may mean, likeliest first: "M11" is one, or "M1 1" closed up."""
    tidy = _tidy(text)
    compact = tidy.replace(" ", "")
    sector = _SECTOR.fullmatch(tidy)
    parts = [f"{sector[1]} {sector[2]}"] if sector else []
    if _OUTWARD.fullmatch(compact):
        # Somebody who leaves a space before the last figure means a sector.
        parts.insert(1 if " " in tidy else 0, compact)
    return parts


def council_key(name: str) -> str:
    """Return what is left of a council's name without its titles: "bradford" for "City of Bradford Council"."""
    said = _tidy(name.replace("&", " and ").replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    words = [word for word in said.lower().split() if word not in _SAID_WITH_ANY_NAME]
    left = [word for word in words if word not in _TITLES]
    if left == ["london"]:
        # The City of London keeps all its words as one, so that "London", which has 33 councils, does not find it.
        return "-".join(words)
    return " ".join(word for word in left if word != "london")


# ---------------------------------------------------------------- the file

_Row = tuple[str, str, int | None, int | None, int | None, bytes | None]


class Gazetteer:
    """Answers from the file that `marketplace.kit.gazetteer` makes. One may be shared by any number of threads."""

    def __init__(self, path: Path) -> None:
        """
        Open the file.

        :raises GazetteerMissingError: when it is not there or is of another format.
        """
        how = f"Make it with: python -m marketplace.kit.gazetteer {path}"
        if not path.is_file():
            raise GazetteerMissingError(f"There is no postcode file at {path}. {how}")
        # The file is only ever replaced whole, so SQLite need not lock it or look for changes.
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        # One connection with a lock is enough for reads of some microseconds, and threads may come and go.
        self._lock = Lock()
        try:
            [(fingerprint,)] = self._all("SELECT fingerprint FROM made")
        except (sqlite3.DatabaseError, ValueError):
            fingerprint = ""
        if not fingerprint.startswith(f"{FORMAT}/"):
            self.close()
            raise GazetteerMissingError(f"The postcode file at {path} is not one this version can read. {how}")
        councils = self._all("SELECT id, code, name, kind, easting, northing FROM council")
        self._code: dict[int, CouncilCode] = {row[0]: row[1] for row in councils}
        self._councils: dict[CouncilCode, Council] = {row[1]: Council(*row[1:4]) for row in councils}
        self._middles: dict[CouncilCode, Point] = {row[1]: Point(*row[4:]) for row in councils}
        self._keys = {council_key(council.name): council for council in self.councils()}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def find(self, text: str) -> Place:
        """
        Return the place meant by a postcode, the first part of one ("M33", "M33 7"), or a council's name.

        Capitals and spaces do not matter, and as much of a name as fits one council is enough.

        :raises NoPlaceGivenError: when nothing was typed.
        :raises UnknownPostcodeError: when it looks like a postcode but is not one we know.
        :raises NotInEnglandError: when it is a postcode of another nation.
        :raises AmbiguousCouncilError: when it fits the names of several councils.
        :raises UnknownPlaceError: when it is none of these; every error above is one of these too.
        """
        tidy = _tidy(text)
        if not tidy:
            raise NoPlaceGivenError("Enter a postcode, the first part of one, or the name of a council.")
        if postcode := postcode_in(tidy):
            return self._postcode(postcode)
        if parts := parts_in(tidy):
            return self._part(parts)
        if _LIKE_A_POSTCODE.fullmatch(tidy.replace(" ", "")):
            raise UnknownPostcodeError(f"We do not know the postcode {tidy}. Check it and try again.")
        return self._council_named(text)

    def council(self, code: CouncilCode) -> Council:
        """
        Return the council with a code.

        :raises UnknownCouncilError: when there is none.
        """
        try:
            return self._councils[code]
        except KeyError:
            raise UnknownCouncilError("There is no council with that code.") from None

    def middle_of(self, code: CouncilCode) -> Point:
        """
        Return the middle of a council's area.

        :raises UnknownCouncilError: when there is none.
        """
        return self._middles[self.council(code).code]

    def councils(self) -> list[Council]:
        """Return every council, by name."""
        return sorted(self._councils.values(), key=lambda council: (council.name, council.code))

    def postcodes_in(self, outward: str) -> int:
        """Return how many postcodes a first part ("M33") has, ended ones too: a measure of how large it is."""
        # A sector's name begins with its first part and a space, so no other sorts between these two.
        rows = self._all(
            "SELECT postcodes FROM area WHERE name > ? AND name < ? AND postcodes IS NOT NULL",
            (f"{outward} ", f"{outward}!"),
        )
        return sum(len(endings(packed)) for (packed,) in rows)

    def _postcode(self, postcode: str) -> Place:
        sector, outward = postcode[:-2], postcode[:-4]
        rows = self._rows([postcode, sector, outward])
        if sector in rows and (packed := rows[sector][5]):
            found = look_up(packed, postcode[-2:])
            if found:
                easting, northing, council = found
                return Place(postcode, Point(easting, northing), self._code[council], Precision.POSTCODE)
        for name in (postcode, sector, outward):
            if name in rows:
                if rows[name][2] is None:
                    raise _not_in_england(postcode, rows[name][1])
                break
        english = outward in rows and rows[outward][1] == ENGLAND
        hint = f", or enter just its first part, {outward}" if english else " and try again"
        raise UnknownPostcodeError(f"We do not know the postcode {postcode}. Check it{hint}.")

    def _part(self, parts: Sequence[str]) -> Place:
        rows = self._rows(parts)
        known = [rows[name] for name in parts if name in rows]
        for name, nation, easting, northing, council, _packed in known:
            if nation == ENGLAND and easting is not None and northing is not None and council is not None:
                precision = Precision.SECTOR if " " in name else Precision.OUTWARD
                return Place(name, Point(easting, northing), self._code[council], precision)
        if not known:
            raise UnknownPostcodeError(f"We do not know any postcode that starts {parts[0]}. Check it and try again.")
        name, nation, easting, *_ = known[0]
        if easting is None:
            raise _not_in_england(name, nation)
        raise NotInEnglandError(f"{name} is mostly in {nation}. Enter the whole of a postcode in England.")

    def _council_named(self, text: str) -> Place:
        key = council_key(text)
        found = [self._keys[key]] if key in self._keys else []
        if not found and len(key) >= _SHORTEST_PART_OF_A_NAME:
            found = [council for name, council in self._keys.items() if name.startswith(key)] or [
                council for name, council in self._keys.items() if f" {key}" in name
            ]
        said = " ".join(text.split())[:_MOST_REPEATED]
        if not found:
            raise UnknownPlaceError(
                f"We do not know a place called “{said}”. "
                "Enter a postcode, the first part of one, or the name of a council."
            )
        if len(found) > 1:
            names = "; ".join(council.name for council in found[:_MOST_NAMED])
            more = " and others" if len(found) > _MOST_NAMED else ""
            raise AmbiguousCouncilError(f"“{said}” could be {names}{more}. Enter more of the name.")
        [council] = found
        return Place(council.name, self._middles[council.code], council.code, Precision.COUNCIL)

    def _rows(self, names: Sequence[str]) -> dict[str, _Row]:
        marks = ", ".join("?" * len(names))
        rows: list[_Row] = self._all(
            f"SELECT name, nation, easting, northing, council, postcodes FROM area WHERE name IN ({marks})",  # noqa: S608 (only question marks)
            names,
        )
        return {row[0]: row for row in rows}

    def _all(self, statement: str, values: Sequence[str] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


def _not_in_england(name: str, nation: str) -> NotInEnglandError:
    return NotInEnglandError(
        f"{name} is in {nation}, and this site covers England only. Enter a postcode or a council in England."
    )
