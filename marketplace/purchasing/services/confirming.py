"""Visits from the person's side, or of somebody with their live consent: confirm what took place, or query it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import speaks_for
from marketplace.accounts.queries.delegations import may_act_for
from marketplace.accounts.rules import PersonId, Scope
from marketplace.accounts.services.acting import note_act
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.hours import account_of
from marketplace.purchasing.queries.needed import needed
from marketplace.purchasing.rules import ArrangementId, Side, words_problem
from marketplace.purchasing.rules.hours import draws_hours
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.purchasing.rules.visits import VisitAct
from marketplace.purchasing.services.answering import locked_arrangement, side_of
from marketplace.purchasing.services.counting import count_visit
from marketplace.purchasing.services.following import follow_need
from marketplace.purchasing.services.hours import use_hours
from marketplace.purchasing.services.letters import Address, write_to_person, write_to_provider
from marketplace.purchasing.services.visits import VisitMovedOnError, check_visit_step, locked_visit


class QueryUnclearError(WrongAnswerError):
    """A query needs words of readable length."""


def confirm_visit(session: Session, *, visit_id: VisitId, by: PersonId, link: Address, now: datetime) -> Money:
    """
    Say that a visit took place as claimed. It goes onto the next invoice, and its hours off the account.

    Return what the person's budget could not set aside for it: they are written to. Nothing if no budget pays.

    :raises VisitNotFoundError, ArrangementNotFoundError: if there is none that this person may confirm.
    :raises NotYourSideError: if `by` is the provider.
    :raises VisitMovedOnError: if it does not wait for a yes.
    :raises NotEnoughHoursError: if it uses hours, and there are fewer on the account.
    """
    it, visit = locked_visit(session, visit_id=visit_id)
    side = _side_who_confirms(session, it, by=by, now=now)
    short = _confirm(session, it, visit, side=side, by=by, now=now)
    if short > ZERO:
        _tell_of_short_money(session, it, short=short, link=link, now=now)
    return short


def confirm_all(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, link: Address, now: datetime
) -> tuple[int, Money]:
    """
    Confirm every visit of an arrangement that waits for a yes. Return how many, and what no budget could set aside.

    :raises ArrangementNotFoundError: if there is none that this person may confirm visits of.
    :raises NotYourSideError: if `by` is the provider.
    :raises VisitMovedOnError: if no visit waits.
    :raises NotEnoughHoursError: if they use hours, and there are fewer on the account.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    side = _side_who_confirms(session, it, by=by, now=now)
    waiting = session.scalars(
        select(Visit)
        .where(Visit.arrangement_id == it.id, Visit.status == VisitStatus.CLAIMED)
        .order_by(Visit.held_on, Visit.id)
        .execution_options(populate_existing=True)
    ).all()
    if not waiting:
        raise VisitMovedOnError("No visit waits for a yes. Open the page again to see what you can do now.")
    short = sum((_confirm(session, it, visit, side=side, by=by, now=now) for visit in waiting), ZERO)
    if short > ZERO:
        _tell_of_short_money(session, it, short=short, link=link, now=now)
    return len(waiting), short


def query_visit(session: Session, *, visit_id: VisitId, by: PersonId, words: str, link: Address, now: datetime) -> None:
    """
    Say what is not right about a visit as it was claimed. The provider reads it, and puts it right or takes it back.

    :raises VisitNotFoundError, ArrangementNotFoundError, NotYourSideError, VisitMovedOnError: as `confirm_visit`.
    :raises QueryUnclearError: if the words are missing or too long.
    """
    it, visit = locked_visit(session, visit_id=visit_id)
    side = _side_who_confirms(session, it, by=by, now=now)
    words = text.tidy(words)
    problem = words_problem(words)
    if problem:
        raise QueryUnclearError(problem, field="words")
    check_visit_step(visit, act=VisitAct.QUERY, side=side)
    visit.status, visit.query = VisitStatus.QUERIED, words
    session.flush()
    audit.record(session, by=by, did="queried a visit", to_kind="visit", to_id=visit.id, now=now)
    _note(
        session,
        it,
        did=worded("said that your visit on {held_on} was not quite right", held_on=day(visit.held_on)),
        by=by,
        now=now,
    )
    write_to_provider(
        session,
        it,
        subject=worded("Not quite right: visit on {held_on}, {title}", held_on=day(visit.held_on), title=it.title),
        body=worded(
            "Somebody says that the visit you wrote down for {held_on} is not quite right:\n\n{title}"
            "\n\nRead what they say, and put it right, here:\n{link}",
            held_on=day(visit.held_on),
            title=it.title,
            link=link(it.id),
        ),
        now=now,
    )


def _side_who_confirms(session: Session, it: Arrangement, *, by: PersonId, now: datetime) -> Side:
    """Return the person's side for whoever has their live consent to confirm visits, else which side somebody is."""
    if may_act_for(session, by=by, person_id=it.person_id, scope=Scope.CONFIRM_VISITS, on=day_of(now)) and (
        # Whoever is paid for a visit does not also say that it took place, whatever they were allowed.
        by == it.person_id or not speaks_for(session, person_id=by, organisation_id=it.organisation_id)
    ):
        return Side.PERSON
    return side_of(session, it, by=by)


def _confirm(session: Session, it: Arrangement, visit: Visit, *, side: Side, by: PersonId, now: datetime) -> Money:
    before = needed(session, it, today=day_of(now))
    check_visit_step(visit, act=VisitAct.CONFIRM, side=side)
    visit.status, visit.confirmed_at, visit.confirmed_by = VisitStatus.CONFIRMED, now, by
    session.flush()
    if draws_hours(kind=it.kind, is_from_bank=visit.from_bank, bought=account_of(session, it).bought):
        use_hours(session, it, visit, by=by, now=now)
    short = follow_need(session, it, visit, before=before, by=by, now=now)
    count_visit(session, it, now=now)
    audit.record(session, by=by, did="confirmed a visit", to_kind="visit", to_id=visit.id, now=now)
    _note(session, it, did=worded("confirmed your visit on {held_on}", held_on=day(visit.held_on)), by=by, now=now)
    return short


def _note(session: Session, it: Arrangement, *, did: str, by: PersonId, now: datetime) -> None:
    note_act(session, person_id=it.person_id, by=by, did=did, to_kind="arrangement", to_id=it.id, now=now)


def _tell_of_short_money(session: Session, it: Arrangement, *, short: Money, link: Address, now: datetime) -> None:
    write_to_person(
        session,
        it,
        subject=worded("Your budget is {short} short: {title}", short=short, title=it.title),
        body=worded(
            "Visits that were confirmed cost more than you set aside for this, and your budget has too little left "
            "for the rest:\n\n{title}\n\n{short} has no budget behind it yet. You can add money to your budget, or pay "
            "that part yourself. You can see the visits here:\n{link}",
            title=it.title,
            short=short,
            link=link(it.id),
        ),
        now=now,
    )
