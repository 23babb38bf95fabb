"""What we ask people for about their plan. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.rules import LONGEST_PART, Outcome
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form

OUTCOMES = {
    Outcome.EMPLOYMENT: "Work",
    Outcome.HOUSING: "My home",
    Outcome.HEALTH: "My health",
    Outcome.RELATIONSHIPS: "Family, friends and love",
    Outcome.COMMUNITY: "Taking part where I live",
    Outcome.LEARNING_SKILLS: "Learning, and being safe",
    Outcome.PERSONAL_DEVELOPMENT: "Becoming who I want to be",
}
_TOO_LONG = f"Use at most {LONGEST_PART} characters."


class PlanForm(Form):
    """The parts of a plan in one's own words."""

    about_me = TextAreaField(
        "About me",
        description="What people like about you, what you enjoy, what anybody who helps you should know.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_PART, message=_TOO_LONG)],
    )
    what_matters = TextAreaField(
        "What matters to me",
        description="What you want to keep, and what you want to change.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_PART, message=_TOO_LONG)],
    )
    good_week = TextAreaField(
        "What a good week looks like",
        description="Where you go, whom you see, what you do.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_PART, message=_TOO_LONG)],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class LineForm(Form):
    """One thing a person wants."""

    wish = StringField(
        "What do you want?",
        description="For example “See my friends every week” or “Get fit enough for the stairs”.",
        widget=GovTextInput(),
        validators=[InputRequired("Write down what you want."), Length(max=200, message="Use at most 200 characters.")],
    )
    outcome = RadioField(
        "What is it about?",
        widget=GovRadioInput(),
        choices=choices(OUTCOMES.items()),
        validators=[InputRequired("Choose what it is about.")],
    )
    what_would_help = TextAreaField(
        "What would help?",
        description="It need not be a service. A café, a gym class, a neighbour or a gadget may do.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_PART, message=_TOO_LONG)],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())
