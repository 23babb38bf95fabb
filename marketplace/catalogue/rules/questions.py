"""What is asked about an offer, as it is written in one file: each question, and when it is asked at all."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

MOST_QUESTIONS = 25
"""The most questions that listing an offer may have, so that it takes less than ten minutes."""

LADDER_STEPS = 6
"""The steps of a price for groups that there is room for."""

Answer = Mapping[str, str | list[str]]
"""What somebody said to one question: the parts of their answer, each one word or text, or several."""

Answers = Mapping[str, Answer]
"""What somebody has said so far, by question. A question that was passed over has an answer without parts."""


class AnswerKind(enum.StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE_OF = "one_of"
    MANY_OF = "many_of"
    YES_NO = "yes_no"
    WHOLE_NUMBER = "whole_number"
    MONEY = "money"
    PLACE = "place"
    DAYS_AND_PARTS = "days_and_parts"
    COUNCILS = "councils"
    LANGUAGES = "languages"
    PRICE = "price"
    RATES = "rates"
    LADDER = "ladder"
    SPLIT = "split"
    REGISTRATION = "registration"
    LINK = "link"
    PHOTOS = "photos"


_PARTS: Mapping[AnswerKind, tuple[str, ...]] = {
    AnswerKind.PLACE: ("place", "address"),
    AnswerKind.PRICE: ("amount", "unit", "hours", "begins_on"),
    AnswerKind.RATES: ("evening", "weekend", "bank_holiday"),
    AnswerKind.LADDER: tuple(f"group_{what}_{n}" for n in range(1, LADDER_STEPS + 1) for what in ("from", "amount")),
    AnswerKind.SPLIT: ("admin", "overhead"),
    AnswerKind.REGISTRATION: ("cqc_standing", "cqc_because"),
    AnswerKind.LINK: ("video_url", "video_has_captions"),
    AnswerKind.PHOTOS: (),
}
_ANY_PART = frozenset({AnswerKind.RATES, AnswerKind.LADDER, AnswerKind.SPLIT})
_SEVERAL = frozenset({AnswerKind.MANY_OF, AnswerKind.DAYS_AND_PARTS, AnswerKind.COUNCILS, AnswerKind.LANGUAGES})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: its value, the words to ask with, and the words that readers of the offer see."""

    value: str
    asked: str
    shown: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A question, and the answers to it that lead to another question."""

    question: str
    values: frozenset[str]


@dataclass(frozen=True)
class Question:
    """
    One question, on a page of its own.

    `label` is what it is called in lists; `missing` the sentence for no answer to a question that needs one;
    `takes_categories` that its options are the categories. It is asked when all conditions of any of `depends` hold.
    `filter` is the name of the search filter that it feeds.
    """

    key: str
    label: str
    question: str
    kind: AnswerKind
    hint: str = ""
    missing: str = ""
    options: tuple[Option, ...] = ()
    takes_categories: bool = False
    least: int | None = None
    most: int | None = None
    suffix: str = ""
    depends: tuple[tuple[Condition, ...], ...] = ()
    filter: str = ""

    @property
    def is_required(self) -> bool:
        """Whether it must be answered before the offer is sent."""
        return bool(self.missing)

    @property
    def takes_several(self) -> bool:
        """Whether an answer holds several of something."""
        return self.kind in _SEVERAL

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts of its answer, which are the names of the fields of its form."""
        return _PARTS.get(self.kind, (self.key,))


