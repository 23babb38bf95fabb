"""
Sentences that remember what they were made of, so that they can be said again in another language. Pure.

Whoever writes one gets English, an ordinary string. The page, or the letter, that shows it asks it to be said in the
reader's language. A sentence that is joined to others by `+`, `join` or in an f-string becomes ordinary English again.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from string import Formatter
from typing import Literal, Protocol

from marketplace.kit.money import Money


class Says(Protocol):
    """A language, as a sentence sees it."""

    def message(self, message: str) -> str:
        """Return a message in this language, its places still open."""

    def counted(self, number: int, one: str, many: str) -> str:
        """Return a number with its noun."""

    def number(self, number: float) -> str:
        """Return a number as it is written."""

    def money(self, amount: Money) -> str:
        """Return an amount as it is written, without pence when it has none."""

    def day(self, when: date) -> str:
        """Return a day as people say it."""

    def month(self, when: date) -> str:
        """Return a month as people say it."""

    def moment(self, when: datetime) -> str:
        """Return a moment as people say it."""

    def say(self, value: object) -> object:
        """Return whatever may be said in this language so; anything else as it is."""


def places(message: str) -> frozenset[tuple[str, str, str]]:
    """
    Return what a message leaves open: names, and how each is written.

    :raises ValueError: if its braces do not match.
    """
    parts = Formatter().parse(message)
    return frozenset((name, form or "", how or "") for _, name, form, how in parts if name is not None)


class Sentence(str):
    """A string that can be said in another language."""

    __slots__ = ()

    def __str__(self) -> str:
        """Stay what it is, where a plain string would be made of it."""
        return self

    def said_in(self, language: Says) -> str:
        """Return it in a language."""
        return language.message(str.__str__(self))


class _Filled(Sentence):
    """A message, and what goes into its places."""

    __slots__ = ("_message", "_values")
    _message: str
    _values: Mapping[str, object]

    def said_in(self, language: Says) -> str:
        values = {name: language.say(value) for name, value in self._values.items()}
        # A translation has the places of its message and no others: a catalogue takes none that differs.
        return language.message(self._message).format_map(values)


class _Counted(Sentence):
    """A number with its noun."""

    __slots__ = ("_many", "_number", "_one")
    _one: str
    _many: str
    _number: int

    def said_in(self, language: Says) -> str:
        return language.counted(self._number, self._one, self._many)


class _Joined(Sentence):
    """Several things, with something between them."""

    __slots__ = ("_between", "_parts")
    _between: str
    _parts: tuple[str, ...]

    def said_in(self, language: Says) -> str:
        return self._between.join(str(language.say(part)) for part in self._parts)


class _Spoken(Sentence):
    """A day, a month, a moment or an amount."""

    __slots__ = ("_how", "_what")
    _how: str
    _what: object

    def said_in(self, language: Says) -> str:
        said: str = getattr(language, self._how)(self._what)
        return said


def worded(message: str, /, **values: object) -> str:
    """
    Return a sentence with something in it: `worded("{name} has left.", name=…)`.

    Its places are those of `str.format`, so that it says in English what an f-string would.
    """
    made = _Filled(message.format_map(values))
    made._message, made._values = message, values  # noqa: SLF001
    return made


def one_word(text: str) -> str:
    """Return a word or sentence of ours that stands alone, marked as such: where two words or more need no mark."""
    return Sentence(text)


def joined(parts: Iterable[str], between: str = ", ") -> str:
    """Return several things, one after the other, each of which can be said in another language."""
    kept = tuple(parts)
    made = _Joined(between.join(kept))
    made._between, made._parts = between, kept  # noqa: SLF001
    return made


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: `1 person`, `5 people`. Other languages have more forms than two."""
    made = _Counted(f"{number:,} {one if number == 1 else many}")
    made._one, made._many, made._number = one, many, number  # noqa: SLF001
    return made


_How = Literal["day", "day_of_year", "weekday", "month", "month_name", "moment", "money"]


def spoken(how: _How, what: object, english: str) -> str:
    """Return a day, a month, a moment or an amount that can be said in another language."""
    made = _Spoken(english)
    made._how, made._what = how, what  # noqa: SLF001
    return made
