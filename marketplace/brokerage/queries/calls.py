"""Which briefs are for whom? For the page of a provider, and for the jobs that tell them and the person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import OrganisationId, Permission, Viewer
from marketplace.brokerage.models import Brief, BriefCall, BriefQuestion, Quote
from marketplace.brokerage.queries import reaching
from marketplace.brokerage.queries.briefs import organisations_called
from marketplace.brokerage.rules.briefs import organisation_kept
from marketplace.brokerage.rules.days import last_day
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, QuoteStatus
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import Unit
from marketplace.kit.days import day_of
from marketplace.kit.pages import Slice
from marketplace.purchasing.rules.nouns import ArrangementKind

PAGE_SIZE = 12


@dataclass(frozen=True, slots=True)
class CallLine:
    """An open brief in a provider's list. Never whose it is."""

    id: BriefId
    title: str
    about: str
    category_name: str
    area_name: str
    people: int
    kind: ArrangementKind
    quantity: int
    unit: Unit
    weeks: int
    questions_until: datetime
    closes_at: datetime
    has_declined: bool
    # Of the viewer's own organisations only.
    quote: QuoteStatus | None

    @property
    def last_day(self) -> date:
        """The last day for quotes."""
        return last_day(self.closes_at)


@dataclass(frozen=True, slots=True)
class Calls:
    """One page of briefs for a provider."""

    calls: tuple[CallLine, ...]
    slice: Slice


def calls(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> Calls:
    """Return the open briefs that are for the viewer's organisations, those that close first at the top."""
    if not viewer.may(Permission.PROVIDE) or not viewer.organisations:
        return Calls((), Slice.within(total=0, size=PAGE_SIZE, page=1))
    rows = session.execute(
        select(Brief, Category.name.label("category_name"))
        .join(Category, Category.slug == Brief.category)
        .where(
            reaching.is_open(now),
            select(Organisation.id)
            .where(
                Organisation.id.in_(viewer.organisations),
                Organisation.id.in_(reaching.organisations_with_offers())
                | Organisation.id.in_(
                    select(BriefCall.organisation_id).where(BriefCall.brief_id == Brief.id).correlate(Brief)
                ),
                Organisation.id.not_in(reaching.organisations_inside(on=day_of(now))),
            )
            .correlate(Brief)
            .exists(),
        )
        .order_by(Brief.closes_at, Brief.id)
    ).all()
    # A brief that names every one of their organisations is not for them: few do, so that is not asked in SQL.
    rows = [
        row for row in rows if {organisation_kept(one) for one in viewer.organisations} - set(row.Brief.kept_despite)
    ]
    part = Slice.within(total=len(rows), size=PAGE_SIZE, page=page)
    shown = rows[part.offset : part.offset + part.size]
    ids = [row.Brief.id for row in shown]
    declined, quoted = _declined(session, ids, viewer), _quoted(session, ids, viewer)
    return Calls(
        tuple(
            CallLine(
                id=row.Brief.id,
                title=row.Brief.title,
                about=row.Brief.about,
                category_name=row.category_name,
                area_name=row.Brief.area_name,
                people=row.Brief.people,
                kind=row.Brief.kind,
                quantity=row.Brief.quantity,
                unit=row.Brief.unit,
                weeks=row.Brief.weeks,
                questions_until=row.Brief.questions_until,
                closes_at=row.Brief.closes_at,
                has_declined=row.Brief.id in declined,
                quote=quoted.get(row.Brief.id),
            )
            for row in shown
        ),
        part,
    )


def _declined(session: Session, ids: Sequence[BriefId], viewer: Viewer) -> set[BriefId]:
    return set(
        session.scalars(
            select(BriefCall.brief_id).where(
                BriefCall.brief_id.in_(ids),
                BriefCall.organisation_id.in_(viewer.organisations),
                BriefCall.declined_at.is_not(None),
            )
        )
    )


def _quoted(session: Session, ids: Sequence[BriefId], viewer: Viewer) -> dict[BriefId, QuoteStatus]:
    rows = session.execute(
        select(Quote.brief_id, Quote.status).where(
            Quote.brief_id.in_(ids),
            Quote.organisation_id.in_(viewer.organisations),
            Quote.status != QuoteStatus.WITHDRAWN,
        )
    )
    return {row.brief_id: row.status for row in rows}


def open_briefs(session: Session, *, now: datetime) -> list[BriefId]:
    """Return every brief that providers may see now. For the job that calls them."""
    return list(session.scalars(select(Brief.id).where(reaching.is_open(now)).order_by(Brief.opened_at, Brief.id)))


def organisations_to_call(session: Session, *, brief: Brief, limit: int, on: date) -> tuple[OrganisationId, ...]:
    """Return organisations that an open brief is for and that were not called yet. For the service that calls."""
    called = select(BriefCall.organisation_id).where(BriefCall.brief_id == brief.id)
    already = session.scalars(select(func.count()).select_from(BriefCall).where(BriefCall.brief_id == brief.id)).one()
    found = session.scalars(
        select(Organisation.id)
        .join(Brief, Brief.id == brief.id)
        .where(Organisation.id.in_(reaching.organisations_with_offers()), Organisation.id.not_in(called))
        .order_by(Organisation.id)
    ).all()
    return organisations_called(session, brief=brief, among=found, on=on)[: max(0, limit - already)]


def organisations_to_tell(session: Session, *, now: datetime) -> list[OrganisationId]:
    """Return organisations with an open brief that they were not told of. For the job that writes once a day."""
    return list(
        session.scalars(
            select(BriefCall.organisation_id)
            .join(Brief, Brief.id == BriefCall.brief_id)
            .where(reaching.is_open(now), BriefCall.told_at.is_(None), BriefCall.declined_at.is_(None))
            .distinct()
            .order_by(BriefCall.organisation_id)
        )
    )


def briefs_to_close(session: Session, *, now: datetime) -> list[BriefId]:
    """Return open briefs whose days are over. For the job that closes them."""
    over = select(Brief.id).where(Brief.status == BriefStatus.OPEN, Brief.closes_at <= now)
    return list(session.scalars(over.order_by(Brief.closes_at, Brief.id)))


def briefs_with_questions(session: Session, *, now: datetime) -> list[BriefId]:
    """Return open briefs with questions that wait for an answer. For the job that tells their people."""
    counted: dict[BriefId, int] = defaultdict(int)
    for brief_id in session.scalars(
        select(BriefQuestion.brief_id)
        .join(Brief, Brief.id == BriefQuestion.brief_id)
        .where(Brief.status == BriefStatus.OPEN, Brief.answers_by > now, BriefQuestion.answered_at.is_(None))
        .order_by(BriefQuestion.brief_id)
    ):
        counted[brief_id] += 1
    return list(counted)


def organisation_name(session: Session, *, organisation_id: OrganisationId) -> str:
    """Return what an organisation is called. For the service that keeps its name out of what it asks."""
    return session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
