"""What those see who choose between the quotes on a brief. Plain data; `choosing` finds it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.brokerage.queries.briefs import CriterionSeen
from marketplace.brokerage.rules import scoring
from marketplace.brokerage.rules.nouns import (
    BriefId,
    BriefStatus,
    CriterionId,
    Fit,
    MeetingId,
    MeetingKind,
    QuoteId,
    QuoteStatus,
    TrialOffer,
)
from marketplace.catalogue.rules import OfferId, ProviderId, Unit
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.kit.money import Money
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import ArrangementKind


@dataclass(frozen=True, slots=True)
class Answered:
    """How a quote meets one need."""

    need: str
    fit: Fit
    words: str


@dataclass(frozen=True, slots=True)
class ScoreSeen:
    """What one person gave for one criterion, and why."""

    called: str
    is_viewer: bool
    points: int
    because: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was asked of a provider, what they answered, and how it was."""

    id: MeetingId
    kind: MeetingKind
    words: str
    asked_by: str
    is_by_viewer: bool
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    how_it_was: str


@dataclass(frozen=True, slots=True)
class QuoteSeen:
    """One quote, as those see it who choose. The parts of its price come to `unit_price`."""

    id: QuoteId
    provider_id: ProviderId
    provider_name: str
    organisation_id: OrganisationId
    offer_id: OfferId
    offer_title: str
    offer_is_live: bool
    unit: Unit
    unit_price: Money
    support: Money
    admin: Money
    overhead: Money
    travel: Money
    total: Money
    # What it comes to in each week, if it is had every week.
    weekly: Money | None
    notice_hours: int | None
    can_start_on: date
    times: str
    trial: TrialOffer
    trial_words: str
    status: QuoteStatus
    kind_words: str
    answers: tuple[Answered, ...]
    evidence: tuple[Evidence, ...]
    meetings: tuple[Meeting, ...]
    cost_points: Decimal
    mine: Mapping[CriterionId, ScoreSeen]
    # By criterion: what everybody gave, once all may see it; until then only the viewer's own.
    given: Mapping[CriterionId, tuple[ScoreSeen, ...]]
    agreed: Mapping[CriterionId, int]
    # The points that count for the viewer now, and what they come to out of a hundred, once all are there.
    points: Mapping[CriterionId, Decimal]
    worth: Decimal | None

    def are_far_apart(self, criterion_id: CriterionId) -> bool:
        """Test whether people differ about one criterion so much that they had better talk, and have not agreed yet."""
        if criterion_id in self.agreed:
            return False
        return scoring.are_far_apart([one.points for one in self.given.get(criterion_id, ())])

    @property
    def to_talk_about(self) -> tuple[CriterionId, ...]:
        """The criteria about which people differ a lot."""
        return tuple(it for it in self.given if self.are_far_apart(it))


@dataclass(frozen=True, slots=True)
class Scorer:
    """Somebody who scores, as the others see them: a name, and whether they have finished."""

    called: str
    is_viewer: bool
    has_finished: bool


@dataclass(frozen=True, slots=True)
class AwardSeen:
    """Which quote was chosen, why, and what became of it."""

    quote_id: QuoteId
    because: str
    at: datetime
    by: PersonId
    arrangement_id: ArrangementId | None
    pool_answer_key: uuid.UUID | None
    pack_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Choosing:
    """A brief and its quotes, to those who choose. There are no quotes to see before it closes."""

    brief_id: BriefId
    title: str
    about: str
    # Of a pool’s brief: "your pool".
    person_name: str
    is_mine: bool
    pool_key: uuid.UUID | None
    status: BriefStatus
    is_ready: bool
    shows_quotes: bool
    is_held: bool
    closes_at: datetime | None
    starts_on: date | None
    kind: ArrangementKind
    how_much: str
    budget: Money | None
    needs: tuple[str, ...]
    criteria: tuple[CriterionSeen, ...]
    scorers: tuple[Scorer, ...]
    # Everybody who scores has finished, and sees what the others gave.
    is_together: bool
    # So many points the viewer has not given.
    still_to_score: int
    # In the order that was drawn by lot.
    quotes: tuple[QuoteSeen, ...]
    # Who took their quote back.
    taken_back: tuple[str, ...]
    award: AwardSeen | None
    why_ended: str
    ended_at: datetime | None

    @property
    def standing(self) -> tuple[QuoteSeen, ...]:
        """The quotes that can be chosen."""
        return tuple(quote for quote in self.quotes if quote.status is QuoteStatus.SENT)

    @property
    def may_choose(self) -> bool:
        """Whether the viewer may choose one here, or none: their own brief, and nobody's pool."""
        return self.is_mine and self.pool_key is None and self.is_ready and not self.is_held

    @property
    def scored(self) -> tuple[CriterionSeen, ...]:
        """The criteria that people give points for: all but cost."""
        return tuple(one for one in self.criteria if not one.is_cost)

    @property
    def is_alone(self) -> bool:
        """Whether only one person scores."""
        return len(self.scorers) < 2  # noqa: PLR2004  (two are several)

    @property
    def i_have_finished(self) -> bool:
        """Whether the viewer has said that they have scored all they want to."""
        return any(one.is_viewer and one.has_finished for one in self.scorers)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Who still scores, but for the viewer."""
        return tuple(one.called for one in self.scorers if not one.has_finished and not one.is_viewer)

    def quote(self, quote_id: QuoteId) -> QuoteSeen | None:
        """Return one quote, or None if it is not there."""
        return next((quote for quote in self.quotes if quote.id == quote_id), None)
