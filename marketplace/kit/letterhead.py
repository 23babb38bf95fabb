"""
How letters look: the same words plain, and as a page with headings, lists and buttons for programs that show them.

A letter is written as plain text. Blank lines part its paragraphs; lines that begin with a dash are a list; an address
on a line of its own, with or without a few words and a colon before it, becomes a button.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from marketplace.kit.outbox import Letter

_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_ON_ITS_OWN = re.compile(rf"(?:(?P<words>[^:]{{1,60}}): )?(?P<href>{_ADDRESS.pattern})")
_WITHOUT_WORDS = "Open the page"

_stationery = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "stationery"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a person who works here: what it is called, what one reads, and where it leads."""

    name: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, and how to reach a person there. Answers go to `answers_to`, where there is one."""

    sender: str
    site_name: str
    site_url: str
    answers_to: str = ""
    ways: Sequence[Way] = ()

    @property
    def foot(self) -> str:
        """The last lines of a plain letter: who wrote it, and whom to ask."""
        ways = "".join(f"\n{way.name}: {way.words}" for way in self.ways)
        return f"\n\n--\n{self.site_name}, {self.site_url}{ways}\n"

    def plain(self, letter: Letter) -> str:
        """Return a letter as plain text."""
        return letter.body.rstrip() + self.foot

    def page(self, letter: Letter) -> str:
        """Return a letter as a page: HTML that stands alone, with no picture to fetch."""
        blocks = list(_blocks(letter.body))
        return _stationery.get_template("letter.html").render(head=self, subject=letter.subject, blocks=blocks)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter. Its `lines` are safe to show."""

    kind: Literal["words", "list", "button"]
    lines: Sequence[Markup]
    href: str = ""


def _blocks(body: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        told: list[str] = []
        for line in paragraph.splitlines():
            found = _ON_ITS_OWN.fullmatch(line.strip())
            if found is None:
                told.append(line)
                continue
            yield from _told(told)
            told = []
            yield Block("button", [escape(found["words"] or _WITHOUT_WORDS)], found["href"])
        yield from _told(told)


def _told(lines: Sequence[str]) -> Iterator[Block]:
    """Yield what stands between buttons: words first, and the list that follows them."""
    for kind, some in _by_kind(lines):
        yield Block(kind, [_linked(line) for line in some])


def _by_kind(lines: Sequence[str]) -> Iterator[tuple[Literal["words", "list"], list[str]]]:
    gathered: list[str] = []
    kind: Literal["words", "list"] = "words"
    for line in lines:
        is_item = line.lstrip().startswith(("- ", "• ", "* "))
        here: Literal["words", "list"] = "list" if is_item else "words"
        if gathered and here != kind:
            yield kind, gathered
            gathered = []
        kind = here
        gathered.append(line.lstrip()[2:] if is_item else line)
    if gathered:
        yield kind, gathered


def _linked(line: str) -> Markup:
    """Return a line with its addresses as links, and everything else escaped."""
    parts: list[Markup] = []
    end = 0
    for found in _ADDRESS.finditer(line):
        href = escape(found[0])
        parts += (escape(line[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(href))
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])
