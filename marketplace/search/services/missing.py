"""Counting what people looked for and did not find. Never their words."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.counting import standing_of
from marketplace.kit import facts
from marketplace.kit.facts import FactKind
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter

_ONE_HOUSEHOLD = 64
"""How many bits of an IPv6 address tell one connection from another. The rest changes by the hour."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who searched: a person who is signed in, or whoever is at an address, which is not kept."""

    person_id: PersonId | None
    address: str


def count_search_in_vain(
    session: Session, *, by: Searcher, council: CouncilCode, category: str | None, now: datetime
) -> None:
    """
    Count somebody among those who looked for a kind of thing near a place and found nothing.

    Nobody is in two councils in one quarter, so a search elsewhere than where somebody counts is not counted.
    """
    quarter = Quarter.of(now)
    who = _who(session, by, quarter=quarter, council=council)
    if who is None or facts.council_of(session, quarter=quarter, who=who) not in {None, council}:
        return
    facts.record(session, FactKind.SEARCHED_IN_VAIN, quarter=quarter, who=who, council=council, category=category)


def count_need(
    session: Session,
    *,
    by: Searcher,
    council: CouncilCode,
    category: str | None,
    now: datetime,
    was_searched_for: bool = False,
) -> None:
    """
    Count somebody who told us what they need and cannot find.

    :param was_searched_for: their search of the day for no kind of thing was counted already. It becomes this need, so
        that one person's one need is one.
    """
    quarter = Quarter.of(now)
    who = _who(session, by, quarter=quarter, council=council)
    if who is None:
        return
    searched = FactKind.SEARCHED_IN_VAIN
    if was_searched_for and facts.say_category(session, searched, quarter=quarter, who=who, category=category):
        return
    count_search_in_vain(session, by=by, council=council, category=category, now=now)


def _who(session: Session, by: Searcher, *, quarter: Quarter, council: CouncilCode) -> int | None:
    """Return what stands for a searcher, or None if they are not to be counted here."""
    if by.person_id is None:
        return facts.key_of(session, quarter=quarter, about=f"visitor:{_connection(by.address)}")
    standing = standing_of(session, person_id=by.person_id, quarter=quarter)
    return standing.who if standing.is_counted and standing.council in {None, council} else None


def _connection(address: str) -> str:
    """
    Return what tells one connection from another.

    Not what the browser says of itself: whoever changes that could pretend to be ten people.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return str(ip_network((known, _ONE_HOUSEHOLD), strict=False).network_address)
    return str(known)
