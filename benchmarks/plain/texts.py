"""
Which sentences somebody reads: on a page, and in a file of templates or code. Pure.

What ends like a sentence is one, and so is a line of a list that has six words or more. Titles, labels, buttons and
short lines are no sentences: read as such they would make each page look easy. Names, addresses and figures that are
put into a sentence count as one short word. On a page of the demo, lines without a full stop are mostly facts that
somebody typed, so only whole sentences count there; the lines of our own lists count where the templates are graded.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from babel.messages import Catalog
from bs4 import BeautifulSoup, NavigableString, Tag

FEWEST_IN_LINE = 6
"""Words that make a sentence of what has no full stop."""
_PUT_IN = re.compile(
    r"\{[^{}]*\}|https?://[^\s”]*[^\s”.,;:!?]|\S+@\S*\w|\b[0-9a-f]{8}-[0-9a-f-]+|"
    r"\b[A-Z]{1,2}\d{1,2}[A-Z]?(?: \d[A-Z]{2})?\b"
)
_DAY = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\b\d{1,2} (?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)(?: \d{4})?(?:, \d{1,2}(?::\d\d)?[ap]m)?"
)
_TAG = re.compile(r"</?\d+/?>|<[^>]+>")
_END = re.compile(r"(?<=[.!?])[”’)]?\s+|\n+")
_ENDS = re.compile(r"[.!?][”’)]?$")
_CONTENT = re.compile(r"\[([^\[\]#=]{20,})\]")
_LINE_ENDS = "\N{PILCROW SIGN}"
_CODE = re.compile(r"#[\w.]+(?:\([^)]*\))?")
_BLOCKS = ("p", "li", "dd", "dt", "td", "th", "legend", "label", "summary", "h1", "h2", "h3", "h4", "caption", "div")
_LINES = frozenset(_BLOCKS)


def sentences_in(words: str, *, with_lines: bool = True) -> list[str]:
    """Return the sentences of some words of ours; lines of lists too, unless they may be facts."""
    plain = _PUT_IN.sub("it", _DAY.sub("then", _TAG.sub("", words)))
    parts = [" ".join(part.split()) for part in _END.split(plain)]
    return [part for part in parts if _is_sentence(part, with_lines=with_lines)]


def _is_sentence(part: str, *, with_lines: bool) -> bool:
    count = len(re.findall(r"[A-Za-z]{2,}", part))
    return (with_lines and count >= FEWEST_IN_LINE) or (count > 1 and bool(_ENDS.search(part)))


def sentences_on(page: str, is_typed: Callable[[str], bool]) -> list[str]:
    """Return the sentences of a page, each once: of what is its own, without what somebody typed."""
    root = BeautifulSoup(page, "lxml").find("main")
    if not isinstance(root, Tag):
        return []
    for unread in root.select("script, style, textarea, svg, time, select, code"):
        unread.replace_with("it" if unread.name in {"time", "code"} else "")
    for broken in root.select("br"):
        broken.replace_with(_LINE_ENDS)
    found = [one for words in _blocks(root) if not is_typed(words) for one in sentences_in(words, with_lines=False)]
    return [one for one in dict.fromkeys(found) if not is_typed(one)]


def _blocks(root: Tag) -> Iterator[str]:
    """Yield what is read in one go: the words of each block that holds no other."""
    for block in root.find_all(_BLOCKS):
        inner = [one for one in block.children if not (isinstance(one, Tag) and _holds_block(one))]
        words = "".join(one.get_text() if isinstance(one, Tag) else str(one) for one in inner if _is_read(one))
        for line in words.split(_LINE_ENDS):
            if line.strip():
                yield " ".join(line.split())


def _holds_block(tag: Tag) -> bool:
    return tag.name in _LINES or tag.find(_BLOCKS) is not None or tag.name in {"ul", "ol", "dl", "table", "form"}


def _is_read(one: object) -> bool:
    return isinstance(one, Tag) or type(one) is NavigableString


def sentences_by_file(catalog: Catalog, leave_out: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return what each file says: templates, and the code that holds errors, hints, letters and papers."""
    left_out, said = tuple(leave_out), dict[str, list[str]]()
    for message in catalog:
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        for file, _line in message.locations:
            if not file.startswith(left_out):
                said.setdefault(file, []).extend(one for form in forms for one in sentences_in(form))
    return {file: list(dict.fromkeys(found)) for file, found in said.items() if found}


def sentences_in_paper(source: str) -> list[str]:
    """Return the sentences that stand in the plan of a paper itself; the others come from code."""
    return [one for words in _CONTENT.findall(source) for one in sentences_in(_CODE.sub("it", words))]
