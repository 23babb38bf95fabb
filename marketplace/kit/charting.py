"""The map of what is kept of people, drawn from what the tables declare. For people to read: docs/data-map.md."""

from collections.abc import Iterator

from sqlalchemy import Table

from marketplace.kit.keeping import Kept, Leaving, Moment, is_text, kept_in, undeclared
from marketplace.kit.model import Model

_HEAD = """# Data map

What this site keeps of people: whose it is, why, for how long, and what goes when they leave. Drawn by
`flask accounts data-map` from declarations beside the models (`marketplace/kit/keeping.py`); a test compares the two.

- **Taking it away, and erasing it, follow these very declarations.** So does the job `delete-what-is-over`.
- A column that is not named holds a number, a day, a choice from a list, or another row's number.
- Who did something to a row is written as a number. When they leave, that number leads to "Somebody who left".
- *Later* columns stay for six years after their person left, for the books and the law, and are then emptied by the job
  `forget-long-gone`.
- Copies are in backups for as long as those are kept ([backups](operating/backups.md)). Whoever left is taken out of
  one that is put back.
"""


def draw_map() -> str:
    """
    Return the map, as Markdown.

    :raises LookupError: if a table, or a column of one, does not say what it keeps.
    """
    tables = sorted(Model.metadata.tables.values(), key=lambda table: table.name)
    problems = [problem for table in tables for problem in undeclared(table)]
    if problems:
        raise LookupError(" ".join(problems))
    personal = [table for table in tables if kept_in(table).is_somebodys]
    others = [table for table in tables if not kept_in(table).is_somebodys]
    periods = [table for table in tables if kept_in(table).lasts]
    lines = [_HEAD, "## What is somebody's", ""]
    for table in personal:
        lines += _entry(table)
    lines += [
        "## How long, where it is not for as long as the account",
        "",
        "| table | days | after |",
        "|---|---|---|",
    ]
    for table in periods:
        lasts = kept_in(table).lasts
        lines += [f"| {table.name} | {lasts.days} | `{lasts.after}` |"] if lasts else []
    lines += ["", "## What is nobody's", "", "| table | what it holds |", "|---|---|"]
    lines += [f"| {table.name} | {kept_in(table).what} |" for table in others]
    return "\n".join(lines) + "\n"


def _entry(table: Table) -> Iterator[str]:
    kept = kept_in(table)
    yield f"### {table.name}"
    yield ""
    yield f"{kept.what}."
    yield ""
    yield f"- Whose: {_whose(kept)}"
    yield f"- Why: {kept.why}"
    yield f"- When they leave: {kept.leaving}{', because ' + kept.because if kept.leaving is not Leaving.GOES else ''}"
    if kept.audited:
        yield "- Changes are in the audit trail"
    for name, columns in (
        ("Tells of them", sorted(kept.tells - set(kept.secrets))),
        ("Emptied at once", sorted(name for name, blank in kept.blanks.items() if blank is not Moment.LEFT)),
        ("Later", sorted(kept.later)),
        ("Keys, never given out", sorted(kept.secrets)),
        ("Codes and names of things", sorted(name for name in kept.plain if is_text(table.columns[name]))),
    ):
        if columns and not (name == "Emptied at once" and kept.leaving is not Leaving.EMPTIED):
            yield f"- {name}: {', '.join(f'`{column}`' for column in columns)}"
    yield ""


def _whose(kept: Kept) -> str:
    ways = [f"`{name}`" for name in (kept.whose, kept.by_email, kept.also) if name]
    if kept.through:
        ways.append(f"whoever's `{kept.through[0]}` leads to it")
    spared = f"; not where `{kept.spares}` is set" if kept.spares else ""
    return ", ".join(ways) + spared
