"""Beginning a plan from an example. It only ever adds: nothing that somebody wrote is lost to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import PlanLine, PlanPart
from marketplace.brokerage.rules.nouns import OutcomeId, Part, PartOfDay, PlanId
from marketplace.brokerage.rules.plans import LONGEST_PART, TITLES
from marketplace.brokerage.rules.week import LONGEST_WORDS
from marketplace.brokerage.services.lines import PlanFullError, add_line
from marketplace.brokerage.services.plans import begin_plan, plan_to_write, write_part
from marketplace.brokerage.services.week import NothingToShowError, PlaceFullError, Shown, put_in_week
from marketplace.kit.days import day_of
from marketplace.kit.text import tidy

_LONGEST_WISH = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of an example: the plan, how much was added, and which parts kept the words that were there."""

    plan_id: PlanId
    parts: int
    lines: int
    things_in_week: int
    kept: tuple[str, ...]


def begin_from(session: Session, *, example: Mapping[str, Any], by: PersonId, now: datetime) -> Begun:
    """
    Begin one's own plan from an example, or add the example to it.

    A part that has words keeps them. A line, or something in the week, that is there already is not added again, so
    doing it twice is doing it once. What has no room is left out.
    """
    plan_id = begin_plan(session, by=by, now=now)
    plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    parts, kept = _add_parts(session, plan_id, example.get("parts", {}), by=by, now=now)
    lines = _add_lines(session, plan_id, example.get("lines", ()), by=by, now=now)
    week = sum(_add_to_week(session, plan_id, it, by=by, now=now) for it in example.get("week", ()))
    return Begun(plan_id, parts, lines, week, kept)


def _add_parts(
    session: Session, plan_id: PlanId, wanted: Mapping[str, str], *, by: PersonId, now: datetime
) -> tuple[int, tuple[str, ...]]:
    written = {it.part: it for it in session.scalars(select(PlanPart).where(PlanPart.plan_id == plan_id))}
    added, kept = 0, []
    for part in Part:
        words, it = tidy(wanted.get(part, ""))[:LONGEST_PART].strip(), written.get(part)
        if not words or (it is not None and it.words == words):
            continue
        if it is not None and it.words:
            kept.append(TITLES[part])
            continue
        edition = it.edition if it else 0
        write_part(session, plan_id=plan_id, part=part, words=words, edition=edition, by=by, now=now)
        added += 1
    return added, tuple(kept)


def _add_lines(session: Session, plan_id: PlanId, wanted: Any, *, by: PersonId, now: datetime) -> int:
    there, added = set(session.scalars(select(PlanLine.wish).where(PlanLine.plan_id == plan_id))), 0
    for line in wanted:
        wish = line["wish"][:_LONGEST_WISH]
        if wish in there:
            continue
        try:
            add_line(
                session,
                plan_id=plan_id,
                by=by,
                outcome_id=OutcomeId(line["outcome_id"]),
                wish=wish,
                what_would_help=line["what_would_help"],
                now=now,
            )
        except PlanFullError:
            break
        there.add(wish)
        added += 1
    return added


def _add_to_week(session: Session, plan_id: PlanId, it: Mapping[str, Any], *, by: PersonId, now: datetime) -> int:
    shown = Shown(words=it.get("words", "")[:LONGEST_WORDS], drawing=it.get("drawing"))
    part_of_day = PartOfDay(it["part_of_day"])
    try:
        put = put_in_week(
            session, plan_id=plan_id, days={it["day"]}, part_of_day=part_of_day, shown=shown, by=by, now=now
        )
    except (PlaceFullError, NothingToShowError):
        return 0
    return len(put)
