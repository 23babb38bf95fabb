"""What we ask people who would like to change what they agreed. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import HiddenField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.catalogue.rules import Unit
from marketplace.kit.fields import DayField, PoundsField, WholeNumberField
from marketplace.kit.forms import Form
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.rules.terms import Terms

_LONGEST_PENCE = 12


class TermsForm(Form):
    """
    Proposing other terms, in two steps at one address.

    The first sends what one would like and gets back the old and the new beside each other. The second sends what it
    then costs with it, as seen.
    """

    quantity = WholeNumberField(
        "How much?", widget=GovTextInput(), validators=[InputRequired("Say how much, as a whole number.")]
    )
    weeks = WholeNumberField(
        "For how many weeks from then on?",
        widget=GovTextInput(),
        validators=[InputRequired("Say for how many weeks, as a whole number.")],
    )
    starts_on = DayField(
        "From when does the change hold?",
        widget=GovDateInput(),
        validators=[InputRequired("Say from which day, like 3 3 2027.")],
    )
    unit_price = PoundsField(
        "For what price?", widget=GovTextInput(), validators=[InputRequired("Enter the price, like 14.50.")]
    )
    who = StringField(
        "Who comes?", description="If you have agreed on somebody. You can leave this empty.", widget=GovTextInput()
    )
    what = TextAreaField(
        "What is to be done?", widget=GovTextArea(), validators=[InputRequired("Say what is to be done.")]
    )
    notice_hours = WholeNumberField(
        "How many hours of notice to cancel at no cost?",
        description="Leave this empty if none was agreed.",
        widget=GovTextInput(),
    )
    travel_per_mile = PoundsField(
        "What does travel cost, for each mile?",
        description="Leave this empty if travel costs nothing on top.",
        widget=GovTextInput(),
    )
    reason = TextAreaField(
        "Why would you like to change it?",
        description="The other side reads this. You can leave it empty.",
        widget=GovTextArea(),
    )
    seen_pence = HiddenField()
    submit = SubmitField("See the old and the new", widget=GovSubmitInput())

    def fit(self, *, kind: ArrangementKind, unit: Unit | None) -> None:
        """Ask only what there is to ask: no weeks of what happens once, no prices of what is free."""
        if kind is not ArrangementKind.WEEKLY:
            del self.weeks
            self.starts_on.label.text = "From when?"
        if unit is None:
            del self.unit_price
            del self.travel_per_mile

    def show(self, terms: Terms) -> None:
        """Fill in what holds."""
        for name in ("what", "quantity", "weeks", "unit_price", "starts_on", "who", "notice_hours", "travel_per_mile"):
            if name in self:
                self[name].data = getattr(terms, name)

    @property
    def wanted(self) -> Terms:
        """What the person would like to hold."""
        assert self.what.data is not None
        assert self.quantity.data is not None
        assert self.starts_on.data is not None
        return Terms(
            what=self.what.data,
            quantity=self.quantity.data,
            weeks=(self.weeks.data or 0) if self.weeks else 1,
            unit_price=(self.unit_price.data or ZERO) if self.unit_price else ZERO,
            notice_hours=self.notice_hours.data,
            travel_per_mile=self.travel_per_mile.data if self.travel_per_mile else None,
            who=self.who.data or "",
            starts_on=self.starts_on.data,
        )

    @property
    def seen_cost(self) -> Money | None:
        """What they were shown that everything then comes to, once they have been."""
        return _pence(self.seen_pence)


class CancelForm(Form):
    """Cancelling, once one has seen what it costs."""

    shown_pence = HiddenField()
    submit = SubmitField("Cancel this", widget=GovSubmitInput())

    @property
    def shown(self) -> Money | None:
        """What they were shown to be owed."""
        return _pence(self.shown_pence)


def _pence(field: HiddenField) -> Money | None:
    typed = field.data or ""
    return Money(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_PENCE else None
