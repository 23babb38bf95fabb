"""What can happen to a brief: it is begun, opened, taken back and begun again from what it said."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import addressee
from marketplace.accounts.queries.delegations import may_act_for
from marketplace.accounts.rules import PersonId, Scope
from marketplace.accounts.services import take_turns
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Brief, BriefCriterion, BriefNeed, BriefScorer, Plan, PlanLine
from marketplace.brokerage.queries.guessing import guesses_about
from marketplace.brokerage.rules import briefs as rules
from marketplace.brokerage.rules.days import DAYS_OPEN, days_of
from marketplace.brokerage.rules.guess_kinds import Guess
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, CriterionId, HowOften, LineId, NeedId
from marketplace.brokerage.services.counting import count_brief
from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import Unit
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.facts import FactKind
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.nouns import ArrangementKind

_UNFINISHED = (BriefStatus.DRAFT, BriefStatus.OPEN)
_LONGEST_NAME = 40


class BriefNotFoundError(NotFoundError):
    """There is no such brief, or none this person may write."""


class LineNotTheirsError(NotFoundError):
    """There is no such line in this person's plan, or whoever helps may not see it."""


class TooManyBriefsError(DomainError):
    """More briefs at once than anybody could read the quotes of."""


class BriefNotDraftError(DomainError):
    """It was sent already, or taken back."""


class BriefIncompleteError(DomainError):
    """Something is not said yet."""


class PoolBeginsItsBriefError(DomainError):
    """A pool's brief begins with its members, so not from another brief."""


class GuessableError(WrongAnswerError):
    """Somebody could guess whose it is by these words."""

    field = "kept"


def begin_brief(
    session: Session,
    *,
    person_id: PersonId,
    by: PersonId,
    line_id: LineId | None = None,
    pool_key: uuid.UUID | None = None,
    people: int = 1,
    now: datetime,
) -> BriefId:
    """
    Begin a brief for oneself, for somebody who lets one, or, as its champion, for a pool. Nobody else sees it yet.

    From a line of the plan it takes what is wished for and what would help, to be put into words that tell nobody.

    :raises BriefNotFoundError: if the person does not let them ask for quotes.
    :raises LineNotTheirsError: if the line is in no plan of this person, or they do not let them see it.
    :raises TooManyBriefsError: if too many are begun already.
    """
    on = day_of(now)
    if not may_act_for(session, by=by, person_id=person_id, scope=Scope.ASK_FOR_QUOTES, on=on):
        raise BriefNotFoundError("You cannot ask for quotes for this person.")
    take_turns(session, person_id=person_id)
    _room_for_another(session, person_id=person_id)
    brief = Brief(
        id=BriefId(uuid.uuid4()),
        person_id=person_id,
        pool_key=pool_key,
        people=people,
        title="",
        about="",
        area_name="",
        kind=ArrangementKind.WEEKLY,
        quantity=1,
        unit=Unit.HOUR,
        weeks=12,
        shows_budget=False,
        times="",
        days_open=DAYS_OPEN[0],
        status=BriefStatus.DRAFT,
        kept_despite=[],
        edition=1,
        written_by=by,
        began_at=now,
        updated_at=now,
        why_ended="",
    )
    if line_id is not None:
        if not may_act_for(session, by=by, person_id=person_id, scope=Scope.SEE_PLAN, on=on):
            raise LineNotTheirsError("We could not find that line of the plan.")
        _take_from_line(session, brief, line_id=line_id, on=on)
    session.add(brief)
    session.flush()
    _noted(session, brief, by=by, did="began a brief", act="began a brief for you", now=now)
    return brief.id


