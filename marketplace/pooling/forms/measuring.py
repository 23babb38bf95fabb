"""What we ask members about what comes of their pool. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import RadioField, StringField, SubmitField
from wtforms.validators import InputRequired

from marketplace.kit.fields import WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.pooling.rules.measures import ASKED
from marketplace.pooling.rules.nouns import Measure


class ChooseMeasureForm(Form):
    """Choosing what to look at."""

    measure = RadioField(
        "What would you like to look at?",
        widget=GovRadioInput(),
        choices=choices(
            [
                *((measure.value, asked.name) for measure, asked in ASKED.items()),
                (Measure.OWN.value, "Something else, in our own words"),
            ]
        ),
        validators=[InputRequired("Choose what you would like to look at.")],
    )
    words = StringField(
        "If it is something else: what do you ask?",
        description="Ask it so that 0 means not at all, and 10 means fully.",
        widget=GovTextInput(),
    )
    submit = SubmitField("Look at this", widget=GovSubmitInput())


class ReadingForm(Form):
    """Answering one measure."""

    value = WholeNumberField("Your answer", widget=GovTextInput(), validators=[InputRequired("Enter a whole number.")])
    submit = SubmitField("Save my answer", widget=GovSubmitInput())
