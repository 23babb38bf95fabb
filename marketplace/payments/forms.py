"""What we ask providers for about a payment. Shape only; rules live in rules.py."""

import uuid

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSubmitInput
from wtforms import HiddenField, RadioField, SubmitField
from wtforms.validators import UUID, InputRequired

from marketplace.kit.fields import DayField, PoundsField, choices
from marketplace.kit.forms import Form
from marketplace.payments.rules import PaymentKey, Route

ROUTES = {
    Route.BANK_TRANSFER: "By bank transfer",
    Route.PREPAID_CARD: "By a council’s prepaid card",
    Route.BUDGET_HOLDER: "From whoever holds the budget: a council, a trust, an ISF provider",
    Route.CASH: "In cash",
}


class PaymentForm(Form):
    """Writing down money that arrived."""

    key = HiddenField(default=lambda: str(uuid.uuid4()), validators=[UUID("Reload this page and try again.")])
    amount = PoundsField("How much arrived?", validators=[InputRequired("Enter the amount that arrived.")])
    route = RadioField(
        "How did it come?",
        widget=GovRadioInput(),
        choices=choices(ROUTES.items()),
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
