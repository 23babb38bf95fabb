"""What we ask people for about one thing they want. Shape only; rules live in rules/."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.rules.plans import LONGEST_PART
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded


class LineForm(Form):
    """One thing a person wants."""

    wish = StringField(
        "What do you want?",
        description="For example “See my friends every week” or “Get fit enough for the stairs”.",
        widget=GovTextInput(),
        validators=[InputRequired("Write down what you want."), Length(max=200, message="Use at most 200 characters.")],
    )
    outcome_id = RadioField(
        "What is it about?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what it is about.")],
    )
    what_would_help = TextAreaField(
        "What would help?",
        description="It need not be a service. A café, a gym class, a neighbour or a gadget may do.",
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_PART, message=worded("Use at most {longest_part} characters.", longest_part=LONGEST_PART)
            )
        ],
    )
    seen = HiddenField()
    submit = SubmitField("Save", widget=GovSubmitInput())
