"""What have people told us of the catalogue? For moderators, and of its own offers for a provider."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, false, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider, Suggestion
from marketplace.catalogue.rules import OfferId, SuggestionId, SuggestionKind
from marketplace.catalogue.rules.suggestions import WrongFact
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode

PAGE_SIZE = 20
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """
    What somebody told us, without who they are. `title` is the place that is missing, or the offer with a wrong fact.

    `is_answerable` is whether they were signed in, so that an answer reaches them.
    """

    id: SuggestionId
    kind: SuggestionKind
    offer_id: OfferId | None
    title: str
    fact: str
    place: str
    words: str
    council: CouncilCode | None
    suggested_at: datetime
    closed_at: datetime | None
    answer: str
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class OpenSuggestions:
    """One page of what nobody has dealt with, oldest first."""

    lines: tuple[SuggestionLine, ...]
    slice: Slice


_LINES = select(Suggestion, Offer.title).outerjoin(Offer, Offer.id == Suggestion.offer_id)


def open_suggestions(
    session: Session, *, viewer: Viewer, kind: SuggestionKind | None = None, page: int = 1
) -> OpenSuggestions:
    """Return what nobody has dealt with, of one kind or both. For moderators; anybody else gets none. Two queries."""
    if not viewer.may(Permission.MODERATE):
        return OpenSuggestions((), Slice(1, PAGE_SIZE, 0))
    wanted: list[ColumnElement[bool]] = [Suggestion.closed_at.is_(None)]
    if kind is not None:
        wanted.append(Suggestion.kind == kind)
    total = session.scalar(select(func.count(Suggestion.id)).where(*wanted)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        _LINES.where(*wanted).order_by(Suggestion.suggested_at, Suggestion.id).offset(part.offset).limit(part.size)
    )
    return OpenSuggestions(tuple(_line(suggestion, title) for suggestion, title in rows), part)


def count_of_suggestions(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how many suggestions wait for a moderator, alone or within a larger question."""
    waits = Suggestion.closed_at.is_(None) if viewer.may(Permission.MODERATE) else false()
    return select(func.count(Suggestion.id)).where(waits).scalar_subquery()


def suggestion_page(session: Session, *, suggestion_id: SuggestionId, viewer: Viewer) -> SuggestionLine | None:
    """Return one suggestion, for moderators only."""
    if not viewer.may(Permission.MODERATE):
        return None
    row = session.execute(_LINES.where(Suggestion.id == suggestion_id)).one_or_none()
    return _line(row[0], row[1]) if row else None


def wrong_facts_about(session: Session, *, offer_id: OfferId, viewer: Viewer) -> tuple[SuggestionLine, ...]:
    """Return what people say is wrong on an offer and nobody has closed: to its provider and to moderators."""
    allowed = select(Offer.id).join(Provider, Provider.id == Offer.provider_id).where(Offer.id == offer_id)
    if not viewer.may(Permission.MODERATE):
        allowed = allowed.where(Provider.organisation_id.in_(viewer.organisations))
    rows = session.execute(
        _LINES.where(Suggestion.offer_id.in_(allowed), Suggestion.closed_at.is_(None))
        .order_by(Suggestion.suggested_at.desc(), Suggestion.id)
        .limit(MOST_SHOWN)
    )
    return tuple(_line(suggestion, title) for suggestion, title in rows)


def _line(suggestion: Suggestion, title: str | None) -> SuggestionLine:
    is_place = suggestion.kind is SuggestionKind.MISSING_PLACE
    return SuggestionLine(
        id=suggestion.id,
        kind=suggestion.kind,
        offer_id=suggestion.offer_id,
        title=suggestion.name if is_place else title or "",
        fact="" if is_place else WrongFact(suggestion.name).words,
        place=suggestion.place,
        words=suggestion.words,
        council=suggestion.council,
        suggested_at=suggestion.suggested_at,
        closed_at=suggestion.closed_at,
        answer=suggestion.answer,
        is_answerable=suggestion.suggested_by is not None,
    )
