"""What makes a quote: its price in parts, how it meets each need, and how it stands afterwards. Pure."""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from marketplace.brokerage.rules.nouns import BriefStatus, Fit, NeedId, QuoteStatus, TrialOffer
from marketplace.catalogue.rules import OfferId, Price, Unit, notice_problem
from marketplace.catalogue.rules.pricing import DEAREST
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count
from marketplace.kit.sentences import one_word, worded
from marketplace.purchasing.rules import how_much
from marketplace.purchasing.rules.nouns import ArrangementKind

MOST_WORDS = 100
"""How many words a quote may use on each need."""

LONGEST_ANSWER = 1_000
"""Characters. A hundred words are fewer, unless somebody leaves out the spaces."""

LONGEST_TIMES = 300
LONGEST_TRIAL = 200
LATEST_START = timedelta(days=366)

_WORD = re.compile(r"\w+")
_UNANSWERED = "Say whether you can do this: yes, partly or no."


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """How far a quote meets one need, as its provider says. None: not said yet."""

    fit: Fit | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewQuote:
    """
    A quote as its provider writes it. How much, and for how many weeks, is what the brief asks.

    The price of one unit is given in its parts, so that they always come to the whole.
    """

    offer_id: OfferId
    support: Money
    can_start_on: date | None
    admin: Money = ZERO
    overhead: Money = ZERO
    travel: Money = ZERO
    notice_hours: int | None = None
    times: str = ""
    trial: TrialOffer = TrialOffer.NONE
    trial_words: str = ""
    answers: Mapping[NeedId, NewAnswer] = field(default_factory=dict)

    @property
    def unit_price(self) -> Money:
        """What one unit costs: all of its parts."""
        return self.support + self.admin + self.overhead + self.travel


class Standing(enum.StrEnum):
    """How a quote stands, as its provider sees it. Nothing in it comes from what others quoted."""

    DRAFT = "draft"
    TOO_LATE = "too_late"
    SENT = "sent"
    LOOKED_AT = "looked_at"
    AWARDED = "awarded"
    NOT_CHOSEN = "not_chosen"
    BRIEF_TAKEN_BACK = "brief_taken_back"
    HELD = "held"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            Standing.DRAFT: "Not sent yet",
            Standing.TOO_LATE: "Not sent in time",
            Standing.SENT: one_word("Sent"),
            Standing.LOOKED_AT: "Being looked at",
            Standing.AWARDED: one_word("Chosen"),
            Standing.NOT_CHOSEN: "Not chosen",
            Standing.BRIEF_TAKEN_BACK: "Brief taken back",
            Standing.HELD: "Waits for a moderator",
            Standing.WITHDRAWN: "Taken back by you",
        }[self]


class Barred(enum.StrEnum):
    """Why a provider that a brief is for cannot quote all the same."""

    BOTH_SIDES = "both_sides"
    NAMED = "named"

    @property
    def sentence(self) -> str:
        """What its people are told."""
        return {
            Barred.BOTH_SIDES: "Somebody who speaks for you is on the asking side of this brief. Nobody can be on both "
            "sides, so you cannot quote for it.",
            Barred.NAMED: "This brief names you, so you may know who wrote it. That would not be fair to others, so "
            "you cannot quote for it.",
        }[self]


def takes_quotes(*, status: BriefStatus, closes_at: datetime | None, held_at: datetime | None, now: datetime) -> bool:
    """Test whether a brief takes quotes. Its last moment counts, whether or not anything has closed it yet."""
    return status is BriefStatus.OPEN and held_at is None and closes_at is not None and now < closes_at


def standing(*, quote: QuoteStatus, brief: BriefStatus, is_open: bool, is_held: bool) -> Standing:
    """Return how a quote stands with its provider. `is_open` is whether its brief takes quotes."""
    if quote not in {QuoteStatus.DRAFT, QuoteStatus.SENT}:
        return Standing(quote.value)
    if is_held and brief in {BriefStatus.OPEN, BriefStatus.CLOSED}:
        return Standing.HELD
    if quote is QuoteStatus.DRAFT:
        return Standing.DRAFT if is_open else Standing.TOO_LATE
    if brief is BriefStatus.WITHDRAWN:
        return Standing.BRIEF_TAKEN_BACK
    # Nobody was chosen, or somebody else: the quote itself hears of it in the same moment, so this only fills a gap.
    if brief in {BriefStatus.NONE_CHOSEN, BriefStatus.AWARDED}:
        return Standing.NOT_CHOSEN
    return Standing.SENT if is_open else Standing.LOOKED_AT


def total_of(unit_price: Money, *, quantity: int, weeks: int) -> Money:
    """Return what a quote comes to in all."""
    return unit_price * quantity * weeks


def asked_for(*, quantity: int, unit: Unit, kind: ArrangementKind, weeks: int) -> str:
    """Return how much a brief asks for, as people say it: `3 hours a week for 12 weeks`."""
    return how_much(quantity=quantity, unit=unit, kind=kind, weeks=weeks)


def why_closed(status: BriefStatus, *, is_held: bool) -> str:
    """Return why a brief takes no quotes, as a sentence for providers."""
    if status is BriefStatus.WITHDRAWN:
        return "This brief was taken back, so it takes no more quotes. It is nothing you did."
    if is_held:
        return "A moderator is looking at this brief. Until that is done it takes no quotes."
    return "This brief has closed. It takes no more quotes, and those that were sent stay as they are."


def first_day(*, wanted_on: date | None, today: date) -> date:
    """Return the day from which a quote most simply starts: the one that was asked for, unless it is over."""
    return max(wanted_on or today, today)


