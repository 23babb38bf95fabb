"""What we ask whoever opens, joins or closes a pool. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.fields import DayField, WholeNumberField
from marketplace.kit.forms import Form
from marketplace.pooling.rules import (
    FEWEST_PEOPLE,
    LONGEST_PURPOSE,
    LONGEST_TITLE,
    LONGEST_WAIT_DAYS,
    MOST_PEOPLE,
    NewPool,
)


class OpenPoolForm(Form):
    """Opening a pool on an offer."""

    title = StringField(
        "Give your pool a name",
        description="Anyone can read it, so leave out people’s names. “Swimming on Saturdays” is a good one.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Give your pool a name."),
            Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} characters."),
        ],
    )
    purpose = TextAreaField(
        "What would you like to do together?",
        description="A few words in your own way. Anyone can read them, so leave out names and anything private.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say what you would like to do together."),
            Length(max=LONGEST_PURPOSE, message=f"Use at most {LONGEST_PURPOSE:,} characters."),
        ],
    )
    minimum_people = WholeNumberField(
        "How many people does it take?",
        description="The pool goes ahead as soon as this many have joined, counting you.",
        widget=GovTextInput(),
        validators=[InputRequired(f"Enter a number of people from {FEWEST_PEOPLE} to {MOST_PEOPLE}.")],
    )
    quantity = WholeNumberField(
        "How much does each person get?",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a whole number, such as 6.")],
    )
    days = WholeNumberField(
        "For how many days can people join?",
        description=f"From 1 to {LONGEST_WAIT_DAYS}. If too few have joined by then, the pool ends and nobody pays.",
        widget=GovTextInput(),
        validators=[InputRequired(f"Enter a number of days from 1 to {LONGEST_WAIT_DAYS}.")],
    )
    starts_on = DayField(
        "When should it start?",
        description="A day after the last day to join, such as 14 9 2027.",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day it should start, such as 14 9 2027.")],
    )
    submit = SubmitField("Open this pool", widget=GovSubmitInput())

    @property
    def wanted(self) -> NewPool:
        """What was asked for, once every answer is there."""
        assert self.title.data is not None
        assert self.purpose.data is not None
        assert self.minimum_people.data is not None
        assert self.quantity.data is not None
        assert self.days.data is not None
        assert self.starts_on.data is not None
        return NewPool(
            title=self.title.data,
            purpose=self.purpose.data,
            minimum_people=self.minimum_people.data,
            quantity=self.quantity.data,
            days=self.days.data,
            starts_on=self.starts_on.data,
        )


class JoinPoolForm(Form):
    """One button: I am in."""

    submit = SubmitField("Join this pool", widget=GovSubmitInput())


class WithdrawPoolForm(Form):
    """One button: close my pool for everybody."""

    submit = SubmitField("Close this pool for everybody", widget=GovSubmitInput())
