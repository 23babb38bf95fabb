"""One language: its words, its numbers, its dates and its plurals."""

import gettext
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.messages import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup

from marketplace.kit.days import LONDON, day_of
from marketplace.kit.languages.checking import faults
from marketplace.kit.languages.made_up import CODE, accented
from marketplace.kit.money import Money
from marketplace.kit.said import distance as said_distance
from marketplace.kit.sentences import Sentence

SOURCE = "en-GB"
"""The language in which everything is written first."""
OWN = Path(__file__).parents[2] / "translations"
"""The catalogues that come with the site."""
OF_OTHERS = frozenset({"Day", "Month", "Year"})
"""Words alone that code of others gives to pages, where nothing can be marked."""


@dataclass(frozen=True)
class Language:
    """
    A language people can read the site in.

    `messages` holds translations by what they translate; `forms` those of counted nouns, by their two English forms.
    `plural_of` says which of the forms goes with a number.
    """

    code: str
    messages: Mapping[str, str]
    forms: Mapping[tuple[str, str], tuple[str, ...]]
    plural_of: Callable[[int], int]

    @cached_property
    def locale(self) -> Locale:
        """What CLDR knows of it."""
        return _locale_of(self.code)

    @property
    def is_source(self) -> bool:
        """Whether it is the one in which everything is written."""
        return self.code == SOURCE

    @cached_property
    def direction(self) -> str:
        """Which way it is read."""
        return self.locale.text_direction

    @property
    def name(self) -> str:
        """What its own speakers call it."""
        said = self.locale.get_language_name() or self.code
        return said[:1].upper() + said[1:]

    def message(self, message: str) -> str:
        """Return a message in this language, its places still open; where it was not translated, in English."""
        return self.messages.get(message, message)

    def plural(self, one: str, many: str, number: int) -> str:
        """Return the form of a message that goes with a number, its places still open."""
        forms = self.forms.get((one, many))
        return forms[self.plural_of(number)] if forms else (one if number == 1 else many)

    def number(self, number: float) -> str:
        """Return a number as it is written."""
        return format_decimal(number, locale=self.locale)

    def money(self, amount: Money) -> str:
        """Return an amount as it is written, without pence when it has none."""
        shape = self.locale.currency_formats["standard"].pattern
        whole = amount.pence % 100 == 0
        shape = shape.replace("0.00", "0") if whole else shape
        return format_currency(amount.pounds, "GBP", shape, locale=self.locale, currency_digits=not whole)

    def day(self, when: date) -> str:
        """Return a day as people say it: `mardi 3 mars 2026`."""
        when = day_of(when) if isinstance(when, datetime) else when
        return format_date(when, "full", locale=self.locale)

    def month(self, when: date) -> str:
        """Return a month as people say it: `mars 2026`."""
        when = day_of(when) if isinstance(when, datetime) else when
        return format_skeleton("yMMMM", when, locale=self.locale)

    def day_of_year(self, on: date) -> str:
        """Return a day without its weekday and year: `3 mars`."""
        return format_skeleton("MMMMd", on, locale=self.locale)

    def weekday(self, on: date) -> str:
        """Return the name of a day of the week: `mardi`."""
        return format_date(on, "EEEE", locale=self.locale)

    def month_name(self, on: date) -> str:
        """Return the name of a month: `mars`."""
        return format_date(on, "LLLL", locale=self.locale)

    def moment(self, when: datetime) -> str:
        """Return a moment, as the clocks in England show it."""
        when = when.astimezone(LONDON)
        return f"{self.day(when)}, {format_time(when, 'short', tzinfo=LONDON, locale=self.locale)}"

    def counted(self, number: int, one: str, many: str) -> str:
        """Return a number with its noun: languages have from one to six forms of it."""
        form = self.plural(f"{{number}} {one}", f"{{number}} {many}", number)
        return form.format(number=self.number(number))

    def distance(self, metres: float) -> str:
        """Return a distance in miles, as road signs in the United Kingdom have them."""
        said = self.say(said_distance(metres))
        return str(said)

    def say(self, value: object) -> object:
        """Return whatever may be said in this language so; anything else as it is."""
        if isinstance(value, Sentence):
            return value.said_in(self)
        if type(value) is str:
            return self._alone(value)
        return self.money(value) if isinstance(value, Money) else value

    def say_ours(self, text: str) -> str:
        """Return a text of ours in this language, were it one word."""
        return text.said_in(self) if isinstance(text, Sentence) else self.message(text)

    def show(self, value: object) -> object:
        """Return what a page shows, ready to be escaped. What is drawn already stays as it is."""
        return value if type(value) is Markup else self.say(value)

    def _alone(self, text: str) -> str:
        # One word may be somebody's name, or a place: Bath, Sale, Reading.
        return self.messages.get(text, text) if " " in text or text in OF_OTHERS else text


class MadeUp(Language):
    """The made-up language. Its dates have accents too, so that one sees which went through it."""

    def day(self, when: date) -> str:
        """Return a day."""
        return accented(super().day(when))

    def month(self, when: date) -> str:
        """Return a month."""
        return accented(super().month(when))

    def day_of_year(self, on: date) -> str:
        """Return a day without its weekday and year."""
        return accented(super().day_of_year(on))

    def weekday(self, on: date) -> str:
        """Return the name of a day of the week."""
        return accented(super().weekday(on))

    def month_name(self, on: date) -> str:
        """Return the name of a month."""
        return accented(super().month_name(on))


def source() -> Language:
    """Return the language in which everything is written."""
    return Language(SOURCE, {}, {}, lambda number: int(number != 1))


def read_language(code: str, folder: Path) -> Language:
    """
    Return a language as its catalogue says it. What is not translated, marked as unsure or broken stays English.

    :raises ValueError: if there is no such language, or no catalogue for it.
    """
    if code == SOURCE:
        return source()
    _locale_of(code)
    file = file_of(code, folder)
    if not file.is_file():
        raise ValueError(f"There is no {file}: {code} has no catalogue.")
    made = MadeUp if code == CODE else Language
    return made(code, *_read(read_po(io.BytesIO(file.read_bytes()), locale=None)))


def file_of(code: str, folder: Path) -> Path:
    """Return where the catalogue of a language is."""
    return folder / code / "LC_MESSAGES" / "messages.po"


def _read(
    catalog: Catalog,
) -> tuple[dict[str, str], dict[tuple[str, str], tuple[str, ...]], Callable[[int], int]]:
    messages: dict[str, str] = {}
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalog:
        if not message.id or message.fuzzy or not message.string or faults(message.id, message.string):
            continue
        if isinstance(message.id, str) and isinstance(message.string, str):
            messages[message.id] = message.string
        elif not isinstance(message.id, str) and len(message.string) == catalog.num_plurals:
            forms[message.id[0], message.id[1]] = tuple(message.string)
    return messages, forms, gettext.c2py(catalog.plural_expr)


def is_known(code: str) -> bool:
    """Test whether there is a language of this code."""
    try:
        _locale_of(code)
    except ValueError:
        return False
    return True


def _locale_of(code: str) -> Locale:
    try:
        # A language with a region that is none, as the made-up ones have, is that language.
        return Locale.parse(code if not code.endswith(("-XA", "-XB")) else SOURCE, sep="-")
    except (UnknownLocaleError, ValueError) as unknown:
        raise ValueError(f"{code} is no language we know.") from unknown
