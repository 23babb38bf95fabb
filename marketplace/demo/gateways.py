"""The town's files: where everything about the demo town is written, and the lists of real places around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from marketplace.catalogue.gateways import BrokenRow, Mapping, Row, read_mapping, reading_of
from marketplace.demo.rules import WrittenTown

TOWN = Path(__file__).parent / "town"
_LISTS = {
    "libraries": "trafford-libraries",
    "sports_clubs": "trafford-sports-clubs",
    "allotments": "trafford-allotments",
    "food_banks": "trafford-food-banks",
}
"""The files of real places, and the mapping that says how each is written."""


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list of real places, as somebody has published it."""

    mapping: Mapping
    rows: Sequence[Row | BrokenRow]


def read_town(folder: Path = TOWN) -> WrittenTown:
    """
    Read everything that is written about the town.

    :raises ValueError: if a file does not say what it should, or names something that is not written.
    """
    told = _read(folder / "signins.yaml")
    return WrittenTown.model_validate(
        {
            "providers": _joined(folder / "providers"),
            "offers": _joined(folder / "offers"),
            "people": _read(folder / "people.yaml"),
            "reviews": _merged(folder / "reviews"),
            "pools": _read(folder / "pools.yaml"),
            "trade": _read(folder / "arrangements.yaml"),
            "searches": _read(folder / "searches.yaml"),
            "password": told["password"],
            "sign_ins": told["sign_ins"],
            "first_days": _read(folder / "first_days.yaml"),
            "facts": _read(folder / "facts.yaml"),
            "evidence": _read(folder / "checks.yaml"),
            "freshness": _read(folder / "freshness.yaml"),
            "voices": _read(folder / "voices.yaml"),
            "money": _read(folder / "money.yaml"),
            "together": _read(folder / "clubs.yaml"),
            "planning": _read(folder / "plans" / "plans.yaml") | {"pictures": _pictures(folder / "plans")},
            "asking": _read(folder / "plans" / "briefs.yaml"),
            "nation": _read(folder / "nation.yaml"),
        }
    )


def read_lists(*, today: date, folder: Path = TOWN) -> tuple[PublishedList, ...]:
    """
    Read the lists of real places: facts only, each with its licence.

    :raises UnreadableFileError, WrongMappingError: if one cannot be read.
    """
    lists = []
    for name, mapping_name in _LISTS.items():
        mapping = read_mapping(mapping_name)
        rows = reading_of(folder / "universal" / f"{name}.csv", mapping=mapping, today=today).rows
        lists.append(PublishedList(mapping, rows))
    return tuple(lists)


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=_LOADER)  # noqa: S506  (a safe loader either way)


def _pictures(folder: Path) -> dict[str, bytes]:
    """Return the pictures that people drew, by name."""
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.png"))}


def _joined(folder: Path) -> list[Any]:
    return [entry for path in sorted(folder.glob("*.yaml")) for entry in _read(path)]


def _merged(folder: Path) -> dict[str, list[Any]]:
    """Return what every file says of each offer: several may speak of the same one."""
    merged: dict[str, list[Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for offer, reviews in _read(path).items():
            merged.setdefault(offer, []).extend(reviews)
    return merged


# The one written in C reads ten times as fast, where there is one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
