"""What somebody most likely meant."""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.search.language import ENGLISH, Asked, Start, Word, nearest, respelt
from marketplace.search.language.spelling import slips_allowed
from marketplace.search.models import Word as KnownWord

_WELL_KNOWN = 5
"""Documents a word must be in to be offered in place of one that somebody has written."""

# Made once: putting a statement together takes longer than running it.
_WORD = KnownWord.__table__.c
_SIMILAR_WORDS = select(_WORD.word, _WORD.documents).where(
    _WORD.initial.in_(bindparam("initials", expanding=True)),
    func.length(_WORD.word).between(bindparam("shortest"), bindparam("longest")),
    _WORD.documents >= bindparam("least"),
)


def correction(session: Session, question: str, asked: Asked, known: Mapping[str, int], *, few: int = 0) -> str | None:
    """
    Return a question with its misspelt words put right, or None if there is nothing to put right.

    :param few: in how many documents a word may be and still be a slip.
    """
    better: dict[str, str] = {}
    for word in _doubtful(asked, known, few=few):
        least = _WELL_KNOWN if dict(asked.written)[word] in known else 1
        meant = nearest(word, _similar(session, word, least=least))
        if meant:
            better[word] = meant
    return respelt(question, better=better, words=ENGLISH) if better else None


def _doubtful(asked: Asked, known: Mapping[str, int], *, few: int) -> list[str]:
    """Return the words that may be misspelt: those in no more than a few documents."""
    named = {stem for leaf in asked.leaves if isinstance(leaf, Word) and leaf.stem in known for stem in leaf.literal}
    starts = tuple(leaf.letters for leaf in asked.leaves if isinstance(leaf, Start))
    return [
        word
        for word, stem in asked.written
        if known.get(stem, 0) <= few
        and stem not in named
        and not (starts and stem.startswith(starts))
        and word.isalpha()
        and slips_allowed(word)
    ]


def _similar(session: Session, word: str, *, least: int) -> dict[str, int]:
    """Return words that start alike and are about as long, and in how many documents each is."""
    slips = slips_allowed(word)
    rows = session.execute(
        _SIMILAR_WORDS,
        {
            "initials": [word[0], word[1]],  # The second too: the first two letters may be swapped.
            "shortest": len(word) - slips,
            "longest": len(word) + slips,
            "least": least,
        },
    )
    return dict(rows.all())
