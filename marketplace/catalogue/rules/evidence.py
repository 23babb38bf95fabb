"""How sure can anybody be of a provider? What was looked at, by whom, when, and until when. Never one word for all."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from marketplace.catalogue.rules.nouns import (
    CategorySlug,
    CheckKind,
    CheckState,
    CqcLocationId,
    CqcStanding,
    ProviderKind,
)
from marketplace.kit.sentences import one_word, worded

REMIND_BEFORE = timedelta(days=30)
"""How long before a check runs out we tell its provider."""

LONGEST_DETAIL = 500
LONGEST_NAME_OF_CHECKER = 200
FARTHEST = timedelta(days=366 * 10)
"""Nothing that we ask for is good for longer than ten years."""


class DbsLevel(enum.StrEnum):
    """How much of somebody's record a DBS check looks at."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced_barred"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            DbsLevel.BASIC: one_word("Basic"),
            DbsLevel.STANDARD: one_word("Standard"),
            DbsLevel.ENHANCED: one_word("Enhanced"),
            DbsLevel.ENHANCED_BARRED: "Enhanced with barred lists",
        }[self]


HYGIENE_RATINGS = {
    "5": "5, very good",
    "4": "4, good",
    "3": "3, generally satisfactory",
    "2": "2, improvement necessary",
    "1": "1, major improvement necessary",
    "0": "0, urgent improvement necessary",
}
"""The Food Standards Agency's own words for its ratings."""

LEVELS: dict[CheckKind, Mapping[str, str]] = {
    CheckKind.DBS: {level.value: level.words for level in DbsLevel},
    CheckKind.FOOD_HYGIENE: HYGIENE_RATINGS,
}
"""The kinds of check that come in levels, with the words for each."""

_EVERYBODY = frozenset({CheckKind.IDENTITY, CheckKind.INSURANCE})
_PEOPLE = frozenset({CheckKind.DBS, CheckKind.REFERENCES})
_TAUGHT = frozenset({CheckKind.TRAINING})
_CARE = _PEOPLE | _TAUGHT | {CheckKind.CQC_REGISTRATION}

MATTERS: dict[CategorySlug, frozenset[CheckKind]] = {
    CategorySlug(slug): kinds
    for slug, kinds in {
        "personal-care": _CARE,
        "personal-assistance": _CARE,
        "overnight-support": _CARE,
        "homes-and-housing": _CARE | {CheckKind.FOOD_HYGIENE},
        "short-breaks": _PEOPLE | _TAUGHT,
        "companionship": _PEOPLE,
        "getting-about": _PEOPLE | _TAUGHT,
        "day-opportunities": _PEOPLE | _TAUGHT,
        "peer-support": _PEOPLE | _TAUGHT,
        "health-and-wellbeing": _PEOPLE | _TAUGHT,
        "sport-and-leisure": _PEOPLE | _TAUGHT,
        "arts-and-music": _PEOPLE,
        "learning-and-work": _PEOPLE,
        "home-and-garden": _PEOPLE,
        "managing-money": _PEOPLE | _TAUGHT,
        "money-and-planning": _PEOPLE | _TAUGHT,
        "food-and-meals": frozenset({CheckKind.FOOD_HYGIENE}),
    }.items()
}
"""What matters for a kind of support, besides who they are and that they are insured. Elsewhere only those two do."""

_WHY_NOT_NEEDED: dict[CheckKind, str] = {
    CheckKind.DBS: "Only for those who are alone with people.",
    CheckKind.REFERENCES: "Only for those who are alone with people.",
    CheckKind.TRAINING: "Only where somebody has to be taught how.",
    CheckKind.FOOD_HYGIENE: "Only for those who make or serve food.",
    CheckKind.CQC_REGISTRATION: "Only for personal care.",
}


@dataclass(frozen=True, slots=True)
class Check:
    """What was last written down of one kind of check. It holds through the day it expires on."""

    kind: CheckKind
    state: CheckState
    level: str = ""
    detail: str = ""
    checked_by: str = ""
    checked_on: date | None = None
    expires_on: date | None = None
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A place on the register of the Care Quality Commission, as it was when we last read that."""

    location_id: CqcLocationId
    name: str
    is_registered: bool
    rating: str
    rated_on: date | None
    read_on: date

    @property
    def href(self) -> str:
        """Its page on the Care Quality Commission's own site."""
        return location_page(self.location_id)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a provider gives, and nobody has compared yet. `read_on` is when we last read the register."""

    is_found: bool
    read_on: date | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one kind of check stands on a day. `ran_out_on` is set where it was checked, and that is over."""

    kind: CheckKind
    state: CheckState
    level: str = ""
    detail: str = ""
    by: str = ""
    since: date | None = None
    until: date | None = None
    ran_out_on: date | None = None
    why: str = ""
    registration: Registration | None = None
    claim: Claim | None = None

    @property
    def label(self) -> str:
        """What it is called on a page, with its level."""
        has_level = self.level and self.kind in LEVELS
        return f"{self.kind.words}, {self.level[:1].lower()}{self.level[1:]}" if has_level else self.kind.words


