"""What is true of review cards and their codes. Pure: no database, no web, no clock."""

import hashlib
from collections.abc import Callable
from datetime import date

from marketplace.kit.sentences import worded

ALPHABET = "23456789CDFHJKMNPQRTWXY"
"""What a code is made of: nothing that looks like something else, no vowels, so that no word appears by chance."""

GROUP = 4
GROUPS = 3
LENGTH = GROUP * GROUPS
"""Characters of a code, the last of which checks the others."""

MOST_CARDS = 50
"""Cards made at once."""

MOST_CARDS_A_YEAR = 300
"""Cards made for one offer within a year, used or not: how many are left must not say how many were used."""

FEWEST_COUNTED = 3
"""Cards used before we say how many: of fewer, whoever handed them out could tell who wrote."""

YEARS_GOOD = 1

_LOOKALIKES = str.maketrans({"B": "8", "G": "6", "S": "5", "Z": "2"})
# Twenty-three characters: a prime number, so that no weight lets a mistake through.
_WEIGHTS = range(1, LENGTH)
_COST = 2**12


def new_code(draw: Callable[[int], int]) -> str:
    """Return a code, without spaces. `draw` gives a number below the one it is given, each as likely as any other."""
    drawn = "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(LENGTH - 1))
    return drawn + _check_character(drawn)


def code_of(typed: str) -> str | None:
    """
    Return a code as it was made, from what somebody typed, or None if it cannot be one.

    Spaces, hyphens and small letters do not matter, nor a B for an 8. One wrong character, or two swapped, are noticed.
    """
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(_LOOKALIKES)
    if len(code) != LENGTH or any(c not in ALPHABET for c in code):
        return None
    return code if _check_character(code[:-1]) == code[-1] else None


def tidy_code(typed: str) -> str:
    """Return a code that came with an address as a card shows it, or nothing if it is none."""
    code = code_of(typed[: 2 * LENGTH])
    return printed(code) if code else ""


def printed(code: str) -> str:
    """Return a code as a card shows it: in groups that one can keep in mind."""
    return " ".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def code_hash(code: str) -> str:
    """
    Return what we keep of a code: not the code itself.

    It takes a hundredth of a second on purpose, so that nobody who has a copy of the database tries all codes.
    """
    return hashlib.scrypt(code.encode(), salt=b"review card", n=_COST, r=8, p=1, dklen=32).hex()


def number_problem(wanted: int) -> str | None:
    """Return why one cannot make that many cards at once, as a sentence, or None if one can."""
    return (
        None if 1 <= wanted <= MOST_CARDS else worded("Choose a number from 1 to {most_cards}.", most_cards=MOST_CARDS)
    )


def year_problem(*, wanted: int, made_this_year: int) -> str | None:
    """Return why one cannot make that many cards this year, as a sentence, or None if one can."""
    if made_this_year + wanted > MOST_CARDS_A_YEAR:
        return worded(
            "There can be {most_cards_a_year} cards for one offer in a year, and {made_this_year} were made already.",
            most_cards_a_year=MOST_CARDS_A_YEAR,
            made_this_year=made_this_year,
        )
    return None


def last_day(made_on: date) -> date:
    """Return the last day on which a card can be used: a year after it was made."""
    try:
        return made_on.replace(year=made_on.year + YEARS_GOOD)
    except ValueError:  # Made on 29 February.
        return made_on.replace(year=made_on.year + YEARS_GOOD, day=28)


def _check_character(drawn: str) -> str:
    weighed = sum(weight * ALPHABET.index(c) for weight, c in zip(_WEIGHTS, drawn, strict=True))
    return ALPHABET[weighed % len(ALPHABET)]
