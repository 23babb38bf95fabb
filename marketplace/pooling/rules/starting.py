"""What is true of pools in which people still find each other. Pure: no database, no web, no clock."""

from dataclasses import dataclass
from datetime import timedelta

from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.places import Place, Precision
from marketplace.pooling.rules.nouns import InterestSlug, PoolOrigin, PoolStatus

MOST_DRAFTS = 5
"""How many pools one person may keep going at once that are still finding people."""
FEWEST_SAID = 3
"""Strangers, and providers, are told no number of people below this."""
QUIET_AFTER = timedelta(days=14)
"""How long a pool may be quiet before those who keep it going are asked about it."""
NUDGED_EVERY = timedelta(days=28)
LONGEST_LAST_WORDS = 1_000
"""Most characters in what is kept about why a pool ended."""
_COARSE = frozenset({Precision.OUTWARD, Precision.COUNCIL})


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What somebody says who looks for people. `area` is no finer than the first part of a postcode."""

    began_from: PoolOrigin
    title: str
    purpose: str
    area: Place
    is_listed: bool
    called: str
    interest: InterestSlug | None = None
    category: CategorySlug | None = None


def is_coarse(area: Place) -> bool:
    """Test whether a place is no finer than the first part of a postcode: nobody's street."""
    return area.precision in _COARSE


def people_shown(people: int) -> int:
    """Return how many people strangers are told of: 0 says that it is too few to say."""
    return people if people >= FEWEST_SAID else 0


def is_a_call(*, began_from: PoolOrigin, status: PoolStatus, people: int) -> bool:
    """Test whether providers see a pool as a wish that they can answer: from three households on, never before."""
    return began_from is PoolOrigin.WISH and status is PoolStatus.DRAFT and people >= FEWEST_SAID
