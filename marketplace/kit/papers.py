"""Pages to print or keep, as PDF that screen readers can read (PDF/UA-1), in our own typeface."""

import json
from collections.abc import Mapping
from pathlib import Path

import typst

_TYPEFACE = Path(__file__).parent / "typeface"

# What the typeface and its stand-ins can draw. PDF/UA takes no letter that would come out as an empty box.
_DRAWN = (range(0x20, 0x7F), range(0xA0, 0x250), range(0x2010, 0x2028), range(0x2030, 0x2040), (0x20AC,))


UNDRAWN = "(in letters that this page cannot show)"


def drawn(words: str) -> str:
    """Return words without what the typeface cannot draw, on one line. If it can draw none of them, say so."""
    lines = " ".join(words.split())
    shown = " ".join("".join(c for c in lines if any(ord(c) in some for some in _DRAWN)).split())
    return shown if shown or not words.strip() else UNDRAWN


def typeset(template: Path, said: Mapping[str, object]) -> bytes:
    """
    Return a PDF made of a typst template, which reads what is said from the input `said`, as JSON.

    The template imports nothing from outside its own folder. Text must have gone through `drawn`.
    """
    pdf: bytes = typst.compile(
        template,
        format="pdf",
        root=template.parent,
        font_paths=[_TYPEFACE],
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said)},
        pdf_standards=["ua-1"],
    )
    return pdf
