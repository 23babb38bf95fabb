"""What is there that somebody may be about to type? Only what is written in the index, never what others asked."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, desc, func, select
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on
from marketplace.search.language import ENGLISH, All, Start, Word
from marketplace.search.language.parsing import MOST_WORDS, SHORTEST_START, tidy
from marketplace.search.language.words import WORD
from marketplace.search.models import IndexedDocument
from marketplace.search.models import Word as KnownWord
from marketplace.search.rules import DocumentId

MOST = 8
"""Suggestions people can take in at a glance, and a screen reader can read out."""

SHORTEST = 2
"""Letters from which on there is something to suggest."""

_LOOKED_AT = 200
"""Documents among which titles are looked for: with a short beginning there are too many to look at them all."""

# Made once: putting a statement together takes longer than running it.
_KNOWN = KnownWord.__table__.c
_DOCUMENT = IndexedDocument.__table__.c
_WORDS = (
    select(_KNOWN.word, _KNOWN.stem)
    .where(
        _KNOWN.initial == bindparam("initial"),
        func.substr(_KNOWN.word, 1, bindparam("length", type_=Integer())) == bindparam("letters"),
    )
    .order_by(desc(_KNOWN.documents), func.length(_KNOWN.word), _KNOWN.word)
    .limit(4 * MOST)
)


@dataclass(frozen=True, slots=True)
class Completions:
    """
    What is there that goes on as somebody began.

    `words` are what was typed, its last word made whole, the commonest first. `documents` have all of it in their
    titles, with the last word begun.
    """

    words: tuple[str, ...] = ()
    documents: tuple[DocumentId, ...] = ()


def completions(session: Session, typed: str) -> Completions:
    """Return what somebody may be about to type. Nothing before the second letter, or after a space."""
    text = tidy(typed)
    found = list(WORD.finditer(text))
    # Somebody who has left a word does not want it to be another.
    if not found or found[-1].end() != len(text.rstrip("\"'")) or len(found[-1][0]) < SHORTEST:
        return Completions()
    last = found[-1]
    return Completions(
        words=_words(session, before=text[: last.start()], letters=_plain(last[0])),
        documents=_documents(session, before=text[: last.start()], last=last[0]),
    )


def _plain(word: str) -> str:
    # As stored: without accents and apostrophes. What says nothing by itself may still be how a word begins.
    return ENGLISH.look(word) or word.lower()


def _words(session: Session, *, before: str, letters: str) -> tuple[str, ...]:
    rows = session.execute(_WORDS, {"initial": letters[0], "length": len(letters), "letters": letters}).all()
    # Of "garden", "gardens" and "gardening", which all find the same, the commonest is enough.
    by_stem = {stem: word for word, stem in reversed(rows) if word.isalpha()}
    commonest = [word for word, stem in rows if by_stem.get(stem) == word]
    return tuple(f"{before}{word}" for word in commonest[:MOST])


def _documents(session: Session, *, before: str, last: str) -> tuple[DocumentId, ...]:
    if len(last) < SHORTEST_START:
        return ()
    stems = list(dict.fromkeys(ENGLISH.stems(before)))[:MOST_WORDS]
    letters = _plain(last)
    stem = ENGLISH.stem(letters)
    begun = Start(stem if letters.startswith(stem) else letters)
    engine = engine_on(session.get_bind().dialect.name)
    looked_at = (
        select(_DOCUMENT.id, _DOCUMENT.title_words)
        .select_from(engine.source())
        .where(engine.matches())
        .limit(_LOOKED_AT)
        .params(match=engine.ask(All((*map(Word, stems), begun)) if stems else begun))
    )
    wanted = [*(f" {each} " for each in stems), f" {begun.letters}"]
    return tuple(
        sorted(each.id for each in session.execute(looked_at) if all(part in each.title_words for part in wanted))[
            :MOST
        ]
    )
