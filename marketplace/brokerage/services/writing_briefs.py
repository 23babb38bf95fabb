"""What a brief says is written page by page, by its person or by whoever helps them. Two at once are noticed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Brief
from marketplace.brokerage.queries.briefs import said_on, wanted_in
from marketplace.brokerage.rules import areas
from marketplace.brokerage.rules import briefs as rules
from marketplace.brokerage.rules.areas import Area
from marketplace.brokerage.rules.briefs import Criterion, Page
from marketplace.brokerage.rules.days import DAYS_OPEN
from marketplace.brokerage.rules.nouns import BriefId
from marketplace.brokerage.services.briefing import brief_to_write, draft_only, set_criteria, set_needs
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.money import Money
from marketplace.kit.places import Gazetteer, Precision
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.arrangements import quantity_problem, start_problem
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.rules.terms import kinds_open_to, weekly_problem, weeks_problem

_MOST_BUDGET = Money(100_000_000)
_ACTS = {
    Page.WHAT: "what you are looking for",
    Page.NEEDS: "what must be met",
    Page.MATTERS: "what you will choose by",
    Page.MONEY: "the money",
    Page.WHERE: "roughly where",
    Page.WHEN: "when",
}


class ChangedMeanwhileError(DomainError):
    """Somebody else changed this page while it was open."""


class BriefAnswerError(WrongAnswerError):
    """One answer will not do."""


@dataclass(frozen=True, slots=True)
class When:
    """How much, for how long and when."""

    kind: ArrangementKind
    quantity: int
    unit: Unit
    weeks: int
    times: str
    starts_on: date | None
    days_open: int


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes which brief when, and what the page said when they opened it ("": they did not look)."""

    brief_id: BriefId
    by: PersonId
    now: datetime
    seen: str = ""


Save = Callable[[Session, Writing], None]
"""Writes one page of a brief."""


def say_what(session: Session, writing: Writing, *, title: str, about: str, category: CategorySlug | None) -> None:
    """
    Write what a brief is about.

    :raises BriefNotFoundError, BriefNotDraftError: if there is none they may change.
    :raises ChangedMeanwhileError: if it was changed since they opened it.
    :raises BriefAnswerError: if an answer is missing or too long.
    """
    brief = _to_change(session, writing, Page.WHAT)
    if not title:
        raise BriefAnswerError("Say in a few words what you are looking for.", field="title")
    if len(title) > rules.LONGEST_TITLE:
        raise BriefAnswerError(
            worded("Use at most {longest_title} characters.", longest_title=rules.LONGEST_TITLE), field="title"
        )
    if not about:
        raise BriefAnswerError("Say what it is about.", field="about")
    if len(about) > rules.LONGEST_ABOUT:
        raise BriefAnswerError(
            worded("Use at most {longest_about:,} characters.", longest_about=rules.LONGEST_ABOUT), field="about"
        )
    if category not in {line.slug for line in catalogue.categories(session)}:
        raise BriefAnswerError("Choose the kind of support, so that the right providers see it.", field="category")
    brief.title, brief.about, brief.category = title, about, category
    _changed(session, brief, writing, Page.WHAT)


def say_needs(session: Session, writing: Writing, *, needs: Sequence[str]) -> None:
    """
    Write what must be met, at most six things of at most thirty words. Empty ones fall away.

    :raises BriefNotFoundError, BriefNotDraftError, ChangedMeanwhileError: as `say_what`.
    :raises BriefAnswerError: if there are none, too many, or one is too long.
    """
    brief = _to_change(session, writing, Page.NEEDS)
    for at, need in enumerate(needs, start=1):
        problem = rules.need_problem(need)
        if problem:
            raise BriefAnswerError(problem, field=f"need_{at}")
    said = [need for need in needs if need]
    problem = rules.needs_problem(said)
    if problem:
        raise BriefAnswerError(problem, field="need_1")
    set_needs(session, brief, said)
    _changed(session, brief, writing, Page.NEEDS)


def say_what_matters(session: Session, writing: Writing, *, criteria: Sequence[Criterion]) -> None:
    """
    Write what the person will choose by, and how much of a hundred each counts.

    :raises BriefNotFoundError, BriefNotDraftError, ChangedMeanwhileError: as `say_what`.
    :raises BriefAnswerError: if they are none or too many, or do not come to a hundred.
    """
    brief = _to_change(session, writing, Page.MATTERS)
    problem = rules.criteria_problem(criteria)
    if problem:
        raise BriefAnswerError(problem, field="cost_weight")
    if any(not one.words for one in criteria):
        raise BriefAnswerError("Say what each number is for, or leave it out.", field="cost_weight")
    if any(len(one.words) > rules.LONGEST_CRITERION for one in criteria):
        raise BriefAnswerError(
            worded(
                "Use at most {longest_criterion} characters for one thing.", longest_criterion=rules.LONGEST_CRITERION
            ),
            field="cost_weight",
        )
    set_criteria(session, brief, criteria)
    _changed(session, brief, writing, Page.MATTERS)


