"""What we ask people for a brief, on short pages. Shape only; rules live in rules."""

from collections.abc import Iterable

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
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from marketplace.brokerage.queries.briefs import Wanted
from marketplace.brokerage.rules import briefs as rules
from marketplace.brokerage.rules.briefs import Criterion
from marketplace.brokerage.rules.days import DAYS_OPEN
from marketplace.brokerage.services.writing_briefs import When
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.kit.fields import DayField, PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line
from marketplace.purchasing.rules.nouns import ArrangementKind

_COST = "What it costs"
_UNITS = (Unit.HOUR, Unit.SESSION, Unit.DAY, Unit.NIGHT, Unit.WEEK, Unit.ITEM)
_OTHERS = range(1, rules.MOST_CRITERIA)


class PageForm(Form):
    """One page of a brief. It knows which edition it changes."""

    seen = HiddenField()
    submit = SubmitField("Save", widget=GovSubmitInput())


class WhatForm(PageForm):
    """What the brief is about."""

    title = StringField(
        "What are you looking for, in a few words?",
        description="For example “Somebody to go swimming with” or “Help to cook twice a week”.",
        widget=GovTextInput(),
    )
    about = TextAreaField(
        "What should providers know?",
        description="What a good result would be, how you like things done, what they should be good at. "
        "Leave out names, streets, schools and dates: you can tell whoever you choose.",
        widget=GovTextArea(),
    )
    category = SelectField("What kind of support is it?", widget=GovSelect(), validate_choice=False)

    def offer(self, categories: Iterable[tuple[CategorySlug, str]]) -> None:
        """Let somebody choose among kinds of support."""
        self.category.choices = [*choices([("", "Choose one")]), *choices(categories)]


class NeedsForm(PageForm):
    """What must be met."""

    need_1 = StringField("First", widget=GovTextInput())
    need_2 = StringField("Second", widget=GovTextInput())
    need_3 = StringField("Third", widget=GovTextInput())
    need_4 = StringField("Fourth", widget=GovTextInput())
    need_5 = StringField("Fifth", widget=GovTextInput())
    need_6 = StringField("Sixth", widget=GovTextInput())

    @property
    def needs(self) -> list[str]:
        """What was written, in its order, with the gaps: each refusal belongs beside its own line."""
        return [tidy_line(self[f"need_{at}"].data) for at in range(1, rules.MOST_NEEDS + 1)]

    def show(self, wanted: Wanted) -> None:
        """Fill in what stands."""
        for at, need in enumerate(wanted.needs, start=1):
            self[f"need_{at}"].data = need.words


class MattersForm(PageForm):
    """By what the person chooses, and how much of a hundred each thing counts."""

    cost_weight = WholeNumberField(
        _COST, description="Leave it empty if the price does not count.", widget=GovTextInput()
    )
    words_1 = StringField("Second thing", widget=GovTextInput())
    weight_1 = WholeNumberField("How much it counts", widget=GovTextInput())
    words_2 = StringField("Third thing", widget=GovTextInput())
    weight_2 = WholeNumberField("How much it counts", widget=GovTextInput())
    words_3 = StringField("Fourth thing", widget=GovTextInput())
    weight_3 = WholeNumberField("How much it counts", widget=GovTextInput())
    words_4 = StringField("Fifth thing", widget=GovTextInput())
    weight_4 = WholeNumberField("How much it counts", widget=GovTextInput())

    @property
    def criteria(self) -> list[Criterion]:
        """What was written. A line without words and number falls away; one with only a number keeps it."""
        found = [Criterion(_COST, self.cost_weight.data, is_cost=True)] if self.cost_weight.data else []
        for at in _OTHERS:
            words, weight = tidy_line(self[f"words_{at}"].data), self[f"weight_{at}"].data
            if words or weight:
                found.append(Criterion(words, weight or 0))
        return found

    def show(self, criteria: Iterable[Criterion]) -> None:
        """Fill in criteria in the place of what stands in the form."""
        self.cost_weight.data = self.cost_weight.raw_data = None
        for at in _OTHERS:
            self[f"words_{at}"].data = ""
            self[f"weight_{at}"].data = self[f"weight_{at}"].raw_data = None
        at = 0
        for one in criteria:
            if one.is_cost:
                self.cost_weight.data = one.weight
            elif at + 1 in _OTHERS:
                at += 1
                self[f"words_{at}"].data, self[f"weight_{at}"].data = one.words, one.weight


