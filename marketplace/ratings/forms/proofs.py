"""What we ask about cards, invoices and what is said aloud. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired

from marketplace.kit.fields import KeyField, WholeNumberField
from marketplace.kit.forms import Form


class MakeCardsForm(Form):
    """How many cards somebody needs."""

    key = KeyField()
    number = WholeNumberField(
        "How many cards do you need?",
        description="From 1 to 50.",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many cards you need.")],
    )
    submit = SubmitField("Make the cards", widget=GovSubmitInput())


class CodeForm(Form):
    """The code on a card."""

    code = StringField(
        "What is the code on your card?",
        description="It has 12 letters and figures, like 2345 CDFH 67KM.",
        widget=GovTextInput(),
        validators=[InputRequired("Type the code on your card.")],
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())
