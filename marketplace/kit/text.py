"""What people type, made tidy to keep and safe to show."""

import html
import re
import unicodedata
from collections.abc import MutableMapping

import bleach
from markupsafe import Markup

TAGS = frozenset({"p", "br", "ul", "li", "strong", "em", "a"})
ATTRIBUTES = {"a": ["href", "rel"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
_Attributes = MutableMapping[tuple[str | None, str], str]
_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
# All but a single space, which can stay: most text has no other.
_SPARE_SPACE = re.compile(r"\s{2,}|[^\S ]")
_BULLET = re.compile(r"^[-*•]\s+")
# Every address has a dot with something on both sides.
_MAYBE_A_LINK = re.compile(r"\S\.\S")


def tidy(typed: str | None) -> str:
    """Return text in one Unicode form, without control characters, spare spaces or more than one blank line."""
    lines = (typed or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_tidy_within(line) for line in lines)).strip()


def _tidy_within(line: str) -> str:
    # A tab parts two words, so it becomes a space before control characters go.
    line = _SPARE_SPACE.sub(" ", line)
    if not line.isprintable():  # Most text is, and letter by letter is slow.
        line = "".join(c for c in line if unicodedata.category(c) not in _UNPRINTABLE)
        line = re.sub(" {2,}", " ", line)
    return unicodedata.normalize("NFC", line).strip()


def tidy_line(typed: str | None) -> str:
    """Return text as `tidy` does, on one line."""
    return _SPARE_SPACE.sub(" ", tidy(typed)).strip()


def plain(markup: str) -> str:
    """Return the words of some HTML: tags dropped, entities read. For imported descriptions."""
    return tidy(html.unescape(bleach.clean(markup, tags=set(), strip=True)))


def prose(text: str) -> Markup:
    """Return plain text as safe HTML: paragraphs, bullet lists and links that pass on no credit."""
    drawn = "".join(_block(block) for block in tidy(text).split("\n\n") if block)
    if _MAYBE_A_LINK.search(text):
        linked = bleach.linkify(drawn, callbacks=[_no_credit], parse_email=False)
        drawn = bleach.clean(linked, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)
    # Markup is safe here: every letter was escaped, and bleach has checked the links and what they did to the rest.
    # Without a link it would change nothing, and takes twenty times as long as all the above.
    return Markup(drawn)  # noqa: S704


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(_BULLET.match(line) for line in lines):
        return "<ul>" + "".join(f"<li>{html.escape(_BULLET.sub('', line))}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(html.escape(line) for line in lines) + "</p>"


def _no_credit(attrs: _Attributes, _new: bool = False, /) -> _Attributes:  # noqa: FBT001, FBT002
    attrs[(None, "rel")] = "nofollow noopener ugc"
    return attrs
