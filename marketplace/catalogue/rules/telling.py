"""How what somebody said to our questions reads: on the page of an offer, and before it is sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from marketplace.catalogue.rules.answers import YES, amount, ladder, time_slot, unit_of
from marketplace.catalogue.rules.nouns import Day, PartOfDay, Unit
from marketplace.catalogue.rules.pricing import RATES_FOR
from marketplace.catalogue.rules.questions import (
    AnswerKind,
    Answers,
    Question,
    has_answer,
    many,
    one,
    options_by_value,
)
from marketplace.kit.said import pounds
from marketplace.kit.sentences import one_word, worded

Names = Mapping[str, str]
"""What is called how: categories and councils, which are no options of ours."""


def said_to(question: Question, answers: Answers, *, names: Names) -> tuple[str, ...]:
    """Return an answer as readers of the offer see it, in one line or several, or none for no answer."""
    if not question.parts or not has_answer(question, answers):
        return ()
    say = _SAYS.get(question.kind)
    if say is not None:
        return tuple(say(question, answers))
    options = options_by_value(question.options)
    chosen = many(answers, question.key) if question.takes_several else [one(answers, question.key)]
    in_order = [option.value for option in question.options if option.value in chosen]
    return tuple(
        options[value].shown if value in options else names.get(value, value)
        for value in [*in_order, *(value for value in chosen if value not in options)]
    )


def times_in_words(times: Iterable[tuple[Day, PartOfDay]]) -> tuple[str, ...]:
    """Return when something is, days with the same times together: `Monday to Friday: morning, afternoon`."""
    chosen = set(times)
    lines = [(day, tuple(part for part in PartOfDay if (day, part) in chosen)) for day in Day]
    said = []
    for parts, days in groupby(lines, key=lambda line: line[1]):
        if parts:
            named = [day.words for day, _ in days]
            joined = {1: named[0], 2: " and ".join(named[:2])}.get(len(named), f"{named[0]} to {named[-1]}")
            all_day = len(parts) == len(PartOfDay)
            said.append(f"{joined}: {'day and night' if all_day else ', '.join(part.words.lower() for part in parts)}")
    return tuple(said)


def _say_times(question: Question, answers: Answers) -> Sequence[str]:
    return times_in_words(slot for slot in map(time_slot, many(answers, question.key)) if slot)


def _say_yes_no(question: Question, answers: Answers) -> Sequence[str]:
    return [one_word("Yes") if one(answers, question.key) == YES else one_word("No")]


def _say_number(question: Question, answers: Answers) -> Sequence[str]:
    said = one(answers, question.key)
    return [f"{said} {question.suffix.removesuffix('s') if said == '1' else question.suffix}".strip()]


def _say_money(question: Question, answers: Answers) -> Sequence[str]:
    said = amount(answers, question.key)
    return [f"{pounds(said)} {question.suffix}".strip()] if said else []


def _say_place(question: Question, answers: Answers) -> Sequence[str]:
    return [part for part in (one(answers, question.key, "address"), one(answers, question.key, "place")) if part]


def _say_price(question: Question, answers: Answers) -> Sequence[str]:
    single, unit, hours = amount(answers, "price", "amount"), unit_of(answers), one(answers, "price", "hours")
    if single is None or unit is None:
        return []
    return [f"{pounds(single)} {unit.each}{f' of {hours} hours' if hours and unit is not Unit.HOUR else ''}"]


def _say_rates(question: Question, answers: Answers) -> Sequence[str]:
    unit = unit_of(answers)
    if unit is None:
        return []
    known = ((rate, amount(answers, question.key, rate.value)) for rate in RATES_FOR.get(unit, ()))
    return [f"{rate.words}: {pounds(extra)} {unit.each}" for rate, extra in known if extra]


def _say_ladder(question: Question, answers: Answers) -> Sequence[str]:
    unit = unit_of(answers)
    steps = sorted(ladder(answers), key=lambda step: step.people_from)
    each = unit.each_person if unit else "each"
    return [
        worded(
            "From {people_from} people: {amount} {each}",
            people_from=step.people_from,
            amount=pounds(step.amount),
            each=each,
        )
        for step in steps
    ]


def _say_split(question: Question, answers: Answers) -> Sequence[str]:
    parts = (("Admin", "admin"), ("Overheads", "overhead"))
    known = ((name, amount(answers, question.key, part)) for name, part in parts)
    return [f"{name}: {pounds(part)}" for name, part in known if part is not None]


def _say_registration(question: Question, answers: Answers) -> Sequence[str]:
    shown = options_by_value(question.options).get(one(answers, question.key, "cqc_standing"))
    because = one(answers, question.key, "cqc_because")
    return [line for line in (shown.shown if shown else "", because) if line]


def _say_link(question: Question, answers: Answers) -> Sequence[str]:
    has_captions = one(answers, question.key, "video_has_captions") == YES
    return [one(answers, question.key, "video_url"), "With captions" if has_captions else "Without captions"]


_SAYS: Mapping[AnswerKind, Callable[[Question, Answers], Sequence[str]]] = {
    AnswerKind.DAYS_AND_PARTS: _say_times,
    AnswerKind.YES_NO: _say_yes_no,
    AnswerKind.WHOLE_NUMBER: _say_number,
    AnswerKind.MONEY: _say_money,
    AnswerKind.PLACE: _say_place,
    AnswerKind.PRICE: _say_price,
    AnswerKind.RATES: _say_rates,
    AnswerKind.LADDER: _say_ladder,
    AnswerKind.SPLIT: _say_split,
    AnswerKind.REGISTRATION: _say_registration,
    AnswerKind.LINK: _say_link,
}
