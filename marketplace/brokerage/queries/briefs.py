"""Questions about briefs. Whose it is decides who may ask: a filter in SQL, for writers and for providers alike."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.queries.delegations import delegated_to
from marketplace.accounts.rules import OrganisationId, Permission, PersonId, Scope, Viewer
from marketplace.brokerage.models import Brief, BriefCall, BriefCriterion, BriefNeed, BriefQuestion, BriefScorer
from marketplace.brokerage.queries import reaching
from marketplace.brokerage.rules.briefs import STATUS_WORDS, WHOLE, Criterion, Page, fingerprint, organisation_kept
from marketplace.brokerage.rules.days import last_day
from marketplace.brokerage.rules.nouns import (
    AreaKind,
    BriefId,
    BriefStatus,
    CriterionId,
    LineId,
    NeedId,
    NoBid,
    QuestionId,
)
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.kit.asked import once
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.purchasing.rules.nouns import ArrangementKind


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """One thing that must be met."""

    id: NeedId
    words: str


@dataclass(frozen=True, slots=True)
class CriterionSeen:
    """One thing by which the person will choose, and how much of a hundred it counts."""

    id: CriterionId
    words: str
    weight: int
    is_cost: bool


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """What some provider asks, and the answer to all, if there is one yet. Never who asked."""

    id: QuestionId
    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a brief asks for, in words and figures: all that providers may read, and nothing else."""

    id: BriefId
    title: str
    about: str
    category: CategorySlug | None
    category_name: str
    people: int
    area_kind: AreaKind | None
    area_name: str
    kind: ArrangementKind
    quantity: int
    unit: Unit
    weeks: int
    times: str
    starts_on: date | None
    needs: tuple[NeedSeen, ...]
    criteria: tuple[CriterionSeen, ...]
    questions: tuple[QuestionSeen, ...]
    opened_at: datetime | None
    questions_until: datetime | None
    answers_by: datetime | None
    closes_at: datetime | None

    @property
    def last_day(self) -> date | None:
        """The last day for quotes, once it is open."""
        return last_day(self.closes_at) if self.closes_at else None

    @property
    def last_day_for_questions(self) -> date | None:
        """The last day for questions, once it is open."""
        return last_day(self.questions_until) if self.questions_until else None

    @property
    def last_day_for_answers(self) -> date | None:
        """The last day for answers, once it is open."""
        return last_day(self.answers_by) if self.answers_by else None

    @property
    def cost_weight(self) -> int:
        """How much of a hundred the price counts."""
        return sum(one.weight for one in self.criteria if one.is_cost)

    @property
    def other_weight(self) -> int:
        """How much of a hundred all the rest counts."""
        return WHOLE - self.cost_weight


@dataclass(frozen=True, slots=True)
class BriefSeen:
    """A brief as its person, their helper or a pool's member sees it. `wanted` is what providers are told."""

    id: BriefId
    person_id: PersonId
    # Of a pool’s brief: "your pool".
    person_name: str
    is_mine: bool
    # May write it, answer questions and take it back: the person, or a helper whom they let.
    may_write: bool
    pool_key: uuid.UUID | None
    line_id: LineId | None
    wanted: Wanted
    council: CouncilCode | None
    budget: Money | None
    shows_budget: bool
    days_open: int
    status: BriefStatus
    edition: int
    kept_despite: tuple[str, ...]
    updated_at: datetime
    ended_at: datetime | None
    why_ended: str
    held_at: datetime | None

    @property
    def status_words(self) -> str:
        """How it stands, in words."""
        return STATUS_WORDS[self.status]

    def said_on(self, page: Page) -> str:
        """Return what tells this edition of a page from another, for the form that changes it."""
        return said_on(page, self.wanted, budget=self.budget, shows_budget=self.shows_budget, days_open=self.days_open)

    def may_answer(self, now: datetime) -> bool:
        """Test whether questions can still be answered."""
        return self.wanted.answers_by is not None and now < self.wanted.answers_by

    @property
    def criteria_to_write(self) -> tuple[Criterion, ...]:
        """What the person chooses by, for the form that changes it."""
        return tuple(Criterion(one.words, one.weight, one.is_cost) for one in self.wanted.criteria)

    @property
    def unanswered(self) -> tuple[QuestionSeen, ...]:
        """The questions that wait for an answer."""
        return tuple(one for one in self.wanted.questions if one.answered_at is None)


