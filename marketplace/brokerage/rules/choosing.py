"""When quotes may be looked at and chosen between, and what those not chosen are told. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.brokerage.rules.nouns import BriefStatus, Fit, MeetingKind, QuoteId, TrialOffer, WhyNot
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.nouns import ArrangementKind

LONGEST_BECAUSE = 1_000
LONGEST_KIND_WORDS = 500
LONGEST_ASKED = 1_000
LONGEST_HOW_IT_WAS = 2_000
MOST_ASKED = 10
"""How often one provider may be asked something about one quote."""

WHY_NOT_NAMED: Mapping[WhyNot, str] = {
    WhyNot.ANOTHER_FITTED_BETTER: "Another quote fits me better",
    WhyNot.PRICE: "It costs more than I can pay",
    WhyNot.TIMES: "The times do not fit",
    WhyNot.NO_LONGER_NEEDED: "I do not need it any more",
    WhyNot.OWN_WORDS: "I would like to say it in my own words",
}
"""How each reason is offered to whoever chooses."""

_KINDLY: Mapping[WhyNot, str] = {
    WhyNot.ANOTHER_FITTED_BETTER: (
        "Thank you for your quote. Another one fitted a little better this time. That says nothing against your work."
    ),
    WhyNot.PRICE: "Thank you for your quote. It would have cost more than can be paid from the budget this time.",
    WhyNot.TIMES: "Thank you for your quote. The times did not fit this time.",
    WhyNot.NO_LONGER_NEEDED: "Thank you for your quote. This is not needed any more, so nobody was chosen.",
    WhyNot.OWN_WORDS: "Thank you for your quote.",
}
"""What the provider reads, for each reason."""

MEETING_ASKED: Mapping[MeetingKind, str] = {
    MeetingKind.MEET: "Meet them",
    MeetingKind.TRY_OUT: "Try it out",
    MeetingKind.ASK_AGAIN: "Ask them something",
}
"""What somebody can ask of one provider before they choose."""


_FIT_SAID: Mapping[Fit, str] = {Fit.YES: "yes", Fit.PARTLY: "partly", Fit.NO: "no"}


@dataclass(frozen=True, slots=True)
class KindReason:
    """Why one quote was not chosen: a reason to choose from, and one's own words if one likes."""

    why: WhyNot = WhyNot.ANOTHER_FITTED_BETTER
    words: str = ""


def is_ready(*, status: BriefStatus, closes_at: datetime | None, now: datetime) -> bool:
    """Test whether quotes may be looked at and chosen between: from its last moment on, whether or not a job ran."""
    if status is BriefStatus.OPEN:
        return closes_at is not None and closes_at <= now
    return status is BriefStatus.CLOSED


def shows_quotes(*, status: BriefStatus, closes_at: datetime | None, now: datetime) -> bool:
    """Test whether the quotes on a brief can be read: as soon as it is ready, and for good."""
    over = {BriefStatus.AWARDED, BriefStatus.NONE_CHOSEN}
    return status in over or is_ready(status=status, closes_at=closes_at, now=now)


def kind_words(why: WhyNot, words: str) -> str:
    """Return what a provider who was not chosen reads."""
    return f"{_KINDLY[why]} {words}".strip()


def reason_problem(reason: KindReason) -> str | None:
    """Return why a reason for not choosing a quote will not do, as a sentence, or None if it will."""
    if len(reason.words) > LONGEST_KIND_WORDS:
        return worded("Use at most {longest_kind_words} characters.", longest_kind_words=LONGEST_KIND_WORDS)
    if reason.why is WhyNot.OWN_WORDS and not reason.words:
        return "Write a few kind words, or choose one of the other reasons."
    return None


def reason_for(quote_id: QuoteId, reasons: Mapping[QuoteId, KindReason]) -> KindReason:
    """Return why one quote was not chosen; where nothing was said, that another one fitted better."""
    return reasons.get(quote_id, KindReason())


def first_day(*, wanted: date | None, can_start_on: date, today: date) -> date:
    """Return from which day it would most simply begin: not before either side can, nor before today."""
    return max(wanted or today, can_start_on, today)


def start_problem(*, starts_on: date, can_start_on: date) -> str | None:
    """Return why a first day will not do by the quote, as a sentence, or None if it will."""
    if starts_on >= can_start_on:
        return None
    return worded("They can start on {can_start_on}. Choose that day or a later one.", can_start_on=day(can_start_on))


def trial_weeks(*, trial: TrialOffer, kind: ArrangementKind) -> int:
    """
    Return for how many weeks either side can end at once what was arranged on a quote.

    Whoever offers to be tried out lets a person stop within the first week of weekly support, at no cost.
    """
    return 1 if trial is not TrialOffer.NONE and kind is ArrangementKind.WEEKLY else 0


@dataclass(frozen=True, slots=True)
class Met:
    """One need of a brief, how far a quote meets it, and in which words."""

    need: str
    fit: Fit
    words: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a chosen quote is for, in words: what was asked, and what was answered."""

    title: str
    about: str
    needs: tuple[Met, ...]
    times: str
    trial_words: str


def what_was_agreed(it: Agreement, *, most: int) -> str:
    """
    Return what was agreed in words, as an arrangement keeps it, in at most so many characters.

    What binds the provider comes first: what is too long loses what the brief told about it, then the provider's words
    on each need. How far each is met, when, and the trial are always there.
    """
    full = _agreed(it, with_words=True, about=it.about)
    if len(full) <= most:
        return full
    bound = _agreed(it, with_words=True, about="")
    if len(bound) > most:
        bound = _agreed(it, with_words=False, about="")
    return bound if len(bound) <= most else bound[: most - 1] + "…"


def _agreed(it: Agreement, *, with_words: bool, about: str) -> str:
    told = [it.title, about, *(_met(one, with_words=with_words) for one in it.needs)]
    told.append(worded("Times: {times}", times=it.times) if it.times else "")
    told.append(worded("To try it out: {trial_words}", trial_words=it.trial_words) if it.trial_words else "")
    told.append("" if with_words else "What they said of each need is in their quote.")
    return "\n\n".join(part for part in told if part)


def _met(one: Met, *, with_words: bool) -> str:
    words = f" {one.words}" if one.words and with_words else ""
    return worded(
        "Needed: {need}\nThey said: {fit_said}.{words}", need=one.need, fit_said=_FIT_SAID[one.fit], words=words
    )
