"""How a model document is written: plain lines that become headings, paragraphs and lists. Pure."""

import enum
from dataclasses import dataclass


class BlockKind(enum.StrEnum):
    """What some lines of a document are."""

    HEADING = "heading"  # begins with "## "
    PARAGRAPH = "paragraph"
    LIST = "list"  # each line begins with "- "


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines that belong together. What stands in [square brackets] is for whoever fills it in."""

    kind: BlockKind
    lines: tuple[str, ...]


def blocks_of(words: str) -> tuple[Block, ...]:
    """Return the blocks of a document, parted by blank lines."""
    return tuple(_block(part.split("\n")) for part in words.split("\n\n") if part.strip())


def _block(lines: list[str]) -> Block:
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) == 1 and lines[0].startswith("## "):
        return Block(BlockKind.HEADING, (lines[0].removeprefix("## "),))
    if all(line.startswith("- ") for line in lines):
        return Block(BlockKind.LIST, tuple(line.removeprefix("- ") for line in lines))
    return Block(BlockKind.PARAGRAPH, tuple(lines))


def plain_text(title: str, blocks: tuple[Block, ...]) -> str:
    """Return a document as plain text, for any program, a screen reader or an email."""
    drawn = [title.upper()]
    for block in blocks:
        mark = "- " if block.kind is BlockKind.LIST else ""
        drawn.append("\n".join(f"{mark}{line}" for line in block.lines))
    return "\r\n\r\n".join(part.replace("\n", "\r\n") for part in drawn) + "\r\n"