def said_on(page: Page, wanted: Wanted, *, budget: Money | None, shows_budget: bool, days_open: int) -> str:
    """Return what tells one edition of a page of a brief from another."""
    said: dict[Page, tuple[object, ...]] = {
        Page.WHAT: (wanted.title, wanted.about, wanted.category),
        Page.NEEDS: tuple(need.words for need in wanted.needs),
        Page.MATTERS: tuple((one.words, one.weight, one.is_cost) for one in wanted.criteria),
        Page.MONEY: (budget, shows_budget),
        Page.WHERE: (wanted.area_name,),
        Page.WHEN: (
            *(wanted.kind, wanted.quantity, wanted.unit, wanted.weeks, wanted.times, wanted.starts_on),
            days_open,
        ),
    }
    return fingerprint(*said[page])


def brief_seen(session: Session, *, brief_id: BriefId, viewer: Viewer, on: date) -> BriefSeen | None:
    """Return a brief to its person, to a helper they let ask for quotes, and to members of the pool it is of."""
    row = session.execute(
        select(Brief, Person.name, Category.name.label("category_name"))
        .join(Person, Person.id == Brief.person_id)
        .join(Category, Category.slug == Brief.category, isouter=True)
        .where(Brief.id == brief_id, may_see(viewer, on=on))
    ).one_or_none()
    if row is None:
        return None
    brief: Brief = row.Brief
    is_mine = brief.person_id == viewer.person_id
    return BriefSeen(
        id=brief.id,
        person_id=brief.person_id,
        # Members of a pool know each other only by what they chose to be called.
        person_name=row.name if brief.pool_key is None else "your pool",
        is_mine=is_mine,
        may_write=is_mine
        or session.scalar(select(Brief.id).where(Brief.id == brief_id, may_write(viewer, on=on))) is not None,
        pool_key=brief.pool_key,
        line_id=brief.line_id,
        wanted=wanted_in(session, brief, category_name=row.category_name or "", with_unanswered=True),
        council=brief.council,
        budget=brief.budget,
        shows_budget=brief.shows_budget,
        days_open=brief.days_open,
        status=brief.status,
        edition=brief.edition,
        kept_despite=tuple(str(one) for one in brief.kept_despite),
        updated_at=brief.updated_at,
        ended_at=brief.ended_at,
        why_ended=brief.why_ended,
        held_at=brief.held_at,
    )


