"""A plan is shown to somebody without an account, by a secret address that ends and can be taken back."""

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, token_hash
from marketplace.brokerage.models import Plan, PlanLink, PlanVersion
from marketplace.brokerage.queries.contents import Around
from marketplace.brokerage.rules import lasting as rules
from marketplace.brokerage.rules.nouns import LinkId, PlanId, VersionId
from marketplace.brokerage.services.plans import PlanNotFoundError
from marketplace.brokerage.services.versions import VersionNotFoundError, keep
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.sentences import worded

_NOTED_EVERY = timedelta(minutes=10)


class LinkNotFoundError(NotFoundError):
    """There is no such link to this plan."""


class TooManyLinksError(DomainError):
    """More links than anybody could keep an eye on."""


def share_plan(
    session: Session,
    *,
    plan_id: PlanId,
    by: PersonId,
    called: str,
    days: int,
    shows_money: bool,
    version_id: VersionId | None = None,
    follows: bool = False,
    around: Around,
    now: datetime,
) -> str:
    """
    Make a link to one's own plan, and return its secret, which is kept nowhere.

    It shows a version: the one named, or else the plan as it is now. With `follows` it shows the plan as it is
    whenever somebody opens it. Nobody who helps can make one: who else may read a plan is its person's choice alone.

    :raises PlanNotFoundError: if it is not their own.
    :raises VersionNotFoundError: if there is no such version of it.
    :raises TooManyLinksError: if too many work already.
    """
    plan = _own_plan(session, plan_id=plan_id, by=by)
    works = select(func.count()).where(
        PlanLink.plan_id == plan.id, PlanLink.revoked_at.is_(None), PlanLink.expires_at > now
    )
    if session.scalars(works).one() >= rules.MOST_LINKS:
        raise TooManyLinksError(
            worded(
                "{most_links} links to your plan work now. Take one back before you make another.",
                most_links=rules.MOST_LINKS,
            )
        )
    shown = _shown(session, plan, by=by, version_id=version_id, around=around, now=now)
    token = secrets.token_urlsafe(32)
    link = PlanLink(
        id=LinkId(uuid.uuid4()),
        plan_id=plan.id,
        token_hash=token_hash(token),
        called=called,
        version_id=None if follows and version_id is None else shown,
        shows_money=shows_money,
        made_by=by,
        made_at=now,
        expires_at=rules.link_ends(made_on=day_of(now), days=rules.link_days(days)),
    )
    session.add(link)
    audit.record(session, by=by, did="shared by link", to_kind="plan", to_id=plan.id, now=now)
    session.flush()
    return token


def revoke_link(session: Session, *, plan_id: PlanId, link_id: LinkId, by: PersonId, now: datetime) -> None:
    """
    Take back a link to one's own plan: it opens nothing from this moment. Idempotent.

    :raises PlanNotFoundError: if it is not their own.
    :raises LinkNotFoundError: if there is no such link to it.
    """
    plan = _own_plan(session, plan_id=plan_id, by=by)
    link = session.scalars(select(PlanLink).where(PlanLink.id == link_id, PlanLink.plan_id == plan.id)).one_or_none()
    if link is None:
        raise LinkNotFoundError("That link is not there.")
    if link.revoked_at is None:
        link.revoked_at = now
        audit.record(session, by=by, did="took back a link", to_kind="plan", to_id=plan.id, now=now)
    session.flush()


def note_opening(session: Session, *, link_id: LinkId, now: datetime) -> None:
    """Remember that a link was opened, for its person to see. Once in a while is enough."""
    session.execute(
        update(PlanLink)
        .where(
            PlanLink.id == link_id,
            or_(PlanLink.last_opened_at.is_(None), PlanLink.last_opened_at < now - _NOTED_EVERY),
        )
        .values(last_opened_at=now)
    )


def _own_plan(session: Session, *, plan_id: PlanId, by: PersonId) -> Plan:
    plan = session.scalars(select(Plan).where(Plan.id == plan_id, Plan.person_id == by).with_for_update()).one_or_none()
    if plan is None:
        raise PlanNotFoundError("That plan is not there, or it is not yours.")
    return plan


def _shown(
    session: Session,
    plan: Plan,
    *,
    by: PersonId,
    version_id: VersionId | None,
    around: Around,
    now: datetime,
) -> VersionId:
    if version_id is None:
        # Without a word of whom it is for: whoever helps sees versions, and nothing of links.
        return keep(session, plan, by=by, note="", around=around, now=now).id
    known = session.scalars(
        select(PlanVersion.id).where(PlanVersion.id == version_id, PlanVersion.plan_id == plan.id)
    ).one_or_none()
    if known is None:
        raise VersionNotFoundError("That version is not there.")
    return known
