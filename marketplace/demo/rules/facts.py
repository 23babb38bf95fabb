"""What the town's offers tell besides their words: when, for whom, what is included, how to pay."""

from collections.abc import Mapping
from random import Random
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from marketplace.catalogue.rules import Day, PartOfDay, ProviderKind, Setting, WayToPay
from marketplace.kit.places import CouncilCode


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pattern(_Strict):
    """Some parts of some days of the week."""

    days: tuple[Day, ...]
    parts: tuple[PartOfDay, ...]


class CategoryFacts(_Strict):
    """What offers of one category may tell."""

    when: tuple[str, ...]
    suits: tuple[str, ...]
    included: tuple[str, ...]
    notice_hours: tuple[int, ...]


class ProviderFacts(_Strict):
    """What all offers of one provider tell."""

    languages: tuple[str, ...] = ()
    councils: tuple[CouncilCode, ...] = ()


class WrittenFacts(_Strict):
    """Everything that offers draw from."""

    patterns: Mapping[str, Pattern]
    categories: Mapping[str, CategoryFacts]
    providers: Mapping[str, ProviderFacts]
    anybody: tuple[tuple[WayToPay, ...], ...]
    per_mile: tuple[int | None, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """:raises ValueError: if a category is at times that are not written."""
        named = {name for category in self.categories.values() for name in category.when}
        if missing := sorted(named - set(self.patterns)):
            raise ValueError(f"no such times: {', '.join(missing)}")
        return self


class Facts(_Strict):
    """What one offer tells. `per_mile` is pence."""

    times: frozenset[tuple[Day, PartOfDay]]
    suits: str
    included: str
    notice_hours: int | None
    ways: frozenset[WayToPay]
    languages: frozenset[str]
    councils: frozenset[CouncilCode]
    per_mile: int | None


def facts_of(
    written: WrittenFacts,
    *,
    offer: str,
    title: str,
    provider: str,
    kind: ProviderKind,
    category: str,
    setting: Setting,
    free: bool,
) -> Facts:
    """Return what an offer tells: always the same, whatever others there are."""
    draw, of_provider = Random(f"facts {offer}"), Random(f"facts {provider}")  # noqa: S311  (nobody is to be surprised)
    known, told = written.categories[category], written.providers.get(provider, ProviderFacts())
    pattern = written.patterns[draw.choice(known.when)]
    ways = of_provider.choice(written.anybody) if kind is ProviderKind.MICRO_PROVIDER else tuple(WayToPay)
    per_mile = of_provider.choice(written.per_mile)
    return Facts(
        times=_times(title, pattern),
        suits=draw.choice(known.suits),
        included=draw.choice(known.included),
        notice_hours=None if free else draw.choice(known.notice_hours),
        ways=frozenset() if free else frozenset(ways),
        languages=frozenset(told.languages),
        councils=frozenset(told.councils),
        per_mile=per_mile if setting is Setting.AT_HOME and not free else None,
    )


def _times(title: str, pattern: Pattern) -> frozenset[tuple[Day, PartOfDay]]:
    """Return when an offer is. What its name says of days and times goes before what was drawn."""
    named = title.lower()
    days = [day for day in Day if day.words.lower() in named] or pattern.days
    parts = [part for part in PartOfDay if part.value in named] or pattern.parts
    return frozenset((day, part) for day in days for part in parts)
