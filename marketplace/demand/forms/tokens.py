"""What we ask a commissioner who makes a token."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import RadioField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from marketplace.demand.rules.tokens import LASTING
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

_LONGEST = 80


class TokenForm(Form):
    """Making a token for a program."""

    # Not `name`: a form has one.
    called = StringField(
        "What is it for?",
        description="Only you see this. For example “Our reporting tool”.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say what it is for, so that you know later."),
            Length(max=_LONGEST, message=worded("Use at most {longest} characters.", longest=_LONGEST)),
        ],
    )
    days = RadioField(
        "How long does it work?",
        description="It stops by itself after that. You can end it at any moment.",
        choices=choices([(str(days), words) for days, words in LASTING.items()]),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how long it works.")],
    )
    submit = SubmitField("Make a token", widget=GovSubmitInput())
