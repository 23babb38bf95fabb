"""Fields of forms that take anything a browser may send, and say in our own words what they could not read."""

import re
import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import DateField, Field, HiddenField, IntegerField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are a version behind

from marketplace.kit.money import Money

_BOXES = 3
_TWO_FIGURES = 100
# Longer numbers answer nothing that we ask, and would overflow somewhere below.
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,99}")
_POUNDS = re.compile(r"-?(\d{1,99}(\.\d{0,9})?|\.\d{1,9})")


def choices(pairs: Iterable[tuple[object, str]]) -> list[Any]:
    """Return what a person may choose from, in order: pairs of a value and the words for it."""
    return [SelectChoice(value, words) for value, words in pairs]


class KeyField(HiddenField):
    """A key drawn with a form, so that a form sent twice is known again. Put it into the page as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default=lambda: str(uuid.uuid4()), **options)

    @property
    def key(self) -> uuid.UUID:
        """The key. What is none counts as a form never seen before."""
        try:
            return uuid.UUID(self.data)
        except ValueError:
            return uuid.uuid4()


class DayField(DateField):
    """A day in three boxes: day, month and year. Draw it with `GovDateInput`."""

    def __init__(self, label: str | None = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        # A browser would be told so of what holds the boxes, which cannot be filled in.
        self.flags.required = False

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the three boxes. A year in two figures is in this century."""
        boxes = [*valuelist, "", "", ""][:_BOXES]
        # The widget draws exactly three boxes again, however many were sent.
        self.raw_data = boxes
        self.data = None
        if not any(box.strip() for box in boxes):
            return
        try:
            day, month, year = (int(box) for box in boxes)
            self.data = date(year + 2000 if 0 <= year < _TWO_FIGURES else year, month, day)
        except (ValueError, OverflowError) as error:
            raise ValueError("Enter a day that is in the calendar, like 3 3 2027.") from error


class WholeNumberField(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, with or without a comma for the thousands."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        typed = valuelist[0].replace(",", "").strip()
        if not _WHOLE_NUMBER.fullmatch(typed):
            raise ValueError("Enter a whole number, like 3.")
        self.data = int(typed)


class PoundsField(Field):
    """An amount in pounds, typed with or without its pound sign."""

    widget = GovTextInput()
    data: Money | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.pounds:.2f}".removesuffix(".00") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount."""
        self.data = None
        written = (valuelist[0] if valuelist else "").strip()
        if not written:
            return
        typed = written.removeprefix("£").replace(",", "").strip()
        if not _POUNDS.fullmatch(typed):
            raise ValueError("Enter pounds and pence, like 14.50.")
        self.data = Money.from_pounds(Decimal(typed))