def location_page(location_id: CqcLocationId) -> str:
    """Return the address of a location's page on the Care Quality Commission's site."""
    return f"https://www.cqc.org.uk/location/{location_id}"


def has_run_out(check: Check, *, on: date) -> bool:
    """Test whether a check's last day is over."""
    return check.expires_on is not None and on > check.expires_on


def holds(check: Check, *, on: date) -> bool:
    """Test whether somebody checked it and that still counts. The only ones that a search for checks finds."""
    return check.state is CheckState.CHECKED and not has_run_out(check, on=on)


def kinds_that_matter(
    categories: Iterable[CategorySlug], *, provider: ProviderKind, standing: CqcStanding | None = None
) -> frozenset[CheckKind]:
    """
    Return the checks that matter for some kinds of support. None do for what is open to everyone: nobody sells it.

    `standing` is how an offer stands to registration, where that is known.
    """
    if provider is ProviderKind.UNIVERSAL_SERVICE:
        return frozenset()
    kinds = _EVERYBODY.union(*(MATTERS.get(category, frozenset()) for category in categories))
    if standing is CqcStanding.REGISTERED:
        return kinds | {CheckKind.CQC_REGISTRATION}
    return kinds if standing is None else kinds - {CheckKind.CQC_REGISTRATION}


def evidence_of(
    checks: Iterable[Check],
    *,
    matter: frozenset[CheckKind],
    on: date,
    registration: Registration | None = None,
    claim: Claim | None = None,
    no_cqc_because: str = "",
) -> tuple[Evidence, ...]:
    """
    Return how every kind of check stands on a day, in one order for everybody.

    What ran out demotes itself: it was checked, and is not any more. Where nothing matters, only what is known is told.
    """
    known = {check.kind: check for check in checks}
    found = []
    for kind in CheckKind:
        check = known.get(kind)
        about = registration if kind is CheckKind.CQC_REGISTRATION else None
        if check is not None and (kind in matter or about or check.state is not CheckState.NOT_CHECKED):
            shown = _evidence(check, on=on, registration=about)
            is_claim = kind is CheckKind.CQC_REGISTRATION and check.state is CheckState.DECLARED
            found.append(replace(shown, claim=claim) if is_claim else shown)
        elif kind in matter:
            found.append(Evidence(kind, CheckState.NOT_CHECKED))
        elif matter:
            is_said = kind is CheckKind.CQC_REGISTRATION and no_cqc_because
            why = (
                worded("The provider says: {no_cqc_because}", no_cqc_because=no_cqc_because)
                if is_said
                else _WHY_NOT_NEEDED.get(kind, "")
            )
            found.append(Evidence(kind, CheckState.NOT_NEEDED, why=why))
    return tuple(found)


def _evidence(check: Check, *, on: date, registration: Registration | None) -> Evidence:
    is_over = has_run_out(check, on=on)
    is_off_register = registration is not None and not registration.is_registered
    state = CheckState.NOT_CHECKED if is_over or is_off_register else check.state
    return Evidence(
        kind=check.kind,
        state=state,
        level=level_words(check.kind, check.level),
        detail=check.detail,
        by=check.checked_by,
        since=check.checked_on or check.recorded_on,
        until=None if is_over else check.expires_on,
        ran_out_on=check.expires_on if is_over and check.state is CheckState.CHECKED else None,
        why=check.detail if check.state is CheckState.NOT_NEEDED else "",
        registration=registration,
    )


def level_words(kind: CheckKind, level: str) -> str:
    """Return what a level is called on a page. Where there are no levels, as it is."""
    return LEVELS.get(kind, {}).get(level, level)


def level_problem(kind: CheckKind, level: str) -> str | None:
    """Return why a level will not do, as a sentence, or None if it will."""
    if kind in LEVELS and level not in LEVELS[kind]:
        return "Choose which DBS check it is." if kind is CheckKind.DBS else "Choose the rating, from 0 to 5."
    return None


def days_problem(*, checked_on: date | None, expires_on: date | None, today: date) -> tuple[str, str] | None:
    """Return which day will not do and why, as a field and a sentence, or None if both will."""
    if checked_on is not None and checked_on > today:
        return "checked_on", "Enter a day that has been: nobody has checked it in the future."
    if expires_on is not None and expires_on < today:
        return "expires_on", "That day is over. Enter the last day on which it holds, or leave it empty."
    if expires_on is not None and expires_on > today + FARTHEST:
        return "expires_on", "Enter a day within ten years."
    return None
