"""What goes into a decision pack, which packs has somebody, and is this one ours?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.models import Provider
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import AccessFact, CheckState, Day, OfferId, PartOfDay, Price, Rate, Setting, Unit
from marketplace.catalogue.rules import conditions_said as catalogue_conditions
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.kit.days import day_of
from marketplace.kit.said import day, pounds
from marketplace.kit.sentences import one_word, worded
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, DecisionPack
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import PackId
from marketplace.purchasing.rules.packs import (
    MOST_IN_PACK,
    Contents,
    FrozenArrangement,
    FrozenCheck,
    FrozenOffer,
    FrozenRating,
    hash_of,
    read,
)

_STANDS = (ArrangementStatus.ASKED, ArrangementStatus.ACCEPTED, ArrangementStatus.DONE)
_SAID_OF_STATUS = {
    ArrangementStatus.ASKED: "Asked for, not answered yet",
    ArrangementStatus.ACCEPTED: one_word("Agreed"),
    ArrangementStatus.DONE: one_word("Done"),
}
_UNRATED = FrozenRating(count=0, average=None, spread=(0, 0, 0, 0, 0), verified=0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer that can go into a pack, as it stands. `is_chosen` where something is arranged already."""

    offer_id: OfferId
    frozen: FrozenOffer


@dataclass(frozen=True, slots=True)
class PackLine:
    """One decision pack in a list."""

    id: PackId
    number: int
    title: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PackPage:
    """One decision pack, to whoever made it. `kept` is its contents as the hash is over them."""

    id: PackId
    number: int
    contents: Contents
    made_at: datetime
    hash: str
    kept: str


@dataclass(frozen=True, slots=True)
class KnownPack:
    """What anybody learns of a pack whose hash they hold: when it was made, and how much is in it. Never whose."""

    made_at: datetime
    offers: int


def offers_to_weigh(session: Session, *, viewer: Viewer) -> tuple[OfferId, ...]:
    """Return what somebody may have chosen between: what they arranged, the newest first, then their shortlist."""
    arranged = session.scalars(
        select(Arrangement.offer_id)
        .where(Arrangement.person_id == viewer.person_id, Arrangement.status.in_(_STANDS))
        .order_by(Arrangement.asked_at.desc(), Arrangement.id)
    )
    wanted = dict.fromkeys([*arranged, *catalogue.shortlist(session, viewer=viewer)])
    return tuple(wanted)[:MOST_IN_PACK]


def candidates(session: Session, *, offer_ids: Sequence[OfferId], viewer: Viewer, on: date) -> tuple[Candidate, ...]:
    """
    Return some offers as a pack would freeze them today, but for their ratings and addresses.

    One that is not on the site any more is told by what the viewer arranged of it; if they did not, it is left out.
    """
    arranged = _arranged(session, offer_ids=offer_ids, viewer=viewer)
    evidence = catalogue.evidence_on_offers(session, offer_ids=offer_ids, on=on)
    found = []
    for offer_id in dict.fromkeys(offer_ids[:MOST_IN_PACK]):
        page = catalogue.offer_page(session, offer_id=offer_id, viewer=viewer, on=on)
        it = arranged.get(offer_id)
        if page is not None:
            version = catalogue.latest_version(session, offer_id=offer_id)
            frozen = _of_page(page, version, _checks(evidence.get(offer_id, ())))
        elif it is not None:
            frozen = _of_arrangement(*it)
        else:
            continue
        if it is not None:
            frozen = replace(frozen, is_chosen=True, arrangement=_arrangement(it[0]))
        found.append(Candidate(offer_id, frozen))
    return tuple(found)


def my_packs(session: Session, *, viewer: Viewer) -> tuple[PackLine, ...]:
    """Return the packs that the viewer made, the last one first."""
    rows = session.execute(
        select(DecisionPack.id, DecisionPack.number, DecisionPack.title, DecisionPack.made_at)
        .where(DecisionPack.person_id == viewer.person_id)
        .order_by(DecisionPack.number.desc())
    )
    return tuple(PackLine(*row) for row in rows)