def may_see(viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    """Return a filter: briefs that the viewer may see as one of its own people."""
    member = (
        select(BriefScorer.brief_id)
        .where(BriefScorer.person_id == viewer.person_id, BriefScorer.left_at.is_(None))
        .scalar_subquery()
    )
    return or_(may_write(viewer, on=on), and_(Brief.pool_key.is_not(None), Brief.id.in_(member)))


def may_write(viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    """Return a filter: the viewer's own briefs, and those of people who let them ask for quotes, but no pool's."""
    helped = and_(Brief.pool_key.is_(None), _helped(Brief.person_id, viewer, on=on))
    return or_(Brief.person_id == viewer.person_id, helped)


def _helped(person_id: InstrumentedAttribute[PersonId], viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    return person_id.in_(delegated_to(viewer, Scope.ASK_FOR_QUOTES, on=on))


def needs_of(session: Session, *, brief_id: BriefId) -> tuple[NeedSeen, ...]:
    """Return what must be met. For the questions of this package, which have filtered already."""
    needs = select(BriefNeed.id, BriefNeed.words).where(BriefNeed.brief_id == brief_id).order_by(BriefNeed.position)
    return once(session, ("needs", brief_id), lambda: tuple(NeedSeen(*row) for row in session.execute(needs)))


def wanted_in(session: Session, brief: Brief, *, category_name: str, with_unanswered: bool) -> Wanted:
    """Return what a brief asks for. Three queries. For the questions of this package, which have filtered already."""
    criteria = session.scalars(
        select(BriefCriterion).where(BriefCriterion.brief_id == brief.id).order_by(BriefCriterion.position)
    )
    asked = select(BriefQuestion).where(BriefQuestion.brief_id == brief.id)
    if not with_unanswered:
        asked = asked.where(BriefQuestion.answered_at.is_not(None))
    questions = session.scalars(asked.order_by(BriefQuestion.asked_at, BriefQuestion.id))
    return Wanted(
        id=brief.id,
        title=brief.title,
        about=brief.about,
        category=brief.category,
        category_name=category_name,
        people=brief.people,
        area_kind=brief.area_kind,
        area_name=brief.area_name,
        kind=brief.kind,
        quantity=brief.quantity,
        unit=brief.unit,
        weeks=brief.weeks,
        times=brief.times,
        starts_on=brief.starts_on,
        needs=needs_of(session, brief_id=brief.id),
        criteria=tuple(CriterionSeen(one.id, one.words, one.weight, one.is_cost) for one in criteria),
        questions=tuple(
            QuestionSeen(one.id, one.words, one.asked_at, one.answer, one.answered_at) for one in questions
        ),
        opened_at=brief.opened_at,
        questions_until=brief.questions_until,
        answers_by=brief.answers_by,
        closes_at=brief.closes_at,
    )


@dataclass(frozen=True, slots=True)
class Called:
    """How one of the viewer's organisations stands to a brief that is for it."""

    organisation_id: OrganisationId
    organisation_name: str
    declined_at: datetime | None
    why_not: NoBid | None


@dataclass(frozen=True, slots=True)
class CalledBrief:
    """An open brief, as providers see it: never whose it is, and never anything about other providers."""

    id: BriefId
    wanted: Wanted
    # Only if the person shows it.
    budget: Money | None
    may_ask: bool
    calls: tuple[Called, ...]

    @property
    def has_declined(self) -> bool:
        """Whether every organisation of the viewer's said that it will not quote."""
        return all(one.declined_at is not None for one in self.calls)

    @property
    def organisations(self) -> tuple[OrganisationId, ...]:
        """The viewer's organisations that may quote."""
        return tuple(one.organisation_id for one in self.calls)


def called_brief(session: Session, *, brief_id: BriefId, viewer: Viewer, now: datetime) -> CalledBrief | None:
    """
    Return an open brief to whoever speaks for an organisation that it is for.

    That is one with a live offer of its kind that reaches its area, or one that was told of it while it had one: and
    neither one that stands on the person's own side, nor one that the brief names.
    """
    if not viewer.may(Permission.PROVIDE) or not viewer.organisations:
        return None
    row = session.execute(
        select(Brief, Category.name.label("category_name"))
        .join(Category, Category.slug == Brief.category)
        .where(Brief.id == brief_id, reaching.is_open(now))
    ).one_or_none()
    if row is None:
        return None
    brief: Brief = row.Brief
    mine = organisations_called(session, brief=brief, among=viewer.organisations, on=day_of(now))
    if not mine:
        return None
    named = select(Organisation.id, Organisation.name).where(Organisation.id.in_(mine))
    names = {row.id: row.name for row in session.execute(named)}
    calls = {
        call.organisation_id: call
        for call in session.scalars(
            select(BriefCall).where(BriefCall.brief_id == brief_id, BriefCall.organisation_id.in_(mine))
        )
    }
    return CalledBrief(
        id=brief.id,
        wanted=wanted_in(session, brief, category_name=row.category_name, with_unanswered=False),
        budget=brief.budget if brief.shows_budget else None,
        may_ask=brief.questions_until is not None and now < brief.questions_until,
        calls=tuple(
            Called(one, names[one], calls[one].declined_at, calls[one].why_not)
            if one in calls
            else Called(one, names[one], None, None)
            for one in mine
        ),
    )


def organisations_called(
    session: Session, *, brief: Brief, among: Collection[OrganisationId], on: date
) -> tuple[OrganisationId, ...]:
    """Return those of some organisations that a brief is for. For services and for the questions of this package."""
    told = select(BriefCall.organisation_id).where(BriefCall.brief_id == Brief.id).correlate(Brief)
    found = session.scalars(
        select(Organisation.id)
        .join(Brief, Brief.id == brief.id)
        .where(
            Organisation.id.in_(among),
            or_(Organisation.id.in_(reaching.organisations_with_offers()), Organisation.id.in_(told)),
            Organisation.id.not_in(reaching.organisations_inside(on=on)),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple(one for one in found if organisation_kept(one) not in brief.kept_despite)
