"""What people rate by: what becomes of a criterion, what its words may be, whose list of outcomes holds. Pure."""

import enum
from collections.abc import Mapping

from marketplace.kit.sentences import worded
from marketplace.kit.spotting import spot
from marketplace.ratings.rules.nouns import CriterionStatus, Ground, SchemeCode
from marketplace.ratings.rules.screening import grounds_in

EVERYBODYS = SchemeCode("care-act")
"""The list of outcomes for a council that has none of its own."""
FEWEST_LETTERS, MOST_LETTERS = 3, 80
"""How many characters a criterion has. It must fit on a picture tile, and be read at a glance."""
LONGEST_WHY = 500
MOST_PROPOSED = 3
"""So many of one person's criteria can wait for the panel at once: it reads them all."""
LONGEST_REASON = 500
PICTURES: Mapping[str, str] = {
    "listen": "An ear",
    "respect": "A heart over an open hand",
    "on_time": "A clock",
    "same_people": "Two people",
    "in_charge": "A steering wheel",
    "money": "A pound coin",
    "understand": "A heart in a head",
    "skill": "A rosette",
    "safe": "A shield",
    "answer": "Two speech bubbles",
    "ordinary": "The sun coming up",
    "home": "A house with a heart",
    "food": "A plate, a knife and a fork",
    "travel": "A car",
    "meet": "Three people",
    "enjoy": "A laughing face",
    "get_in": "A wheelchair",
    "calm": "The moon",
    "learn": "An open book",
    "been_there": "A path to a flag",
    "explain": "A speech bubble",
    "works": "A plug",
    "feels_home": "A sofa",
}
"""The drawings that we have for picture tiles, by name, and what is on each."""


class Ruling(enum.StrEnum):
    """What the panel does with a criterion."""

    ADOPT = "adopt"
    MERGE = "merge"
    RETIRE = "retire"
    REFUSE = "refuse"


_NEXT: Mapping[CriterionStatus, Mapping[Ruling, CriterionStatus]] = {
    CriterionStatus.PROPOSED: {
        Ruling.ADOPT: CriterionStatus.ADOPTED,
        Ruling.MERGE: CriterionStatus.MERGED,
        Ruling.REFUSE: CriterionStatus.REFUSED,
    },
    CriterionStatus.ADOPTED: {Ruling.MERGE: CriterionStatus.MERGED, Ruling.RETIRE: CriterionStatus.RETIRED},
    # What was not said for years may matter again.
    CriterionStatus.RETIRED: {Ruling.ADOPT: CriterionStatus.ADOPTED, Ruling.MERGE: CriterionStatus.MERGED},
    CriterionStatus.MERGED: {},
    CriterionStatus.REFUSED: {},
}


def rulings_for(status: CriterionStatus) -> tuple[Ruling, ...]:
    """Return what the panel can do with a criterion that stands so."""
    return tuple(_NEXT[status])


def status_after(status: CriterionStatus, ruling: Ruling) -> CriterionStatus | None:
    """Return where a criterion stands after a ruling, or None if the panel cannot do that with it."""
    return _NEXT[status].get(ruling)


def words_problem(words: str) -> str | None:
    """Return why some words cannot be a criterion, as a sentence, or None if they can."""
    if not words:
        return "Write what matters to you, in a few words."
    if not FEWEST_LETTERS <= len(words) <= MOST_LETTERS:
        return worded(
            "Use from {fewest_letters} to {most_letters} characters: it has to be read at a glance.",
            fewest_letters=FEWEST_LETTERS,
            most_letters=MOST_LETTERS,
        )
    return _shown_problem(words)


def why_problem(why: str) -> str | None:
    """Return why a proposal cannot be explained so, as a sentence, or None if it can."""
    return (
        worded("Use at most {longest_why} characters.", longest_why=LONGEST_WHY)
        if len(why) > LONGEST_WHY
        else _shown_problem(why)
    )


def reason_problem(reason: str) -> str | None:
    """Return why the panel's reason will not do, as a sentence, or None if it will."""
    if not reason:
        return "Give the reason. Everybody can read it."
    return (
        worded("Use at most {longest_reason} characters.", longest_reason=LONGEST_REASON)
        if len(reason) > LONGEST_REASON
        else None
    )


def _shown_problem(words: str) -> str | None:
    """
    Return why nobody else should read some words, or None.

    A proposal is about support as such, never about somebody: what would have a person read a review first has no
    place in it, and its writer can still change it.
    """
    found = grounds_in((words,))
    if Ground.SAFEGUARDING in found:
        return (
            "This sounds as if somebody may be hurt or in danger. Please tell a safeguarding team: the way to them is "
            "on this page. Here, write only what matters about support in general."
        )
    told = spot(words)
    if told:
        return worded("Leave out names and ways to reach somebody. We found “{text}”.", text=told[0].text)
    if found:
        return "Write only what matters about support in general: nothing about one person, and no adverts."
    return None
