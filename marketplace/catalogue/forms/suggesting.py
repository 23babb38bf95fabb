"""What we ask people who tell us of a missing place or a wrong fact. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules.suggestions import LONGEST_SUGGESTION, WrongFact
from marketplace.kit.fields import KeyField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

_NOT_TOO_LONG = Length(
    max=LONGEST_SUGGESTION,
    message=worded("Use at most {longest_suggestion:,} characters.", longest_suggestion=LONGEST_SUGGESTION),
)


class SuggestPlaceForm(Form):
    """A local place that is missing."""

    key = KeyField()
    name = StringField(
        "What is it called?",
        widget=GovTextInput(),
        validators=[
            InputRequired("Tell us what the place is called."),
            Length(max=200, message="Use at most 200 characters."),
        ],
    )
    place = StringField(
        "Where is it?",
        description="A street, a village or a postcode, as well as you can.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Tell us where it is, as well as you can."),
            Length(max=300, message="Use at most 300 characters."),
        ],
    )
    words = TextAreaField(
        "What is it?",
        description="What goes on there, and when, if you know. One web address is welcome.",
        widget=GovTextArea(),
        validators=[InputRequired("Tell us a little about it."), _NOT_TOO_LONG],
    )
    submit = SubmitField("Suggest this place", widget=GovSubmitInput())


class WrongFactForm(Form):
    """A fact that is wrong on an offer."""

    key = KeyField()
    fact = RadioField(
        "What is wrong?",
        widget=GovRadioInput(),
        choices=choices((fact, fact.words) for fact in WrongFact),
        validators=[InputRequired("Choose what is wrong.")],
    )
    words = TextAreaField(
        "What is right?",
        description="And how you know, if you like.",
        widget=GovTextArea(),
        validators=[InputRequired("Tell us what is right, or how you know."), _NOT_TOO_LONG],
    )
    submit = SubmitField("Send", widget=GovSubmitInput())


class CloseSuggestionForm(Form):
    """What became of a suggestion."""

    answer = TextAreaField(
        "What became of it?",
        widget=GovTextArea(),
        validators=[_NOT_TOO_LONG],
    )
    submit = SubmitField("Close it", widget=GovSubmitInput())
