"""What can happen to decision packs: they are made. Nothing else ever happens to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import DecisionPack
from marketplace.purchasing.queries.packs import Candidate
from marketplace.purchasing.rules import packs as rules
from marketplace.purchasing.rules.nouns import PackId
from marketplace.purchasing.rules.packs import Contents, FrozenQuote


class NothingToChooseError(DomainError):
    """A pack of no offers would say nothing."""


class TooManyPacksError(DomainError):
    """Somebody has as many packs as we keep for one person."""

    def __init__(self) -> None:
        super().__init__(
            worded(
                "You have {most_packs} decision packs, which is as many as we keep. Ask us for help.",
                most_packs=rules.MOST_PACKS,
            )
        )


class PacksAtOnceError(DomainError):
    """Two packs of one person were kept at the same moment."""

    def __init__(self) -> None:
        super().__init__("You were making two decision packs at once. Nothing is lost: press the button again.")


class PackNotFoundError(NotFoundError):
    """There is no such pack, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("This decision pack is not here.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether somebody chose an offer that they weighed, and why or why not."""

    is_chosen: bool
    because: str = ""


def contents_of(
    *,
    pack_id: PackId,
    made_for: str,
    title: str,
    reasons: str,
    weighed: Sequence[Candidate],
    choices: Mapping[OfferId, Choice],
    now: datetime,
    quotes: Sequence[FrozenQuote] = (),
) -> Contents:
    """
    Return what a pack would hold: those of the offers weighed that have a choice, the chosen ones first.

    Nothing is stored: the PDF is drawn from this before the transaction begins.

    :raises WrongAnswerError: if a title or reason is missing or too long, or nothing is chosen.
    """
    _check(rules.title_problem(title), "title")
    _check(rules.reasons_problem(reasons), "reasons")
    kept = [one for one in weighed if one.offer_id in choices]
    _check(rules.choice_problem(choices[one.offer_id].is_chosen for one in kept), "")
    for one in kept:
        _check(rules.because_problem(choices[one.offer_id].because), f"because_{one.offer_id}")
    offers = [
        replace(one.frozen, is_chosen=choices[one.offer_id].is_chosen, because=choices[one.offer_id].because)
        for one in kept
    ]
    return Contents(
        id=str(pack_id),
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        made_for=made_for,
        title=title,
        reasons=reasons,
        offers=tuple(sorted(offers, key=lambda offer: not offer.is_chosen)),
        quotes=tuple(quotes),
    )


def keep_pack(
    session: Session, *, contents: Contents, pack_id: PackId, pdf: bytes, by: PersonId, now: datetime
) -> None:
    """
    Keep a decision pack for good. The same pack sent twice is kept once: as it was the first time.

    :raises PackNotFoundError: if somebody else made a pack with this key.
    :raises TooManyPacksError: if they have as many as we keep.
    :raises PacksAtOnceError: if they keep another one at the same moment.
    """
    known = session.get(DecisionPack, pack_id)
    if known is not None:
        if known.person_id != by:
            raise PackNotFoundError
        return
    number = (session.scalar(select(func.max(DecisionPack.number)).where(DecisionPack.person_id == by)) or 0) + 1
    if number > rules.MOST_PACKS:
        raise TooManyPacksError
    kept = rules.written(contents)
    session.add(
        DecisionPack(
            id=pack_id,
            person_id=by,
            number=number,
            title=contents.title,
            reasons=contents.reasons,
            contents=kept,
            contents_hash=rules.hash_of(kept),
            pdf=pdf,
            made_at=now,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        # The number was free a moment ago, or this very pack was sent twice at once. Asking again puts either right.
        raise PacksAtOnceError from error
    audit.record(session, by=by, did="made", to_kind="decision_pack", to_id=pack_id, now=now)


def _check(problem: str | None, field: str) -> None:
    if problem:
        raise WrongAnswerError(problem, field=field)
