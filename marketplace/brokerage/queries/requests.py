"""Which requests for help wait for an answer? The person sees their own, and whoever was asked sees those that wait."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.queries.delegations import who_may_help
from marketplace.accounts.rules import OrganisationId, Scope, Viewer
from marketplace.brokerage.models import HelpRequest
from marketplace.brokerage.rules.nouns import RequestId, RequestStatus

_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class MyRequest:
    """What the viewer asked an organisation for, and what it says."""

    id: RequestId
    organisation_id: OrganisationId
    organisation: str
    words: str
    scopes: tuple[Scope, ...]
    ends_on: date
    status: RequestStatus
    asked_at: datetime
    answer: str
    # What it became still lives: neither of the two has ended it, and it has not run out.
    is_live: bool


@dataclass(frozen=True, slots=True)
class RequestForUs:
    """What somebody asks an organisation for that the viewer speaks for. It is seen while it waits, and no longer."""

    id: RequestId
    organisation: str
    person: str
    words: str
    scopes: tuple[Scope, ...]
    ends_on: date
    asked_at: datetime


def my_requests(session: Session, *, viewer: Viewer, on: date) -> tuple[MyRequest, ...]:
    """Return what the viewer asked organisations for: what waits first, then the newest."""
    live = {it.id for it in who_may_help(session, viewer=viewer, on=on)}
    rows = session.execute(
        select(HelpRequest, Organisation.name)
        .join(Organisation, Organisation.id == HelpRequest.organisation_id)
        .where(HelpRequest.person_id == viewer.person_id)
        .order_by(
            case((HelpRequest.status == RequestStatus.ASKED, 0), else_=1), HelpRequest.asked_at.desc(), HelpRequest.id
        )
        .limit(_MOST_SHOWN)
    )
    return tuple(
        MyRequest(
            id=it.id,
            organisation_id=it.organisation_id,
            organisation=name,
            words=it.words,
            scopes=tuple(Scope(scope) for scope in it.scopes),
            ends_on=it.ends_on,
            status=it.status,
            asked_at=it.asked_at,
            answer=it.answer,
            is_live=it.delegation_id in live,
        )
        for it, name in rows
    )


def requests_for_us(session: Session, *, viewer: Viewer) -> tuple[RequestForUs, ...]:
    """Return the requests that wait for an answer of an organisation that the viewer speaks for, the oldest first."""
    rows = session.execute(_waiting(viewer).order_by(HelpRequest.asked_at, HelpRequest.id).limit(_MOST_SHOWN))
    return tuple(_for_us(*row) for row in rows)


def request_for_us(session: Session, *, request_id: RequestId, viewer: Viewer) -> RequestForUs | None:
    """Return one request that waits for an answer of an organisation that the viewer speaks for."""
    row = session.execute(_waiting(viewer).where(HelpRequest.id == request_id)).one_or_none()
    return None if row is None else _for_us(*row)


def requests_waiting(session: Session, *, viewer: Viewer) -> int:
    """Return how many requests wait for an answer of an organisation that the viewer speaks for."""
    return session.scalar(select(func.count()).select_from(_waiting(viewer).subquery())) or 0


def _waiting(viewer: Viewer) -> Select[HelpRequest, str, str]:
    return (
        select(HelpRequest, Organisation.name.label("organisation"), Person.name.label("person"))
        .join(Organisation, Organisation.id == HelpRequest.organisation_id)
        .join(Person, Person.id == HelpRequest.person_id)
        .where(
            HelpRequest.organisation_id.in_(viewer.organisations),
            HelpRequest.person_id != viewer.person_id,
            HelpRequest.status == RequestStatus.ASKED,
        )
    )


def _for_us(it: HelpRequest, organisation: str, person: str) -> RequestForUs:
    return RequestForUs(
        id=it.id,
        organisation=organisation,
        person=person,
        words=it.words,
        scopes=tuple(Scope(scope) for scope in it.scopes),
        ends_on=it.ends_on,
        asked_at=it.asked_at,
    )
