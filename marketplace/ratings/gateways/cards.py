"""Review cards as a PDF to print: PDF/UA, in our own typeface, each card with its code and a QR code."""

import enum
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import segno

from marketplace.kit.papers import drawn, typeset
from marketplace.ratings.rules.cards import printed

_HERE = Path(__file__).parent
_LONGEST = 70
"""Characters of a name that fit on a small card."""


class CardSize(enum.StrEnum):
    """How much room a card gives."""

    SMALL = "small"  # Six on a page, to type the code.
    LARGE = "large"  # One on a page, with room to write on.


@dataclass(frozen=True, slots=True)
class CardSheet:
    """What is printed on cards. `page` is the whole address of the page on which one types a code."""

    offer: str
    provider: str
    # The user-led organisation that gives its word, if it is not the provider's own card.
    attester: str
    page: str
    codes: tuple[str, ...]
    expires_on: date
    # To whom a card that was written on goes, as a sentence.
    post: str


def draw_cards(sheet: CardSheet, *, size: CardSize) -> bytes:
    """Return cards as a PDF that screen readers can read (PDF/UA-1)."""
    said = {
        "title": f"Review cards: {drawn(sheet.offer)}",
        "offer": _short(sheet.offer),
        "provider": _short(sheet.provider),
        "attester": _short(sheet.attester),
        "address": sheet.page.split("://", 1)[-1],
        "until": f"{sheet.expires_on.day} {sheet.expires_on:%B %Y}",
        "post": drawn(sheet.post),
        "size": size.value,
        "cards": [{"code": printed(code), "qr": _qr(sheet.page, code)} for code in sheet.codes],
    }
    return typeset(_HERE / "cards.typ", said)


def _short(name: str) -> str:
    said = drawn(name)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"


def _qr(page: str, code: str) -> str:
    picture = io.BytesIO()
    segno.make_qr(f"{page}?{urlencode({'code': code})}", error="m").save(picture, kind="svg", border=2, svgns=True)
    return picture.getvalue().decode()
