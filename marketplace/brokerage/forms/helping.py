"""What we ask about who helps: whom to invite, whom to ask, what is to be done, and who pays an organisation."""

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import EmailField, RadioField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import Email, InputRequired, Length

from marketplace.accounts.forms import SCOPES
from marketplace.brokerage.rules.helping import (
    LEVELS,
    LONGEST_ANSWER,
    LONGEST_CALLED,
    LONGEST_HOW,
    LONGEST_REQUEST,
    LONGEST_TASK,
    PLANNING_SCOPES,
)
from marketplace.brokerage.rules.independence import LONGEST_SAID
from marketplace.brokerage.rules.nouns import Circle, Payer
from marketplace.kit.fields import DayField, KeyField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

CIRCLES = {
    Circle.FAMILY: "Family and friends",
    Circle.NEIGHBOURHOOD: "Neighbours, clubs and places nearby",
    Circle.USER_LED_ORGANISATION: "User-led organisations: run by people who use support themselves",
    Circle.KEY_WORKER: "Key workers and care managers",
    Circle.PAID_ADVISER: "Paid workers, advocates and advisers",
}
"""The five circles of help [001], as pages name them."""

PAYERS = {
    Payer.PEOPLE: "The people we help pay us",
    Payer.COUNCIL: "A council pays us",
    Payer.NHS: "The NHS pays us",
    Payer.GRANTS: "Grants or gifts",
    Payer.PROVIDERS: "Providers of support pay us",
    Payer.MEMBERS: "Our members pay us",
    Payer.SOMEBODY_ELSE: "Somebody else",
}
_LEVELS = {
    "look": "See my plan",
    "write": "See my plan and write in it with me",
    "quotes": "Write in my plan, and help me ask for quotes and score them",
}
_EMAIL = "Enter an email address, like name@example.org."
_DAY = "Enter a day, month and year, like 6 4 2027."


def _at_most(number: int) -> Length:
    return Length(max=number, message=worded("Use at most {number:,} characters.", number=number))


class InviteForm(Form):
    """Letting family or a friend help, on one short page."""

    key = KeyField()
    email = EmailField(
        "What is their email address?",
        widget=GovTextInput(),
        validators=[InputRequired(_EMAIL), Email(_EMAIL), Length(max=320, message=_EMAIL)],
    )
    level = RadioField(
        "What may they do?",
        widget=GovRadioInput(),
        choices=choices((level, _LEVELS[level]) for level in LEVELS),
        validators=[InputRequired("Choose what they may do.")],
    )
    ends_on = DayField(
        "Until when?",
        description="We have filled in half a year. You can end it sooner, at any time.",
        widget=GovDateInput(),
        validators=[InputRequired(_DAY)],
    )
    submit = SubmitField("Invite them", widget=GovSubmitInput())


class AskForHelpForm(Form):
    """Asking an organisation for help with one's plan."""

    words = TextAreaField(
        "What would you like help with?",
        description="A few words are enough. They see your name and these words, and nothing else before they say yes.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say in a few words what you would like help with."),
            _at_most(LONGEST_REQUEST),
        ],
    )
    scopes = SelectMultipleField(
        "If they say yes, what may they do?",
        widget=GovCheckboxesInput(),
        choices=choices((scope, SCOPES[scope]) for scope in PLANNING_SCOPES),
        validators=[InputRequired("Choose at least one thing that they may do.")],
    )
    ends_on = DayField(
        "Until when?",
        description="We have filled in half a year. You can end it sooner, at any time.",
        widget=GovDateInput(),
        validators=[InputRequired(_DAY)],
    )
    submit = SubmitField("Ask them", widget=GovSubmitInput())


class DeclineForm(Form):
    """Saying no to somebody who asks for help."""

    words = TextAreaField(
        "What would you like to tell them?",
        description="They get this by email. You might say when you have time again, or who else could help.",
        widget=GovTextArea(),
        validators=[_at_most(LONGEST_ANSWER)],
    )
    submit = SubmitField("Say no, kindly", widget=GovSubmitInput())


class TaskForm(Form):
    """Writing down what a helper is to do."""

    words = StringField(
        "What is to be done?",
        description="For example: ring the swimming baths about lockers.",
        widget=GovTextInput(),
        validators=[InputRequired("Say what is to be done."), _at_most(LONGEST_TASK)],
    )
    due_on = DayField("By when?", description="Leave this empty if there is no hurry.", widget=GovDateInput())
    submit = SubmitField("Write it down", widget=GovSubmitInput())


class SupporterForm(Form):
    """Naming somebody who helps."""

    called = StringField(
        "Who are they?",
        description="Whatever you call them: Mum, Bev next door, the Tuesday choir.",
        widget=GovTextInput(),
        validators=[InputRequired("Say who they are: “Mum”, “Bev next door”."), _at_most(LONGEST_CALLED)],
    )
    circle = RadioField(
        "Where do they belong?",
        widget=GovRadioInput(),
        choices=choices(CIRCLES.items()),
        validators=[InputRequired("Choose where they belong.")],
    )
    how = StringField(
        "How do they help?",
        description="You can leave this empty.",
        widget=GovTextInput(),
        validators=[_at_most(LONGEST_HOW)],
    )
    submit = SubmitField("Add them", widget=GovSubmitInput())


class IndependenceForm(Form):
    """Saying who pays an organisation, what else it sells, and whom it is tied to."""

    payers = SelectMultipleField(
        "Who pays you?",
        description="Choose all that are true.",
        widget=GovCheckboxesInput(),
        choices=choices(PAYERS.items()),
        validators=[InputRequired("Choose at least one: somebody pays for what you do, or you give it.")],
    )
    who_pays = TextAreaField(
        "Who exactly, and for what?",
        description="For example: Trafford Council pays us £40,000 a year to help people plan.",
        widget=GovTextArea(),
        validators=[_at_most(LONGEST_SAID)],
    )
    also_sells = TextAreaField(
        "What else do you sell, here or anywhere else?",
        description="What you offer on this site is counted and shown anyway. Leave it empty if you sell nothing else.",
        widget=GovTextArea(),
        validators=[_at_most(LONGEST_SAID)],
    )
    ties = TextAreaField(
        "Who owns you or sits on your board and also provides support?",
        description="A parent company, a director’s other business, a partner. Leave it empty if nobody does.",
        widget=GovTextArea(),
        validators=[_at_most(LONGEST_SAID)],
    )
    submit = SubmitField("Say this in public", widget=GovSubmitInput())
