"""The letters that go to the two sides of an arrangement."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId

Address = Callable[[ArrangementId], str]
"""Turns an arrangement into the address of its page."""


def terms_of(it: Arrangement) -> str:
    """Return what was asked for, in three lines. Not in the person's own words: email is not private."""
    how_much = amount_of(it)
    cost = worded("{total} altogether", total=it.total) if it.total.pence else "free"
    return f"{it.title}\n{how_much}, {cost}\nFrom {day(it.starts_on)}"


def amount_of(it: Arrangement) -> str:
    """Return how much of it was asked for, as people say it."""
    return rules.how_much(
        quantity=it.quantity,
        unit=it.unit,
        package_hours=it.package_hours,
        rate=it.rate,
        kind=it.kind,
        weeks=it.weeks,
    )


def write_to_person(session: Session, it: Arrangement, *, subject: str, body: str, now: datetime) -> None:
    """Write to the person of an arrangement."""
    accounts.write_to_person(session, person_id=it.person_id, subject=subject, body=body, now=now)


def write_to_provider(session: Session, it: Arrangement, *, subject: str, body: str, now: datetime) -> None:
    """Write to everybody who speaks for the provider of an arrangement."""
    accounts.write_to_organisation(session, organisation_id=it.organisation_id, subject=subject, body=body, now=now)