def open_brief(session: Session, *, brief_id: BriefId, by: PersonId, kept: Collection[str] = (), now: datetime) -> None:
    """
    Open a brief for quotes: from now on providers of its kind and area see it, and it is not changed any more.

    `kept` names what the check found and the writer keeps all the same.

    :raises BriefNotFoundError: if there is no such brief that they may write.
    :raises BriefNotDraftError: if it is open already, or over.
    :raises BriefIncompleteError: if something is not said yet.
    :raises GuessableError: if it names or leads to somebody, or what was found was not read.
    """
    brief = brief_to_write(session, brief_id=brief_id, by=by, now=now)
    draft_only(brief)
    _all_said(session, brief)
    brief.kept_despite = kept_after_reading(guesses_about(session, brief), kept)
    days = days_of(opened_at=now, days_open=brief.days_open)
    brief.status, brief.opened_at = BriefStatus.OPEN, now
    brief.questions_until, brief.answers_by, brief.closes_at = days.questions_until, days.answers_by, days.closes_at
    brief.updated_at = now
    if brief.pool_key is None:
        add_scorer(session, brief_id=brief_id, person_id=brief.person_id, now=now)
        if by != brief.person_id:
            add_scorer(session, brief_id=brief_id, person_id=by, now=now)
    count_brief(session, brief, FactKind.BRIEF_OPENED, now=now)
    _noted(session, brief, by=by, did="opened", act="opened a brief for quotes for you", now=now)
    session.flush()


def kept_after_reading(found: Sequence[Guess], kept: Collection[str]) -> list[str]:
    """
    Return what a writer keeps of what was found, once nothing is left that must go or that they have not read.

    :raises GuessableError: if something is.
    """
    must_go = [guess.text for guess in found if not guess.may_keep]
    if must_go:
        said = ", ".join(f"“{words}”" for words in must_go)
        raise GuessableError(worded("Change this first, because it leads straight to somebody: {said}.", said=said))
    if any(guess.key not in kept for guess in found):
        raise GuessableError("Read what we found. Change the words, or tick what you want to keep.")
    return sorted(guess.key for guess in found)


def add_scorer(session: Session, *, brief_id: BriefId, person_id: PersonId, now: datetime) -> None:
    """Let somebody score the quotes on a brief, or again after they had left. Idempotent."""
    scorer = session.get(BriefScorer, (brief_id, person_id))
    if scorer is not None:
        scorer.left_at = None
        return
    name = addressee(session, person_id=person_id).name
    session.add(BriefScorer(brief_id=brief_id, person_id=person_id, called=name[:_LONGEST_NAME], added_at=now))
    session.flush()


