"""What we ask whoever opens a pool for pledges, or closes it. Shape only; rules live in rules."""

from datetime import date

from govuk_frontend_wtf.wtforms_widgets import (
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules import Unit
from marketplace.kit.fields import DayField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.pooling.forms.finding import ENDINGS
from marketplace.pooling.rules import (
    FEWEST_PEOPLE,
    LONGEST_PURPOSE,
    LONGEST_TITLE,
    LONGEST_WAIT_DAYS,
    MOST_PEOPLE,
    NewPool,
)
from marketplace.pooling.rules.nouns import Counts, EndReason
from marketplace.pooling.rules.starting import LONGEST_LAST_WORDS
from marketplace.purchasing.forms.baskets import KINDS
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.rules.terms import kinds_open_to


class OpenPoolForm(Form):
    """Opening a pool on an offer."""

    title = StringField(
        "Give your pool a name",
        description="Anyone can read it, so leave out people’s names. “Swimming on Saturdays” is a good one.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Give your pool a name."),
            Length(
                max=LONGEST_TITLE,
                message=worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE),
            ),
        ],
    )
    purpose = TextAreaField(
        "What would you like to do together?",
        description="A few words in your own way. Anyone can read them, so leave out names and anything private.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say what you would like to do together."),
            Length(
                max=LONGEST_PURPOSE,
                message=worded("Use at most {longest_purpose:,} characters.", longest_purpose=LONGEST_PURPOSE),
            ),
        ],
    )
    minimum_people = WholeNumberField(
        "How many people does it take?",
        description="If fewer have joined by the last day, the pool ends and nobody pays.",
        widget=GovTextInput(),
        validators=[
            InputRequired(
                worded(
                    "Enter a number of people from {fewest_people} to {most_people}.",
                    fewest_people=FEWEST_PEOPLE,
                    most_people=MOST_PEOPLE,
                )
            )
        ],
    )
    most_people = WholeNumberField(
        "How many can take part at most?",
        description="Ask the provider how many they have room for. Leave this empty if you do not know.",
        widget=GovTextInput(),
    )
    counts = RadioField(
        "What makes the price go down?",
        widget=GovRadioInput(),
        default=Counts.PEOPLE.value,
        choices=choices(
            [
                (Counts.PEOPLE.value, "How many people join"),
                (Counts.QUANTITY.value, "How many we take together: one person may take several"),
            ]
        ),
    )
    kind = RadioField(
        "Once, or every week?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how you would like it.")],
    )
    weeks = WholeNumberField(
        "For how many weeks?",
        description="Only if you would like it every week. For example 12.",
        widget=GovTextInput(),
    )
    quantity = WholeNumberField(
        "How much does each person get?",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a whole number, such as 6.")],
    )
    days = WholeNumberField(
        "For how many days can people join?",
        description=worded(
            "From 1 to {longest_wait_days}. If too few have joined by then, the pool ends and nobody pays.",
            longest_wait_days=LONGEST_WAIT_DAYS,
        ),
        widget=GovTextInput(),
        validators=[
            InputRequired(
                worded("Enter a number of days from 1 to {longest_wait_days}.", longest_wait_days=LONGEST_WAIT_DAYS)
            )
        ],
    )
    starts_on = DayField(
        "When should it start?",
        description="A day after the last day to join, such as 14 9 2027.",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day it should start, such as 14 9 2027.")],
    )
    submit = SubmitField("Open this pool", widget=GovSubmitInput())

    def fit(self, *, unit: Unit, is_shared: bool) -> None:
        """Ask only what makes a difference for what is offered by such a unit."""
        self._kinds = kinds_open_to(unit)
        if is_shared or unit is not Unit.ITEM:
            del self.counts
        if len(self._kinds) > 1:
            self.kind.choices = choices((kind.value, KINDS[kind]) for kind in self._kinds)
        else:
            del self.kind
        if ArrangementKind.WEEKLY not in self._kinds:
            del self.weeks

    def begin_with(self, *, title: str, purpose: str, minimum_people: int | None, most_people: int | None) -> None:
        """Fill in what is known already."""
        self.title.data, self.purpose.data = title, purpose
        self.minimum_people.data, self.most_people.data = minimum_people, most_people

    def begin_with_quote(self, *, kind: ArrangementKind, quantity: int, weeks: int, starts_on: date) -> None:
        """Fill in what the quote is for that the pool chose."""
        self.quantity.data, self.starts_on.data = quantity, starts_on
        if self.kind:
            self.kind.data = kind.value
        if self.weeks and kind is ArrangementKind.WEEKLY:
            self.weeks.data = weeks

    @property
    def wanted(self) -> NewPool:
        """What was asked for, once every answer is there."""
        assert self.title.data is not None
        assert self.purpose.data is not None
        assert self.minimum_people.data is not None
        assert self.quantity.data is not None
        assert self.days.data is not None
        assert self.starts_on.data is not None
        kind = ArrangementKind(self.kind.data) if self.kind else self._kinds[0]
        return NewPool(
            title=self.title.data,
            purpose=self.purpose.data,
            minimum_people=self.minimum_people.data,
            quantity=self.quantity.data,
            days=self.days.data,
            starts_on=self.starts_on.data,
            most_people=self.most_people.data,
            kind=kind,
            # Weeks left empty are no number of weeks, and are refused with a sentence.
            weeks=((self.weeks.data or 0) if self.weeks else 1) if kind is ArrangementKind.WEEKLY else 1,
            counts=Counts(self.counts.data) if self.counts else Counts.PEOPLE,
        )


class WithdrawPoolForm(Form):
    """Closing a pool for everybody, and why."""

    reason = RadioField(
        "Why does it end?",
        description="You need not say.",
        widget=GovRadioInput(),
        choices=choices(ENDINGS),
        validate_choice=False,
    )
    words = TextAreaField(
        "What could others learn from it?",
        description="You need not say anything. Only people in the pool can read it. Leave out names.",
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_LAST_WORDS,
                message=worded("Use at most {longest_last_words:,} characters.", longest_last_words=LONGEST_LAST_WORDS),
            )
        ],
    )
    submit = SubmitField("Close this pool for everybody", widget=GovSubmitInput())

    @property
    def why(self) -> EndReason | None:
        """Why it ends, or None if that was not said."""
        return EndReason(self.reason.data) if self.reason.data in set(EndReason) else None
