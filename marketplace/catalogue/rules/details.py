"""What a provider tells us about itself and its offers, and what will not do."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from marketplace.catalogue.rules.facts import NO_FACTS, PublishedFacts
from marketplace.catalogue.rules.nouns import (
    AccessFact,
    Capacity,
    CategorySlug,
    CqcStanding,
    Day,
    PartOfDay,
    Setting,
    SourceKey,
    WayToPay,
)
from marketplace.catalogue.rules.pricing import LONGEST_INCLUDED, notice_problem, travel_problem
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode, Place, Precision
from marketplace.kit.sentences import worded

LONGEST_NAME = 120
LONGEST_TITLE = 100
LONGEST_DESCRIPTION = 4000
LONGEST_ABOUT = 2000
LONGEST_SUITS = 1000
LONGEST_BECAUSE = 1000
LONGEST_LANGUAGE = 40
MOST_LANGUAGES = 12
MOST_COUNCILS = 20

FARTHEST_TRAVEL = 160_000
"""The most metres a provider can say they travel: a hundred miles, all but a few steps."""

LONGEST_WEB_ADDRESS = 500
OVER_HALF = 50


@dataclass(frozen=True, slots=True)
class OfferDetails:
    """
    Everything a provider tells us about an offer but its price. Distances are metres.

    `included` and `suits` are the provider's own words; `notice_hours` is until when somebody can cancel and pay
    nothing; `councils` are areas served whole, however far; `languages` are those besides English.
    """

    title: str
    category: CategorySlug
    description: str
    setting: Setting
    is_free: bool
    place: Place | None = None
    address: str = ""
    travels_metres: int | None = None
    access: frozenset[AccessFact] = frozenset()
    included: str = ""
    suits: str = ""
    notice_hours: int | None = None
    travel_per_mile: Money | None = None
    video_url: str | None = None
    video_has_captions: bool = False
    capacity: Capacity | None = None
    councils: frozenset[CouncilCode] = frozenset()
    times: frozenset[tuple[Day, PartOfDay]] = frozenset()
    ways_to_pay: frozenset[WayToPay] = frozenset()
    languages: frozenset[str] = frozenset()
    cqc_standing: CqcStanding | None = None
    cqc_because: str = ""


@dataclass(frozen=True, slots=True)
class UniversalService:
    """One place or service open to everyone, as a published list has it. Its point is in metres on the grid."""

    source: SourceKey
    source_key: str
    title: str
    category: CategorySlug
    provider_name: str
    provider_key: str
    description: str = ""
    setting: Setting = Setting.AT_PLACE
    address: str = ""
    postcode: str | None = None
    easting: int | None = None
    northing: int | None = None
    council: CouncilCode | None = None
    is_free: bool = False
    access: frozenset[AccessFact] = frozenset()
    website: str | None = None
    facts: PublishedFacts = NO_FACTS


def staff_problem(*, staff_fte: Decimal, most: Decimal) -> str | None:
    """
    Return why a number of staff is not that of a micro-provider, as a sentence, or None if it is [001].

    Staff are counted as full-time equivalents: two people on half time are one.
    """
    if staff_fte <= 0:
        return "Enter how many full-time staff you have, counting yourself. Two half-time people are one."
    if staff_fte > most:
        return worded(
            "A micro-provider has at most {normalize:f} full-time staff, so that small providers are found. "
            "You have more than that.",
            normalize=most.normalize(),
        )
    return None


def board_problem(board_share: int) -> str | None:
    """Return why a board share is not that of a user-led organisation, as a sentence, or None if it is."""
    if not 0 <= board_share <= 100:  # noqa: PLR2004  (a percentage)
        return "Enter how many in every hundred people on your board use support: 0 to 100."
    if board_share <= OVER_HALF:
        return "An organisation is user-led when more than half of its board use support themselves."
    return None


def words_problem(*, title: str, description: str) -> tuple[str, str] | None:
    """Return which words of an offer will not do, and why, or None if they will."""
    if not title:
        return "title", "Give your offer a name."
    if len(title) > LONGEST_TITLE:
        return "title", worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE)
    if not description:
        return "description", "Say what you offer."
    if len(description) > LONGEST_DESCRIPTION:
        return "description", worded(
            "Use at most {longest_description:,} characters.", longest_description=LONGEST_DESCRIPTION
        )
    return None


def facts_problem(details: OfferDetails) -> tuple[str, str] | None:
    """Return which fact about an offer will not do, and why, or None if they all will. Words are tidied already."""
    wrong = {
        "suits": _too_long(details.suits, LONGEST_SUITS),
        "included": _too_long(details.included, LONGEST_INCLUDED),
        "cqc_because": _too_long(details.cqc_because, LONGEST_BECAUSE),
        "notice_hours": notice_problem(details.notice_hours),
        "travel_per_mile": travel_problem(details.travel_per_mile),
        "councils": worded("Name at most {most_councils} councils.", most_councils=MOST_COUNCILS)
        if len(details.councils) > MOST_COUNCILS
        else None,
        "languages": languages_problem(details.languages),
        "video_url": video_problem(details.video_url),
    }
    return next(((fact, problem) for fact, problem in wrong.items() if problem), None)


def languages_problem(languages: Collection[str]) -> str | None:
    """Return why some languages will not do, as a sentence, or None if they will."""
    if len(languages) > MOST_LANGUAGES:
        return worded("Name at most {most_languages} languages.", most_languages=MOST_LANGUAGES)
    if any(len(language) > LONGEST_LANGUAGE for language in languages):
        return worded(
            "Put a comma between one language and the next. Each has at most {longest_language} letters.",
            longest_language=LONGEST_LANGUAGE,
        )
    return None


def video_problem(url: str | None) -> str | None:
    """Return why the address of a video will not do, as a sentence, or None if it will, or there is none."""
    if url is None or (web_address(url) == url and url.startswith("https://")):
        return None
    return "Enter the address of your video. It begins with https://."


def _too_long(words: str, most: int) -> str | None:
    return worded("Use at most {most:,} characters.", most=most) if len(words) > most else None


_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)


def web_address(typed: str | None) -> str | None:
    """Return a web address that a link may lead to, with its `https://` if that was left out, or None if it is none."""
    text = (typed or "").strip()
    if text and "://" not in text:
        text = f"https://{text}"
    return text if _WEB_ADDRESS.fullmatch(text) and len(text) <= LONGEST_WEB_ADDRESS else None


def postcode_of(place: Place) -> str | None:
    """Return the postcode of a place, or the part of one that it was given by, or None for a council."""
    return None if place.precision is Precision.COUNCIL else place.name
