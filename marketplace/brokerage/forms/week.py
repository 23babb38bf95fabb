"""What we ask people about something in their week. Shape only; rules live in rules/."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import RadioField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.rules.week import DAYS, LONGEST_WORDS, PARTS_OF_DAY
from marketplace.kit.forms import Form


class ThingForm(Form):
    """Something in the week: what it is called, and its drawing or picture."""

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
        validators=[Length(max=LONGEST_WORDS, message=f"Use at most {LONGEST_WORDS} characters.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class NewThingForm(ThingForm):
    """Something to put in the week, and when."""

    days = SelectMultipleField(
        "On which days?",
        widget=GovCheckboxesInput(),
        coerce=int,
        choices=list(DAYS.items()),
        validators=[InputRequired("Choose at least one day.")],
    )
    part_of_day = RadioField(
        "When on that day?",
        widget=GovRadioInput(),
        choices=[(part.value, words) for part, words in PARTS_OF_DAY.items()],
        validators=[InputRequired("Choose a part of the day.")],
    )
    submit = SubmitField("Put it in the week", widget=GovSubmitInput())
