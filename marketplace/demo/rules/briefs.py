"""What the town's file of briefs says: what people ask providers to quote for, who quotes, and what they choose."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from marketplace.brokerage.rules.nouns import Fit, MeetingKind, NoBid, TrialOffer, WhyNot
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.purchasing.rules.nouns import ArrangementKind


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenCriterion(_Strict):
    """By what a person chooses, and how much of a hundred it counts."""

    words: str
    weight: int
    is_cost: bool = False


class WrittenQuestion(_Strict):
    """What one provider asks, and the answer to all, if there is one yet."""

    provider: str
    days_ago: int
    words: str
    answer: str = ""
    answered_days_ago: int | None = None


class WrittenTrial(_Strict):
    """What a quote offers for trying it out first."""

    kind: TrialOffer
    words: str = ""


class WrittenNeedAnswer(_Strict):
    """How a quote meets one need."""

    fit: Fit
    words: str


class WrittenQuote(_Strict):
    """What one provider would do, and for how much: pence for one unit, of which the parts are said."""

    provider: str
    offer: str
    unit_price: int
    admin: int = 0
    overhead: int = 0
    travel: int = 0
    starts_in_days: int
    times: str
    trial: WrittenTrial
    answers: tuple[WrittenNeedAnswer, ...]
    days_ago: int


class WrittenNoBid(_Strict):
    """A provider that says it will not quote."""

    provider: str
    why: NoBid
    days_ago: int


class WrittenScore(_Strict):
    """What somebody gives one quote, by the number of the criterion, counted from 1."""

    person: str
    provider: str
    points: Mapping[int, int]
    because: str


class WrittenMeeting(_Strict):
    """What the person asks of one provider, and its answer."""

    provider: str
    kind: MeetingKind
    words: str
    days_ago: int
    answer: str = ""
    answered_days_ago: int | None = None


class WrittenAward(_Strict):
    """Which quote was chosen, and a kind reason for each of the others."""

    provider: str
    days_ago: int
    because: str
    why_not: Mapping[str, WhyNot] = Field(default_factory=dict)


class WrittenEnding(_Strict):
    """That a brief came to nothing, when, and why."""

    days_ago: int
    reason: str


class WrittenBrief(_Strict):
    """A brief. Without a day on which it was opened it is not sent yet; amounts are pence, the budget for all of it."""

    key: str
    person: str
    by: str | None = None
    line: str | None = None
    category: CategorySlug
    title: str
    about: str
    needs: tuple[str, ...] = Field(min_length=1, max_length=6)
    criteria: tuple[WrittenCriterion, ...] = Field(min_length=1, max_length=5)
    area: str
    kind: ArrangementKind
    quantity: int
    unit: Unit
    weeks: int
    budget: int | None = None
    shows_budget: bool = False
    times: str
    starts_in_days: int | None = None
    days_open: Literal[7, 14]
    opened_days_ago: int | None = None
    questions: tuple[WrittenQuestion, ...] = ()
    quotes: tuple[WrittenQuote, ...] = ()
    declines: tuple[WrittenNoBid, ...] = ()
    scores: tuple[WrittenScore, ...] = ()
    meetings: tuple[WrittenMeeting, ...] = ()
    award: WrittenAward | None = None
    none_chosen: WrittenEnding | None = None
    taken_back: WrittenEnding | None = None

    @property
    def providers(self) -> set[str]:
        """Every provider that has to do with it."""
        asked = {it.provider for it in self.questions} | {it.provider for it in self.meetings}
        answered = {it.provider for it in self.quotes} | {it.provider for it in self.declines}
        return asked | answered | {it.provider for it in self.scores}


class WrittenBriefs(_Strict):
    """Everything that is written about briefs."""

    briefs: tuple[WrittenBrief, ...] = ()

    def check(self, *, people: set[str], live: set[str], providers: set[str]) -> None:
        """:raises ValueError: if an entry names a person, an offer or a provider that is not written."""
        named = (
            ("person", self.people, people),
            ("live offer", self.offers, live),
            ("provider", {one for brief in self.briefs for one in brief.providers}, providers),
        )
        for what, wanted, written in named:
            if missing := sorted(wanted - written):
                raise ValueError(f"no such {what}: {', '.join(missing)}")

    @property
    def people(self) -> set[str]:
        """Whose briefs they are."""
        return {brief.person for brief in self.briefs}

    @property
    def offers(self) -> set[str]:
        """Every offer that a quote is of."""
        return {quote.offer for brief in self.briefs for quote in brief.quotes}
