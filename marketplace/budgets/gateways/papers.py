"""Statements and returns as PDF to keep or send (PDF/UA-1): facts, then tables whose rows and columns are named."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from marketplace.kit.papers import drawn, typeset

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PaperTable:
    """One table. The first cell of a row names it; columns of figures stand on the right."""

    caption: str
    columns: Sequence[str]
    figures: Sequence[bool]
    rows: Sequence[Sequence[str]]
    # How wide each column is, beside the others.
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class Paper:
    """A page or more. `facts` are pairs of a word and what it is; `is_wide` lays the page on its side."""

    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[PaperTable]
    foot: str
    is_wide: bool = False


def draw_paper(paper: Paper) -> bytes:
    """Return a paper as a PDF that screen readers can read."""
    said = asdict(paper)
    for name in ("title", "lead", "foot"):
        said[name] = drawn(said[name])
    said["facts"] = [[drawn(word), drawn(fact)] for word, fact in paper.facts]
    said["tables"] = [
        {
            "caption": drawn(table.caption),
            "columns": [drawn(column) for column in table.columns],
            "figures": list(table.figures),
            "rows": [[drawn(cell) for cell in row] for row in table.rows],
            "widths": list(table.widths),
        }
        for table in paper.tables
    ]
    return typeset(_HERE / "paper.typ", said)
