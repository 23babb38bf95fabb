"""A plan as a PDF to print and keep: PDF/UA, in our own typeface."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from marketplace.kit.papers import drawn, typeset
from marketplace.kit.said import day

_HERE = Path(__file__).parent
MOST_PICTURES = 12
"""Pictures in one paper: each of them is in the file anew."""


def draw_plan(
    *,
    title: str,
    made_at: datetime,
    sections: Sequence[tuple[str, Sequence[str]]],
    pictures: Sequence[tuple[str, bytes]],
) -> bytes:
    """Return a plan as a PDF that screen readers can read (PDF/UA-1), its pictures with what they show."""
    said = {
        "title": drawn(title),
        "lead": f"As it was on {day(made_at)}.",
        "sections": [
            {
                "heading": drawn(heading),
                "words": [line for part in words for one in part.split("\n") if (line := drawn(one))],
            }
            for heading, words in sections
            if words
        ],
        "pictures": [
            {"words": drawn(words or "A picture"), "bytes": list(picture)}
            for words, picture in pictures[:MOST_PICTURES]
        ],
    }
    return typeset(_HERE / "plan.typ", said)
