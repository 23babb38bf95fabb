"""What we ask providers about themselves. Shape only; rules live in rules."""

from decimal import Decimal, InvalidOperation

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, DecimalField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.catalogue.rules import LONGEST_ABOUT, LONGEST_NAME, ProviderKind, Trade
from marketplace.kit.fields import DayField, KeyField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded


class TenthsField(DecimalField):
    """A number with at most one decimal, for counting staff."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            number = Decimal(valuelist[0].strip())
        except InvalidOperation as error:
            raise ValueError("Enter a number, like 2 or 2.5.") from error
        if not number.is_finite() or abs(number) >= 1000 or number != round(number, 1):  # noqa: PLR2004
            raise ValueError("Enter a number with at most one decimal, like 2.5.")
        self.data = number


class ProviderForm(Form):
    """A provider, as it describes itself. The last questions are each for one kind of provider."""

    key = KeyField()
    name = StringField(
        "The name people know you by",
        widget=GovTextInput(),
        validators=[
            InputRequired("Tell us the name people know you by."),
            Length(
                max=LONGEST_NAME, message=worded("Use at most {longest_name} characters.", longest_name=LONGEST_NAME)
            ),
        ],
    )
    about = TextAreaField(
        "About you",
        description="Who you are and how you like to work. Write as you would speak.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say a little about yourself."),
            Length(
                max=LONGEST_ABOUT,
                message=worded("Use at most {longest_about:,} characters.", longest_about=LONGEST_ABOUT),
            ),
        ],
    )
    place = StringField(
        "Your postcode",
        description="People search near a place. We show only its first part, like M33.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your postcode, like M33 7ZF.")],
    )
    website = StringField(
        "Your website (if you have one)",
        widget=GovTextInput(),
        validators=[Optional(), Length(max=500, message="Use at most 500 characters.")],
    )
    kind = RadioField(
        "What are you?",
        widget=GovRadioInput(),
        choices=choices(
            [
                (ProviderKind.MICRO_PROVIDER, "A micro-provider: a few people, independent of any larger organisation"),
                (
                    ProviderKind.USER_LED_ORGANISATION,
                    "A user-led organisation: run by people who use support themselves",
                ),
                (ProviderKind.OTHER_PROVIDER, "Another provider: an agency, a home, a supplier"),
            ]
        ),
        validators=[InputRequired("Choose what you are.")],
    )
    staff_fte = TenthsField(
        "How many full-time staff, counting yourself?",
        description="Two people on half time are one.",
        widget=GovTextInput(),
        validators=[Optional()],
    )
    is_independent = BooleanField(
        "We are independent: no larger organisation owns us or decides for us", widget=GovCheckboxInput()
    )
    board_share = WholeNumberField(
        "How many in every hundred people on your board use support themselves?",
        description="Five out of eight is 62.",
        widget=GovTextInput(),
        validators=[Optional()],
    )
    board_share_source = StringField(
        "Where can people read that?",
        description="Your annual report, your constitution, a page of your website.",
        widget=GovTextInput(),
        validators=[Length(max=200, message="Use at most 200 characters.")],
    )
    board_share_on = DayField("On which day was that so?", widget=GovDateInput(), validators=[Optional()])
    trade = RadioField(
        "What do you do?",
        widget=GovRadioInput(),
        choices=choices([(trade, trade.words) for trade in Trade]),
        validators=[Optional()],
        validate_choice=False,
    )
    submit = SubmitField("Save and go on", widget=GovSubmitInput())
