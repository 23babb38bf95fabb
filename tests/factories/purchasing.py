"""The most boring arrangements there are, and the offers they are about."""

import uuid
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderKind, Rate, Setting, Unit
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement, ArrangementRate, ArrangementTerms, Dispute, Visit
from marketplace.purchasing.rules import ArrangementStatus, Side
from marketplace.purchasing.rules.nouns import ArrangementKind, TermsStatus, VisitStatus
from tests.factories import accounts

ASKED_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
TODAY = date(2026, 5, 4)
PRICE = Money(14_50)
_NOT_ANSWERED = {ArrangementStatus.ASKED, ArrangementStatus.WITHDRAWN}
_ENDED = {ArrangementStatus.WITHDRAWN, ArrangementStatus.CANCELLED}


def offer(session, *, organisation_id, price=PRICE, unit=Unit.HOUR, hours=None, **differences):
    """Add a live offer of a micro-provider; with `organisation_id=None`, of a service open to everyone."""
    provider = _provider(session, organisation_id)
    plain = {
        "category": "home-and-garden",
        "title": "Gardening",
        "description": "A hand in the garden.",
        "status": OfferStatus.LIVE,
        "setting": Setting.AT_HOME,
        "address": "",
        "is_free": organisation_id is None or price is None,
        "created_at": ASKED_AT,
        "updated_at": ASKED_AT,
        "listed_at": ASKED_AT,
        "confirmed_at": ASKED_AT,
    }
    it = Offer(id=uuid.uuid4(), provider_id=provider.id, **plain | differences)
    session.add(it)
    session.flush()
    if not it.is_free:
        session.add(
            OfferPrice(
                id=uuid.uuid4(), offer_id=it.id, amount=price, unit=unit, people_from=1, begins_on=date(2024, 1, 1),
                edition=1, hours=hours,
            )
        )  # fmt: skip
    session.flush()
    return it


def rates(session, about, **amounts):
    """Let an offer cost something else at other times: `weekend`, `bank_holiday`, `evening`."""
    for name, amount in amounts.items():
        session.add(
            OfferPrice(
                id=uuid.uuid4(), offer_id=about.id, amount=amount, unit=Unit.HOUR, people_from=1, rate=Rate(name),
                begins_on=date(2024, 1, 1), edition=1,
            )
        )  # fmt: skip
    session.flush()


def _provider(session, organisation_id):
    known = select(Provider).where(Provider.organisation_id == organisation_id)
    if organisation_id is not None and (it := session.scalars(known).one_or_none()):
        return it
    is_universal = organisation_id is None
    it = Provider(
        id=uuid.uuid4(),
        organisation_id=organisation_id,
        name="Sale Library" if is_universal else "Boring Help",
        kind=ProviderKind.UNIVERSAL_SERVICE if is_universal else ProviderKind.MICRO_PROVIDER,
        staff_fte=None if is_universal else 1,
        about="",
        created_at=ASKED_AT,
    )
    session.add(it)
    session.flush()
    return it


def arrangement(session, *, person, organisation_id, status=ArrangementStatus.ASKED, about=None, **differences):
    """Add an arrangement of three hours' gardening, with whatever moments its status needs."""
    about = about or offer(session, organisation_id=organisation_id)
    plain = {
        "title": about.title,
        "category": about.category,
        "council": person.council,
        "what": "The hedge, please.",
        "quantity": 3,
        "weeks": 1,
        "unit": Unit.HOUR,
        "unit_price": PRICE,
        "starts_on": TODAY,
        "asked_at": ASKED_AT,
        "answered_at": None if status in _NOT_ANSWERED else ASKED_AT,
        "decline_reason": "I am full." if status is ArrangementStatus.DECLINED else None,
        "done_at": ASKED_AT if status is ArrangementStatus.DONE else None,
        "done_by": person.id if status is ArrangementStatus.DONE else None,
        "ended_at": ASKED_AT if status in _ENDED else None,
        "ended_by": person.id if status in _ENDED else None,
    } | differences
    it = Arrangement(
        id=uuid.uuid4(),
        offer_id=about.id,
        provider_id=about.provider_id,
        person_id=person.id,
        organisation_id=organisation_id,
        status=status,
        total=plain["unit_price"] * plain["quantity"] * plain["weeks"],
        **plain,
    )
    session.add(it)
    session.flush()
    _first_terms(session, it)
    return it


