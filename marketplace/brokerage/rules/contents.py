"""All that is in a plan at one moment: what a version keeps, a link shows and a file takes away. Pure."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.brokerage.rules.costing import Cost, PriceState, Times, cost
from marketplace.brokerage.rules.nouns import (
    Circle,
    CostedBy,
    FileId,
    FileKind,
    HowOften,
    LineId,
    OutcomeId,
    Part,
    PartOfDay,
)
from marketplace.catalogue.rules import OfferId
from marketplace.kit.money import Money

FORMAT = 1
"""Which edition of the shape below a kept version was written in."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One line, with what it cost at that moment. `title` and `by` are of the offer or pool that said its price."""

    id: LineId
    outcome_id: OutcomeId
    outcome: str
    wish: str
    what_would_help: str
    costed_by: CostedBy
    state: PriceState
    offer_id: OfferId | None
    pool_key: uuid.UUID | None
    title: str
    by: str
    # "an hour", "each".
    unit: str
    unit_price: Money | None
    own_price: Money | None
    times: Times
    sold_by: str
    added_by: PersonId
    sold_by_id: OrganisationId | None

    @property
    def cost(self) -> Cost:
        """What it costs."""
        return cost(state=self.state, unit_price=self.unit_price, times=self.times)


@dataclass(frozen=True, slots=True)
class KeptItem:
    """One thing in the picture of a week."""

    day: int
    part_of_day: PartOfDay
    words: str
    drawing: str | None
    file_id: FileId | None
    line_id: LineId | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A picture, sound, film or document: what is said of it. What is in it stays where it is."""

    id: FileId
    part: Part
    kind: FileKind
    said: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class KeptSupporter:
    """Somebody who helps."""

    circle: Circle
    called: str
    how: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is in a plan at one moment."""

    parts: Mapping[Part, str]
    lines: tuple[KeptLine, ...] = ()
    week: tuple[KeptItem, ...] = ()
    files: tuple[KeptFile, ...] = ()
    supporters: tuple[KeptSupporter, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody has told anything yet."""
        return not (any(self.parts.values()) or self.lines or self.week or self.files or self.supporters)

    def files_of(self, part: Part) -> tuple[KeptFile, ...]:
        """Return what tells one part besides words."""
        return tuple(file for file in self.files if file.part is part)

    def supporters_in(self, circle: Circle) -> tuple[KeptSupporter, ...]:
        """Return who helps in one circle."""
        return tuple(it for it in self.supporters if it.circle is circle)


def written(contents: Contents) -> str:
    """Return contents as the text that a version keeps."""
    kept = {
        "format": FORMAT,
        "parts": dict(contents.parts),
        "lines": [asdict(line) for line in contents.lines],
        "week": [asdict(item) for item in contents.week],
        "files": [asdict(file) for file in contents.files],
        "supporters": [asdict(it) for it in contents.supporters],
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)


def without_words_of(contents: Contents, file_id: FileId) -> Contents:
    """Return contents that still know that there was a file, and nothing else of it."""
    files = tuple(replace(it, said="", name="") if it.id == file_id else it for it in contents.files)
    return replace(contents, files=files)


def taken_away(contents: Contents) -> dict[str, object]:
    """Return contents as a person takes them away: nothing that only this site can read, and money in pounds."""
    return {
        "format": FORMAT,
        "parts": {part.value: words for part, words in contents.parts.items()},
        "lines": [_line_taken(line) for line in contents.lines],
        "week": [
            {"day": it.day, "part_of_day": it.part_of_day.value, "words": it.words, "drawing": it.drawing}
            for it in contents.week
        ],
        "files": [
            {"part": it.part.value, "kind": it.kind.value, "said": it.said, "name": it.name} for it in contents.files
        ],
        "supporters": [{"circle": it.circle.value, "called": it.called, "how": it.how} for it in contents.supporters],
    }


def _line_taken(line: KeptLine) -> dict[str, object]:
    its_cost = line.cost
    return {
        "wish": line.wish,
        "what_would_help": line.what_would_help,
        "outcome": line.outcome,
        "outcome_id": line.outcome_id,
        "price_from": line.title,
        "provider": line.by,
        "sold_by_whoever_added_it": line.sold_by,
        "price": str(line.unit_price.pounds) if line.unit_price is not None else None,
        "unit": line.unit,
        "quantity": line.times.quantity,
        "how_often": line.times.how_often.value,
        "weeks": line.times.weeks,
        "a_week": str(its_cost.a_week.pounds) if its_cost.a_week is not None else None,
        "a_year": str(its_cost.a_year.pounds) if its_cost.a_year is not None else None,
    }


def read(text: str) -> Contents:
    """Return contents as a version has kept them."""
    kept = json.loads(text)
    return Contents(
        parts={part: kept["parts"].get(part, "") for part in Part},
        lines=tuple(_line(line) for line in kept["lines"]),
        week=tuple(_item(item) for item in kept["week"]),
        files=tuple(_file(file) for file in kept["files"]),
        supporters=tuple(KeptSupporter(Circle(it["circle"]), it["called"], it["how"]) for it in kept["supporters"]),
    )


def _line(kept: Mapping[str, Any]) -> KeptLine:
    times = kept["times"]
    return KeptLine(
        id=LineId(uuid.UUID(kept["id"])),
        outcome_id=OutcomeId(kept["outcome_id"]),
        outcome=kept["outcome"],
        wish=kept["wish"],
        what_would_help=kept["what_would_help"],
        costed_by=CostedBy(kept["costed_by"]),
        state=PriceState(kept["state"]),
        offer_id=OfferId(uuid.UUID(kept["offer_id"])) if kept["offer_id"] else None,
        pool_key=uuid.UUID(kept["pool_key"]) if kept["pool_key"] else None,
        title=kept["title"],
        by=kept["by"],
        unit=kept["unit"],
        unit_price=_money(kept["unit_price"]),
        own_price=_money(kept["own_price"]),
        times=Times(times["quantity"], HowOften(times["how_often"]), times["weeks"]),
        sold_by=kept["sold_by"],
        added_by=PersonId(uuid.UUID(kept["added_by"])),
        sold_by_id=OrganisationId(uuid.UUID(kept["sold_by_id"])) if kept["sold_by_id"] else None,
    )


def _item(kept: Mapping[str, Any]) -> KeptItem:
    return KeptItem(
        day=kept["day"],
        part_of_day=PartOfDay(kept["part_of_day"]),
        words=kept["words"],
        drawing=kept["drawing"],
        file_id=FileId(uuid.UUID(kept["file_id"])) if kept["file_id"] else None,
        line_id=LineId(uuid.UUID(kept["line_id"])) if kept["line_id"] else None,
    )


def _file(kept: Mapping[str, Any]) -> KeptFile:
    return KeptFile(
        id=FileId(uuid.UUID(kept["id"])),
        part=Part(kept["part"]),
        kind=FileKind(kept["kind"]),
        said=kept["said"],
        name=kept["name"],
        media_type=kept["media_type"],
    )


def _money(kept: Mapping[str, int] | None) -> Money | None:
    return Money(kept["pence"]) if kept else None