def pack_page(session: Session, *, pack_id: PackId, viewer: Viewer) -> PackPage | None:
    """Return a pack to whoever made it. To anybody else there is none."""
    row = session.execute(
        select(DecisionPack.number, DecisionPack.contents, DecisionPack.contents_hash, DecisionPack.made_at).where(
            DecisionPack.id == pack_id, DecisionPack.person_id == viewer.person_id
        )
    ).one_or_none()
    if row is None:
        return None
    return PackPage(
        id=pack_id,
        number=row.number,
        contents=read(row.contents),
        made_at=row.made_at,
        hash=row.contents_hash,
        kept=row.contents,
    )


def pack_pdf(session: Session, *, pack_id: PackId, viewer: Viewer) -> bytes | None:
    """Return the PDF of a pack to whoever made it. To anybody else there is none."""
    return session.scalar(
        select(DecisionPack.pdf).where(DecisionPack.id == pack_id, DecisionPack.person_id == viewer.person_id)
    )


def pack_with_hash(session: Session, *, pack_hash: str) -> KnownPack | None:
    """Return what anybody may know of the pack with a hash, or None if no pack of ours has it."""
    return _known(session, pack_hash)


def pack_in_file(session: Session, *, file: bytes, marked: str | None) -> KnownPack | None:
    """Return the pack that a file is to the last byte, its PDF or its contents, or None if it is none of ours."""
    known = _known(session, hash_of(file))
    if known is not None or marked is None:
        return known
    pdf = session.scalar(select(DecisionPack.pdf).where(DecisionPack.contents_hash == marked))
    return _known(session, marked) if pdf == file else None


def _known(session: Session, pack_hash: str) -> KnownPack | None:
    row = session.execute(
        select(DecisionPack.contents, DecisionPack.made_at).where(DecisionPack.contents_hash == pack_hash)
    ).one_or_none()
    # What we keep is weighed again, so that nobody is told “unchanged” of something that changed under our roof.
    if row is None or hash_of(row.contents) != pack_hash:
        return None
    return KnownPack(made_at=row.made_at, offers=len(read(row.contents).offers))


def _arranged(
    session: Session, *, offer_ids: Iterable[OfferId], viewer: Viewer
) -> dict[OfferId, tuple[Arrangement, Provider]]:
    rows = session.execute(
        select(Arrangement, Provider)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .where(
            Arrangement.person_id == viewer.person_id,
            Arrangement.offer_id.in_(list(offer_ids)),
            Arrangement.status.in_(_STANDS),
        )
        .order_by(Arrangement.asked_at, Arrangement.id)
    )
    # The last one asked for stands.
    return {it.offer_id: (it, provider) for it, provider in rows}


def _of_page(page: OfferPage, version: int | None, checks: tuple[FrozenCheck, ...]) -> FrozenOffer:
    return FrozenOffer(
        title=page.title,
        provider=page.provider.name,
        kind=page.provider.kind.words,
        page="",
        version=version,
        is_chosen=False,
        because="",
        prices=_prices(page),
        conditions=catalogue_conditions(travel_per_mile=page.travel_per_mile, notice_hours=page.notice_hours),
        included=page.included,
        where=_where(page),
        times=_times(page.times),
        access=tuple(fact.words for fact in AccessFact if fact in page.access),
        ways_to_pay=tuple(way.words for way in page.ways),
        checks=checks,
        rating=_UNRATED,
        confirmed_on=day(page.confirmed_on),
        arrangement=None,
    )


def _of_arrangement(it: Arrangement, provider: Provider) -> FrozenOffer:
    unit = it.unit.each if it.unit else ""
    return FrozenOffer(
        title=it.title,
        provider=provider.name,
        kind=provider.kind.words,
        page="",
        version=it.offer_version,
        is_chosen=True,
        because="",
        prices=(f"{pounds(it.unit_price)} {unit}".strip() if it.unit_price.pence else one_word("Free"),),
        conditions=catalogue_conditions(travel_per_mile=it.travel_per_mile, notice_hours=it.notice_hours),
        included="",
        where="",
        times=(),
        access=(),
        ways_to_pay=(),
        checks=(),
        rating=_UNRATED,
        confirmed_on="",
        arrangement=None,
    )


