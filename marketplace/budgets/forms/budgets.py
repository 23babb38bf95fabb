"""What we ask people for about their budgets. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import EmailField, RadioField, StringField, SubmitField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from marketplace.budgets.rules import Holding, Stream
from marketplace.budgets.services.budgets import HeldBy
from marketplace.kit.fields import DayField, KeyField, PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import ZERO, Money
from marketplace.kit.text import tidy_line

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
_EMAIL = "Enter an email address, like name@example.org."
_FIRST_DAY = "First day: enter a day, month and year, like 6 4 2026."
_LAST_DAY = "Last day: enter a day, month and year, like 5 4 2027."


def _pounds(label: str) -> PoundsField:
    return PoundsField(label, validators=[Optional()])


def _amounts(form: Form) -> dict[Stream, Money]:
    return {stream: form[stream.value].data or ZERO for stream in Stream}


class HeldForm(Form):
    """What a budget is called, and who holds it."""

    name = StringField(
        "What do you call this budget?",
        description="For example “My direct payment” or “Holiday money”.",
        widget=GovTextInput(),
        validators=[InputRequired("Give this budget a name."), Length(max=80, message="Use at most 80 characters.")],
    )
    holding = RadioField(
        "Who holds the money?",
        description="You choose and buy in the same way, whoever holds it.",
        widget=GovRadioInput(),
        choices=choices(HOLDINGS.items()),
        validators=[InputRequired("Choose who holds the money.")],
    )
    holder_name = StringField(
        "If it is not you: what are they called?",
        description="Invoices are then addressed to them. You can fill this in later.",
        widget=GovTextInput(),
        validators=[Length(max=120, message="Use at most 120 characters.")],
    )
    holder_email = EmailField(
        "Where do invoices go?",
        description="Their email address for invoices, if you know it.",
        widget=GovTextInput(),
        validators=[Optional(), Email(_EMAIL), Length(max=320, message=_EMAIL)],
    )
    reference = StringField(
        "What does the funder call it?",
        description="Its number or reference, for statements. You can leave this empty.",
        widget=GovTextInput(),
        validators=[Length(max=40, message="Use at most 40 characters.")],
    )
    carry_over_percent = WholeNumberField(
        "How much of a week’s money may you keep for the next period?",
        description="Ask whoever gives you the money. In Bath it is 25%. Leave it empty if nothing may be kept.",
        widget=GovTextInput(),
        validators=[
            Optional(),
            NumberRange(min=0, max=5200, message="Enter a percentage from 0 to 5200: 100 is a whole week’s money."),
        ],
    )

    @property
    def held_by(self) -> HeldBy:
        """Who holds it, as typed."""
        return HeldBy(
            holding=Holding(self.holding.data),
            name=tidy_line(self.holder_name.data),
            email=tidy_line(self.holder_email.data).lower(),
            reference=tidy_line(self.reference.data),
            carry_over_percent=self.carry_over_percent.data or 0,
        )


class BudgetForm(HeldForm):
    """Writing a budget down."""

    key = KeyField()
    begins_on = DayField("First day", widget=GovDateInput(), validators=[InputRequired(_FIRST_DAY)])
    ends_on = DayField("Last day", widget=GovDateInput(), validators=[InputRequired(_LAST_DAY)])
    social_care = _pounds(STREAMS[Stream.SOCIAL_CARE])
    nhs = _pounds(STREAMS[Stream.NHS])
    housing = _pounds(STREAMS[Stream.HOUSING])
    own_money = _pounds(STREAMS[Stream.OWN_MONEY])
    submit = SubmitField("Save this budget", widget=GovSubmitInput())

    @property
    def amounts(self) -> dict[Stream, Money]:
        """What was typed for each stream."""
        return _amounts(self)


class ChangeBudgetForm(HeldForm):
    """Calling a budget something else, or saying who holds it now."""

    submit = SubmitField("Save", widget=GovSubmitInput())


class NextPeriodForm(Form):
    """Beginning the period after this one."""

    key = KeyField()
    begins_on = DayField("First day", widget=GovDateInput(), validators=[InputRequired(_FIRST_DAY)])
    ends_on = DayField("Last day", widget=GovDateInput(), validators=[InputRequired(_LAST_DAY)])
    social_care = _pounds(STREAMS[Stream.SOCIAL_CARE])
    nhs = _pounds(STREAMS[Stream.NHS])
    housing = _pounds(STREAMS[Stream.HOUSING])
    own_money = _pounds(STREAMS[Stream.OWN_MONEY])
    submit = SubmitField("Close this period and begin the next", widget=GovSubmitInput())

    @property
    def amounts(self) -> dict[Stream, Money]:
        """What was typed for each stream."""
        return _amounts(self)


class CloseForm(Form):
    """One button: this period is over for good."""

    submit = SubmitField("Close this budget", widget=GovSubmitInput())


class StatementForm(Form):
    """Choosing what a statement is about."""

    begins_on = DayField("First day", widget=GovDateInput(), validators=[InputRequired(_FIRST_DAY)])
    ends_on = DayField("Last day", widget=GovDateInput(), validators=[InputRequired(_LAST_DAY)])
    submit = SubmitField("Show this statement", widget=GovSubmitInput())


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
