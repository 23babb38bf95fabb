"""Where the questions about an offer are written: one YAML file, read and checked in words before the site starts."""

import enum
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from marketplace.catalogue.rules.nouns import AccessFact, Capacity, CqcStanding, Setting, WayToPay
from marketplace.catalogue.rules.questions import (
    MOST_QUESTIONS,
    AnswerKind,
    Condition,
    Option,
    Question,
    Questions,
)

WRITTEN = Path(__file__).parents[1] / "questions" / "listing.yaml"

_ENUMS: Mapping[str, type[enum.StrEnum]] = {
    "setting": Setting,
    "access_fact": AccessFact,
    "capacity": Capacity,
    "way_to_pay": WayToPay,
    "cqc_standing": CqcStanding,
}
_CHOSEN = frozenset({AnswerKind.ONE_OF, AnswerKind.MANY_OF, AnswerKind.LANGUAGES, AnswerKind.REGISTRATION})
_KEY = r"^[a-z][a-z_]{1,39}$"


class WrongQuestionsError(ValueError):
    """The file of questions cannot be used. The message says what is wrong with it, and where."""


def _several(given: object) -> object:
    return [given] if isinstance(given, str) else given


Values = Annotated[tuple[str, ...], BeforeValidator(_several)]


class _Written(BaseModel):
    """One question, as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    key: str = Field(pattern=_KEY)
    label: str = Field(min_length=1, max_length=40)
    question: str = Field(min_length=1, max_length=100)
    kind: AnswerKind
    hint: str = ""
    missing: str = Field("", pattern=r"^$|\.$")
    options: str | dict[str, str] = ""
    asked: dict[str, str] = {}
    least: int | None = None
    most: int | None = None
    suffix: str = ""
    depends: tuple[dict[str, Values], ...] = ()
    filter: str = Field("", pattern=r"^[a-z]*$")


@cache
def listing_questions() -> Questions:
    """
    Return the questions that we ask about an offer.

    :raises WrongQuestionsError: if the file that comes with the site cannot be used.
    """
    return read_questions(WRITTEN)


def read_questions(path: Path) -> Questions:
    """
    Return the questions in a file.

    :raises WrongQuestionsError: if one of them is not written as it must be, or they do not fit together.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        questions = Questions(tuple(_question(_Written.model_validate(entry)) for entry in entries))
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        said = _sentence(error) if isinstance(error, ValidationError) else str(error)
        raise WrongQuestionsError(f"{path.name} cannot be used: {said}") from error
    problem = _problem(questions)
    if problem:
        raise WrongQuestionsError(f"{path.name} cannot be used: {problem}")
    return questions


def _question(written: _Written) -> Question:
    return Question(
        key=written.key,
        label=written.label,
        question=written.question,
        kind=written.kind,
        hint=written.hint,
        missing=written.missing,
        options=_options(written),
        takes_categories=written.options == "categories",
        least=written.least,
        most=written.most,
        suffix=written.suffix,
        depends=tuple(
            tuple(Condition(question, frozenset(values)) for question, values in way.items()) for way in written.depends
        ),
        filter=written.filter,
    )


def _options(written: _Written) -> tuple[Option, ...]:
    if isinstance(written.options, dict):
        return tuple(Option(value, words, words) for value, words in written.options.items())
    if written.options in {"", "categories"}:
        return ()
    known = _ENUMS.get(written.options)
    if known is None:
        raise WrongQuestionsError(f"{written.key}: there are no options called {written.options}.")
    strange = set(written.asked) - set(known)
    if strange:
        raise WrongQuestionsError(f"{written.key}: {min(strange)} is none of its options.")
    return tuple(Option(one.value, written.asked.get(one.value, _words(one)), _words(one)) for one in known)


def _words(member: enum.StrEnum) -> str:
    return str(getattr(member, "words", ""))


def _problem(questions: Questions) -> str | None:
    """Return what does not fit together, as a sentence, or None if all does."""
    if not 0 < len(questions.all) <= MOST_QUESTIONS:
        return f"it has {len(questions.all)} questions, and may have at most {MOST_QUESTIONS}."
    names = Counter(part for question in questions.all for part in {question.key, *question.parts})
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        return f"{twice[0]} is asked twice."
    return next((problem for problem in map(_problem_of, questions.all, _before(questions)) if problem), None)


def _before(questions: Questions) -> list[dict[str, Question]]:
    return [{q.key: q for q in questions.all[:at]} for at in range(len(questions.all))]


def _problem_of(question: Question, before: Mapping[str, Question]) -> str | None:
    if question.kind in _CHOSEN and not question.options and not question.takes_categories:
        return f"{question.key} has nothing to choose from."
    if any(not option.asked or not option.shown for option in question.options):
        return f"an option of {question.key} has no words."
    if question.kind is AnswerKind.WHOLE_NUMBER and (question.least is None or question.most is None):
        return f"{question.key} says no least and most."
    for way in question.depends:
        for condition in way:
            key, _, part = condition.question.partition(".")
            if key not in before or (part and part not in before[key].parts):
                return f"{question.key} depends on {condition.question}, which is not asked before it."
            if strange := _strange(condition, before[key]):
                return f"{question.key} depends on {strange}, which nobody can answer to {key}."
    return None


def _strange(condition: Condition, question: Question) -> str | None:
    values = {option.value for option in question.options}
    return min(condition.values - values, default=None) if values else None


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = " > ".join(str(part) for part in first["loc"]) or "a question"
    return f"“{place}” of “{str(first['input'])[:40]}”: {first['msg'][:1].lower()}{first['msg'][1:]}."
