"""Providers are told of new briefs once a day, and the person of questions that wait."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId
from marketplace.brokerage.models import Brief, BriefCall, BriefQuestion
from marketplace.brokerage.queries.calls import organisations_to_call
from marketplace.brokerage.queries.reaching import is_open
from marketplace.brokerage.rules.days import days_of, is_due_again, last_day
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus
from marketplace.brokerage.services.ending_briefs import BriefAddress
from marketplace.kit.days import day_of
from marketplace.kit.said import count, day
from marketplace.kit.sentences import worded

MOST_CALLED = 60
"""How many organisations are told of one brief: more quotes than anybody could read beside each other."""


def call_providers(session: Session, *, brief_id: BriefId, now: datetime) -> int:
    """Call the organisations that an open brief is for and that were not called yet; return how many. Idempotent."""
    brief = session.scalars(
        select(Brief)
        .where(Brief.id == brief_id, is_open(now))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if brief is None:
        return 0
    wanted = organisations_to_call(session, brief=brief, limit=MOST_CALLED, on=day_of(now))
    for organisation_id in wanted:
        session.add(BriefCall(brief_id=brief_id, organisation_id=organisation_id, called_at=now))
    session.flush()
    return len(wanted)


def tell_of_briefs(
    session: Session, *, organisation_id: OrganisationId, address: Callable[[], str], now: datetime
) -> bool:
    """Write one letter to an organisation with all briefs that are new to it, at most one on a day; return whether."""
    rows = session.execute(
        select(BriefCall, Brief)
        .join(Brief, Brief.id == BriefCall.brief_id)
        .where(BriefCall.organisation_id == organisation_id)
        .order_by(Brief.closes_at, Brief.id)
        .with_for_update(of=BriefCall)
        .execution_options(populate_existing=True)
    ).all()
    if any(row.BriefCall.told_at and day_of(row.BriefCall.told_at) == day_of(now) for row in rows):
        return False
    new = [row for row in rows if row.BriefCall.told_at is None and _is_for_them(row.BriefCall, row.Brief, now=now)]
    if not new:
        return False
    for row in new:
        row.BriefCall.told_at = now
    listed = "\n".join(
        worded(
            "- {title} ({area_name}), until {last_day}",
            title=row.Brief.title,
            area_name=row.Brief.area_name,
            last_day=day(last_day(row.Brief.closes_at)),
        )
        for row in new
    )
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject=worded("{new_briefs} for you", new_briefs=count(len(new), "new brief", "new briefs")),
        body=worded(
            "Somebody in your area is looking for what you do, and asks for quotes:\n\n"
            "{listed}\n\nRead more. You can ask a question, quote in five minutes, or say no:\n{address}\n\n"
            "Nobody sees your price but whoever asked, and you owe nobody a quote.",
            listed=listed,
            address=address(),
        ),
        now=now,
    )
    session.flush()
    return True


def _is_for_them(call: BriefCall, brief: Brief, *, now: datetime) -> bool:
    is_seen = brief.status is BriefStatus.OPEN and brief.held_at is None
    return is_seen and call.declined_at is None and brief.closes_at is not None and brief.closes_at > now


def tell_of_questions(session: Session, *, brief_id: BriefId, address: BriefAddress, now: datetime) -> bool:
    """
    Write to the person of a brief which questions wait for an answer, at most once on a day; return whether.

    New ones are told of, and those without an answer again when no more can be asked and a day before it is due.
    """
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True)
    if brief is None or brief.status is not BriefStatus.OPEN or brief.opened_at is None:
        return False
    days = days_of(opened_at=brief.opened_at, days_open=brief.days_open)
    if now >= days.answers_by:
        return False
    waiting = session.scalars(
        select(BriefQuestion)
        .where(BriefQuestion.brief_id == brief_id, BriefQuestion.answered_at.is_(None))
        .order_by(BriefQuestion.asked_at, BriefQuestion.id)
    ).all()
    due = [one for one in waiting if is_due_again(told_at=one.told_at, days=days, now=now)]
    if not due or any(one.told_at and day_of(one.told_at) == day_of(now) for one in waiting):
        return False
    for one in waiting:
        one.told_at = now
    listed = "\n".join(f"- {one.words}" for one in waiting)
    accounts.write_to_person(
        session,
        person_id=brief.person_id,
        subject=worded(
            "{questions_wait} for your answer: {title}",
            questions_wait=count(len(waiting), "question waits", "questions wait"),
            title=brief.title,
        ),
        body=worded(
            "Providers ask about your brief:\n\n{listed}\n\nYour answers go to all of them. They help them quote for "
            "what you want. You can answer until the end of {last_day}:\n{address}",
            listed=listed,
            last_day=day(last_day(days.answers_by)),
            address=address(brief_id),
        ),
        now=now,
    )
    session.flush()
    return True