def copy_brief(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> BriefId:
    """
    Begin a new brief from what another said: its words, needs, criteria, place and times. It must be opened anew.

    :raises BriefNotFoundError: if there is no such brief that they may write.
    :raises PoolBeginsItsBriefError: if it is a pool's.
    :raises TooManyBriefsError: if too many are begun already.
    """
    old = brief_to_write(session, brief_id=brief_id, by=by, now=now)
    if old.pool_key is not None:
        # Who scores is who is in the pool now: that is asked where pools are known.
        raise PoolBeginsItsBriefError("Begin a new brief from the page of your pool.")
    copied = begin_brief(session, person_id=old.person_id, by=by, now=now)
    brief = session.get_one(Brief, copied)
    for name in (
        "line_id", "title", "about", "category", "area_kind", "area_name", "easting", "northing", "council", "kind",
        "quantity", "unit", "weeks", "budget", "shows_budget", "times", "days_open",
    ):  # fmt: skip
        setattr(brief, name, getattr(old, name))
    # A start that is over would only be in the way.
    brief.starts_on = old.starts_on if old.starts_on and old.starts_on > day_of(now) else None
    needs = session.scalars(select(BriefNeed).where(BriefNeed.brief_id == brief_id).order_by(BriefNeed.position))
    set_needs(session, brief, [need.words for need in needs])
    criteria = session.scalars(
        select(BriefCriterion).where(BriefCriterion.brief_id == brief_id).order_by(BriefCriterion.position)
    )
    set_criteria(session, brief, [rules.Criterion(one.words, one.weight, one.is_cost) for one in criteria])
    session.flush()
    return copied


def set_needs(session: Session, brief: Brief, needs: Collection[str]) -> None:
    """Put these needs in the place of those a draft had."""
    for old in session.scalars(select(BriefNeed).where(BriefNeed.brief_id == brief.id)).all():
        session.delete(old)
    session.flush()
    for position, words in enumerate(needs, start=1):
        session.add(BriefNeed(id=NeedId(uuid.uuid4()), brief_id=brief.id, position=position, words=words))
    session.flush()


def set_criteria(session: Session, brief: Brief, criteria: Collection[rules.Criterion]) -> None:
    """Put these criteria in the place of those a draft had."""
    for old in session.scalars(select(BriefCriterion).where(BriefCriterion.brief_id == brief.id)).all():
        session.delete(old)
    session.flush()
    for position, one in enumerate(criteria, start=1):
        session.add(
            BriefCriterion(
                id=CriterionId(uuid.uuid4()),
                brief_id=brief.id,
                position=position,
                words=one.words,
                weight=one.weight,
                is_cost=one.is_cost,
            )
        )
    session.flush()


def brief_to_write(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> Brief:
    """
    Return a brief to its person, or to a helper they let ask for quotes, locked until the transaction ends.

    :raises BriefNotFoundError: if there is no such brief that they may write.
    """
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True)
    if brief is None or not may_write_for(session, brief, by=by, now=now):
        raise BriefNotFoundError("We could not find that brief.")
    return brief


def may_write_for(session: Session, brief: Brief, *, by: PersonId, now: datetime) -> bool:
    """Test whether somebody may write a brief: whose it is, and who has their live consent, but for no pool's."""
    if brief.pool_key is not None:
        return by == brief.person_id
    return may_act_for(session, by=by, person_id=brief.person_id, scope=Scope.ASK_FOR_QUOTES, on=day_of(now))


def draft_only(brief: Brief) -> None:
    """
    Do nothing with a brief that is not sent yet.

    :raises BriefNotDraftError: if it was.
    """
    if brief.status is not BriefStatus.DRAFT:
        raise BriefNotDraftError(
            "This brief is not a draft any more, so its words stay as they are. "
            "You can take it back, and begin a new one from it."
        )


def _noted(session: Session, brief: Brief, *, by: PersonId, did: str, act: str, now: datetime) -> None:
    audit.record(session, by=by, did=did, to_kind="brief", to_id=brief.id, now=now)
    note_act(session, person_id=brief.person_id, by=by, did=act, to_kind="brief", to_id=brief.id, now=now)


def _room_for_another(session: Session, *, person_id: PersonId) -> None:
    begun = session.scalars(
        select(func.count()).select_from(Brief).where(Brief.person_id == person_id, Brief.status.in_(_UNFINISHED))
    ).one()
    if begun >= rules.MOST_BRIEFS_BEGUN:
        raise TooManyBriefsError(
            worded(
                "There are {most_briefs_begun} briefs open or not sent yet. Take one back first.",
                most_briefs_begun=rules.MOST_BRIEFS_BEGUN,
            )
        )


def _take_from_line(session: Session, brief: Brief, *, line_id: LineId, on: date) -> None:
    line = session.scalars(
        select(PlanLine)
        .join(Plan, Plan.id == PlanLine.plan_id)
        .where(PlanLine.id == line_id, Plan.person_id == brief.person_id)
    ).one_or_none()
    if line is None:
        raise LineNotTheirsError("We could not find that line of the plan.")
    brief.line_id = line.id
    brief.title, brief.about = line.wish[: rules.LONGEST_TITLE], line.what_would_help[: rules.LONGEST_ABOUT]
    brief.quantity, brief.weeks = line.quantity, line.weeks
    brief.kind = ArrangementKind.WEEKLY if line.how_often is HowOften.WEEKLY else ArrangementKind.ONE_OFF
    terms = offer_terms(session, offer_id=line.offer_id, on=on) if line.offer_id is not None else None
    if terms is not None:
        brief.category, brief.unit = terms.category, terms.unit or brief.unit


def _all_said(session: Session, brief: Brief) -> None:
    needs = session.scalars(select(func.count()).select_from(BriefNeed).where(BriefNeed.brief_id == brief.id)).one()
    weights = session.scalars(select(BriefCriterion.weight).where(BriefCriterion.brief_id == brief.id)).all()
    lacking = rules.missing(
        title=brief.title,
        about=brief.about,
        has_category=brief.category is not None,
        has_area=brief.area_kind is not None,
        needs=needs,
        weights=weights,
        times=brief.times,
    )
    if lacking:
        raise BriefIncompleteError(" ".join(one.sentence for one in lacking))
