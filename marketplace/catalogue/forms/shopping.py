"""What we ask for when somebody saves a search."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import HiddenField, RadioField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules import LONGEST_SEARCH_NAME, AlertEvery
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded


class SaveSearchForm(Form):
    """A name for a search, and how often to hear of it."""

    asked = HiddenField()
    name = StringField(
        "What do you call this search?",
        description="Only you see it.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Give this search a name that you will know it by."),
            Length(
                max=LONGEST_SEARCH_NAME,
                message=worded(
                    "Use at most {longest_search_name} characters.", longest_search_name=LONGEST_SEARCH_NAME
                ),
            ),
        ],
    )
    every = RadioField(
        "How often shall we tell you what is new?",
        description="One email for all of your searches. No news, no email.",
        widget=GovRadioInput(),
        choices=choices((every, every.words) for every in AlertEvery),
        default=AlertEvery.WEEK,
        validators=[InputRequired("Choose how often.")],
    )
    submit = SubmitField("Save this search", widget=GovSubmitInput())
