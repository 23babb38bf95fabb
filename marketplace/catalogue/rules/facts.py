"""What a published list says of an entry beyond words and place, where it says so in a way that leaves no doubt."""

from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.rules.nouns import AccessFact, Capacity, CategorySlug, Day, PartOfDay, Setting, WayToPay
from marketplace.catalogue.rules.sharing import SharedPrice
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """Facts that need no guessing. None and nothing mean that the list does not say."""

    category: CategorySlug | None = None
    setting: Setting | None = None
    travels_metres: int | None = None
    council: CouncilCode | None = None
    serves: frozenset[CouncilCode] = frozenset()
    access: frozenset[AccessFact] = frozenset()
    prices: tuple[SharedPrice, ...] = ()
    travel_per_mile: Money | None = None
    notice_hours: int | None = None
    suits: str = ""
    times: frozenset[tuple[Day, PartOfDay]] = frozenset()
    ways: frozenset[WayToPay] = frozenset()
    languages: frozenset[str] = frozenset()
    youngest: int | None = None
    oldest: int | None = None
    capacity: Capacity | None = None
    capacity_on: date | None = None


NO_FACTS = PublishedFacts()
