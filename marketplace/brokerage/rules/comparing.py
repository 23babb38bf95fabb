"""What is different between two versions of a plan, in words? Pure: no database, no web, no clock."""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from marketplace.brokerage.rules.contents import Contents, KeptItem, KeptLine
from marketplace.brokerage.rules.costing import PriceState, Times
from marketplace.brokerage.rules.nouns import HowOften
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.rules.week import DAYS, PARTS_OF_DAY, words_of
from marketplace.kit.said import pounds
from marketplace.kit.sentences import worded

_WORDS = re.compile(r"\S+\s*|\s+")


class Kind(enum.StrEnum):
    """What happened to something between two versions."""

    ADDED = "added"
    TAKEN_OUT = "taken_out"
    CHANGED = "changed"


class Mark(enum.StrEnum):
    """Whether words stand in both versions, or in one."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different: where, and its words before and after, each run of them marked."""

    where: str
    kind: Kind
    words: tuple[tuple[Mark, str], ...]


def differences(before: Contents, after: Contents) -> tuple[Difference, ...]:
    """Return what is different in one version from another, in the order in which a plan is read."""
    return tuple(
        chain(
            _of_parts(before, after),
            _of_lines(before, after),
            _of_lists("In the week", [_week(it) for it in before.week], [_week(it) for it in after.week]),
            _of_lists("Pictures, sounds and papers", _files(before), _files(after)),
            _of_lists("Who helps me", _people(before), _people(after)),
        )
    )


def times_said(times: Times) -> str:
    """Return how much and how often, in words: `2 every week for 40 weeks of a year`."""
    if times.how_often is HowOften.ONCE:
        return "once" if times.quantity == 1 else worded("{quantity} at once", quantity=times.quantity)
    often = "every week" if times.weeks >= 52 else worded("every week for {weeks} weeks of a year", weeks=times.weeks)  # noqa: PLR2004
    if times.weeks == 1:
        often = "one week of a year"
    return often if times.quantity == 1 else f"{times.quantity} {often}"


def price_said(line: KeptLine) -> str:
    """Return what says what a line costs, and how much that is, in words."""
    what = f"{line.title}, {line.by}" if line.by else line.title
    said = {
        PriceState.NOTHING_YET: "no price yet",
        PriceState.FREE: worded("{what}: free", what=what) if what else "free",
        PriceState.NOT_SAID: worded("{what}: no price given", what=what),
        PriceState.GONE: worded("{what}: not there any more", what=what) if what else "not there any more",
    }
    if line.state in said:
        return said[line.state]
    amount = f"{pounds(line.unit_price)} {line.unit}".strip() if line.unit_price is not None else "no price"
    return f"{what}: {amount}" if what else amount


def marked(before: str, after: str) -> tuple[tuple[Mark, str], ...]:
    """Return two texts as one, in which each run of words is marked as the same, new or gone."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[tuple[Mark, str]] = []
    # Words are the same however much space follows them: a new line is no new word.
    matcher = SequenceMatcher(None, [it.strip() for it in old], [it.strip() for it in new], autojunk=False)
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag == "equal":
            found.append((Mark.SAME, "".join(new[from_new:to_new])))
            continue
        gone = "".join(old[from_old:to_old])
        if gone:
            is_close = bool(found) and not found[-1][1][-1:].isspace()
            found.append((Mark.GONE, f" {gone}" if is_close else gone))
        found.extend((Mark.NEW, words) for words in ["".join(new[from_new:to_new])] if words)
    return tuple(found)


def _of_parts(before: Contents, after: Contents) -> Iterator[Difference]:
    for part, name in TITLES.items():
        old, new = before.parts.get(part, ""), after.parts.get(part, "")
        if old != new:
            yield _difference(name, old, new)


def _of_lines(before: Contents, after: Contents) -> Iterator[Difference]:
    old, new = ({line.id: line for line in contents.lines} for contents in (before, after))
    for line_id, line in new.items():
        if line_id not in old:
            yield _difference("What I want", "", _whole(line))
    for line_id, line in old.items():
        if line_id not in new:
            yield _difference("What I want", _whole(line), "")
            continue
        for what, was, is_now in zip(_FACTS, _facts(line), _facts(new[line_id]), strict=True):
            if was != is_now:
                where = f"“{new[line_id].wish}”: {what}" if what else "What I want"
                yield _difference(where, was, is_now)


_FACTS = ("", "what it is about", "what would help", "price", "how much")


def _facts(line: KeptLine) -> tuple[str, ...]:
    return (line.wish, line.outcome, line.what_would_help, price_said(line), times_said(line.times))


def _whole(line: KeptLine) -> str:
    return ". ".join(fact for fact in _facts(line) if fact)


def _of_lists(where: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    gone, come = list(before), []
    for words in after:
        if words in gone:
            gone.remove(words)
        else:
            come.append(words)
    for words in come:
        yield _difference(where, "", words)
    for words in gone:
        yield _difference(where, words, "")


def _week(item: KeptItem) -> str:
    what = words_of(words=item.words, drawing=item.drawing) or "a picture"
    return f"{DAYS[item.day]} {PARTS_OF_DAY[item.part_of_day].lower()}: {what}"


def _files(contents: Contents) -> list[str]:
    return [
        f"{TITLES[file.part]}: {file.said or file.name or 'something that was removed since'}"
        for file in contents.files
    ]


def _people(contents: Contents) -> list[str]:
    return [f"{it.called}: {it.how}" if it.how else it.called for it in contents.supporters]


def _difference(where: str, before: str, after: str) -> Difference:
    kind = Kind.ADDED if not before else Kind.CHANGED if after else Kind.TAKEN_OUT
    return Difference(where=where, kind=kind, words=marked(before, after))
