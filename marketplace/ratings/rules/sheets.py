"""The sheet of a provider: how it is rated, in public, as one page to print or keep. Pure values."""

from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderId, ProviderKind
from marketplace.kit.places import CouncilCode
from marketplace.ratings.rules.quarters import Quarter
from marketplace.ratings.rules.scoring import RatingSummary
from marketplace.ratings.rules.trends import Line


@dataclass(frozen=True, slots=True)
class SheetOffer:
    """One live offer of a provider, how it is rated, and when somebody last said that it is right."""

    id: OfferId
    title: str
    category: CategorySlug
    category_name: str
    summary: RatingSummary
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """How many things people asked a provider to change, and what became of them."""

    asked: int
    planned: int
    done: int
    # Of those done: what whoever asked says.
    changed: int
    partly: int
    not_changed: int


@dataclass(frozen=True, slots=True)
class ProviderSheet:
    """
    How a provider is rated in public.

    `stars`, `criteria` and `outcomes` have a cell for each of `quarters`, and one for all the time there is. No cell
    stands for fewer than three people.
    `spread` counts ratings from one star to five: one for each person and offer. `answered` of `reviews` have a reply.
    """

    id: ProviderId
    name: str
    kind: ProviderKind
    council: CouncilCode | None
    quarters: tuple[Quarter, ...]
    stars: Line
    criteria: tuple[Line, ...]
    outcomes: tuple[Line, ...]
    spread: tuple[int, int, int, int, int]
    verified: int
    set_aside: int
    first_month: date | None
    last_month: date | None
    reviews: int
    answered: int
    asked: Asked
    offers: tuple[SheetOffer, ...]

    @property
    def ratings(self) -> int:
        """How many ratings there are."""
        return sum(self.spread)
