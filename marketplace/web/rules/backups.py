"""What is in a backup, what is it called, which are too old, and is what came back what went in?"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from marketplace.kit.sentences import worded

FORMAT = 1
_NAME = re.compile(r"clubtogether-(\d{8}T\d{6})Z\.zip(?:\.age)?")
_WHEN = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class TableState:
    """How many rows a table has, and a sum over all of them that no change leaves alone."""

    rows: int
    sum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `head` is the last change to the tables; counters never go back."""

    database: str
    head: str
    made_at: datetime
    tables: Mapping[str, TableState]
    counters: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables.values())


def to_json(manifest: Manifest) -> str:
    """Return a manifest as it stands in a backup."""
    made_at = manifest.made_at.astimezone(UTC).isoformat()
    return json.dumps({"format": FORMAT, **asdict(manifest), "made_at": made_at}, indent=1, sort_keys=True)


def from_json(words: str) -> Manifest:
    """
    Read a manifest.

    :raises ValueError: if it is none, or of a form that came later than this.
    """
    try:
        told = json.loads(words)
        if told["format"] != FORMAT:
            raise ValueError("it has a form that this version does not know")
        return Manifest(
            database=str(told["database"]),
            head=str(told["head"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            tables={name: TableState(int(kept["rows"]), str(kept["sum"])) for name, kept in told["tables"].items()},
            counters={name: int(count) for name, count in told["counters"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("its list of tables cannot be read") from error


def differences(told: Manifest, found: Manifest) -> tuple[str, ...]:
    """Name every table in which what was found is not what a backup says, and why."""
    wrong = []
    for name in sorted(told.tables.keys() | found.tables.keys()):
        here, there = told.tables.get(name), found.tables.get(name)
        if here is None or there is None:
            wrong.append(
                worded(
                    "{name}: it is {more}",
                    name=name,
                    more="missing" if there is None else "there, and the backup has none",
                )
            )
        elif here.rows != there.rows:
            wrong.append(
                worded("{name}: {rows} rows, and the backup has {rows_2}", name=name, rows=there.rows, rows_2=here.rows)
            )
        elif here.sum != there.sum:
            wrong.append(worded("{name}: some row differs", name=name))
    behind = [name for name, count in told.counters.items() if found.counters.get(name, -1) < count]
    return (*wrong, *(worded("{name}: it counts from too low", name=name) for name in sorted(behind)))


def name_for(now: datetime, *, is_encrypted: bool) -> str:
    """Return what a backup is called."""
    return f"clubtogether-{now.astimezone(UTC).strftime(_WHEN)}Z.zip{'.age' if is_encrypted else ''}"


def made_at(name: str) -> datetime | None:
    """Return when the backup of this name was made, or None if it is the name of something else."""
    match = _NAME.fullmatch(name)
    return datetime.strptime(match[1], _WHEN).replace(tzinfo=UTC) if match else None


def outlived(names: Iterable[str], *, keep_days: int, now: datetime) -> tuple[str, ...]:
    """Name the backups that are older than so many days. The newest is never among them."""
    dated = sorted((made, name) for name in names if (made := made_at(name)) is not None)
    return tuple(name for made, name in dated[:-1] if now - made > timedelta(days=keep_days))
