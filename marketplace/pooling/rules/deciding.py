"""How members decide: by consent, where one objection is enough to stop, or by secret ballot. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.kit.days import day_of, midnight
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.nouns import ProposalWay, Voice

LONGEST_QUESTION, LONGEST_OPTION, LONGEST_VOICE = 300, 100, 1000
"""Most characters in a question, in one choice of a ballot, and in what somebody says to a proposal."""

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
SHORTEST_DAYS, LONGEST_DAYS, USUAL_DAYS = 1, 28, 7
"""For how many days after today members can answer."""

USUAL_QUORUM = 5
"""How many must take part unless the pool says otherwise, or all of them where they are fewer."""

FEWEST_FOR_BALLOT = 3
"""With two, each would know from their own paper what is on the other."""

MOST_OPEN = 20
"""How many proposals a pool can have open at once."""

MARK_LETTERS = "2345679CDFHJKMNPRTVWXY"
"""Nothing that is read as something else, and no vowels to make words of."""

MARK_LENGTH = 12


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What somebody asks the others. `quorum` is how many must take part; None means as usual."""

    way: ProposalWay
    question: str
    options: tuple[str, ...]
    days: int
    quorum: int | None = None


def usual_quorum(electorate: int) -> int:
    """Return how many must take part if nobody says otherwise: five, or everybody where they are fewer."""
    return max(1, min(USUAL_QUORUM, electorate))


def question_problem(question: str) -> str | None:
    """Return why a question will not do, as a sentence, or None if it will."""
    if not question:
        return "Say what you want to decide."
    return (
        None
        if len(question) <= LONGEST_QUESTION
        else worded("Use at most {longest_question} characters.", longest_question=LONGEST_QUESTION)
    )


def options_problem(*, way: ProposalWay, options: Sequence[str]) -> str | None:
    """Return why these choices will not do, as a sentence, or None if they will. Consent has none."""
    if way is ProposalWay.CONSENT:
        return None
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        return worded(
            "Write {fewest_options} to {most_options} choices, each on a line of its own.",
            fewest_options=FEWEST_OPTIONS,
            most_options=MOST_OPTIONS,
        )
    if any(len(option) > LONGEST_OPTION for option in options):
        return worded("Use at most {longest_option} characters for each choice.", longest_option=LONGEST_OPTION)
    if len({option.casefold() for option in options}) < len(options):
        return "Two of the choices are the same."
    return None


def days_problem(days: int) -> str | None:
    """Return why a proposal may not be open for so many days, as a sentence, or None if it may."""
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        return worded(
            "Give people {shortest_days} to {longest_days} days to answer.",
            shortest_days=SHORTEST_DAYS,
            longest_days=LONGEST_DAYS,
        )
    return None


def electorate_problem(*, way: ProposalWay, electorate: int) -> str | None:
    """Return why so few people cannot decide in this way, as a sentence, or None if they can."""
    if way is ProposalWay.BALLOT and electorate < FEWEST_FOR_BALLOT:
        return worded(
            "A ballot is secret only with {fewest_for_ballot} members or more. Choose consent instead.",
            fewest_for_ballot=FEWEST_FOR_BALLOT,
        )
    return None


def quorum_problem(*, way: ProposalWay, quorum: int, electorate: int) -> str | None:
    """Return why so many cannot have to take part, as a sentence, or None if they can."""
    fewest = min(FEWEST_FOR_BALLOT if way is ProposalWay.BALLOT else 1, electorate)
    if not fewest <= quorum <= electorate:
        return worded(
            "Choose a number from {fewest} to {electorate}, which is everybody.", fewest=fewest, electorate=electorate
        )
    return None


def voice_problem(*, voice: Voice, words: str) -> str | None:
    """Return why what somebody says to a proposal will not do, as a sentence, or None if it will."""
    if len(words) > LONGEST_VOICE:
        return worded("Use at most {longest_voice:,} characters.", longest_voice=LONGEST_VOICE)
    if voice is Voice.OBJECT and not words:
        return "Say what stands against it, so that the others can find a way."
    return None


def closing_moment(*, asked_at: datetime, days: int) -> datetime:
    """Return when a proposal closes: midnight in London at the end of the last day, `days` after it was asked."""
    return midnight(day_of(asked_at) + timedelta(days=days + 1))


def last_day(closes_at: datetime) -> date:
    """Return the last day on which a proposal can be answered."""
    return day_of(closes_at - timedelta(microseconds=1))


def is_settled(*, voices: Sequence[Voice], electors: int) -> bool:
    """Test whether a proposal by consent can close early: everybody has spoken, and nobody objects."""
    return 0 < electors <= len(voices) and Voice.OBJECT not in voices


def came_of_consent(*, voices: Sequence[Voice], quorum: int) -> str:
    """Return what came of a proposal by consent, as a sentence."""
    objections = sum(voice is Voice.OBJECT for voice in voices)
    aside = sum(voice is Voice.STAND_ASIDE for voice in voices)
    if len(voices) < quorum:
        return worded(
            "Nothing is decided: {took_part}, and it takes {quorum}.", took_part=_took_part(len(voices)), quorum=quorum
        )
    if objections:
        return worded("Not agreed: {people} objected.", people=_people(objections))
    if aside * 2 > len(voices):
        return worded(
            "Not agreed: more people stood aside ({aside}) than agreed ({voices}).",
            aside=aside,
            voices=len(voices) - aside,
        )
    return worded("Agreed: nobody objected, and {took_part}.", took_part=_took_part(len(voices)))


def came_of_ballot(*, options: Sequence[str], counts: Sequence[int], quorum: int) -> str:
    """Return what came of a secret ballot, as a sentence. `counts` are the papers for each choice."""
    papers = sum(counts)
    if papers < quorum:
        # Not even how many: one missing paper would say too much of those who know that they voted.
        return worded("Nothing is decided: fewer than {quorum} voted. Nobody ever sees the papers.", quorum=quorum)
    most = max(counts)
    chosen = [option for option, count in zip(options, counts, strict=True) if count == most]
    if len(chosen) > 1:
        return worded(
            "Nothing is decided: {chosen} choices have {most} of {papers} papers each.",
            chosen=len(chosen),
            most=most,
            papers=papers,
        )
    return worded("Decided: “{chosen}”, with {most} of {papers} papers.", chosen=chosen[0], most=most, papers=papers)


def printed_mark(mark: str) -> str:
    """Return a mark in groups of four, as people read it."""
    return " ".join(mark[start : start + 4] for start in range(0, len(mark), 4))


def _people(number: int) -> str:
    return "one person" if number == 1 else worded("{number} people", number=number)


def _took_part(number: int) -> str:
    return "nobody took part" if number == 0 else worded("{people} took part", people=_people(number))
