"""The agreement of a pool as a PDF to print and keep: PDF/UA, in our own typeface."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from marketplace.kit.papers import drawn, typeset
from marketplace.kit.said import day

_HERE = Path(__file__).parent


def draw_agreement(
    *,
    title: str,
    version: int,
    since: datetime | None,
    sentences: Sequence[tuple[str, str]],
    accepted: Sequence[str],
) -> bytes:
    """Return an agreement as a PDF that screen readers can read (PDF/UA-1)."""
    said = {
        "title": f"What we agree: {drawn(title)}",
        "lead": f"Version {version}. It holds since {day(since)}."
        if since
        else f"Version {version}. It does not hold yet: not everybody has said yes.",
        "parts": [
            {"heading": drawn(heading), "words": [drawn(part) for part in words.split("\n") if part.strip()]}
            for heading, words in sentences
        ],
        "accepted": ", ".join(drawn(name) for name in accepted),
    }
    return typeset(_HERE / "agreement.typ", said)
