"""What we ask people who tell their plan in their own way. Shape only; rules live in rules/."""

from govuk_frontend_wtf.wtforms_widgets import (
    GovFileInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import FileField, HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.rules.files import LONGEST_SAID
from marketplace.brokerage.rules.plans import LONGEST_PART, TITLES
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

_CHOICES = {
    "now": "What it says now",
    "other": "What was written at the same time",
    "both": "Both, put together",
}
_SAID_TOO_LONG = Length(
    max=LONGEST_SAID, message=worded("Use at most {longest_said} characters.", longest_said=LONGEST_SAID)
)
_WORDS_TOO_LONG = Length(
    max=LONGEST_PART, message=worded("Use at most {longest_part} characters.", longest_part=LONGEST_PART)
)


class TellForm(Form):
    """One part of a plan: in words, in a file, or in both. The view reads the file: it is no words."""

    words = TextAreaField("In words", widget=GovTextArea(), validators=[_WORDS_TOO_LONG])
    seen = HiddenField()
    file = FileField(
        "Or a picture, a recording, a film or a document",
        description="A photo or a drawing, something you said, up to 5 minutes, a film up to 30 MB, or a letter.",
        widget=GovFileInput(),
    )
    said = StringField(
        "What does it show or say?",
        description="A few words, for people who cannot see or hear it. You can leave this out.",
        widget=GovTextInput(),
        validators=[_SAID_TOO_LONG],
    )
    submit = SubmitField("Save and go on", widget=GovSubmitInput())


class FileForm(Form):
    """What a file shows or says, and where it belongs."""

    said = StringField(
        "What does it show or say?",
        description="A few words, for people who cannot see or hear it.",
        widget=GovTextInput(),
        validators=[_SAID_TOO_LONG],
    )
    part = RadioField(
        "Which part does it belong to?",
        widget=GovRadioInput(),
        choices=choices(TITLES.items()),
        validators=[InputRequired("Choose a part.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class ClashForm(Form):
    """Which of two that were written at once is to stand."""

    choice = RadioField(
        "Which words should stay?",
        widget=GovRadioInput(),
        choices=choices(_CHOICES.items()),
        validators=[InputRequired("Choose which words should stay.")],
    )
    words = TextAreaField(
        "Both, put together",
        description="Change this as you like. We only use it if you choose “Both, put together”.",
        widget=GovTextArea(),
        validators=[_WORDS_TOO_LONG],
    )
    edition = HiddenField()
    submit = SubmitField("Save", widget=GovSubmitInput())
