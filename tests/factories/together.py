"""A pool that goes on: four people who swim every week with support, each with an arrangement of their own."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import Unit
from marketplace.kit.money import Money
from marketplace.pooling.models import (
    Pledge,
    Pool,
    PoolAgreement,
    PoolMember,
    PoolStory,
    PoolStoryYes,
    SharedVisit,
)
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.agreement import Answer, as_kept
from marketplace.pooling.rules.nouns import MemberRole, PledgePart
from marketplace.pooling.services import visiting
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind
from tests.factories import accounts, pooling, purchasing

STARTED = date(2026, 5, 4)
MOST = Money(12_00)
EACH = Money(8_00)
ALONE = Money(16_00)


def address(pool_id):
    return f"https://example.org/pools/{pool_id}/visits"


@dataclass
class Together:
    """A running pool, its members in the order they came, the first of them champion, and its provider."""

    pool: Pool
    people: list
    arrangements: list
    organisation: object
    speaker: object


def running(
    session,
    *,
    people=4,
    led_by=None,
    about=None,
    speaker=None,
    most=MOST,
    started=STARTED,
    unit=Unit.HOUR,
    **differences,
):
    """Add a pool of two hours a week for ten weeks, at £8 an hour for each; alone it costs £16."""
    if about is None:
        organisation, speaker = accounts.organisation(session)
        offer = pooling.offer_for_groups(session, organisation_id=organisation.id)
    else:
        provider = session.get_one(Provider, about.provider_id)
        organisation, offer = session.get_one(Organisation, provider.organisation_id), about
    confirmed_at = datetime.combine(started, time(9), tzinfo=UTC) - timedelta(days=7)
    everybody = [led_by or accounts.person(session, name="Member 0")]
    everybody += [accounts.person(session, name=f"Member {n}") for n in range(1, people)]
    plain = {
        "status": PoolStatus.RUNNING,
        "kind": ArrangementKind.WEEKLY,
        "quantity": 2,
        "weeks": 10,
        "unit": unit,
        "unit_price": EACH,
        "price_alone": ALONE,
        "starts_on": started,
        "opened_at": confirmed_at - timedelta(days=30),
        "closes_at": confirmed_at,
        "closed_at": confirmed_at,
        "confirmed_at": confirmed_at,
        "minimum_people": 2,
    }
    it = pooling.pool(session, offer=offer, opened_by=everybody[0], **plain | differences)
    arrangements = []
    for place, person in enumerate(everybody):
        arrangement = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, about=offer, status=ArrangementStatus.ACCEPTED,
            kind=it.kind, weeks=it.weeks, quantity=it.quantity, unit=unit, unit_price=EACH, starts_on=started,
            pool_key=it.id, asked_at=confirmed_at + timedelta(seconds=place), answered_at=confirmed_at,
        )  # fmt: skip
        arrangements.append(arrangement)
        session.add(
            PoolMember(
                id=uuid.uuid4(), pool_id=it.id, person_id=person.id, joined_at=it.opened_at,
                role=MemberRole.MEMBER if place else MemberRole.CHAMPION,
            )
        )  # fmt: skip
        session.add(
            Pledge(
                id=uuid.uuid4(), pool_id=it.id, person_id=person.id, least=2, most=2, most_price=most,
                part=PledgePart.KEPT, quantity=2, amount=EACH * 2, arrangement_id=arrangement.id,
                pledged_at=it.opened_at,
            )
        )  # fmt: skip
    session.flush()
    return Together(it, everybody, arrangements, organisation, speaker)


def agreed(session, it, **choices):
    """Let the pool have agreed on something: `absence="half"`, `notice="24"`."""
    session.add(
        PoolAgreement(
            id=uuid.uuid4(), pool_id=it.pool.id, version=1, proposed_by=it.people[0].id, proposed_at=it.pool.opened_at,
            answers=as_kept({name: Answer(choice) for name, choice in choices.items()}),
            in_force_at=it.pool.confirmed_at,
        )
    )  # fmt: skip
    session.flush()


def plan(session, it, *, now, first_on=STARTED, starts_at=time(10), minutes=120, weeks=1, by=None):
    """Let the provider plan visits, and return them in the order of their days."""
    visiting.plan_pool_visits(
        session, pool_id=it.pool.id, by=(by or it.speaker).id, first_on=first_on, starts_at=starts_at,
        minutes=minutes, weeks=weeks, address=address, now=now,
    )  # fmt: skip
    return session.query(SharedVisit).where(SharedVisit.pool_id == it.pool.id).order_by(SharedVisit.held_on).all()


def story(session, it, *, is_shown=True):
    """Add the pool's story, which every member has agreed to."""
    written_at = it.pool.confirmed_at
    told = PoolStory(
        pool_id=it.pool.id, title="We swim", words="None of us goes alone any more.", with_figures=True,
        written_by=it.people[0].id, written_at=written_at, published_at=written_at if is_shown else None,
    )  # fmt: skip
    session.add(told)
    session.flush()
    session.add_all(PoolStoryYes(pool_id=it.pool.id, person_id=person.id, at=written_at) for person in it.people)
    session.flush()
    return told