def _prices(page: OfferPage) -> tuple[str, ...]:
    if page.is_free:
        return ("Free",)
    alone = [
        f"{pounds(price.amount)} {_unit(price)}" + (f", {price.rate.words.lower()}" if _has_rate(price) else "")
        for price in page.rates
    ]
    groups = [
        worded(
            "{amount} {unit}, from {people_from} people",
            amount=pounds(step.amount),
            unit=_unit_for_each(step),
            people_from=step.people_from,
        )
        for step in page.ladder
    ]
    return (*alone, *groups) or ("They did not say",)


def _has_rate(price: Price) -> bool:
    return price.rate is not Rate.STANDARD


def _unit(price: Price) -> str:
    if price.unit is Unit.PACKAGE and price.hours:
        return worded("for a package of {normalize:f} hours", normalize=price.hours.normalize())
    return price.unit.each


def _unit_for_each(price: Price) -> str:
    if price.unit is Unit.PACKAGE and price.hours:
        return worded("{unit} each", unit=_unit(price))
    return price.unit.each_person


def _where(page: OfferPage) -> str:
    place = [page.address, page.postcode] if page.setting is Setting.AT_PLACE else []
    return ", ".join(part for part in (page.setting.words, *place) if part)


def _times(times: frozenset[tuple[Day, PartOfDay]]) -> tuple[str, ...]:
    """Return for each day the parts of it, days that are alike together: `Monday, Tuesday: morning, afternoon`."""
    alike: dict[tuple[PartOfDay, ...], list[Day]] = {}
    for one in Day:
        if parts := tuple(part for part in PartOfDay if (one, part) in times):
            alike.setdefault(parts, []).append(one)
    return tuple(
        f"{', '.join(one.words for one in days)}: {', '.join(part.words.lower() for part in parts)}"
        for parts, days in alike.items()
    )


def _checks(evidence: Sequence[Evidence]) -> tuple[FrozenCheck, ...]:
    return tuple(
        FrozenCheck(what=one.label, state=one.state.words, said=_looked(one))
        for one in evidence
        if one.state is not CheckState.NOT_NEEDED
    )


def _looked(one: Evidence) -> str:
    said = []
    if one.ran_out_on:
        said.append(worded("it ran out on {ran_out_on}", ran_out_on=day(one.ran_out_on)))
    elif one.state is CheckState.CHECKED:
        said.append(worded("by {by}", by=one.by) if one.by else "")
        said.append(worded("on {since}", since=day(one.since)) if one.since else "")
        said.append(worded("holds until {until}", until=day(one.until)) if one.until else "")
    return ", ".join(part for part in said if part)


def _arrangement(it: Arrangement) -> FrozenArrangement:
    return FrozenArrangement(
        status=_SAID_OF_STATUS[it.status],
        how_much=rules.how_much(
            quantity=it.quantity,
            unit=it.unit,
            package_hours=it.package_hours,
            rate=it.rate,
            kind=it.kind,
            weeks=it.weeks,
        ),
        total=pounds(it.total) if it.total.pence else one_word("Free"),
        starts_on=day(it.starts_on),
        asked_on=day(day_of(it.asked_at)),
    )


def with_ratings(
    found: Sequence[Candidate], *, ratings: Mapping[OfferId, FrozenRating], pages: Mapping[OfferId, str]
) -> tuple[Candidate, ...]:
    """Return some candidates with how they are rated, and the address each can be read at."""
    return tuple(
        replace(
            one,
            frozen=replace(one.frozen, rating=ratings.get(one.offer_id, _UNRATED), page=pages.get(one.offer_id, "")),
        )
        for one in found
    )
