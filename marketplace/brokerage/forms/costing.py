"""What we ask people for about what their plan costs. Shape only; rules live in rules/."""

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, SubmitField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange, StopValidation

from marketplace.brokerage.rules.costing import DEAREST_OWN_PRICE, MOST_QUANTITY, WEEKS_OF_A_YEAR, Times
from marketplace.brokerage.rules.nouns import CostedBy, HowOften
from marketplace.kit.fields import PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import ZERO
from marketplace.kit.sentences import one_word, worded

OFTEN = {HowOften.WEEKLY: "Every week", HowOften.ONCE: one_word("Once")}
_MUCH = worded("Enter a number from 1 to {most_quantity:,}.", most_quantity=MOST_QUANTITY)
_WEEKS = worded("Enter a number of weeks from 1 to {weeks_of_a_year}.", weeks_of_a_year=WEEKS_OF_A_YEAR)


def _quantity() -> list[Any]:
    return [InputRequired(_MUCH), NumberRange(1, MOST_QUANTITY, _MUCH)]


def _is_price(form: "CostForm", field: PoundsField) -> None:
    if form.costed_by.data != CostedBy.OWN_PRICE:
        raise StopValidation
    if field.data is None:
        raise StopValidation("Enter what it costs, like 4.50.")
    if not ZERO <= field.data <= DEAREST_OWN_PRICE:
        raise StopValidation(worded("Enter an amount up to {dearest_own_price}.", dearest_own_price=DEAREST_OWN_PRICE))


def _is_weeks(form: Any, field: WholeNumberField, refusal: str = _WEEKS) -> None:
    if form.how_often.data != HowOften.WEEKLY:
        raise StopValidation
    if field.data is None or not 1 <= field.data <= WEEKS_OF_A_YEAR:
        raise StopValidation(refusal)


def _is_quantity_of_line(form: "TimesForm", field: WholeNumberField) -> None:
    field.errors = []  # What is no number at all is said with the name of the line, too.
    if field.data is None or not 1 <= field.data <= MOST_QUANTITY:
        raise StopValidation(
            worded("“{wish}”: enter a number from 1 to {most_quantity:,}.", wish=form.wish, most_quantity=MOST_QUANTITY)
        )


def _is_weeks_of_line(form: "TimesForm", field: WholeNumberField) -> None:
    field.errors = []
    _is_weeks(
        form,
        field,
        worded(
            "“{wish}”: enter a number of weeks from 1 to {weeks_of_a_year}.",
            wish=form.wish,
            weeks_of_a_year=WEEKS_OF_A_YEAR,
        ),
    )


def _times(form: Any) -> Times:
    how_often = HowOften(form.how_often.data)
    weeks = form.weeks.data if how_often is HowOften.WEEKLY else 1
    return Times(quantity=form.quantity.data, how_often=how_often, weeks=weeks or 1)


class CostForm(Form):
    """What says what one line costs, and how much of it somebody wants."""

    costed_by = RadioField(
        "What says the price?", widget=GovRadioInput(), validators=[InputRequired("Choose what says the price.")]
    )
    own_price = PoundsField(
        "What does one cost?",
        description="Only if you chose “A price I know”. For example 3.20 for a bus fare.",
        validators=[_is_price],
    )
    quantity = WholeNumberField("How many each time?", widget=GovTextInput(), validators=_quantity())
    how_often = RadioField(
        "How often?",
        choices=choices((often.value, words) for often, words in OFTEN.items()),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how often.")],
    )
    weeks = WholeNumberField(
        "For how many weeks of a year?",
        description=worded(
            "Only if it is every week. A whole year is {weeks_of_a_year}.", weeks_of_a_year=WEEKS_OF_A_YEAR
        ),
        widget=GovTextInput(),
        validators=[_is_weeks],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer_ways(self, ways: Sequence[tuple[CostedBy, str]]) -> None:
        """Ask which of some ways says the price."""
        self.costed_by.choices = choices((way.value, words) for way, words in ways)

    @property
    def times(self) -> Times:
        """How much, and how often."""
        return _times(self)


class TimesForm(PlainForm):
    """How much of one line, in a list of all. Its problems say which line, for they are listed with those of others."""

    wish = ""
    line_id = HiddenField()
    quantity = WholeNumberField("How many each time?", widget=GovTextInput(), validators=[_is_quantity_of_line])
    how_often = SelectField(
        "How often?",
        choices=choices((often.value, words) for often, words in OFTEN.items()),
        widget=GovSelect(),
    )
    weeks = WholeNumberField("Weeks of a year", widget=GovTextInput(), validators=[_is_weeks_of_line])

    @property
    def times(self) -> Times:
        """How much, and how often."""
        return _times(self)


class CostsForm(Form):
    """How much of everything in a plan."""

    lines = FieldList(FormField(TimesForm))
    submit = SubmitField("Save", widget=GovSubmitInput())
