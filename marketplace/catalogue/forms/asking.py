"""The form of one question about an offer, drawn from the file that the questions are written in. Shape only."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxesInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import DecimalField, Field, RadioField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import Optional

from marketplace.catalogue.rules import RATES_FOR, Day, PartOfDay, Unit
from marketplace.catalogue.rules.answers import NO, YES
from marketplace.catalogue.rules.questions import (
    LADDER_STEPS,
    Answer,
    AnswerKind,
    Option,
    Question,
)
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.fields import DayField, PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import Money
from marketplace.kit.places import Gazetteer, Precision, UnknownPlaceError
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line

OTHERS = "_others"
"""What follows the name of a question in the box for those that are not among its choices."""

_HOURS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")


class HundredthsField(DecimalField):
    """A number of hours with at most two decimals."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        if not _HOURS.fullmatch(typed):
            raise ValueError("Enter a number of hours, like 7.5.")
        self.data = Decimal(typed)


class AskingForm(Form):
    """One question. Its fields come from the file."""

    submit = SubmitField("Save and go on", widget=GovSubmitInput())
    later = SubmitField("Save and come back later", widget=GovSubmitInput())


@dataclass(frozen=True, slots=True)
class Around:
    """What a question's form depends on besides the question: what can be chosen, and what was said before."""

    options: tuple[Option, ...] = ()
    unit: Unit | None = None
    has_offer: bool = False


_Fields = dict[str, Any]


def asking_form(question: Question, *, answer: Answer, around: Around) -> AskingForm:
    """Return the form of a question, with the answer that was given in it."""
    fields = _FIELDS[question.kind](question, around)
    kind: type[AskingForm] = type("QuestionForm", (AskingForm,), fields)
    typed = {name: said for name, said in answer.items() if name in fields}
    others = _others(question, answer, around)
    return kind(data={name: _filled(fields[name], said) for name, said in typed.items()} | others)


def answer_in(form: AskingForm, question: Question, *, gazetteer: Gazetteer) -> Answer:
    """
    Return what somebody has said, in plain words and numbers.

    :raises WrongAnswerError: if one of several councils is none.
    """
    said = {part: _said(form[part]) for part in question.parts if part in form}
    if question.kind is AnswerKind.COUNCILS:
        return {question.key: _each_once([*_several(said, question), *_codes(form, question, gazetteer)])}
    if question.kind is AnswerKind.LANGUAGES:
        return {question.key: _each_once([*_several(said, question), *_named(form, question)])}
    return said


def _text(question: Question, around: Around) -> _Fields:
    return {question.key: StringField(question.question, description=question.hint, widget=GovTextInput())}


def _long_text(question: Question, around: Around) -> _Fields:
    return {question.key: TextAreaField(question.question, description=question.hint, widget=GovCharacterCount())}


def _one_of(question: Question, around: Around) -> _Fields:
    return {question.key: _radios(question.question, _pairs(question, around), hint=question.hint)}


def _many_of(question: Question, around: Around) -> _Fields:
    return {question.key: _checkboxes(question, _pairs(question, around))}


def _yes_no(question: Question, around: Around) -> _Fields:
    return {question.key: _radios(question.question, [(YES, "Yes"), (NO, "No")], hint=question.hint)}


def _whole_number(question: Question, around: Around) -> _Fields:
    return {question.key: WholeNumberField(question.question, description=question.hint, widget=GovTextInput())}


def _money(question: Question, around: Around) -> _Fields:
    return {question.key: PoundsField(question.question, description=question.hint)}


def _place(question: Question, around: Around) -> _Fields:
    return {
        "place": StringField("Postcode", widget=GovTextInput()),
        "address": StringField(
            "Address",
            description="So that they find it: “Thimble Row Hall, Altrincham”.",
            widget=GovTextInput(),
        ),
    }


def _times(question: Question, around: Around) -> _Fields:
    slots = [(f"{day.value} {part.value}", f"{day.words} {part.value}") for day in Day for part in PartOfDay]
    return {question.key: _checkboxes(question, slots)}


def _councils(question: Question, around: Around) -> _Fields:
    return {
        question.key: _checkboxes(question, _pairs(question, around)),
        question.key + OTHERS: StringField(
            "Other councils",
            description="Their names, with commas between them, like “Leeds, Bradford”.",
            widget=GovTextInput(),
        ),
    }


def _languages(question: Question, around: Around) -> _Fields:
    return {
        question.key: _checkboxes(question, _pairs(question, around)),
        question.key + OTHERS: StringField(
            "Other languages", description="With commas between them.", widget=GovTextInput()
        ),
    }


def _price(question: Question, around: Around) -> _Fields:
    fields: _Fields = {
        "amount": PoundsField("Price for one person"),
        "unit": _radios("What does that buy?", [(unit, _bought(unit)) for unit in Unit]),
        "hours": HundredthsField(
            "How many hours is that? (if you can say)",
            description="For a session, a day, a night, a week or a package. "
            "People can then compare what an hour costs.",
            widget=GovTextInput(),
            validators=[Optional()],
        ),
    }
    if around.has_offer:
        fields["begins_on"] = DayField(
            "From which day do your prices count?",
            description="Today, unless you say another day. What people have agreed before stays as it was.",
            widget=GovDateInput(),
            validators=[Optional()],
        )
    return fields


def _rates(question: Question, around: Around) -> _Fields:
    rates = RATES_FOR.get(around.unit, ()) if around.unit else ()
    return {rate.value: PoundsField(rate.words) for rate in rates}