@dataclass(frozen=True)
class Questions:
    """All the questions, in the order they are asked."""

    all: tuple[Question, ...]

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.all}

    @cached_property
    def _by_part(self) -> dict[str, Question]:
        return {part: question for question in self.all for part in question.parts}

    @cached_property
    def filter_labels(self) -> dict[str, str]:
        """What each search filter is called: as the first question that feeds it is in lists."""
        return {question.filter: question.label for question in reversed(self.all) if question.filter}

    def named(self, key: str) -> Question | None:
        """Return the question with a key, or None if there is none."""
        return self._by_key.get(key)

    def about(self, part: str) -> Question | None:
        """Return the question that a detail is asked by, or None if none asks it. A ladder is also a detail."""
        return self._by_part.get(part) or self._by_key.get(part)

    def asked(self, answers: Answers) -> tuple[Question, ...]:
        """
        Return the questions that somebody is asked, given what they have said.

        An answer to a question that is not asked any more leads to no other question.
        """
        return self._path(answers, hopes=False)

    def _path(self, answers: Answers, *, hopes: bool) -> tuple[Question, ...]:
        """Return the questions that are asked or, in hope, those that may still be, once others are answered."""
        path: list[Question] = []
        counted: dict[str, Answer] = {}
        open_ones: set[str] = set()
        for question in self.all:
            if _is_asked(question, counted, open_ones if hopes else set()):
                path.append(question)
                counted[question.key] = answers.get(question.key, {})
                if question.key not in answers:
                    open_ones.add(question.key)
        return tuple(path)

    def left_out(self, answers: Answers) -> tuple[Question, ...]:
        """Return the questions that somebody is asked and must still answer."""
        return tuple(q for q in self.asked(answers) if q.is_required and not has_answer(q, answers))

    def first_open(self, answers: Answers) -> Question | None:
        """Return the first question that somebody has neither answered nor passed over, or None after the last."""
        return next((q for q in self.asked(answers) if q.key not in answers or _lacks(q, answers)), None)

    def beside(self, question: Question, answers: Answers) -> "Beside":
        """Return where a question stands among those that are asked."""
        asked, of = self.asked(answers), len(self._path(answers, hopes=True))
        if question not in asked:
            earlier = self.all[: self.all.index(question)]
            before = [q for q in asked if q in earlier]
            after = [q for q in asked if q not in earlier]
            return Beside(0, of, before[-1] if before else None, after[0] if after else None)
        at = asked.index(question)
        following = asked[at + 1] if at + 1 < len(asked) else None
        return Beside(at + 1, of, asked[at - 1] if at else None, following)


@dataclass(frozen=True, slots=True)
class Beside:
    """
    Where a question stands: its number (0 if it is not asked now), of at most how many, and those before and after it.

    As answers come, there may be fewer, and never more than was said at the start.
    """

    number: int
    of: int
    before: Question | None
    after: Question | None


def one(answers: Answers, key: str, part: str = "") -> str:
    """Return a part of an answer that is one word or text, or nothing."""
    said = answers.get(key, {}).get(part or key, "")
    return said if isinstance(said, str) else ""


def many(answers: Answers, key: str, part: str = "") -> Sequence[str]:
    """Return a part of an answer that is several words, or none."""
    said = answers.get(key, {}).get(part or key, [])
    return said if isinstance(said, list) else []


def has_answer(question: Question, answers: Answers) -> bool:
    """Test whether somebody has said what a question is about: any of its parts, or the first where others follow."""
    answer = answers.get(question.key, {})
    if not question.parts:
        return question.key in answers
    telling = question.parts if question.kind in _ANY_PART else question.parts[:1]
    return any(answer.get(part) for part in telling)


def _lacks(question: Question, answers: Answers) -> bool:
    return question.is_required and not has_answer(question, answers)


def _is_asked(question: Question, counted: Answers, still_open: set[str]) -> bool:
    return not question.depends or any(all(_holds(one, counted, still_open) for one in way) for way in question.depends)


def _holds(condition: Condition, counted: Answers, still_open: set[str]) -> bool:
    question, _, part = condition.question.partition(".")
    if question in still_open:
        return True
    return bool({one(counted, question, part), *many(counted, question, part)} & condition.values)


def options_by_value(options: Iterable[Option]) -> dict[str, Option]:
    """Return options by their values."""
    return {option.value: option for option in options}
