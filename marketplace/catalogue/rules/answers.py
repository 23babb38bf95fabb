"""What somebody said to our questions: what it amounts to, and whether it will do."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from marketplace.catalogue.rules.details import languages_problem, video_problem
from marketplace.catalogue.rules.nouns import Day, PartOfDay, Rate, Unit
from marketplace.catalogue.rules.pricing import (
    Step,
    hours_problem,
    ladder_problem,
    price_problem,
    rate_problem,
    split_problem,
    travel_problem,
)
from marketplace.catalogue.rules.questions import (
    LADDER_STEPS,
    Answer,
    AnswerKind,
    Answers,
    Question,
    has_answer,
    many,
    one,
    options_by_value,
)
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded

LONGEST_ADDRESS = 300
YES, NO = "yes", "no"
PRICED, FREE = "priced", "free"

Problem = tuple[str, str]
"""Which part of an answer will not do, and why, as a sentence."""

_TOO_MUCH = Decimal(10) ** 9


def amount(answers: Answers, key: str, part: str = "") -> Money | None:
    """Return the amount in a part of an answer, or None for none."""
    number = _number(one(answers, key, part))
    try:
        return Money.from_pounds(number) if number is not None else None
    except ValueError:
        return None


def number(answers: Answers, key: str, part: str = "") -> Decimal | None:
    """Return the number in a part of an answer, or None for none."""
    return _number(one(answers, key, part))


def ladder(answers: Answers) -> tuple[Step, ...]:
    """Return the steps of the price for groups, as far as both of their halves are given."""
    steps = []
    for n in range(1, LADDER_STEPS + 1):
        people, each = number(answers, "ladder", f"group_from_{n}"), amount(answers, "ladder", f"group_amount_{n}")
        if people is not None and each is not None:
            steps.append(Step(int(people), each))
    return tuple(steps)


def unit_of(answers: Answers) -> Unit | None:
    """Return what the price buys, as far as somebody has said."""
    written = one(answers, "price", "unit")
    return Unit(written) if written in set(Unit) else None


def answer_problem(question: Question, answer: Answer, answers: Answers) -> Problem | None:
    """
    Return which part of an answer will not do, and why, or None if it will. It may depend on what was said before.

    Whether a place or a council is there, and a category, only those know who can look.
    """
    said = {**answers, question.key: answer}
    if not has_answer(question, said):
        # What was half filled in is told apart from what was passed over.
        rest = _CHECKS[question.kind](question, said) if any(answer.values()) and question.kind in _CHECKS else None
        return rest or ((question.parts[0], question.missing) if question.missing else None)
    check = _CHECKS.get(question.kind)
    return check(question, said) if check else None


def _length(question: Question, said: Answers) -> Problem | None:
    if question.most and len(one(said, question.key)) > question.most:
        return question.key, worded("Use at most {most:,} characters.", most=question.most)
    return None


def _choice(question: Question, said: Answers) -> Problem | None:
    chosen = [one(said, question.key)] if not question.takes_several else many(said, question.key)
    if not question.takes_categories and set(chosen) - set(options_by_value(question.options)):
        return question.key, question.missing or "Choose from what is there."
    return None


def _yes_no(question: Question, said: Answers) -> Problem | None:
    return None if one(said, question.key) in {YES, NO} else (question.key, question.missing)


def _whole_number(question: Question, said: Answers) -> Problem | None:
    given = number(said, question.key)
    least, most = question.least or 0, question.most or 0
    if given is None or given != int(given) or not least <= given <= most:
        return question.key, worded("Enter a whole number from {least} to {most}.", least=least, most=most)
    return None


def _money(question: Question, said: Answers) -> Problem | None:
    problem = travel_problem(amount(said, question.key))
    return (question.key, problem) if problem else None


def _place(question: Question, said: Answers) -> Problem | None:
    if len(one(said, question.key, "address")) > LONGEST_ADDRESS:
        return "address", worded("Use at most {longest_address} characters.", longest_address=LONGEST_ADDRESS)
    return None if one(said, question.key, "place") else ("place", question.missing)


def _times(question: Question, said: Answers) -> Problem | None:
    wrong = [slot for slot in many(said, question.key) if time_slot(slot) is None]
    return (question.key, "Choose from the days and times that are there.") if wrong else None


def _councils(question: Question, said: Answers) -> Problem | None:
    most = question.most or 0
    if len(many(said, question.key)) > most:
        return question.key, worded("Name at most {most} councils.", most=most)
    return None


def _languages(question: Question, said: Answers) -> Problem | None:
    problem = languages_problem(many(said, question.key))
    return (question.key, problem) if problem else None


def _price(question: Question, said: Answers) -> Problem | None:
    single, unit = amount(said, "price", "amount"), unit_of(said)
    if single is None:
        return "amount", question.missing
    if unit is None:
        return "unit", "Choose what the price buys."
    problem = price_problem(single)
    if problem:
        return "amount", problem
    problem = hours_problem(number(said, "price", "hours"), unit=unit)
    return ("hours", problem) if problem else None


def _rates(question: Question, said: Answers) -> Problem | None:
    unit = unit_of(said)
    for rate in Rate:
        extra = amount(said, question.key, rate.value) if rate is not Rate.STANDARD else None
        problem = rate_problem(rate, extra, unit=unit) if extra is not None and unit is not None else None
        if problem:
            return rate.value, problem
    return None


def _ladder(question: Question, said: Answers) -> Problem | None:
    for n in range(1, LADDER_STEPS + 1):
        people, each = one(said, question.key, f"group_from_{n}"), one(said, question.key, f"group_amount_{n}")
        if people and not each:
            return f"group_amount_{n}", "Enter what each person pays, or leave both empty."
        if each and not people:
            return f"group_from_{n}", "Enter from how many people, or leave both empty."
    single = amount(said, "price", "amount")
    problem = ladder_problem(ladder(said), single=single) if single is not None else None
    return (question.parts[0], problem) if problem else None


def _split(question: Question, said: Answers) -> Problem | None:
    single = amount(said, "price", "amount")
    if single is None:
        return None
    admin, overhead = amount(said, question.key, "admin"), amount(said, question.key, "overhead")
    return split_problem(amount=single, admin=admin, overhead=overhead)


def _registration(question: Question, said: Answers) -> Problem | None:
    standing, because = one(said, question.key, "cqc_standing"), one(said, question.key, "cqc_because")
    if standing not in options_by_value(question.options):
        return "cqc_standing", question.missing
    if len(because) > (question.most or 1000):
        return "cqc_because", worded("Use at most {most:,} characters.", most=question.most or 1000)
    if standing in {"exempt", "introductory"} and not because:
        return "cqc_because", "Say why you do not have to register. People who look for support read it."
    return None


def _link(question: Question, said: Answers) -> Problem | None:
    url, captions = one(said, question.key, "video_url"), one(said, question.key, "video_has_captions")
    if not url:
        return None
    problem = video_problem(url)
    if problem:
        return "video_url", problem
    if captions not in {YES, NO}:
        return "video_has_captions", "Say whether the video has captions, so that Deaf people know before they open it."
    return None


_CHECKS: Mapping[AnswerKind, Callable[[Question, Answers], Problem | None]] = {
    AnswerKind.TEXT: _length,
    AnswerKind.LONG_TEXT: _length,
    AnswerKind.ONE_OF: _choice,
    AnswerKind.MANY_OF: _choice,
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
}


def time_slot(written: str) -> tuple[Day, PartOfDay] | None:
    """Return the part of a day that an answer names, as in `1 morning`, or None if it names none."""
    day, _, part = written.partition(" ")
    if len(day) != 1 or day not in "1234567":
        return None
    return (Day(int(day)), PartOfDay(part)) if part in set(PartOfDay) else None


def _number(written: str) -> Decimal | None:
    try:
        read = Decimal(written) if written else None
    except InvalidOperation:
        return None
    return read if read is not None and read.is_finite() and abs(read) < _TOO_MUCH else None
