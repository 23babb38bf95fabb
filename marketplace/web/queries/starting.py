"""Which first steps has somebody taken here? Told by what is so: nothing is ticked, and nothing stored."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Act, Delegation, Passkey, Person, RoleGrant, SecondFactor
from marketplace.accounts.rules import TRUSTED_ROLES, Permission, Role, Viewer
from marketplace.brokerage.models import HelpRequest, Independence
from marketplace.budgets.models import Budget
from marketplace.catalogue.models import Offer, Provider, SafetyCheck, SavedSearch, Shortlisted
from marketplace.catalogue.rules import CheckState, OfferStatus
from marketplace.demand.models.releases import ReleaseDownload
from marketplace.demand.models.signals import MarketAlert, MarketSignal
from marketplace.moderation.models import Decision
from marketplace.pooling.models import Interest, Pledge, PoolMember
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.ratings.models import AppealVote, CardBatch, Criterion, Screening
from marketplace.web.models import JobRun
from marketplace.web.rules.starting import Kind, Start, start_as

HIDDEN = "first steps"
"""What a browser that hides them calls them."""

_WORK = {
    Role.OPERATOR: Kind.OPERATOR,
    Role.COMMISSIONER: Kind.COMMISSIONER,
    Role.MODERATOR: Kind.MODERATOR,
    Role.PANEL_MEMBER: Kind.PANEL_MEMBER,
    Role.USER_LED_ORGANISATION: Kind.USER_LED_ORGANISATION,
    Role.PROVIDER: Kind.PROVIDER,
}


def first_steps(session: Session, *, viewer: Viewer) -> tuple[Start, ...]:
    """Return the viewer's first steps, as each thing that they are. One question of the database."""
    if viewer.person_id is None:
        return ()
    columns = _of_person(viewer) | _of_organisations(viewer) | _of_work(viewer)
    row = session.execute(select(*(column.label(name) for name, column in columns.items()))).one()
    facts: Mapping[str, object] = dict(zip(columns, row, strict=True))
    return tuple(start_as(kind, facts=facts) for kind in _kinds(viewer, facts))


def _kinds(viewer: Viewer, facts: Mapping[str, object]) -> tuple[Kind, ...]:
    # A role that waits for a second proof has its steps too: giving that proof is the first of them.
    found = {_WORK[role] for role in viewer.roles | viewer.waiting if role in _WORK}
    if facts["is_broker"]:
        found.add(Kind.BROKER)
    if not found and viewer.may(Permission.BUY):
        found.add(Kind.PERSON)
    if facts["is_asked_to_help"]:
        found.add(Kind.HELPER)
    return tuple(kind for kind in Kind if kind in found)


def _of_person(viewer: Viewer) -> dict[str, ColumnElement[Any]]:
    me = viewer.person_id
    own_email = select(Person.email).where(Person.id == me).scalar_subquery()
    mine = or_(Delegation.receiver_id == me, and_(Delegation.receiver_id.is_(None), Delegation.email == own_email))
    return {
        "has_proof": or_(exists().where(SecondFactor.person_id == me), exists().where(Passkey.person_id == me)),
        "lives_somewhere": exists().where(Person.id == me, Person.council.is_not(None)),
        "has_found": or_(
            *(
                exists().where(kind.person_id == me)
                for kind in (Shortlisted, SavedSearch, BasketLine, Arrangement, Interest)
            )
        ),
        "can_pay": or_(*(exists().where(kind.person_id == me) for kind in (Budget, Pledge, PoolMember))),
        "is_asked_to_help": exists().where(mine, Delegation.organisation_id.is_(None), Delegation.ended_at.is_(None)),
        "helps": exists().where(Delegation.receiver_id == me, Delegation.organisation_id.is_(None)),
        "has_acted": exists().where(Act.by_person_id == me),
    }


def _of_organisations(viewer: Viewer) -> dict[str, ColumnElement[Any]]:
    ours = viewer.organisations
    own = Provider.organisation_id.in_(ours)
    asked = exists().where(HelpRequest.organisation_id.in_(ours))
    helping = exists().where(Delegation.organisation_id.in_(ours), Delegation.accepted_at.is_not(None))
    declared = exists().where(Independence.organisation_id.in_(ours), Independence.superseded_at.is_(None))
    looked_at = exists().where(
        SafetyCheck.provider_id == Provider.id,
        own,
        SafetyCheck.state.in_((CheckState.CHECKED, CheckState.DECLARED)),
    )
    first = select(Provider.id).where(own).order_by(Provider.name, Provider.id).limit(1)
    of_first = select(Provider.organisation_id).where(own).order_by(Provider.name, Provider.id).limit(1)
    return {
        "provider_id": first.scalar_subquery(),
        "organisation_id": of_first.scalar_subquery(),
        "has_told_who": exists().where(own, Provider.about != ""),
        "has_live_offer": exists().where(Offer.provider_id == Provider.id, own, Offer.status == OfferStatus.LIVE),
        "is_trusted": or_(looked_at, exists().where(CardBatch.organisation_id.in_(ours))),
        "hears_of_gaps": exists().where(MarketAlert.organisation_id.in_(ours)),
        "is_broker": or_(asked, helping, declared),
        "says_who_pays": declared,
        "helps_somebody": helping,
    }


def _of_work(viewer: Viewer) -> dict[str, ColumnElement[Any]]:
    me = viewer.person_id
    return {
        "has_decided": exists().where(Decision.by_person_id == me),
        "has_screened": exists().where(Screening.decided_by == me),
        "has_voted": exists().where(AppealVote.person_id == me),
        "has_chosen": exists().where(Criterion.decided_by == me),
        "took_figures": exists().where(ReleaseDownload.person_id == me),
        "has_signalled": exists().where(MarketSignal.posted_by == me),
        "jobs_run": exists().where(JobRun.ended_at.is_not(None)),
        "gave_roles": exists().where(RoleGrant.role.in_(TRUSTED_ROLES), RoleGrant.person_id != me),
    }
