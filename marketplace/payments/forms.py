"""What we ask providers for about payments. Shape only; rules live in rules.py."""

import uuid

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import HiddenField, RadioField, StringField, SubmitField
from wtforms.validators import UUID, InputRequired, Length

from marketplace.kit.fields import DayField, KeyField, PoundsField, choices
from marketplace.kit.forms import Form
from marketplace.payments.rules import PaymentKey, Route

ROUTES = {
    Route.BANK_TRANSFER: "By bank transfer",
    Route.PREPAID_CARD: "By a council’s prepaid card",
    Route.BUDGET_HOLDER: "From whoever holds the budget: a council, a trust, an ISF provider",
    Route.CASH: "In cash",
    Route.CARD: "By card",
}
_WRITTEN_DOWN = {route: words for route, words in ROUTES.items() if route is not Route.CARD}


class PaymentForm(Form):
    """Writing down money that arrived. Cards write themselves down."""

    key = HiddenField(default=lambda: str(uuid.uuid4()), validators=[UUID("Reload this page and try again.")])
    amount = PoundsField("How much arrived?", validators=[InputRequired("Enter the amount that arrived.")])
    route = RadioField(
        "How did it come?",
        widget=GovRadioInput(),
        choices=choices(_WRITTEN_DOWN.items()),
        validators=[InputRequired("Choose how it came.")],
    )
    paid_on = DayField(
        "Which day did it arrive?",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day it arrived, like 3 3 2026.")],
    )
    submit = SubmitField("Write this payment down", widget=GovSubmitInput())

    @property
    def payment_key(self) -> PaymentKey:
        """The key drawn with this form."""
        return PaymentKey(uuid.UUID(self.key.data))


class RefundForm(Form):
    """Giving money back."""

    key = KeyField()
    amount = PoundsField("How much do you give back?", validators=[InputRequired("Enter the amount you give back.")])
    reason = StringField(
        "Why?",
        description="A few words. The person reads them, and they stand on the credit note.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say in a few words why you give it back."),
            Length(max=200, message="Use 200 characters or fewer."),
        ],
    )
    submit = SubmitField("Give it back", widget=GovSubmitInput())


class BankForm(Form):
    """Where a provider is paid by bank transfer."""

    account_name = StringField(
        "Name on the account",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter the name on the account."),
            Length(max=120, message="Use 120 characters or fewer."),
        ],
    )
    sort_code = StringField(
        "Sort code",
        description="Six figures, like 12-34-56",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a sort code of six figures, like 12-34-56.")],
    )
    account_number = StringField(
        "Account number",
        description="Six to eight figures",
        widget=GovTextInput(),
        validators=[InputRequired("Enter an account number of eight figures, like 12345678.")],
    )
    submit = SubmitField("Save these details", widget=GovSubmitInput())
