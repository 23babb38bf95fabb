"""What we ask for with a photograph."""

from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import FileField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules import LONGEST_ALT
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

_ALT = {
    "label": "What does the photo show?",
    "description": "People who cannot see it hear these words instead. For example: “Three people planting beans”.",
    "widget": GovTextInput(),
    "validators": [
        InputRequired("Say what the photo shows, for people who cannot see it."),
        Length(max=LONGEST_ALT, message=worded("Use at most {longest_alt} characters.", longest_alt=LONGEST_ALT)),
    ],
}


class PhotoForm(Form):
    """A photograph and the words for it. The view reads the file: it is no words."""

    photo = FileField(
        "Choose a photo",
        description="JPEG, PNG or WebP, at most 10 MB. Ask everybody in it first. "
        "We remove where and when it was taken.",
        widget=GovFileInput(),
    )
    alt = StringField(**_ALT)
    submit = SubmitField("Add this photo", widget=GovSubmitInput())


class PhotoWordsForm(Form):
    """New words for a photograph."""

    alt = StringField(**_ALT)
    submit = SubmitField("Save", widget=GovSubmitInput())


class RefusePhotoForm(Form):
    """Why a photograph cannot be shown."""

    reason = TextAreaField(
        "Why can it not be shown?",
        description="The provider reads this.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say why, so that the provider can send a better one."),
            Length(max=2000, message="Use at most 2,000 characters."),
        ],
    )
    submit = SubmitField("Remove the photo", widget=GovSubmitInput())
