"""What we ask providers for about invoices. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired

from marketplace.kit.fields import PoundsField
from marketplace.kit.forms import Form


class CreditForm(Form):
    """Taking a part of an invoice back."""

    amount = PoundsField("How much do you take off?", validators=[InputRequired("Enter an amount, like 14.50.")])
    reason = StringField(
        "What is it for?",
        description="A few words, which are printed on it.",
        widget=GovTextInput(),
        validators=[InputRequired("Say in a few words what it is for.")],
    )
    submit = SubmitField("Send the credit note", widget=GovSubmitInput())
