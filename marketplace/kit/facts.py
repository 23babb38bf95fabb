"""
What happened, kept for counting: with the least that is needed, and nobody's name.

A fact says what kind of thing happened, in which quarter, council and category: no day, no words, no row of ours. `who`
tells people apart within one quarter and no further. It is drawn from a secret that is thrown away when the quarter's
figures are released, and the facts go with it.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import BigInteger, CursorResult, Index, Integer, LargeBinary, String, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kit.fact_kinds import ANY_CATEGORY, FactKind
from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter

__all__ = [
    "ANY_CATEGORY",
    "Fact",
    "FactKind",
    "QuarterSecret",
    "council_of",
    "forget",
    "forget_quarter",
    "key_of",
    "keys_of",
    "number_of",
    "prepare",
    "quarters_kept",
    "record",
    "say_category",
    "take_back",
    "take_off",
]

_SECRET_BYTES = 32
_KEY_BYTES = 8
_POSITIVE = 2**63 - 1


class Fact(Model):
    """One thing that happened. Rows go when their quarter is released."""

    __tablename__ = "fact"
    kept = nobodys("What happened, without names, for the figures of councils")
    __table_args__ = (Index("ix_fact_quarter_who", "quarter", "who"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    # The year and the number of the quarter: 20263.
    quarter: Mapped[int]
    kind: Mapped[FactKind]
    council: Mapped[CouncilCode] = mapped_column(String(9))
    category: Mapped[str] = mapped_column(String(40))
    facet: Mapped[str] = mapped_column(String(60), default="", server_default="")
    who: Mapped[int] = mapped_column(BigInteger)
    # Tells providers apart as `who` tells people apart. 0: no provider.
    provider: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    amount: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class QuarterSecret(Model):
    """What `who` is drawn from. Deleted with the facts: then nobody, we included, can tell whose they were."""

    __tablename__ = "quarter_secret"
    kept = nobodys("What tells people apart within one quarter")

    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary(_SECRET_BYTES))


def number_of(quarter: Quarter) -> int:
    """Return a quarter as facts keep it: 20263 for the third of 2026."""
    return quarter.year * 10 + quarter.number


def key_of(session: Session, *, quarter: Quarter, about: str) -> int:
    """
    Return what stands for somebody within one quarter: above 0, below 2**63, and not to be turned back.

    `about` names them for good: "person:" or "provider:" and their id, "visitor:" and what tells browsers apart.
    """
    return keys_of(session, quarter=quarter)(about)


def keys_of(session: Session, *, quarter: Quarter) -> Callable[[str], int]:
    """Return what draws keys as `key_of` does, for as many as there are."""
    secret = _secret(session, quarter)

    def draw(about: str) -> int:
        digest = hmac.digest(secret, about.encode(), hashlib.sha256)
        return int.from_bytes(digest[:_KEY_BYTES]) % _POSITIVE + 1

    return draw


def record(
    session: Session,
    kind: FactKind,
    *,
    quarter: Quarter,
    who: int,
    council: CouncilCode,
    category: str | None,
    provider_id: uuid.UUID | None = None,
    facet: str = "",
    amount: int = 0,
) -> None:
    """
    Keep one fact, in the transaction in which it happened.

    Somebody who moves within a quarter stays where they were first counted: nobody is in two councils at once, so
    that the councils of a region sum to the region.
    """
    session.add(
        Fact(
            quarter=number_of(quarter),
            kind=kind,
            council=council_of(session, quarter=quarter, who=who) or council,
            category=category or ANY_CATEGORY,
            facet=facet,
            who=who,
            provider=_provider(session, quarter, provider_id),
            amount=amount,
        )
    )


def council_of(session: Session, *, quarter: Quarter, who: int) -> CouncilCode | None:
    """Return where somebody was first counted in a quarter, or None if they were not counted yet."""
    counted = select(Fact.council).where(Fact.quarter == number_of(quarter), Fact.who == who)
    return session.scalars(counted.order_by(Fact.id).limit(1)).first()


def take_off(
    session: Session,
    kind: FactKind,
    *,
    quarter: Quarter,
    who: int,
    category: str | None,
    provider_id: uuid.UUID | None,
    facet: str,
    amount: int,
) -> None:
    """
    Take an amount off what facts of one quarter say, the newest first, until they say nothing: those go altogether.

    So no fact is below zero, and no released quarter is ever put right: what is more than the facts of this one say is
    left as it is.
    """
    said = session.scalars(
        select(Fact)
        .where(
            Fact.quarter == number_of(quarter),
            Fact.who == who,
            Fact.kind == kind,
            Fact.category == (category or ANY_CATEGORY),
            Fact.provider == _provider(session, quarter, provider_id),
            Fact.facet == facet,
        )
        .order_by(Fact.id.desc())
    ).all()
    for fact in said:
        part = min(fact.amount, amount)
        fact.amount, amount = fact.amount - part, amount - part
        if fact.amount == 0:
            session.delete(fact)


def take_back(
    session: Session,
    kind: FactKind,
    *,
    quarter: Quarter,
    who: int,
    category: str | None,
    provider_id: uuid.UUID | None = None,
    facet: str = "",
    amount: int = 0,
) -> None:
    """Delete the last of the facts that say just this of somebody in a quarter, because it is so no longer."""
    last = session.scalars(
        select(Fact)
        .where(
            Fact.quarter == number_of(quarter),
            Fact.who == who,
            Fact.kind == kind,
            Fact.category == (category or ANY_CATEGORY),
            Fact.provider == _provider(session, quarter, provider_id),
            Fact.facet == facet,
            Fact.amount == amount,
        )
        .order_by(Fact.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        session.delete(last)


def say_category(session: Session, kind: FactKind, *, quarter: Quarter, who: int, category: str | None) -> bool:
    """Say of the last fact of a kind that was about no one category which it was, and return whether there was one."""
    last = session.scalars(
        select(Fact)
        .where(Fact.quarter == number_of(quarter), Fact.who == who, Fact.kind == kind, Fact.category == ANY_CATEGORY)
        .order_by(Fact.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        last.category = category or ANY_CATEGORY
    return last is not None


def quarters_kept(session: Session) -> tuple[Quarter, ...]:
    """Return the quarters whose facts can still be told apart, oldest first: their secrets are kept."""
    numbers = session.scalars(select(QuarterSecret.quarter).order_by(QuarterSecret.quarter))
    return tuple(Quarter(number // 10, number % 10) for number in numbers)


def forget(session: Session, *, quarter: Quarter, who: int) -> int:
    """Delete all that one quarter's facts say of somebody, and return how many they were."""
    gone = session.execute(delete(Fact).where(Fact.quarter == number_of(quarter), Fact.who == who))
    return cast("CursorResult[Any]", gone).rowcount


