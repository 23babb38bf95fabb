"""What we ask people for about visits. Shape only; rules live in rules."""

import re
from collections.abc import Collection
from datetime import time
from decimal import Decimal

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, HiddenField, RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.catalogue.rules import Rate
from marketplace.kit.fields import DayField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import Money
from marketplace.purchasing.rules.visits import TookPlace

_MINUTE = r"(?:[:.](?P<minute>[0-5]\d))?"
_BY_24_HOURS = re.compile(rf"(?P<hour>[01]?\d|2[0-3]){_MINUTE}")
_BY_12_HOURS = re.compile(rf"(?P<hour>0?[1-9]|1[0-2]){_MINUTE}\s*(?P<half>am|pm)", re.IGNORECASE)
_MILES = re.compile(r"\d{1,6}(\.\d)?")
_NOON = 12
_LONGEST_PENCE = 12


class ClockField(Field):
    """A time of day, as people write it: `10`, `10:30`, `2pm`, `14.30`."""

    widget = GovTextInput()
    data: time | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        self.data = None
        typed = (valuelist[0] if valuelist else "").strip()
        if not typed:
            return
        by_24, by_12 = _BY_24_HOURS.fullmatch(typed), _BY_12_HOURS.fullmatch(typed)
        if by_12:
            after_noon = _NOON if by_12["half"].lower() == "pm" else 0
            self.data = time(int(by_12["hour"]) % _NOON + after_noon, int(by_12["minute"] or 0))
        elif by_24:
            self.data = time(int(by_24["hour"]), int(by_24["minute"] or 0))
        else:
            raise ValueError("Enter a time like 10:30 or 2pm.")


class MilesField(Field):
    """A number of miles, to a tenth."""

    widget = GovTextInput()
    data: Decimal

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.normalize():f}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.data = Decimal(0)
        typed = (valuelist[0] if valuelist else "").strip()
        if not typed:
            return
        if not _MILES.fullmatch(typed):
            raise ValueError("Enter the miles as a number, like 3.5.")
        self.data = Decimal(typed)


class PlanVisitsForm(Form):
    """Planning a visit, or one each week."""

    first_on = DayField(
        "On which day?",
        description="Of several, the first.",
        widget=GovDateInput(),
        validators=[InputRequired("Say on which day, like 3 3 2027.")],
    )
    starts_at = ClockField("At what time?", description="Like 10:30 or 2pm. Leave it empty if it is not fixed yet.")
    minutes = WholeNumberField(
        "How many minutes?",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many minutes, like 90.")],
    )
    weeks = WholeNumberField(
        "For how many weeks?",
        description="1 plans this visit alone. More plans one each week, on the same day.",
        widget=GovTextInput(),
        default=1,
        validators=[InputRequired("Say for how many weeks, like 1.")],
    )
    submit = SubmitField("Plan this", widget=GovSubmitInput())


class PlanForm(PlanVisitsForm):
    """Planning visits of one arrangement, perhaps with hours that were banked."""

    from_bank = BooleanField("Use banked hours for this", widget=GovCheckboxInput())


class ClaimForm(Form):
    """Saying what took place."""

    held_on = DayField(
        "On which day was it?",
        widget=GovDateInput(),
        validators=[InputRequired("Say on which day it was, like 3 3 2027.")],
    )
    starts_at = ClockField("When did it begin?", description="Like 10:30 or 2pm.")
    minutes = WholeNumberField(
        "How many minutes did it take?",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many minutes it took, like 90.")],
    )
    miles = MilesField("How many miles did you travel for it?", description="Leave it empty if there were none.")
    rate = RadioField("Which price holds?", widget=GovRadioInput(), default="", choices=[])
    note = TextAreaField(
        "Is there anything to say about it?",
        description="They read this, and whoever they let confirm visits for them. You can leave it empty.",
        widget=GovTextArea(),
    )
    from_bank = BooleanField("This used banked hours", widget=GovCheckboxInput())
    submit = SubmitField("Write this down", widget=GovSubmitInput())

    def offer_rates(self, rates: Collection[Rate]) -> None:
        """Ask which of several prices holds, or nothing if there is only one."""
        if len(rates) > 1:
            named = [(rate.value, rate.words) for rate in Rate if rate in rates]
            self.rate.choices = choices([("", "The one for that day and time"), *named])
        else:
            del self.rate

    @property
    def said(self) -> TookPlace:
        """What the provider says took place."""
        assert self.held_on.data is not None
        assert self.minutes.data is not None
        return TookPlace(
            held_on=self.held_on.data,
            starts_at=self.starts_at.data,
            minutes=self.minutes.data,
            miles=self.miles.data,
            rate=Rate(self.rate.data) if self.rate and self.rate.data else None,
            note=self.note.data or "",
        )


class QueryForm(Form):
    """Saying what is not right."""

    words = TextAreaField(
        "What is not right?",
        description="Say what it should be. The provider reads this, and puts it right or takes it back.",
        widget=GovTextArea(),
        validators=[InputRequired("Say what is not right.")],
    )
    submit = SubmitField("Send this", widget=GovSubmitInput())


class CallOffForm(Form):
    """Calling a visit off, with what it costs agreed to."""

    bank = BooleanField("Bank these hours, to use them later", widget=GovCheckboxInput(), default=True)
    agreed_pence = HiddenField()
    submit = SubmitField("Call this visit off", widget=GovSubmitInput())

    @property
    def agreed_owed(self) -> Money | None:
        """What the person was shown to owe for it."""
        typed = self.agreed_pence.data or ""
        return Money(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_PENCE else None