class MoneyForm(PageForm):
    """How much there is to spend."""

    budget = PoundsField(
        "How much is there to spend, in all?",
        description="For all of it, not for an hour. You can leave this empty.",
    )
    shows_budget = RadioField(
        "Should providers see it?",
        widget=GovRadioInput(),
        choices=choices([("no", "No, keep it to myself"), ("yes", "Yes, show it in the brief")]),
        validators=[InputRequired("Choose whether providers see it.")],
    )


class WhereForm(PageForm):
    """Roughly where."""

    place = StringField(
        "Roughly where?",
        description="A postcode, the first part of one, or a council. We never show more than an area where "
        "10,000 people or more live, and we do not keep the rest.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a postcode, the first part of one, or the name of a council.")],
    )


class WhenForm(PageForm):
    """How much, for how long and when."""

    kind = RadioField(
        "How often?",
        widget=GovRadioInput(),
        choices=choices(
            [(ArrangementKind.WEEKLY, "Every week"), (ArrangementKind.ONE_OFF, "Once, or a number in all")]
        ),
        validators=[InputRequired("Choose how often.")],
    )
    quantity = WholeNumberField(
        "How many?",
        description="Of hours, say, in each week or in all.",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many, as a whole number.")],
    )
    unit = SelectField("Of what?", widget=GovSelect(), choices=choices((unit.value, unit.many) for unit in _UNITS))
    weeks = WholeNumberField(
        "For how many weeks?", description="If it is every week. 52 is a year.", widget=GovTextInput()
    )
    times = StringField(
        "When would suit you?",
        description="For example “Weekday mornings” or “Any time”.",
        widget=GovTextInput(),
    )
    starts_on = DayField("From when?", description="Leave it empty if it does not matter.", widget=GovDateInput())
    days_open = RadioField(
        "How long may providers take to quote?",
        widget=GovRadioInput(),
        choices=choices((str(days), worded("{days} days", days=days)) for days in DAYS_OPEN),
        validators=[InputRequired("Choose 14 days or 7.")],
    )

    @property
    def when(self) -> When:
        """What was answered."""
        kind = ArrangementKind(self.kind.data)
        assert self.quantity.data is not None
        return When(
            kind=kind,
            quantity=self.quantity.data,
            unit=Unit(self.unit.data),
            weeks=(self.weeks.data or 0) if kind is ArrangementKind.WEEKLY else 1,
            times=tidy_line(self.times.data),
            starts_on=self.starts_on.data,
            days_open=int(self.days_open.data),
        )


class OpenForm(Form):
    """Looking a brief over before it opens: what the check found, and what the writer keeps all the same."""

    kept = SelectMultipleField(
        "Keep it all the same",
        description="Tick what you have read and want to keep.",
        widget=GovCheckboxesInput(),
        validate_choice=False,
    )
    submit = SubmitField("Open for quotes", widget=GovSubmitInput())


class WithdrawForm(Form):
    """Taking a brief back."""

    why = TextAreaField(
        "Would you like to tell them why?",
        description="You need not. Providers who were asked read it, so leave out who you are.",
        widget=GovTextArea(),
        validators=[Length(max=500, message="Use at most 500 characters.")],
    )
    submit = SubmitField("Take this brief back", widget=GovSubmitInput())


class AnswerForm(Form):
    """Answering a question for all."""

    answer = TextAreaField(
        "Your answer",
        description="Every provider reads it, and nobody learns who asked.",
        widget=GovTextArea(),
        validators=[InputRequired("Write an answer.")],
    )
    kept = SelectMultipleField(
        "Keep it all the same",
        description="Tick what you have read and want to keep.",
        widget=GovCheckboxesInput(),
        validate_choice=False,
    )
    submit = SubmitField("Send this answer to all", widget=GovSubmitInput())


class QuestionForm(Form):
    """What a provider asks."""

    organisation = SelectField("For which of your organisations?", widget=GovSelect(), validate_choice=False)
    words = TextAreaField(
        "What would you like to know?",
        description="The answer goes to every provider. Nobody is told who asked, so leave out who you are.",
        widget=GovTextArea(),
        validators=[InputRequired("Write your question.")],
    )
    submit = SubmitField("Ask this", widget=GovSubmitInput())


class DeclineForm(Form):
    """Saying that one will not quote."""

    organisation = SelectField("For which of your organisations?", widget=GovSelect(), validate_choice=False)
    why_not = RadioField(
        "Why not?",
        description="Nobody sees this about you. Councils see how often each reason was given in their area.",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose the nearest reason.")],
    )
    submit = SubmitField("We will not quote", widget=GovSubmitInput())
