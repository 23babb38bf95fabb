"""What we ask people about something in their week. Shape only; rules live in rules/."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import RadioField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.rules.week import DAYS, LONGEST_WORDS, PARTS_OF_DAY
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded


class _ThingForm(Form):
    """What something in the week is called, its drawing or picture, and in which part of the day it is."""

    picture = RadioField(
        "Choose a drawing or a picture",
        description="You can leave this out.",
        widget=GovRadioInput(),
        default="",
        validators=[],
    )
    words = StringField(
        "What is it?",
        description="For example “Swim with Jo”. If you chose a drawing, you can leave this out.",
        widget=GovTextInput(),
        validators=[
            Length(
                max=LONGEST_WORDS,
                message=worded("Use at most {longest_words} characters.", longest_words=LONGEST_WORDS),
            )
        ],
    )
    part_of_day = RadioField(
        "When on that day?",
        widget=GovRadioInput(),
        choices=choices(PARTS_OF_DAY.items()),
        validators=[InputRequired("Choose a part of the day.")],
    )


class ThingForm(_ThingForm):
    """Something in the week that changes."""

    asked_first = ("picture", "words", "day")

    day = RadioField(
        "On which day?",
        widget=GovRadioInput(),
        coerce=int,
        choices=choices(DAYS.items()),
        validators=[InputRequired("Choose a day.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class NewThingForm(_ThingForm):
    """Something to put in the week, and on which days."""

    asked_first = ("picture", "words", "days")

    days = SelectMultipleField(
        "On which days?",
        widget=GovCheckboxesInput(),
        coerce=int,
        choices=choices(DAYS.items()),
        validators=[InputRequired("Choose at least one day.")],
    )
    submit = SubmitField("Put it in the week", widget=GovSubmitInput())