def begun_from(
    offer_id: OfferId, price: Price | None, *, notice_hours: int | None, can_start_on: date, times: str
) -> NewQuote:
    """Return the quote that an offer begins with: its own price, if that is for the unit which the brief asks."""
    admin = price.admin or ZERO if price else ZERO
    overhead = price.overhead or ZERO if price else ZERO
    return NewQuote(
        offer_id=offer_id,
        support=price.amount - admin - overhead if price else ZERO,
        admin=admin,
        overhead=overhead,
        notice_hours=notice_hours,
        can_start_on=can_start_on,
        times=times,
    )


def keeping_problems(wanted: NewQuote, *, needs: Sequence[NeedId], is_free: bool) -> dict[str, str]:
    """
    Return what is wrong with a quote even as a draft: a sentence for each field. None: it can be kept.

    `needs` are those of the brief in order. What is said of them is in the fields `fit_1`, `words_1` and so on.
    """
    about_needs: dict[str, str | None] = {}
    for number, answer in _in_order(wanted, needs):
        about_needs[f"fit_{number}"] = _UNANSWERED if answer.words and answer.fit is None else None
        about_needs[f"words_{number}"] = _words_problem(answer.words)
    return _only_problems(
        {
            "support": _support_problem(wanted, is_free=is_free),
            **_part_problems(wanted),
            **about_needs,
            "times": _too_long(wanted.times, LONGEST_TIMES),
            "trial_words": _too_long(wanted.trial_words, LONGEST_TRIAL),
            "notice_hours": notice_problem(wanted.notice_hours),
        }
    )


def sending_problems(wanted: NewQuote, *, needs: Sequence[NeedId], is_free: bool, today: date) -> dict[str, str]:
    """Return everything that keeps a quote from being sent: a sentence for each field, in the order of the form."""
    found: dict[str, str | None] = {"support": _nothing_problem(wanted, is_free=is_free)}
    for number, answer in _in_order(wanted, needs):
        found[f"fit_{number}"] = None if answer.fit else _UNANSWERED
        found[f"words_{number}"] = _partly_problem(answer)
    found["can_start_on"] = _start_problem(wanted.can_start_on, today=today)
    found["trial_words"] = _trial_problem(wanted)
    return _only_problems(found) | keeping_problems(wanted, needs=needs, is_free=is_free)


def names_provider(words: str, *, name: str) -> bool:
    """
    Test whether some words name a provider. Who is named in a brief cannot quote on it: the writer would be known.

    A name of several words is found in any letters. One of a single word (“Bloom”) is found only as it is written, and
    not where a sentence begins, since most are everyday words as well.
    """
    wanted = _WORD.findall(name)
    if len(wanted) > 1:
        return re.search(r"\b" + r"\W+".join(map(re.escape, wanted)) + r"\b", words, re.IGNORECASE) is not None
    return bool(wanted) and re.search(rf"[\w,;’'\"] +{re.escape(wanted[0])}\b", words) is not None


def _only_problems(found: Mapping[str, str | None]) -> dict[str, str]:
    return {name: problem for name, problem in found.items() if problem}


def _in_order(wanted: NewQuote, needs: Sequence[NeedId]) -> list[tuple[int, NewAnswer]]:
    return [(number, wanted.answers.get(need_id, NewAnswer(None))) for number, need_id in enumerate(needs, start=1)]


def _words_problem(words: str) -> str | None:
    used = len(words.split())
    if used > MOST_WORDS:
        return worded("Use at most {most_words} words. You have used {used}.", most_words=MOST_WORDS, used=used)
    return _too_long(words, LONGEST_ANSWER)


def _part_problems(wanted: NewQuote) -> dict[str, str | None]:
    parts = {"admin": wanted.admin, "overhead": wanted.overhead, "travel": wanted.travel}
    return {
        name: None if ZERO <= part <= DEAREST else worded("Enter an amount from nothing to {dearest}.", dearest=DEAREST)
        for name, part in parts.items()
    }


def _support_problem(wanted: NewQuote, *, is_free: bool) -> str | None:
    if wanted.support < ZERO:
        return "Enter an amount of nothing or more."
    if wanted.unit_price > DEAREST:
        return worded(
            "All parts together are at most {dearest}. Is this the price for one, or for all of it?", dearest=DEAREST
        )
    if is_free and wanted.unit_price > ZERO:
        return "This offer is free on the site, so it is free here too. To be paid, choose another of your offers."
    return None


def _nothing_problem(wanted: NewQuote, *, is_free: bool) -> str | None:
    return None if is_free or wanted.unit_price > ZERO else "Say what it costs."


def _start_problem(start: date | None, *, today: date) -> str | None:
    if start is None:
        return "Say from which day you can start."
    if start < today:
        return "That day is over. Enter the first day on which you can start."
    return None if start <= today + LATEST_START else "Enter a day within a year from now."


def _trial_problem(wanted: NewQuote) -> str | None:
    is_unsaid = wanted.trial is not TrialOffer.NONE and not wanted.trial_words.strip()
    return "Say how they can try it out: “the first visit”, for example." if is_unsaid else None


def _partly_problem(answer: NewAnswer) -> str | None:
    is_unsaid = answer.fit is Fit.PARTLY and not answer.words.strip()
    return "Say which part of it you can do." if is_unsaid else None


def _too_long(words: str, most: int) -> str | None:
    return (
        None
        if len(words) <= most
        else worded("Use at most {characters}.", characters=count(most, "character", "characters"))
    )
