"""What we ask providers about themselves and their offers. Shape only; rules live in rules."""

from decimal import Decimal, InvalidOperation

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovDateInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    DecimalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from marketplace.catalogue.rules import (
    LONGEST_ABOUT,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    AccessFact,
    Act,
    ProviderKind,
    Setting,
    Unit,
)
from marketplace.kit.fields import DayField, KeyField, PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form

FREE, PRICED = "free", "priced"


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
    """A provider, as it describes itself."""

    key = KeyField()
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
            ]
        ),
        validators=[InputRequired("Choose what you are.")],
    )
    name = StringField(
        "The name people know you by",
        widget=GovTextInput(),
        validators=[
            InputRequired("Tell us the name people know you by."),
            Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} characters."),
        ],
    )
    about = TextAreaField(
        "About you",
        description="Who you are and how you like to work. Write as you would speak.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say a little about yourself."),
            Length(max=LONGEST_ABOUT, message=f"Use at most {LONGEST_ABOUT:,} characters."),
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
    staff_fte = TenthsField(
        "How many full-time staff, counting yourself?",
        description="For micro-providers. Two people on half time are one.",
        widget=GovTextInput(),
        validators=[Optional()],
    )
    board_share = WholeNumberField(
        "How many in every hundred people on your board use support themselves?",
        description="For user-led organisations. Five out of eight is 62.",
        widget=GovTextInput(),
        validators=[Optional()],
    )
    submit = SubmitField("Save and go on", widget=GovSubmitInput())


class OfferForm(Form):
    """An offer: what, where, and for how much."""

    key = KeyField()
    provider = SelectField("Who offers this?", widget=GovSelect(), validate_choice=False)
    title = StringField(
        "What do you offer?",
        description="A few words that people will see first, like “An afternoon in my garden”.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Give your offer a name."),
            Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} characters."),
        ],
    )
    category = SelectField(
        "What kind of support is it?",
        widget=GovSelect(),
        validators=[InputRequired("Choose one of the categories.")],
    )
    description = TextAreaField(
        "Tell people about it",
        description="What happens, how long it takes, who it suits, and what you do not do. "
        "Leave out phone numbers and e-mail addresses: people ask you through this site.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say what you offer."),
            Length(max=LONGEST_DESCRIPTION, message=f"Use at most {LONGEST_DESCRIPTION:,} characters."),
        ],
    )
    setting = RadioField(
        "Where does it happen?",
        widget=GovRadioInput(),
        choices=choices(
            [
                (Setting.AT_HOME, "You go to people"),
                (Setting.AT_PLACE, "People come to a place"),
                (Setting.ONLINE, "Online or by phone"),
            ]
        ),
        validators=[InputRequired("Choose where it happens.")],
    )
    travels_miles = WholeNumberField(
        "If you go to people: how many miles do you travel?",
        widget=GovTextInput(),
        validators=[Optional()],
    )
    place = StringField(
        "If people come to a place: its postcode",
        widget=GovTextInput(),
        validators=[Optional(), Length(max=100, message="Enter a postcode, like M33 7ZF.")],
    )
    address = StringField(
        "If people come to a place: its address",
        description="So that they find it: “Thimble Row Hall, Altrincham”.",
        widget=GovTextInput(),
        validators=[Optional(), Length(max=300, message="Use at most 300 characters.")],
    )
    cost = RadioField(
        "Does it cost anything?",
        widget=GovRadioInput(),
        choices=choices([(PRICED, "Yes, it has a price"), (FREE, "No, it is free")]),
        validators=[InputRequired("Choose whether it has a price.")],
    )
    amount = PoundsField("The price for one person")
    unit = SelectField(
        "What that price buys",
        widget=GovSelect(),
        choices=choices([(unit, unit.each.capitalize()) for unit in Unit]),
    )
    group_amount = PoundsField(
        "What each person pays in a group (if you offer that)",
        description="For people who club together. It has to be less than the price for one.",
        validators=[Optional()],
    )
    group_from = WholeNumberField(
        "From how many people does the group price count?", widget=GovTextInput(), validators=[Optional()]
    )
    begins_on = DayField(
        "From which day do these prices count?",
        description="Today, unless you say another day. What people have agreed before stays as it was.",
        widget=GovDateInput(),
        validators=[Optional()],
    )
    access = SelectMultipleField(
        "What is there for people who need it?",
        description="Choose all that are really there. Choose none if none are.",
        widget=GovCheckboxesInput(),
        choices=choices([(fact, fact.words) for fact in AccessFact]),
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def validate_amount(self, field: PoundsField) -> None:
        """Ask for a price if there is one."""
        if self.cost.data == PRICED and field.data is None:
            raise ValidationError("Enter the price for one person, or say that it is free.")


class DecideForm(Form):
    """What a moderator decides about an offer."""

    outcome = RadioField(
        "What do you decide?",
        widget=GovRadioInput(),
        choices=choices([(Act.APPROVE, "Show it on the site"), (Act.REFUSE, "Ask for a change first")]),
        validators=[InputRequired("Choose what you decide.")],
    )
    reason = TextAreaField(
        "If you ask for a change: what, and why?",
        description="The provider reads this. Say what would make it right.",
        widget=GovTextArea(),
        validators=[Length(max=2000, message="Use at most 2,000 characters.")],
    )
    seen = HiddenField()
    submit = SubmitField("Decide", widget=GovSubmitInput())
