"""What we ask whoever chooses between quotes. Shape only; rules live in rules."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovDateInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import Field, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.brokerage.rules.choosing import MEETING_ASKED, WHY_NOT_NAMED, KindReason
from marketplace.brokerage.rules.nouns import CriterionId, MeetingKind, QuoteId, WhyNot
from marketplace.brokerage.rules.scoring import POINTS_SAID
from marketplace.brokerage.services.scoring import Points
from marketplace.kit.fields import DayField, KeyField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.purchasing.forms.baskets import PayingForm

_NOT_YET = "not_yet"
_POINTS = [*((str(points), f"{points}: {said}") for points, said in POINTS_SAID.items()), (_NOT_YET, "Not sure yet")]


class ScoreForm(Form):
    """What somebody gives one quote, criterion by criterion. The questions come from `score_form`."""

    submit = SubmitField("Keep this", widget=GovSubmitInput())

    def asked_of(self, criterion_id: CriterionId) -> tuple[Field, Field | None]:
        """What is asked about one criterion: the points, and why, if that is asked."""
        because = f"because_{criterion_id}"
        return self[f"points_{criterion_id}"], self._fields.get(because)

    def given(self, criteria: Iterable[CriterionId]) -> dict[CriterionId, Points]:
        """What was given. What nobody is sure of has no points."""
        said = {}
        for it in criteria:
            points, because = self.asked_of(it)
            is_given = points.data not in {None, _NOT_YET}
            said[it] = Points(int(points.data) if is_given else None, because.data or "" if because else "")
        return said


def score_form(criteria: Sequence[tuple[CriterionId, str]], *, with_because: bool = True) -> ScoreForm:
    """Return the form that asks for points for some criteria: their ids, and what each says."""
    fields: dict[str, Any] = {}
    for it, words in criteria:
        fields[f"points_{it}"] = RadioField(
            words, choices=choices(_POINTS), default=_NOT_YET, widget=GovRadioInput(), validate_choice=True
        )
        if with_because:
            fields[f"because_{it}"] = StringField("Why? You need not say.", widget=GovTextInput())
    form: ScoreForm = type("ScoreFormOfCriteria", (ScoreForm,), fields)()
    return form


def show_points(form: ScoreForm, given: Mapping[CriterionId, tuple[int, str]]) -> None:
    """Fill in what was given before."""
    for it, (points, because) in given.items():
        field, words = form.asked_of(it)
        field.data = str(points)
        if words is not None:
            words.data = because


class MeetingForm(Form):
    """Asking one provider something before choosing."""

    key = KeyField()
    kind = RadioField(
        "What would you like to do?",
        choices=choices((kind.value, MEETING_ASKED[kind]) for kind in MeetingKind),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what you would like to do.")],
    )
    words = TextAreaField(
        "What would you like to say to them?",
        description="When and where would suit you, or what you want to know. They do not know who you are: tell them "
        "only what you want them to know.",
        widget=GovTextArea(),
        validators=[InputRequired("Write a few words first.")],
    )
    submit = SubmitField("Ask them", widget=GovSubmitInput())


class HowItWasForm(Form):
    """How a meeting or a try-out was."""

    how_it_was = TextAreaField(
        "How was it?",
        description="This stays with you and those who choose with you. The provider never sees it.",
        widget=GovTextArea(),
    )
    submit = SubmitField("Keep this", widget=GovSubmitInput())


class BecauseForm(Form):
    """Why a quote is chosen, and what each of the others is told. The questions come from `because_form`."""

    because = TextAreaField(
        "Why do you choose this one? You need not say.",
        description="For yourself, to remember. No provider sees it.",
        widget=GovTextArea(),
    )
    submit = SubmitField("Choose this quote", widget=GovSubmitInput())

    def asked_of(self, quote_id: QuoteId) -> tuple[Field, Field]:
        """What is asked about one of the others: a kind reason, and one's own words."""
        return self[f"why_{quote_id}"], self[f"words_{quote_id}"]

    def reasons(self, quote_ids: Iterable[QuoteId]) -> dict[QuoteId, KindReason]:
        """What each of the others is told."""
        return {it: _reason(*self.asked_of(it)) for it in quote_ids}


class AwardForm(BecauseForm, PayingForm):
    """Choosing a quote for oneself: from when on, and who pays."""

    asked_first = ("starts_on", "first", "second", "second_pays", "pay_by")

    starts_on = DayField(
        "From which day?",
        description="Not before the day on which they can start.",
        widget=GovDateInput(),
        validators=[InputRequired("Enter a day, like 3 3 2027.")],
    )
    submit = SubmitField("Choose this quote", widget=GovSubmitInput())


class FreeAwardForm(BecauseForm):
    """Choosing a quote that costs nothing: there is no money to talk about."""

    asked_first = ("starts_on",)

    starts_on = AwardForm.starts_on


def award_form(others: Sequence[tuple[QuoteId, str]], *, kind: type[BecauseForm]) -> BecauseForm:
    """Return the form that chooses one quote; `others` are those not chosen, each with its provider's name."""
    fields: dict[str, Any] = {}
    for quote_id, name in others:
        fields[f"why_{quote_id}"] = _why(worded("What may we tell {name}?", name=name))
        fields[f"words_{quote_id}"] = _own_words(worded("A few kind words of your own to {name}", name=name))
    form: BecauseForm = type("AwardFormOfQuotes", (kind,), fields)()
    return form


class ChooseNoneForm(Form):
    """Choosing none of the quotes."""

    because = TextAreaField(
        "Why do you choose none? You need not say.",
        description="For yourself, to remember. No provider sees it.",
        widget=GovTextArea(),
    )
    why = SelectField(
        "What may we tell them?",
        choices=choices((it.value, WHY_NOT_NAMED[it]) for it in WhyNot),
        default=WhyNot.NO_LONGER_NEEDED.value,
        widget=GovSelect(),
    )
    kind_words = StringField("A few kind words of your own", widget=GovTextInput())
    submit = SubmitField("Choose none of them", widget=GovSubmitInput())

    @property
    def said(self) -> KindReason:
        """What every provider is told."""
        return _reason(self.why, self.kind_words)


def _why(label: str) -> SelectField:
    return SelectField(
        label,
        choices=choices((it.value, WHY_NOT_NAMED[it]) for it in WhyNot),
        default=WhyNot.ANOTHER_FITTED_BETTER.value,
        widget=GovSelect(),
    )


def _own_words(label: str) -> StringField:
    return StringField(label, description="You need not write any.", widget=GovTextInput())


def _reason(why: Field, words: Field) -> KindReason:
    return KindReason(WhyNot(why.data), words.data or "")