def forget_quarter(session: Session, *, quarter: Quarter, parts: int = 1) -> int:
    """
    Delete what one quarter's facts say, or one of so many parts of it, and return how many went.

    The last take the secret along: then nobody, we included, can tell whose they were.
    """
    number = number_of(quarter)
    first = session.scalar(select(func.min(Fact.who)).where(Fact.quarter == number))
    if first is None:
        session.execute(delete(QuarterSecret).where(QuarterSecret.quarter == number))
        return 0
    # Keys lie evenly between nothing and the most there can be: a stretch of them is a part of the facts.
    up_to = min(first + _POSITIVE // parts, _POSITIVE)
    gone = session.execute(delete(Fact).where(Fact.quarter == number, Fact.who <= up_to))
    if parts == 1:
        session.execute(delete(QuarterSecret).where(QuarterSecret.quarter == number))
    return cast("CursorResult[Any]", gone).rowcount


def prepare(session: Session, *, quarter: Quarter) -> bool:
    """
    Draw a quarter's secret before it begins, and return whether that was news.

    Else the first who counts would draw it, and everybody would wait for the end of what they do.
    """
    if session.get(QuarterSecret, number_of(quarter)) is not None:
        return False
    _secret(session, quarter)
    return True


def _provider(session: Session, quarter: Quarter, provider_id: uuid.UUID | None) -> int:
    return key_of(session, quarter=quarter, about=f"provider:{provider_id}") if provider_id else 0


def _secret(session: Session, quarter: Quarter) -> bytes:
    number = number_of(quarter)
    found = session.scalars(select(QuarterSecret.secret).where(QuarterSecret.quarter == number)).one_or_none()
    if found is not None:
        return found
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Two may be the first at once: one secret stays, and both draw from it.
    session.execute(
        insert(QuarterSecret)
        .values(quarter=number, secret=secrets.token_bytes(_SECRET_BYTES))
        .on_conflict_do_nothing(index_elements=[QuarterSecret.quarter])
    )
    return session.scalars(select(QuarterSecret.secret).where(QuarterSecret.quarter == number)).one()
