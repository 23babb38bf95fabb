"""How a whole plan is put on a page, whether it is one's own, a version, or shared by a link."""

from collections.abc import Callable, Sequence

from flask import render_template, url_for

from marketplace.accounts.access import viewer
from marketplace.brokerage.forms.helping import CIRCLES
from marketplace.brokerage.queries.files import files_of
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules.comparing import price_said, times_said
from marketplace.brokerage.rules.contents import Contents, KeptFile, KeptItem, KeptLine
from marketplace.brokerage.rules.costing import add_up
from marketplace.brokerage.rules.easy import ideas
from marketplace.brokerage.rules.nouns import FileId, FileKind, Part, PartOfDay
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.rules.week import DAYS, PARTS_OF_DAY, words_of
from marketplace.brokerage.views.plans import today
from marketplace.kit.db import db
from marketplace.kit.said import pounds
from marketplace.kit.sentences import worded

Addresses = Callable[[FileId], tuple[str, str]]
"""Where a file is, and its small picture; nothing for one that is gone."""

_PICTURES = {
    Part.ABOUT_ME: "tea",
    Part.WHAT_MATTERS: "family",
    Part.GOOD_WEEK: "walk",
    Part.RISKS: "bus",
    Part.WHO_HELPS: "friends",
}
"""Our drawing for each part, for those who read pictures before words."""


def draw_told(
    template: str,
    contents: Contents,
    *,
    addresses: Addresses,
    shows_money: bool = True,
    **page: object,
) -> str:
    """Return a page on which a whole plan stands."""
    return render_template(
        template,
        contents=contents,
        sum=add_up(line.cost for line in contents.lines),
        shows_money=shows_money,
        files={file.id: addresses(file.id) for file in contents.files},
        titles=TITLES,
        circles=CIRCLES,
        days=DAYS,
        parts_of_day=PARTS_OF_DAY,
        pictures=_PICTURES,
        ideas=ideas,
        words_of=words_of,
        price_said=price_said,
        times_said=times_said,
        **page,
    )


def own_files(plan: PlanSeen) -> Addresses:
    """Return where the files of a plan are that are still there, for whoever may see it."""
    there = files_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())
    known = {file.id for files in there.values() for file in files}

    def addresses(file_id: FileId) -> tuple[str, str]:
        if file_id not in known:
            return "", ""
        return (
            url_for(".plan_file", plan_id=plan.id, file_id=file_id),
            url_for(".small_plan_file", plan_id=plan.id, file_id=file_id),
        )

    return addresses


def sections(contents: Contents) -> list[tuple[str, list[str]]]:
    """Return a plan as headings and words, for papers and files."""
    found = [(TITLES[part], [words] if words else []) for part, words in contents.parts.items()]
    found.append(("What I want", [_line(line) for line in contents.lines]))
    found.append(("My week", _week(contents)))
    people = [f"{it.called}: {it.how}" if it.how else it.called for it in contents.supporters]
    return [*found, ("The people who help", people)]


def shown_as(file: KeptFile) -> str:
    """Return what a file shows or says, in words, or its name."""
    return file.said or file.name


def names_of(files: Sequence[KeptFile]) -> dict[FileId, str]:
    """Return a name for each file that no other has, in the order of the plan."""
    return {file.id: f"{number:02d} {file.name}" for number, file in enumerate(files, start=1)}


def pictures_of(contents: Contents) -> tuple[KeptFile, ...]:
    """Return the pictures of a plan."""
    return tuple(file for file in contents.files if file.kind is FileKind.PICTURE)


def _line(line: KeptLine) -> str:
    is_known = line.cost.unit_price is not None
    facts = [line.wish, line.what_would_help]
    facts.append(f"{price_said(line)}, {times_said(line.times)}" if is_known else price_said(line))
    if line.cost.a_year:
        facts.append(worded("{a_year} a year", a_year=pounds(line.cost.a_year)))
    return ". ".join(fact.rstrip(".") for fact in facts if fact) + "."


def _week(contents: Contents) -> list[str]:
    found = []
    for day, name in DAYS.items():
        for part, when in PARTS_OF_DAY.items():
            things = [_thing(contents, it) for it in _in(contents, day, part)]
            if things:
                found.append(f"{name} {when.lower()}: {', '.join(things)}")
    return found


def _in(contents: Contents, day: int, part: PartOfDay) -> list[KeptItem]:
    return [it for it in contents.week if (it.day, it.part_of_day) == (day, part)]


def _thing(contents: Contents, it: KeptItem) -> str:
    said = next((file.said for file in contents.files if file.id == it.file_id), "")
    return words_of(words=it.words, drawing=it.drawing, said=said) or "a picture"
