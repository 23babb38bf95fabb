"""What members agree among themselves: plain questions, and the sentences that their answers make. Pure."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.kit.sentences import one_word, worded

LONGEST_OWN_WORDS = 600
"""Most characters of a pool's own words under one question."""

OWN = "own"
"""The choice of saying it all in one's own words."""


class AwayPays(enum.StrEnum):
    """What somebody pays of a shared visit they could not come to, when they said so in good time."""

    NOTHING = "nothing"
    HALF = "half"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """
    What being away costs. Whoever says it `notice_hours` before, or earlier, pays as `told_in_time` says.

    Whoever says it later, or not at all, pays their whole share.
    """

    told_in_time: AwayPays
    notice_hours: int


USUAL_ABSENCE = AbsenceRule(AwayPays.NOTHING, 48)
"""What holds until a pool has agreed otherwise."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what it is called on the form, and the sentence it makes in the agreement."""

    name: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """One plain question of the agreement."""

    name: str
    heading: str
    asks: str
    choices: tuple[Choice, ...]
    hint: str = ""
    # Somebody must work with the answer, so it is never in own words alone.
    needs_choice: bool = False

    def choice(self, name: str) -> Choice | None:
        """Return the choice of this name, if there is one."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pool says to one question: a choice, its own words, or both."""

    choice: str
    words: str = ""


QUESTIONS = (
    Question(
        "absence",
        "When somebody cannot come",
        "Somebody cannot come, and says so in good time. What do they pay of that visit?",
        (
            Choice(
                AwayPays.NOTHING,
                "Nothing: those who come share the cost",
                "Whoever cannot come and says so in good time pays nothing. Those who come share the cost.",
            ),
            Choice(
                AwayPays.HALF,
                "Half of their share",
                "Whoever cannot come and says so in good time pays half of their share. Those who come share the rest.",
            ),
            Choice(
                AwayPays.ALL,
                "All of their share",
                "Whoever cannot come pays their whole share, even if they say so in good time.",
            ),
        ),
        "Whoever does not say so in good time always pays their share.",
        needs_choice=True,
    ),
    Question(
        "notice",
        "What “in good time” means",
        "How long before is in good time?",
        (
            Choice("24", "A day before", "In good time means at least 24 hours before."),
            Choice("48", "Two days before", "In good time means at least 48 hours before."),
            Choice("168", "A week before", "In good time means at least a week before."),
        ),
        needs_choice=True,
    ),
    Question(
        "leaving",
        one_word("Leaving"),
        "Somebody wants to leave. How long before do they say so?",
        (
            Choice("any_time", "They can leave at any time", "Anybody can leave at any time."),
            Choice("week", "A week before", "Anybody can leave, and tells the others a week before."),
            Choice("month", "Four weeks before", "Anybody can leave, and tells the others four weeks before."),
        ),
        "What they owe the provider is in their own arrangement, and nothing here adds to it.",
    ),
    Question(
        "new_members",
        "New members",
        "Somebody new wants to join. Who decides?",
        (
            Choice("open", "Anybody can join while there is room", "Anybody can join while there is room."),
            Choice("consent", "They can, if nobody objects", "Somebody new can join if none of us objects."),
            Choice("closed", "Nobody else joins", "Nobody else joins."),
        ),
    ),
    Question(
        "money_over",
        "Money over",
        "What happens to money that is over?",
        (
            Choice("back", "Each gets back their part", "Money that is over goes back to each of us, by what we paid."),
            Choice("keep", "It is kept for next time", "Money that is over is kept for next time."),
            Choice("decide", "We decide when it happens", "We decide together what happens to money that is over."),
        ),
    ),
    Question(
        "money_short",
        "Money short",
        "What happens if the money is short?",
        (
            Choice(
                "less",
                "We buy less",
                "If money is short we buy less. Nobody has to pay more than they said they would.",
            ),
            Choice(
                "share",
                "Each is asked for an equal part",
                "If money is short each of us is asked for an equal part, and can say no.",
            ),
            Choice("decide", "We decide when it happens", "If money is short we decide together what to do."),
        ),
        "Nobody ever has to pay more than they said they would.",
    ),
    Question(
        "unhappy",
        "When somebody is unhappy",
        "Somebody is unhappy with how things go. What happens?",
        (
            Choice("talk", "We talk, all of us", "Whoever is unhappy says so, and we all talk about it soon."),
            Choice(
                "facilitator",
                "Somebody from outside helps us talk",
                "Whoever is unhappy can ask for somebody from outside to help us talk.",
            ),
            Choice("vote", "We talk, and then decide by vote", "We talk first. If that does not help, we vote."),
        ),
    ),
    Question(
        "employer",
        "Who is the employer",
        "Who employs the people who support us?",
        (
            Choice("provider", "The provider does", "The provider employs the people who support us. None of us does."),
            Choice(
                "member",
                "One of us does",
                "One of us is the employer, by law too. Whoever that is has agreed to it.",
            ),
            Choice("agency", "Somebody else does it for us", "A user-led organisation or an agency is the employer."),
            Choice("nobody", "Nobody is employed", "Nobody is employed."),
        ),
        "The employer pays tax and insurance, and can be held to account by law.",
    ),
    Question(
        "insurance",
        one_word("Insurance"),
        "Whose insurance covers us?",
        (
            Choice("provider", "The provider’s", "The provider’s insurance covers us. One of us has seen it."),
            Choice("joint", "One that we take out together", "We take out an insurance together."),
            Choice(
                "own", "Each has their own", "Each of us has insurance of their own, which says that we share support."
            ),
            Choice("none", "We need none", "We need no insurance for this."),
        ),
    ),
    Question(
        "keys",
        one_word("Keys"),
        "Who has keys?",
        (
            Choice("none", "No keys are needed", "No keys are needed."),
            Choice("provider", "The provider has them", "The provider has keys, and nobody else does."),
            Choice("one", "One of us looks after them", "One of us looks after the keys."),
            Choice("each", "Each has a key", "Each of us has a key, and gives it back on leaving."),
        ),
        "Leave out where keys are kept, and codes of doors.",
    ),
    Question(
        "speaks",
        "Who speaks to the provider",
        "Who speaks to the provider for all of us?",
        (
            Choice("champion", "Our champions do", "Our champions speak to the provider for all of us."),
            Choice("turns", "We take turns", "We take turns in speaking to the provider."),
            Choice("each", "Each for themselves", "Each of us speaks to the provider for themselves."),
        ),
    ),
    Question(
        "legal_form",
        "What we are",
        "What are we, by law?",
        (
            Choice(
                "informal",
                "Some people who do something together",
                "We are people who do something together, and nothing more. Each has an arrangement of their own.",
            ),
            Choice(
                "consortium",
                "A consortium",
                "We are a consortium: each of us can be held to account for what it does.",
            ),
            Choice(
                "cic", "A company, such as a CIC", "We are a company of our own, such as a community interest company."
            ),
        ),
        "If you are not sure, you are the first. It needs nothing to be signed.",
    ),
)