def _ladder(question: Question, around: Around) -> _Fields:
    fields: _Fields = {}
    for n in range(1, LADDER_STEPS + 1):
        fields[f"group_from_{n}"] = WholeNumberField("From how many people?", widget=GovTextInput())
        fields[f"group_amount_{n}"] = PoundsField("What does each pay?")
    return fields


def _split(question: Question, around: Around) -> _Fields:
    return {
        "admin": PoundsField("Admin", description="Planning, paperwork, answering the phone."),
        "overhead": PoundsField("Overheads", description="Insurance, rent, training, fees."),
    }


def _registration(question: Question, around: Around) -> _Fields:
    return {
        "cqc_standing": _radios(question.question, _pairs(question, around), hint=question.hint),
        "cqc_because": TextAreaField(
            "If you do not have to be registered: why?",
            description="People who look for support read this.",
            widget=GovTextArea(),
        ),
    }


def _link(question: Question, around: Around) -> _Fields:
    return {
        "video_url": StringField(question.question, description=question.hint, widget=GovTextInput()),
        "video_has_captions": _radios("Does it have captions?", [(YES, "Yes"), (NO, "No")]),
    }


def _photos(question: Question, around: Around) -> _Fields:
    return {}


_FIELDS: Mapping[AnswerKind, Callable[[Question, Around], _Fields]] = {
    AnswerKind.TEXT: _text,
    AnswerKind.LONG_TEXT: _long_text,
    AnswerKind.ONE_OF: _one_of,
    AnswerKind.MANY_OF: _many_of,
    AnswerKind.YES_NO: _yes_no,
    AnswerKind.WHOLE_NUMBER: _whole_number,
    AnswerKind.MONEY: _money,
    AnswerKind.PLACE: _place,
    AnswerKind.DAYS_AND_PARTS: _times,
    AnswerKind.COUNCILS: _councils,
    AnswerKind.LANGUAGES: _languages,
    AnswerKind.PRICE: _price,
    AnswerKind.RATES: _rates,
    AnswerKind.LADDER: _ladder,
    AnswerKind.SPLIT: _split,
    AnswerKind.REGISTRATION: _registration,
    AnswerKind.LINK: _link,
    AnswerKind.PHOTOS: _photos,
}


def _pairs(question: Question, around: Around) -> list[tuple[str, str]]:
    return [(option.value, option.asked) for option in around.options or question.options]


def _radios(label: str, pairs: Iterable[tuple[object, str]], *, hint: str = "") -> RadioField:
    # What may be chosen, the rules know: they have sentences of our own for it.
    return RadioField(label, description=hint, widget=GovRadioInput(), choices=choices(pairs), validate_choice=False)


def _checkboxes(question: Question, pairs: Iterable[tuple[object, str]]) -> SelectMultipleField:
    return SelectMultipleField(
        question.question,
        description=question.hint,
        widget=GovCheckboxesInput(),
        choices=choices(pairs),
        validate_choice=False,
    )


def _bought(unit: Unit) -> str:
    return {Unit.ITEM: "One item, or one person", Unit.PACKAGE: "A package of hours"}.get(unit, unit.one.capitalize())


def _filled(field: Any, said: str | list[str]) -> object:
    """Return a kept answer as its field holds it."""
    if isinstance(said, list) or not said:
        return said or None
    kind = field.field_class
    if kind is PoundsField:
        return Money.from_pounds(Decimal(said))
    if kind is WholeNumberField:
        return int(said)
    if kind is HundredthsField:
        return Decimal(said)
    return date.fromisoformat(said) if kind is DayField else said


def _said(field: Field) -> str | list[str]:
    """Return what a field holds as an answer is kept."""
    held = field.data
    if isinstance(held, list):
        return [str(one) for one in held]
    if isinstance(held, Money):
        return f"{held.pounds:.2f}"
    if isinstance(held, Decimal):
        return f"{held.normalize():f}"
    # Where nobody chooses, browsers send nothing, and the field holds the word for nothing.
    return "" if held is None or held == "None" else str(held)


def _others(question: Question, answer: Answer, around: Around) -> dict[str, str]:
    if question.kind is not AnswerKind.LANGUAGES:
        return {}
    known = {value for value, _ in _pairs(question, around)}
    given = _several(answer, question)
    return {question.key + OTHERS: ", ".join(one for one in given if one not in known)}


def _several(said: Answer, question: Question) -> Sequence[str]:
    given = said.get(question.key, [])
    return given if isinstance(given, list) else []


def _named(form: AskingForm, question: Question) -> list[str]:
    typed = str(form[question.key + OTHERS].data or "")
    return [name for name in map(tidy_line, typed.replace(";", ",").split(",")) if name]


def _codes(form: AskingForm, question: Question, gazetteer: Gazetteer) -> list[str]:
    field, codes = question.key + OTHERS, []
    for name in _named(form, question):
        try:
            place = gazetteer.find(name)
        except UnknownPlaceError as error:
            raise WrongAnswerError(str(error), field=field) from error
        if place.precision is not Precision.COUNCIL:
            raise WrongAnswerError(
                worded("“{name}” is a postcode. Enter the name of a council.", name=name), field=field
            )
        codes.append(str(place.council))
    return codes


def _each_once(said: Iterable[str]) -> list[str]:
    return list({one.casefold(): one for one in said}.values())
