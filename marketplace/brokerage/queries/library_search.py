"""What in the library fits what somebody is looking for: by words, as the search of offers reads them, and by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.brokerage.models import LibraryPiece
from marketplace.brokerage.rules.nouns import OutcomeId, PieceId, PieceKind, PieceStatus
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.pages import Slice
from marketplace.search.language import ENGLISH, READER, All, Asked, Either, Node, Phrase, Start, Without

PAGE_SIZE = 20
_TITLE, _LABEL, _BODY = 8, 4, 1
"""What a word counts for where it stands."""


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """What somebody looks for in the library; what is None does not matter to them."""

    words: str = ""
    kind: PieceKind | None = None
    outcome_id: OutcomeId | None = None
    category: CategorySlug | None = None


@dataclass(frozen=True, slots=True)
class PieceCard:
    """One piece in a list."""

    id: PieceId
    kind: PieceKind
    title: str
    summary: str
    pseudonym: str
    outcome_id: OutcomeId | None
    category_name: str
    shown_since: datetime


@dataclass(frozen=True, slots=True)
class LibraryList:
    """
    One page of what was found.

    `has_every_word` is false where nothing holds every word that was asked for, and what holds some of them is listed.
    """

    pieces: tuple[PieceCard, ...]
    slice: Slice
    has_every_word: bool


def library_list(
    session: Session, *, asked: LibraryQuestion, outcomes: Mapping[OutcomeId, str], page: int = 1
) -> LibraryList:
    """
    Return what is shown in the library and fits: by words the best first, otherwise the newest.

    Whoever asks says what outcomes are called: those belong to another package. Every piece that fits by kind is read
    anew each time, which is quick for some hundreds of them.
    """
    found = [(it, name or "") for it, name in session.execute(_fitting(asked))]
    question, has_every_word = READER.read(asked.words), True
    if question.match is not None:
        held = [(it, name, _held_by(it, name, outcomes)) for it, name in found]
        fitting = [one for one in held if _fits(question.match, one[2].all)]
        if not fitting:
            some = Either(question.leaves)
            fitting, has_every_word = [one for one in held if _fits(some, one[2].all)], False
        fitting.sort(key=lambda one: -_weight(question, one[2]))
        found = [(it, name) for it, name, _words in fitting]
    part = Slice.within(total=len(found), size=PAGE_SIZE, page=page)
    return LibraryList(
        pieces=tuple(_card(it, name) for it, name in found[part.offset : part.offset + part.size]),
        slice=part,
        has_every_word=has_every_word,
    )


def newest_stories(session: Session, *, limit: int) -> tuple[PieceCard, ...]:
    """Return the newest stories that are shown: a moderator has read each, and its writer wants it read."""
    rows = session.execute(_fitting(LibraryQuestion(kind=PieceKind.STORY)).limit(limit))
    return tuple(_card(it, name or "") for it, name in rows)


def outcomes_of_pieces(session: Session) -> tuple[OutcomeId, ...]:
    """Return which outcomes pieces that are shown tell of."""
    found = select(LibraryPiece.outcome_id).where(
        LibraryPiece.status == PieceStatus.SHOWN, LibraryPiece.outcome_id.is_not(None)
    )
    return tuple(one for one in session.scalars(found.distinct().order_by(LibraryPiece.outcome_id)) if one)


def categories_of_pieces(session: Session) -> tuple[tuple[CategorySlug, str], ...]:
    """Return which categories pieces that are shown are about, and what those are called."""
    rows = session.execute(
        select(Category.slug, Category.name)
        .where(
            Category.slug.in_(select(LibraryPiece.category).where(LibraryPiece.status == PieceStatus.SHOWN)),
        )
        .order_by(Category.position, Category.slug)
    )
    return tuple((slug, name) for slug, name in rows)


@dataclass(frozen=True, slots=True)
class _Held:
    """The words that a piece holds, as the search knows them."""

    title: frozenset[str]
    label: frozenset[str]
    body: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.title | self.label | self.body


def _fitting(asked: LibraryQuestion) -> Select[LibraryPiece, str | None]:
    wanted = [LibraryPiece.status == PieceStatus.SHOWN]
    if asked.kind is not None:
        wanted.append(LibraryPiece.kind == asked.kind)
    if asked.outcome_id is not None:
        wanted.append(LibraryPiece.outcome_id == asked.outcome_id)
    if asked.category is not None:
        wanted.append(LibraryPiece.category == asked.category)
    return (
        select(LibraryPiece, Category.name)
        .join(Category, Category.slug == LibraryPiece.category, isouter=True)
        .where(*wanted)
        .order_by(LibraryPiece.sent_at.desc(), LibraryPiece.title, LibraryPiece.id)
    )


def _held_by(it: LibraryPiece, category: str, outcomes: Mapping[OutcomeId, str]) -> _Held:
    outcome = outcomes.get(it.outcome_id, "") if it.outcome_id else ""
    return _words_of(it.title, f"{it.summary} {outcome}", f"{it.words} {_told_by(it)}", category)


@lru_cache(maxsize=1_000)
def _words_of(title: str, label: str, body: str, category: str) -> _Held:
    entry = ENGLISH.entry(title=title, label=label, body=body, category=category)
    return _Held(frozenset(entry.title), frozenset(entry.label), frozenset(entry.body))


def _told_by(it: LibraryPiece) -> str:
    """Return the words of an example plan."""
    if not it.plan:
        return ""
    parts = [*it.plan.get("parts", {}).values()]
    lines = [f"{line['wish']} {line['what_would_help']}" for line in it.plan.get("lines", ())]
    return " ".join([*parts, *lines, *(thing.get("words", "") for thing in it.plan.get("week", ()))])


def _fits(node: Node, words: frozenset[str]) -> bool:
    """Test whether words answer a question. Of a phrase all must be there: in a text of a page that is near enough."""
    match node:
        case Start(letters):
            return any(word.startswith(letters) for word in words)
        case All(parts):
            return all(_fits(part, words) for part in parts)
        case Either(parts):
            return any(_fits(part, words) for part in parts)
        case Without(part, banned):
            return _fits(part, words) and not _fits(banned, words)
        case _:
            return words.issuperset(node.stems if isinstance(node, Phrase) else (node.stem,))


def _weight(asked: Asked, held: _Held) -> int:
    return sum(
        count
        for words, count in ((held.title, _TITLE), (held.label, _LABEL), (held.body, _BODY))
        for leaf in asked.leaves
        if _fits(leaf, words)
    )


def _card(it: LibraryPiece, category: str) -> PieceCard:
    return PieceCard(
        id=it.id,
        kind=it.kind,
        title=it.title,
        summary=it.summary,
        pseudonym=it.pseudonym,
        outcome_id=it.outcome_id,
        category_name=category,
        shown_since=it.sent_at,
    )