_BY_NAME = {question.name: question for question in QUESTIONS}


def answers_from(kept: Mapping[str, Mapping[str, str]]) -> dict[str, Answer]:
    """Return answers as they were kept, in the order of the questions. What we do not ask any more is left out."""
    return {
        name: Answer(choice=kept[name].get("choice", ""), words=kept[name].get("words", ""))
        for name in _BY_NAME
        if name in kept
    }


def as_kept(answers: Mapping[str, Answer]) -> dict[str, dict[str, str]]:
    """Return answers as they are kept."""
    return {
        name: {"choice": answers[name].choice, "words": answers[name].words} for name in _BY_NAME if name in answers
    }


def answer_problem(question: Question, answer: Answer) -> str | None:
    """Return why an answer will not do, as a sentence, or None if it will."""
    if len(answer.words) > LONGEST_OWN_WORDS:
        return worded("Use at most {longest_own_words:,} characters.", longest_own_words=LONGEST_OWN_WORDS)
    if answer.choice == OWN and not question.needs_choice:
        return None if answer.words else "Say it in your own words, or choose another answer."
    if question.choice(answer.choice) is None:
        return "Choose one answer."
    return None


def sentences(answers: Mapping[str, Answer]) -> tuple[tuple[str, str], ...]:
    """Return the agreement as it reads: each heading, and what is agreed under it, in the order of the questions."""
    said = []
    for question in QUESTIONS:
        answer = answers.get(question.name)
        if answer is None:
            continue
        choice = question.choice(answer.choice)
        parts = [choice.sentence if choice else "", answer.words]
        said.append((question.heading, "\n\n".join(part for part in parts if part)))
    return tuple(said)


def absence_rule(answers: Mapping[str, Answer]) -> AbsenceRule:
    """Return what being away costs by these answers. What they do not say is as usual."""
    absence, notice = answers.get("absence"), answers.get("notice")
    in_time = _BY_NAME["notice"].choice(notice.choice) if notice else None
    return AbsenceRule(
        told_in_time=AwayPays(absence.choice)
        if absence and absence.choice in set(AwayPays)
        else USUAL_ABSENCE.told_in_time,
        notice_hours=int(in_time.name) if in_time else USUAL_ABSENCE.notice_hours,
    )
