"""What is true of quality checks: visits by peers, with a checklist of their own [000, Gateshead]. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.kit.sentences import one_word, worded
from marketplace.kit.text import tidy, tidy_line
from marketplace.ratings.rules.nouns import ChecklistItemId, Finding

LONGEST_TITLE = 120
LONGEST_ITEM = 300
FEWEST_ITEMS = 3
MOST_ITEMS = 40
LONGEST_FINDING = 1000
SHORTEST_REPORT = 100
LONGEST_REPORT = 10_000
LONGEST_ANSWER = 5000
LONGEST_CORRECTION = 2000
LONGEST_REASON = 1000

OLDEST_VISIT = timedelta(days=183)
"""A report is about now: peers write it while they remember, and while it may still be so."""

IS_OLD_AFTER = timedelta(days=730)
"""From then on a page says that things may have changed."""

_BULLET = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")

FINDINGS: dict[Finding, str] = {
    Finding.MET: "As it should be",
    Finding.PARTLY_MET: one_word("Partly"),
    Finding.NOT_MET: "Not as it should be",
    Finding.NOT_SEEN: "We could not see this",
}
"""What can be found about one item, best first, in the words that pages say."""


@dataclass(frozen=True, slots=True)
class Found:
    """What checkers wrote down of a visit so far. An item without a finding has not been answered."""

    visited_on: date
    report: str
    findings: Mapping[ChecklistItemId, Finding]
    words: Mapping[ChecklistItemId, str]


def items_of(typed: str) -> tuple[str, ...]:
    """Return the items of a checklist as typed: one on each line. A bullet or a number before it is dropped."""
    lines = (_BULLET.sub("", tidy_line(line)) for line in tidy(typed).split("\n"))
    return tuple(line for line in lines if line)


def title_problem(title: str) -> str | None:
    """Return why a checklist's title will not do, or None if it will."""
    if not title:
        return "Enter a title, like “A visit to a day service”."
    if len(title) > LONGEST_TITLE:
        return worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE)
    return None


def items_problem(items: Sequence[str]) -> str | None:
    """Return why the items of a checklist will not do, or None if they will."""
    if len(items) < FEWEST_ITEMS:
        return worded(
            "Enter at least {fewest_items} things to look at, each on a line of its own.", fewest_items=FEWEST_ITEMS
        )
    if len(items) > MOST_ITEMS:
        return worded(
            "Enter at most {most_items} things to look at. Nobody sees more than that on one visit.",
            most_items=MOST_ITEMS,
        )
    too_long = next((item for item in items if len(item) > LONGEST_ITEM), None)
    if too_long is not None:
        return worded(
            "Use at most {longest_item} characters on a line. One is longer: “{too_long}…”.",
            longest_item=LONGEST_ITEM,
            too_long=too_long[:40],
        )
    if len({item.casefold() for item in items}) < len(items):
        return "Two lines say the same. Take one out."
    return None


def visit_problem(visited_on: date, *, today: date) -> str | None:
    """Return why a day cannot be that of a visit, or None if it can."""
    if visited_on > today:
        return "Enter a day that has been: a check is written down after the visit."
    if visited_on < today - OLDEST_VISIT:
        return "Enter a day in the last six months. What you saw before then may no longer be so."
    return None


def report_problem(report: str) -> str | None:
    """Return why a report cannot be published, or None if it can."""
    if len(report) < SHORTEST_REPORT:
        return "Say in a few sentences what the visit was like, and what you saw."
    return length_problem(report, most=LONGEST_REPORT)


def length_problem(words: str, *, most: int) -> str | None:
    """Return that some words are too many, or None if they are not."""
    return worded("Use at most {most:,} characters.", most=most) if len(words) > most else None


def is_old(visited_on: date, *, today: date) -> bool:
    """Test whether a visit is so long ago that things may have changed."""
    return today - visited_on > IS_OLD_AFTER


def tally_words(tally: Mapping[Finding, int]) -> str:
    """Return what was found, counted, as a sentence says it: “7 as it should be, 2 partly”."""
    said = FINDINGS | {Finding.NOT_SEEN: "not seen"}
    return ", ".join(f"{tally[finding]} {words.lower()}" for finding, words in said.items() if tally.get(finding))
