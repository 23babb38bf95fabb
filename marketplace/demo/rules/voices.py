"""What the town's people say, as it is written: reviews told in every way, and what becomes of them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from marketplace.ratings.rules.criteria import Ruling
from marketplace.ratings.rules.nouns import (
    AppealOutcome,
    Finding,
    Ground,
    Help,
    ObjectionOutcome,
    PointKind,
    ProofState,
    Telling,
    Verdict,
    WriterRole,
)


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenChange(_Written):
    """What the provider says about the last point of a review, and its writer after it. Days count from the review."""

    planned: str
    planned_days: int
    done: str = ""
    done_days: int = 0
    verdict: Verdict | None = None


class WrittenRefusal(_Written):
    """Why a moderator kept a review from view, and what became of it before the panel."""

    ground: Ground
    reason: str
    appeal: str = ""
    votes: tuple[tuple[AppealOutcome, str], ...] = ()


class WrittenObjection(_Written):
    """Somebody asked for a review to be taken down because it is about them. Days count from the review."""

    words: str
    days: int
    outcome: ObjectionOutcome | None = None
    our_interest: str = ""
    their_interest: str = ""
    balance: str = ""


class WrittenReview(_Written):
    """What one person says of an offer, what others and the provider answer, and what became of it."""

    stars: int
    words: str = ""
    reply: str | None = None
    role: WriterRole = WriterRole.USED_IT
    help: Help = Help.NOBODY
    told: Telling = Telling.WORDS
    link: str = ""
    with_others: bool = False
    working: str = ""
    not_working: str = ""
    should_change: str = ""
    same: int = 0
    change: WrittenChange | None = None
    refusal: WrittenRefusal | None = None
    objection: WrittenObjection | None = None

    @property
    def points(self) -> dict[PointKind, str]:
        """What works, what does not and what should change, as far as it is said."""
        said = {
            PointKind.WORKING: self.working,
            PointKind.NOT_WORKING: self.not_working,
            PointKind.SHOULD_CHANGE: self.should_change,
        }
        return {kind: words for kind, words in said.items() if words}


class WrittenCards(_Written):
    """Cards that a provider made, or a user-led organisation for another, and what was written with them."""

    offer: str
    by: str
    number: int
    made_days_ago: int
    reviews: tuple[WrittenReview, ...]


class WrittenInvoices(_Written):
    """Reviews with an invoice of something bought without the site. `checked` says what a checker made of it."""

    offer: str
    days_ago: int
    checked: ProofState
    reason: str = ""
    review: WrittenReview


class WrittenWave(_Written):
    """Reviews that came together, by accounts made for it: a made-up case for whoever looks at flags."""

    offer: str
    days_ago: int
    reviews: tuple[WrittenReview, ...]


class WrittenVisit(_Written):
    """A quality check. A finding for each item of the list, with words. Without a report it is not finished."""

    provider: str
    days_ago: int
    findings: tuple[tuple[Finding, str], ...]
    report: str = ""
    answer: str = ""


class WrittenChecklist(_Written):
    """What a user-led organisation's checkers look at, and where they have been."""

    by: str
    title: str
    items: tuple[str, ...]
    visits: tuple[WrittenVisit, ...]


class WrittenProposal(_Written):
    """Something that somebody would be asked about, and what the panel made of it."""

    words: str
    why: str = ""
    category: str | None = None
    days_ago: int
    votes: int = 0
    ruling: Literal[Ruling.ADOPT, Ruling.MERGE, Ruling.REFUSE] | None = None
    reason: str = ""
    picture: str = ""
    into: str = ""


class WrittenVoices(_Written):
    """All that is said in other ways than after an arrangement, and what user-led organisations do about it."""

    panel: int = 0
    cards: tuple[WrittenCards, ...] = ()
    invoices: tuple[WrittenInvoices, ...] = ()
    waves: tuple[WrittenWave, ...] = ()
    checklists: tuple[WrittenChecklist, ...] = ()
    proposals: tuple[WrittenProposal, ...] = ()

    @property
    def offers(self) -> list[str]:
        """The offers that something is said about."""
        return [
            *(one.offer for one in self.cards),
            *(one.offer for one in self.invoices),
            *(one.offer for one in self.waves),
        ]
