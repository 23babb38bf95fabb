"""What the members of a pool have agreed, what is proposed, and who has accepted it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit.asked import once
from marketplace.pooling.models import PoolAcceptance, PoolAgreement
from marketplace.pooling.queries.membership import Fellow, called_names, fellows, my_membership
from marketplace.pooling.rules import agreement as rules
from marketplace.pooling.rules.agreement import AbsenceRule, Answer
from marketplace.pooling.rules.membership import NAMELESS
from marketplace.pooling.rules.nouns import AgreementId, MemberRole, PoolId


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an agreement, as the members of the pool see it."""

    id: AgreementId
    number: int
    answers: dict[str, Answer]
    proposed_by: str
    proposed_at: datetime
    in_force_at: datetime | None
    # What those who belong to the pool now are called: who has accepted it, and whose word is missing. A facilitator
    # buys nothing, so theirs is not asked for.
    accepted: tuple[str, ...]
    missing: tuple[str, ...]
    viewer_accepted: bool
    viewer_may_accept: bool

    @property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """What it says: each heading, and what is agreed under it."""
        return rules.sentences(self.answers)


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """A pool's agreement: the version that holds, and the one that waits for everybody’s word."""

    pool_id: PoolId
    pool_title: str
    # A facilitator reads it, and agrees to nothing.
    viewer_decides: bool
    in_force: Version | None
    proposed: Version | None

    @property
    def latest(self) -> Version | None:
        """The version that the next one starts from."""
        return self.proposed or self.in_force


def agreement_page(session: Session, *, pool_id: PoolId, viewer: Viewer) -> AgreementPage | None:
    """Return a pool's agreement, for its members alone. A handful of queries, however many accepted."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    now_in_it = [
        fellow
        for fellow in fellows(session, pool_id=pool_id, viewer=viewer)
        if fellow.role is not MemberRole.FACILITATOR
    ]
    names = called_names(session, pool_id=pool_id, viewer=viewer)
    in_force, proposed = agreement_in_force(session, pool_id=pool_id), agreement_proposed(session, pool_id=pool_id)
    return AgreementPage(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        viewer_decides=not mine.is_facilitator,
        in_force=_version(session, in_force, now_in_it, names) if in_force else None,
        proposed=_version(session, proposed, now_in_it, names) if proposed else None,
    )


def absence_rule_of(session: Session, *, pool_id: PoolId) -> AbsenceRule:
    """Return what being away costs in a pool now, for services: as its agreement says, or as usual without one."""
    row = agreement_in_force(session, pool_id=pool_id)
    return rules.absence_rule(rules.answers_from(row.answers)) if row else rules.USUAL_ABSENCE


def agreement_in_force(session: Session, *, pool_id: PoolId) -> PoolAgreement | None:
    """Return the version that holds now, for services."""
    wanted = _newest(pool_id).where(PoolAgreement.in_force_at.is_not(None))
    return once(session, ("agreement in force", pool_id), lambda: session.scalars(wanted).first())


def agreement_proposed(session: Session, *, pool_id: PoolId) -> PoolAgreement | None:
    """Return the version that waits for everybody's word, for services."""
    return session.scalars(_newest(pool_id).where(PoolAgreement.in_force_at.is_(None))).first()


def agreements_waiting(session: Session) -> tuple[PoolId, ...]:
    """Return the pools in which a version waits for somebody's yes, for the job that looks whether they are there."""
    waiting = select(PoolAgreement.pool_id).where(
        PoolAgreement.in_force_at.is_(None), PoolAgreement.withdrawn_at.is_(None)
    )
    return tuple(session.scalars(waiting.distinct().order_by(PoolAgreement.pool_id)))


def _newest(pool_id: PoolId) -> Select[PoolAgreement]:
    return (
        select(PoolAgreement)
        .where(PoolAgreement.pool_id == pool_id, PoolAgreement.withdrawn_at.is_(None))
        .order_by(PoolAgreement.version.desc())
        .limit(1)
    )


def _version(session: Session, row: PoolAgreement, now_in_it: list[Fellow], names: dict[PersonId, str]) -> Version:
    said_yes = set(session.scalars(select(PoolAcceptance.person_id).where(PoolAcceptance.agreement_id == row.id)))
    missing = [fellow for fellow in now_in_it if fellow.person_id not in said_yes]
    return Version(
        id=row.id,
        number=row.version,
        answers=rules.answers_from(row.answers),
        proposed_by=names.get(row.proposed_by, NAMELESS),
        proposed_at=row.proposed_at,
        in_force_at=row.in_force_at,
        accepted=tuple(fellow.called for fellow in now_in_it if fellow.person_id in said_yes),
        missing=tuple(fellow.called for fellow in missing),
        viewer_accepted=any(fellow.is_viewer and fellow.person_id in said_yes for fellow in now_in_it),
        viewer_may_accept=any(fellow.is_viewer for fellow in missing),
    )
