"""Cards that invite to a pool, as a PDF to print: four on a page, each with the link and a QR code. PDF/UA."""

import io
from dataclasses import dataclass
from pathlib import Path

import segno

from marketplace.kit.papers import drawn, typeset

_HERE = Path(__file__).parent
_LONGEST = 160
"""Characters of what a pool is for that fit on a card."""


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """What is printed on a card. `page` is the whole address that the link leads to."""

    title: str
    purpose: str
    area: str
    page: str


def draw_invitations(card: InvitationCard) -> bytes:
    """Return a sheet of four cards as a PDF that screen readers can read (PDF/UA-1)."""
    picture = io.BytesIO()
    segno.make_qr(card.page, error="m").save(picture, kind="svg", border=2, svgns=True)
    said = {
        "title": drawn(card.title),
        "purpose": _short(card.purpose),
        "area": drawn(card.area),
        "address": card.page.split("://", 1)[-1],
        "qr": picture.getvalue().decode(),
    }
    return typeset(_HERE / "invitations.typ", said)


def _short(words: str) -> str:
    said = drawn(words)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
