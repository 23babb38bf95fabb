"""
The seven steps of getting ready [000, RUILS], as plain questions. Pure: no database, no web, no clock.

Each question is optional. A step is done when its members say so, whatever they wrote.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.catalogue.rules import AccessFact
from marketplace.kit.sentences import one_word, worded
from marketplace.pooling.rules.nouns import Step

LONGEST_ANSWER = 1_000
LONGEST_CRITERION = 200
MOST_CRITERIA = 30
"""How many things may matter to one pool: more are read by nobody."""

Answer = str | list[str]


class QuestionKind(enum.StrEnum):
    """How a question is answered."""

    WORDS = "words"
    ONE = "one"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a step. `options` are the values there are to choose from, with their words."""

    name: str
    words: str
    hint: str = ""
    kind: QuestionKind = QuestionKind.WORDS
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step: what it is called, why one does it, when it is needed, and what it asks."""

    step: Step
    title: str
    why: str
    needed: str
    questions: tuple[Question, ...]


_ONE, _MANY = QuestionKind.ONE, QuestionKind.MANY

PLANS: dict[Step, StepPlan] = {
    plan.step: plan
    for plan in (
        StepPlan(
            Step.FIND_PEOPLE,
            "Find people",
            "It starts with a few people who like the same thing.",
            "Three people are needed before providers can be asked.",
            (
                Question("how_many", "How many people would be good?", "A rough number is fine."),
                Question("where", "Where could you find more?", "A noticeboard, a club, a friend of a friend."),
            ),
        ),
        StepPlan(
            Step.PURPOSE,
            "Agree what it is for",
            "So that everybody means the same, and nobody is led somewhere they did not choose.",
            "Needed before the pool opens, so that people know what they promise to.",
            (
                Question("what", "What do you want to do together, and why?"),
                Question(
                    "how_often",
                    "How often?",
                    kind=_ONE,
                    options=(
                        ("once", one_word("Once")),
                        ("weekly", "Every week"),
                        ("monthly", "Every month"),
                        ("now_and_then", "Now and then"),
                    ),
                ),
                Question("pace", "When would you like to begin?", "There is no hurry. Choose a pace that suits all."),
            ),
        ),
        StepPlan(
            Step.WHAT_MATTERS,
            "Say what matters",
            "What must be right for all of you, and what for some.",
            "Helpful when you compare answers from providers.",
            (),
        ),
        StepPlan(
            Step.SUPPORT,
            "Choose the kind of support",
            "What you would like to buy or do, and what you all need to take part.",
            "Needed before you ask providers: they see what all of you need, and never who needs it.",
            (
                Question("kind", "What would you like?", "A helper for an afternoon, a minibus, a room, a trainer."),
                Question(
                    "where",
                    "Where?",
                    kind=_ONE,
                    options=(
                        ("out", "Somewhere we go to"),
                        ("home", "At somebody’s home"),
                        ("online", one_word("Online")),
                        ("any", "It does not matter"),
                    ),
                ),
                Question(
                    "needs",
                    "What do you need between all of you?",
                    "Tick what at least one of you needs. Nobody sees who.",
                    kind=_MANY,
                    options=tuple((fact.value, fact.words) for fact in AccessFact),
                ),
            ),
        ),
        StepPlan(
            Step.OUTCOMES,
            "Say what should get better",
            "So that you can look back and see whether it was worth it.",
            "Helpful once you begin: you can look at it before and after.",
            (
                Question("better", "What should be better for you?"),
                Question("tell", "How will you know?", "Something you would notice yourselves."),
            ),
        ),
        StepPlan(
            Step.WHO_DOES_WHAT,
            "Share out who does what",
            "So that it does not all fall to one person.",
            "Helpful before support begins.",
            (
                Question("speaks", "Who speaks with the provider?"),
                Question("tasks", "What else is there to do, and who does it?", "Use the names people chose here."),
            ),
        ),
        StepPlan(
            Step.MONEY,
            "Talk about money",
            "Roughly what each could pay, and what is fair. Nobody promises anything here.",
            "Needed before the pool opens: each then says by themselves what they would pay at most.",
            (
                Question(
                    "most",
                    "About how much could each of you pay?",
                    "Only what people are happy to say. “Up to £20 a week” is enough.",
                ),
                Question(
                    "sources",
                    "Which money could it come from?",
                    kind=_MANY,
                    options=(
                        ("direct_payment", "Direct payments"),
                        ("council_managed", "Budgets that a council looks after"),
                        ("health_budget", "Personal health budgets"),
                        ("own_money", "Own money"),
                    ),
                ),
                Question(
                    "fair",
                    "What is a fair share?",
                    kind=_ONE,
                    options=(
                        ("same", "Everybody pays the same"),
                        ("by_use", "Each pays for what they use"),
                        ("talk", "We talk about it when we know the price"),
                    ),
                ),
            ),
        ),
    )
}


class StepState(enum.StrEnum):
    """How far a step is."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    DONE = "done"


def step_state(*, has_answers: bool, is_done: bool) -> StepState:
    """Return how far a step is: done when its members say so."""
    if is_done:
        return StepState.DONE
    return StepState.BEGUN if has_answers else StepState.NOT_BEGUN


def kept_answers(step: Step, said: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return those answers that a step asks for, without what is empty or none of its options."""
    kept: dict[str, Answer] = {}
    for question in PLANS[step].questions:
        answer = said.get(question.name, "")
        options = {value for value, _words in question.options}
        if question.kind is QuestionKind.MANY:
            chosen = [value for value, _words in question.options if value in answer]
            if chosen:
                kept[question.name] = chosen
        elif isinstance(answer, str) and answer and (not options or answer in options):
            kept[question.name] = answer
    return kept


def answer_problem(answer: Answer) -> str | None:
    """Return why an answer will not do, as a sentence, or None if it will."""
    return (
        worded("Use at most {longest_answer:,} characters.", longest_answer=LONGEST_ANSWER)
        if len(answer) > LONGEST_ANSWER
        else None
    )


def criterion_problem(words: str) -> str | None:
    """Return why what matters will not do, as a sentence, or None if it will."""
    if not words:
        return "Say what matters, such as “We are never left waiting in the cold”."
    return (
        worded("Use at most {longest_criterion} characters.", longest_criterion=LONGEST_CRITERION)
        if len(words) > LONGEST_CRITERION
        else None
    )


def matters_to(*, voices: int, people: int) -> str:
    """Return to how many something matters, in words: to all, to some, or to nobody any more."""
    if voices == 0:
        return "to nobody now"
    if voices >= people:
        return "to all of you"
    return worded("to {voices} of you", voices=voices)
