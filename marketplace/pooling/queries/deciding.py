"""What a pool decides: the questions, what members say to them, and, once they are closed, what came of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit.pages import Slice
from marketplace.pooling.models import PoolBallotPaper, PoolProposal, PoolTurnout, PoolVoice
from marketplace.pooling.queries.membership import Membership, called_names, my_membership
from marketplace.pooling.rules import deciding as rules
from marketplace.pooling.rules.membership import NAMELESS
from marketplace.pooling.rules.nouns import PoolId, ProposalId, ProposalWay, Voice

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One question in the list. Nothing of any answer but the viewer's own having been given."""

    id: ProposalId
    way: ProposalWay
    question: str
    asked_at: datetime
    closes_at: datetime
    is_closed: bool
    outcome: str
    viewer_may_answer: bool
    viewer_has_answered: bool

    @property
    def last_day(self) -> date:
        """The last day on which it can be answered."""
        return rules.last_day(self.closes_at)

    @property
    def waits_for_viewer(self) -> bool:
        """Whether the viewer can answer, and has not."""
        return self.viewer_may_answer and not self.viewer_has_answered


@dataclass(frozen=True, slots=True)
class Proposals:
    """One page of a pool's questions: those that are open first, the newest of each first."""

    pool_id: PoolId
    pool_title: str
    lines: tuple[ProposalLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class Said:
    """What one member says to a proposal that is decided by consent."""

    called: str
    voice: Voice
    words: str
    at: datetime
    is_viewer: bool


@dataclass(frozen=True, slots=True)
class BallotResult:
    """What was in a ballot: the papers with their marks, and how many are on the list of those who voted."""

    counts: tuple[tuple[str, int], ...]
    papers: tuple[tuple[str, str], ...]
    voted: int

    @property
    def adds_up(self) -> bool:
        """Whether there is a paper for everybody who voted, and no other."""
        return len(self.papers) == self.voted == sum(count for _option, count in self.counts)


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One question, as one member may see it."""

    pool_id: PoolId
    pool_title: str
    line: ProposalLine
    options: tuple[str, ...]
    quorum: int
    electorate: int
    asked_by: str
    closed_at: datetime | None
    # By consent alone; what the viewer said is among them.
    voices: tuple[Said, ...]
    # By ballot alone, and only once it is closed and enough have voted.
    result: BallotResult | None

    @property
    def mine(self) -> Said | None:
        """What the viewer has said to it."""
        return next((said for said in self.voices if said.is_viewer), None)


def proposals_of(
    session: Session, *, pool_id: PoolId, viewer: Viewer, now: datetime, page: int = 1
) -> Proposals | None:
    """Return the questions of a pool, for its members alone."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    total = session.scalar(select(func.count()).select_from(PoolProposal).where(PoolProposal.pool_id == pool_id)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(PoolProposal, _answered(viewer).label("answered"))
        .where(PoolProposal.pool_id == pool_id)
        .order_by(PoolProposal.closed_at.is_not(None), PoolProposal.asked_at.desc(), PoolProposal.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return Proposals(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        lines=tuple(_line(row.PoolProposal, mine, now=now, answered=row.answered) for row in rows),
        slice=part,
    )


def proposal_page(
    session: Session, *, pool_id: PoolId, proposal_id: ProposalId, viewer: Viewer, now: datetime
) -> ProposalPage | None:
    """Return one question to a member of its pool. Of a ballot, nothing before it is closed and enough have voted."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    row = session.execute(
        select(PoolProposal, _answered(viewer).label("answered")).where(
            PoolProposal.id == proposal_id, PoolProposal.pool_id == pool_id
        )
    ).one_or_none()
    if row is None:
        return None
    proposal: PoolProposal = row.PoolProposal
    names = called_names(session, pool_id=pool_id, viewer=viewer)
    is_ballot = proposal.way is ProposalWay.BALLOT
    return ProposalPage(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        line=_line(proposal, mine, now=now, answered=row.answered),
        options=tuple(proposal.options),
        quorum=proposal.quorum,
        electorate=proposal.electorate,
        asked_by=names.get(proposal.asked_by, NAMELESS),
        closed_at=proposal.closed_at,
        voices=() if is_ballot else _voices(session, proposal_id, names=names, viewer=viewer),
        result=_result(session, proposal) if is_ballot else None,
    )


def overdue_proposals(session: Session, *, now: datetime) -> tuple[ProposalId, ...]:
    """Return the questions whose last day has passed and that nothing has closed yet, the oldest first."""
    return tuple(
        session.scalars(
            select(PoolProposal.id)
            .where(PoolProposal.closed_at.is_(None), PoolProposal.closes_at <= now)
            .order_by(PoolProposal.closes_at, PoolProposal.id)
        )
    )


def _answered(viewer: Viewer) -> ColumnElement[bool]:
    voice = exists().where(PoolVoice.proposal_id == PoolProposal.id, PoolVoice.person_id == viewer.person_id)
    paper = exists().where(PoolTurnout.proposal_id == PoolProposal.id, PoolTurnout.person_id == viewer.person_id)
    return or_(voice, paper)


def _line(proposal: PoolProposal, mine: Membership, *, now: datetime, answered: bool) -> ProposalLine:
    is_over = proposal.closed_at is not None or now >= proposal.closes_at
    changes = proposal.way is ProposalWay.CONSENT or not answered
    could = mine.joined_at <= proposal.asked_at and not mine.is_facilitator
    return ProposalLine(
        id=proposal.id,
        way=proposal.way,
        question=proposal.question,
        asked_at=proposal.asked_at,
        closes_at=proposal.closes_at,
        is_closed=is_over,
        outcome=proposal.outcome,
        viewer_may_answer=could and changes and not is_over,
        viewer_has_answered=answered,
    )


def _voices(
    session: Session, proposal_id: ProposalId, *, names: dict[PersonId, str], viewer: Viewer
) -> tuple[Said, ...]:
    rows = session.scalars(
        select(PoolVoice).where(PoolVoice.proposal_id == proposal_id).order_by(PoolVoice.at, PoolVoice.person_id)
    )
    return tuple(
        Said(
            called=names.get(row.person_id, NAMELESS),
            voice=row.voice,
            words=row.words,
            at=row.at,
            is_viewer=row.person_id == viewer.person_id,
        )
        for row in rows
    )


def _result(session: Session, proposal: PoolProposal) -> BallotResult | None:
    """Return what was in a ballot. The database gives nothing away that is not closed, or that too few took part in."""
    voted = select(func.count()).where(PoolTurnout.proposal_id == PoolProposal.id).scalar_subquery()
    rows = session.execute(
        select(PoolBallotPaper.mark, PoolBallotPaper.option, voted.label("voted"))
        .join(PoolProposal, PoolProposal.id == PoolBallotPaper.proposal_id)
        .where(PoolProposal.id == proposal.id, PoolProposal.closed_at.is_not(None), voted >= PoolProposal.quorum)
        .order_by(PoolBallotPaper.mark)
    ).all()
    if not rows:
        return None
    papers = Counter(row.option for row in rows)
    return BallotResult(
        counts=tuple((option, papers[number]) for number, option in enumerate(proposal.options)),
        papers=tuple((rules.printed_mark(row.mark), proposal.options[row.option]) for row in rows),
        voted=rows[0].voted,
    )
