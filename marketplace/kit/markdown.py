"""
Turns a page written in Markdown into one of ours. What it says as HTML is shown as words, never as HTML.

Where its links lead, and what its pictures are, whoever asks says: the same words are read beside the code too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_REMARK = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"/[\w/.?=&%+-]*")
_OPENING = 6
"""A title and a first paragraph: each opens, says something, and closes."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading to go to."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture in two widths, and how large the wide one is."""

    narrow: str
    wide: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Written:
    """A page as it was written: its title, its first paragraph, and the rest."""

    title: str
    lead: str
    body: Markup
    headings: tuple[Heading, ...]


def without_remarks(words: str) -> str:
    """Return a page without what its writers say to each other, or to programs, between its paragraphs."""
    return _REMARK.sub("", words)


def written(words: str, *, link: Callable[[str], str | None], shot: Callable[[str], Shot]) -> Written:
    """
    Turn a page into HTML. It begins with a title and a paragraph that says what it is about.

    :param link: where a link beside the page leads on the site; None where nothing is shown there.
    :param shot: what a picture beside the page is.
    :raises ValueError: if the page does not begin so.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("image", _picture)
    markdown.add_render_rule("code_inline", _code)
    tokens = markdown.parse(without_remarks(words))
    if [token.type for token in tokens[:_OPENING:3]] != ["heading_open", "paragraph_open"]:
        raise ValueError("a page begins with a title and a paragraph")
    body = tokens[_OPENING:]
    headings = tuple(_with_ids(body))
    for token in body:
        token.children = _with_links(token.children, link) if token.children else token.children
    return Written(
        title=tokens[1].content,
        lead=tokens[4].content.replace("\n", " "),
        body=Markup(markdown.renderer.render(body, markdown.options, {"shot": shot})),  # noqa: S704  (no HTML gets in)
        headings=headings,
    )


def id_of(words: str) -> str:
    """Return by what a heading is gone to: as most who show Markdown do."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", words.lower()))


def _with_ids(tokens: list[Token]) -> Iterator[Heading]:
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", id_of(inside.content))
            if opening.tag == "h2":
                yield Heading(id_of(inside.content), inside.content)


def _with_links(tokens: list[Token], link: Callable[[str], str | None]) -> list[Token]:
    """Return the same words with each link leading where it does on the site; or saying where to look, if nowhere."""
    found: list[Token] = []
    nowhere = ""
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrGet("href"))
            href = target if re.match(r"https?:|#|mailto:", target) else link(target)
            nowhere = "" if href else target
            if href:
                token.attrSet("href", href)
        if nowhere and token.type == "link_close":
            found.append(Token("text", "", 0, content=f" ({nowhere.replace('../', 'docs/')})"))
            nowhere = ""
        elif not (nowhere and token.type == "link_open"):
            found.append(token)
    return found


def _picture(_renderer: Any, tokens: list[Token], index: int, _options: Any, env: Any) -> str:
    shot: Shot = env["shot"](str(tokens[index].attrGet("src")))
    return Markup(
        '<picture><source media="(max-width: 40em)" srcset="{}">'
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></picture>'
    ).format(shot.narrow, shot.wide, tokens[index].content, shot.width, shot.height)


def _code(_renderer: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    """An address of the site is a link to it. Anything else is what somebody types."""
    words = tokens[index].content
    if _ADDRESS.fullmatch(words):
        return Markup('<a href="{0}">{0}</a>').format(words)
    return f"<code>{escape(words)}</code>"
