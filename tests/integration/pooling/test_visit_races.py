"""Visits together when the provider writes them down, puts them right and members say yes, all at the same moment."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO
from marketplace.pooling.models import SharedVisit, SharedVisitMember
from marketplace.pooling.services import attending, visiting
from marketplace.purchasing.models import Visit
from marketplace.purchasing.rules.nouns import VisitStatus
from marketplace.purchasing.services import confirming
from marketplace.web.queries import broken_books
from tests.factories import together
from tests.races import in_transactions

BEFORE = datetime(2026, 4, 27, 9, tzinfo=UTC)
AFTER = datetime(2026, 5, 4, 18, tzinfo=UTC)


@pytest.fixture
def town(arrange):
    """Return the ids of a visit that was written down, its provider, and each member with their share."""

    def prepare(session):
        it = together.running(session)
        visit = together.plan(session, it, now=BEFORE)[0]
        people = [person.id for person in it.people]
        attending.hold_pool_visit(
            session, shared_visit_id=visit.id, by=it.speaker.id, minutes=120, present=people, note="",
            link=together.address, now=AFTER,
        )  # fmt: skip
        shares = [session.scalars(select(Visit.id).where(Visit.arrangement_id == one.id)).one()
                  for one in it.arrangements]  # fmt: skip
        return it.pool.id, visit.id, it.speaker.id, list(zip(people, shares, strict=True))

    return arrange(prepare)


def test_whatever_comes_first_the_cost_is_the_sum_of_what_each_owes(real_app, town):
    _pool_id, visit_id, speaker_id, members = town

    def hold(there):
        return lambda session: attending.hold_pool_visit(
            session, shared_visit_id=visit_id, by=speaker_id, minutes=90, note="", link=together.address, now=AFTER,
            present=[person for person, _share in members[:there]],
        )  # fmt: skip

    def confirm(person_id, share_id):
        return lambda session: confirming.confirm_visit(
            session, visit_id=share_id, by=person_id, link=together.address, now=AFTER
        )

    doings = [*(confirm(*one) for one in members), *(hold(there) for there in (1, 2, 3, 4))]
    outcomes = in_transactions(real_app, doings)
    assert all(not isinstance(one, BaseException) or isinstance(one, DomainError) for one in outcomes)
    with Session(real_app.extensions["engine"]) as session:
        assert broken_books(session, today=date(2028, 1, 1)) == ()
        rows = session.scalars(select(SharedVisitMember).where(SharedVisitMember.shared_visit_id == visit_id)).all()
        assert session.get_one(SharedVisit, visit_id).cost == sum((row.share for row in rows), ZERO)
        confirmed = session.scalars(select(Visit).where(Visit.status == VisitStatus.CONFIRMED)).all()
        assert len(confirmed) == 4


def test_the_same_row_of_weeks_is_planned_once(real_app, town):
    pool_id, _visit_id, speaker_id, members = town

    def plan(session):
        return visiting.plan_pool_visits(
            session, pool_id=pool_id, by=speaker_id, first_on=date(2026, 5, 11), starts_at=None, minutes=60, weeks=3,
            address=together.address, now=AFTER,
        )  # fmt: skip

    outcomes = in_transactions(real_app, [plan] * 4)
    assert sorted(isinstance(one, visiting.VisitPlannedAlreadyError) for one in outcomes) == [False, True, True, True]
    with Session(real_app.extensions["engine"]) as session:
        assert len(session.scalars(select(Visit).where(Visit.held_on > together.STARTED)).all()) == 3 * len(members)
