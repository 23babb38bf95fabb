"""What we ask people for about their budgets. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import RadioField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.budgets.rules import Holding, Stream
from marketplace.kit.fields import DayField, KeyField, PoundsField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import ZERO, Money

HOLDINGS = {
    Holding.DIRECT_PAYMENT: "Me, as a direct payment",
    Holding.NOMINATED_THIRD_PARTY: "Somebody I chose, such as a relative",
    Holding.TRUST: "A trust",
    Holding.BROKER: "A broker",
    Holding.INDIVIDUAL_SERVICE_FUND: "A provider, as an individual service fund (ISF)",
    Holding.COUNCIL_MANAGED: "The council looks after it for me",
    Holding.OWN_MONEY: "It is my own money",
}
STREAMS = {
    Stream.SOCIAL_CARE: "The council (social care)",
    Stream.NHS: "The NHS (personal health budget)",
    Stream.HOUSING: "Housing-related support",
    Stream.OWN_MONEY: "My own money",
}
_DAY = "Enter a day, month and year, like 6 4 2026."


def _pounds(label: str) -> PoundsField:
    return PoundsField(label, validators=[Optional()])


class BudgetForm(Form):
    """Writing a budget down."""

    key = KeyField()
    name = StringField(
        "What do you call this budget?",
        description="For example “My direct payment” or “Holiday money”.",
        widget=GovTextInput(),
        validators=[InputRequired("Give this budget a name."), Length(max=80, message="Use at most 80 characters.")],
    )
    holding = RadioField(
        "Who holds the money?",
        widget=GovRadioInput(),
        choices=choices(HOLDINGS.items()),
        validators=[InputRequired("Choose who holds the money.")],
    )
    begins_on = DayField("First day", widget=GovDateInput(), validators=[InputRequired(_DAY)])
    ends_on = DayField("Last day", widget=GovDateInput(), validators=[InputRequired(_DAY)])
    social_care = _pounds(STREAMS[Stream.SOCIAL_CARE])
    nhs = _pounds(STREAMS[Stream.NHS])
    housing = _pounds(STREAMS[Stream.HOUSING])
    own_money = _pounds(STREAMS[Stream.OWN_MONEY])
    submit = SubmitField("Save this budget", widget=GovSubmitInput())

    @property
    def amounts(self) -> dict[Stream, Money]:
        """What was typed for each stream."""
        return {stream: self[stream.value].data or ZERO for stream in Stream}


class TopUpForm(Form):
    """Adding money to a budget."""

    key = KeyField()
    stream = RadioField(
        "Where does it come from?",
        widget=GovRadioInput(),
        choices=choices(STREAMS.items()),
        validators=[InputRequired("Choose where the money comes from.")],
    )
    amount = _pounds("How much?")
    submit = SubmitField("Add this money", widget=GovSubmitInput())
