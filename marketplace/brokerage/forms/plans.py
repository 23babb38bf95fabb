"""What we ask people for about their plan. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.rules.plans import LONGEST_PART
from marketplace.kit.forms import Form

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
    risks = TextAreaField(
        "Risks I want to take",
        description="What you want to do although it might go wrong, and how you would go about it.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_PART, message=_TOO_LONG)],
    )
    who_helps = TextAreaField(
        "Who helps me",
        description="Family, friends, neighbours, people you pay: whoever is there for you now.",
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
    outcome_id = RadioField(
        "What is it about?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what it is about.")],
    )
    what_would_help = TextAreaField(
        "What would help?",
        description="It need not be a service. A café, a gym class, a neighbour or a gadget may do.",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_PART, message=_TOO_LONG)],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())
