"""A published list of outcomes as it is written, and what is wrong with one, row by row. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded
from marketplace.ratings.rules.criteria import EVERYBODYS
from marketplace.ratings.rules.nouns import OutcomeId, SchemeCode

MOST_OUTCOMES = 40
"""More than so many nobody reads. The Care Act has nine, Lewisham seven [004]."""
LONGEST_NAME = 160
_CODE = re.compile(r"[a-z][a-z0-9-]{0,38}")


@dataclass(frozen=True, slots=True)
class WrittenOutcome:
    """One outcome of a list. `means` are codes of the Care Act's nine that it comes close to."""

    code: str
    name: str
    means: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenScheme:
    """A list of outcomes, as somebody published it. Without a council it is everybody's."""

    code: SchemeCode
    name: str
    council: CouncilCode | None
    source: str
    since: date
    outcomes: tuple[WrittenOutcome, ...]


def outcome_id(scheme: SchemeCode, code: str) -> OutcomeId:
    """Return the id of an outcome: a list that is brought in again is the same list."""
    return OutcomeId(f"{scheme}.{code}")


def problems_of(scheme: WrittenScheme) -> tuple[str, ...]:
    """Return everything that is wrong with a list, each as a sentence that says where; nothing if it can be used."""
    if not _CODE.fullmatch(scheme.code):
        return (
            worded(
                "The list cannot be called “{code}”: use small letters, figures and hyphens, like “lewisham”.",
                code=scheme.code,
            ),
        )
    found = []
    if (scheme.council is None) is not (scheme.code == EVERYBODYS):
        found.append("Say whose list it is: “council” is the nine characters of a council’s code, such as E09000023.")
    if not scheme.name or not scheme.source:
        found.append("Say what the list is called (“name”) and where it is published (“source”).")
    if not 0 < len(scheme.outcomes) <= MOST_OUTCOMES:
        found.append(
            worded(
                "A list has from 1 to {most_outcomes} outcomes, and this one has {outcomes}.",
                most_outcomes=MOST_OUTCOMES,
                outcomes=len(scheme.outcomes),
            )
        )
    return (*found, *_problems_of_rows(scheme.outcomes))


def _problems_of_rows(rows: tuple[WrittenOutcome, ...]) -> Iterator[str]:
    codes, names = Counter(row.code for row in rows), Counter(row.name.casefold() for row in rows)
    for number, row in enumerate(rows, start=1):
        problem = _row_problem(row)
        if problem is None and codes[row.code] > 1:
            problem = worded("“{code}” is there {codes} times.", code=row.code, codes=codes[row.code])
        if problem is None and names[row.name.casefold()] > 1:
            problem = worded("“{name}” is there {names} times.", name=row.name, names=names[row.name.casefold()])
        if problem:
            yield worded("Outcome {number}: {problem}", number=number, problem=problem)


def _row_problem(row: WrittenOutcome) -> str | None:
    if not _CODE.fullmatch(row.code):
        return worded(
            "“{code}” is no code: use small letters, figures and hyphens, at most 39, like “day-to-day-life”.",
            code=row.code,
        )
    if not row.name:
        return worded("“{code}” has no name.", code=row.code)
    if len(row.name) > LONGEST_NAME:
        return worded(
            "the name of “{code}” is longer than {longest_name} characters.", code=row.code, longest_name=LONGEST_NAME
        )
    if len(set(row.means)) < len(row.means):
        return worded("“{code}” means the same thing twice.", code=row.code)
    return None