def say_money(session: Session, writing: Writing, *, budget: Money | None, shows_budget: bool) -> None:
    """
    Write what there is to spend in all, and whether providers see it.

    :raises BriefNotFoundError, BriefNotDraftError, ChangedMeanwhileError: as `say_what`.
    :raises BriefAnswerError: if it is out of bounds, or to be shown without being said.
    """
    brief = _to_change(session, writing, Page.MONEY)
    if budget is not None and not Money(1) <= budget <= _MOST_BUDGET:
        raise BriefAnswerError("Enter an amount from 1p to £1,000,000, or leave it empty.", field="budget")
    if shows_budget and budget is None:
        raise BriefAnswerError("Enter how much there is, or choose not to show it.", field="budget")
    brief.budget, brief.shows_budget = budget, shows_budget
    _changed(session, brief, writing, Page.MONEY)


def say_where(session: Session, writing: Writing, *, typed: str, gazetteer: Gazetteer) -> Area:
    """
    Write roughly where, and return what is told. Of a whole postcode only its first part is kept, or less.

    :raises BriefNotFoundError, BriefNotDraftError, ChangedMeanwhileError: as `say_what`.
    :raises UnknownPlaceError: if it leads to no place in England.
    """
    brief = _to_change(session, writing, Page.WHERE)
    area = area_of(typed, gazetteer=gazetteer)
    brief.area_kind, brief.area_name, brief.council = area.kind, area.name, area.council
    brief.easting, brief.northing = round(area.point.easting), round(area.point.northing)
    _changed(session, brief, writing, Page.WHERE)
    return area


def area_of(typed: str, *, gazetteer: Gazetteer) -> Area:
    """
    Return the area that a brief tells for what somebody typed: a district if it is large enough, or the council.

    :raises UnknownPlaceError: if it leads to no place in England.
    """
    place = gazetteer.find(typed)
    if place.precision is not Precision.COUNCIL:
        outward = place.name.split(" ")[0]
        middle = gazetteer.find(outward)
        postcodes = gazetteer.postcodes_in(outward)
        if areas.is_large_enough(outward=outward, postcodes=postcodes, council=middle.council):
            return areas.district(middle, outward=outward, council=gazetteer.council(middle.council))
    own = gazetteer.council(place.council)
    told = gazetteer.council(areas.told_as(own.code))
    return areas.whole_council(own, told, middle=gazetteer.middle_of(told.code))


def say_when(session: Session, writing: Writing, *, when: When) -> None:
    """
    Write how much, for how long and when.

    :raises BriefNotFoundError, BriefNotDraftError, ChangedMeanwhileError: as `say_what`.
    :raises BriefAnswerError: if an answer is missing or out of bounds.
    """
    brief = _to_change(session, writing, Page.WHEN)
    for field, problem in _when_problems(when, today=day_of(writing.now)):
        if problem:
            raise BriefAnswerError(problem, field=field)
    brief.kind, brief.quantity, brief.unit, brief.weeks = when.kind, when.quantity, when.unit, when.weeks
    brief.times, brief.starts_on, brief.days_open = when.times, when.starts_on, when.days_open
    _changed(session, brief, writing, Page.WHEN)


def _when_problems(when: When, *, today: date) -> tuple[tuple[str, str | None], ...]:
    no_unit = None if when.kind in kinds_open_to(when.unit) else "Choose something that can be had like this."
    no_times = None if when.times else "Say when it would suit you. “Any time” will do."
    if len(when.times) > rules.LONGEST_TIMES:
        no_times = worded("Use at most {longest_times} characters.", longest_times=rules.LONGEST_TIMES)
    return (
        ("quantity", quantity_problem(when.quantity)),
        ("unit", no_unit),
        ("quantity", weekly_problem(kind=when.kind, unit=when.unit, quantity=when.quantity)),
        ("weeks", weeks_problem(kind=when.kind, weeks=when.weeks)),
        ("times", no_times),
        ("starts_on", start_problem(starts_on=when.starts_on, today=today) if when.starts_on else None),
        ("days_open", None if when.days_open in DAYS_OPEN else "Choose 14 days or 7."),
    )


def _to_change(session: Session, writing: Writing, page: Page) -> Brief:
    brief = brief_to_write(session, brief_id=writing.brief_id, by=writing.by, now=writing.now)
    draft_only(brief)
    if writing.seen:
        stands = said_on(
            page,
            wanted_in(session, brief, category_name="", with_unanswered=False),
            budget=brief.budget,
            shows_budget=brief.shows_budget,
            days_open=brief.days_open,
        )
        if stands != writing.seen:
            raise ChangedMeanwhileError(
                "This page was changed while you had it open. What it says now is shown below, and what you wrote is "
                "still here. Save again to put yours in its place."
            )
    return brief


def _changed(session: Session, brief: Brief, writing: Writing, page: Page) -> None:
    brief.edition += 1
    brief.written_by, brief.updated_at = writing.by, writing.now
    note_act(
        session,
        person_id=brief.person_id,
        by=writing.by,
        did=worded("wrote {acts} in your brief", acts=_ACTS[page]),
        to_kind="brief",
        to_id=brief.id,
        now=writing.now,
    )
    session.flush()
