"""What we ask people for about arrangements. Shape only; rules live in rules.py."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import HiddenField, RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.catalogue.rules import Price, Rate
from marketplace.kit.fields import DayField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import Money

_LONGEST_PENCE = 12


class Wanted(TypedDict):
    """What a person asks for, as `services` takes it."""

    what: str
    quantity: int
    starts_on: date
    rate: Rate


class AskForm(Form):
    """
    Asking for something, in two steps at one address.

    The first sends what one wants and gets back what it costs. The second sends that total with it, as agreed.
    """

    what = TextAreaField(
        "What would you like?",
        description="Say what matters to you: which days and times, where, and how you like things done. "
        "Only the provider reads this.",
        widget=GovTextArea(),
        validators=[InputRequired("Say what you would like.")],
    )
    quantity = WholeNumberField(
        "How much would you like?",
        widget=GovTextInput(),
        validators=[InputRequired("Say how much you would like, as a whole number.")],
    )
    starts_on = DayField(
        "From when?",
        widget=GovDateInput(),
        validators=[InputRequired("Say from which day, like 3 3 2027.")],
    )
    rate = RadioField(
        "When would it be?",
        description="One arrangement has one price. If some of it falls at other times, ask for that on its own once "
        "this is answered.",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose when it would be.")],
    )
    agreed_pence = HiddenField()
    submit = SubmitField("See what it costs", widget=GovSubmitInput())

    def offer_rates(self, rates: Sequence[Price]) -> None:
        """Ask which of several prices holds, or nothing if there is only one."""
        if rates:
            self.rate.choices = choices((price.rate.value, price.rate.words) for price in rates)
        else:
            del self.rate

    @property
    def wanted(self) -> Wanted:
        """What the person asks for."""
        assert self.what.data is not None
        assert self.quantity.data is not None
        assert self.starts_on.data is not None
        rate = Rate(self.rate.data) if self.rate else Rate.STANDARD
        return Wanted(what=self.what.data, quantity=self.quantity.data, starts_on=self.starts_on.data, rate=rate)

    @property
    def agreed_total(self) -> Money | None:
        """What the person was shown that it costs, once they have been."""
        typed = self.agreed_pence.data or ""
        return Money(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_PENCE else None


class DeclineForm(Form):
    """Saying no."""

    reason = TextAreaField(
        "Why can you not do this?",
        description="They read this. If you know somebody who could help, or a time when you could, say so.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why. They will read it.")],
    )
    submit = SubmitField("Decline this", widget=GovSubmitInput())
