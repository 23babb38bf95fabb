"""Pages to print or keep, as PDF that screen readers can read (PDF/UA-1), in our own typeface."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typst

_TYPEFACE = Path(__file__).parent / "typeface"
_LETTERHEAD = Path(__file__).parent / "stationery" / "letterhead.typ"


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What stands at the top of every paper: the name of the site, and whom to ask, each on a line of its own."""

    name: str
    ask: tuple[str, ...] = ()


_head = PaperHead("Clubtogether")


def set_letterhead(head: PaperHead) -> None:
    """Say once, when the site starts, what stands at the top of every paper."""
    global _head  # noqa: PLW0603 (it is set once, as the typeface is; papers are drawn far from any configuration)
    _head = PaperHead(drawn(head.name), tuple(drawn(line) for line in head.ask))


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

    The template imports nothing but `letterhead.typ`. Text must have gone through `drawn`.
    """
    # Its types know of files alone; several in memory keep it from reading anything else of this machine.
    compiled: Any = typst.compile
    pdf: bytes = compiled(
        {"main.typ": template.read_bytes(), "letterhead.typ": _LETTERHEAD.read_bytes()},
        format="pdf",
        font_paths=[_TYPEFACE],
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said), "head": json.dumps(asdict(_head))},
        pdf_standards=["ua-1"],
    )
    return pdf