def _first_terms(session, it):
    """Write down version 1 of its terms, as asking for it does."""
    answered = {
        ArrangementStatus.ASKED: TermsStatus.PROPOSED,
        ArrangementStatus.DECLINED: TermsStatus.DECLINED,
        ArrangementStatus.WITHDRAWN: TermsStatus.WITHDRAWN,
    }
    status = answered.get(it.status, TermsStatus.AGREED)
    kept = ("what", "quantity", "weeks", "unit_price", "total", "notice_hours", "travel_per_mile", "starts_on")
    session.add(
        ArrangementTerms(
            arrangement_id=it.id,
            version=1,
            who=it.who or "",
            status=status,
            proposed_by=it.person_id,
            proposed_at=it.asked_at,
            answered_at=None if status is TermsStatus.PROPOSED else it.answered_at or it.ended_at,
            **{name: getattr(it, name) for name in kept},
        )
    )
    session.flush()


def weekly(session, *, person, organisation_id, **differences):
    """Add accepted weekly support: three hours a week for four weeks, with travel, notice and dearer evenings."""
    plain = {
        "status": ArrangementStatus.ACCEPTED,
        "kind": ArrangementKind.WEEKLY,
        "weeks": 4,
        "notice_hours": 48,
        "travel_per_mile": Money(45),
    }
    it = arrangement(session, person=person, organisation_id=organisation_id, **plain | differences)
    session.add(ArrangementRate(arrangement_id=it.id, rate=Rate.EVENING, unit_price=Money(16_00)))
    session.flush()
    return it


def visit(session, it, *, by, **differences):
    """Add a visit of an hour on the day an arrangement starts, which its provider says took place."""
    plain = {"held_on": it.starts_on, "starts_at": time(10), "minutes": 60, "status": VisitStatus.CLAIMED}
    claimed = {"planned_by": by, "planned_at": ASKED_AT, "claimed_by": by, "claimed_at": ASKED_AT}
    one = Visit(id=uuid.uuid4(), arrangement_id=it.id, **plain | claimed | differences)
    session.add(one)
    session.flush()
    return one


def change(session, it, *, by, **differences):
    """Add another version of its terms, proposed by one side."""
    terms = {"quantity": it.quantity + 1, "weeks": it.weeks, "unit_price": it.unit_price} | differences
    proposed = ArrangementTerms(
        arrangement_id=it.id,
        version=it.version + 1,
        what=it.what,
        total=terms["unit_price"] * terms["quantity"] * terms["weeks"],
        starts_on=it.starts_on,
        status=TermsStatus.PROPOSED,
        proposed_by=by.id,
        proposed_at=ASKED_AT,
        **terms,
    )
    session.add(proposed)
    session.flush()
    return proposed


def dispute(session, it, *, by, side=Side.PERSON):
    """Add something that is not right, with a moderator already."""
    one = Dispute(
        id=uuid.uuid4(),
        arrangement_id=it.id,
        opened_by=by.id,
        side=side,
        words="Nobody came.",
        wanted="An apology.",
        opened_at=ASKED_AT,
        referred_at=ASKED_AT,
    )
    session.add(one)
    session.flush()
    return one


def two_sides(session, **of_person):
    """Add somebody who buys, and an organisation with somebody who speaks for it."""
    person = accounts.person(session, **{"name": "Ada"} | of_person)
    organisation, speaker = accounts.organisation(session)
    return person, organisation, speaker
