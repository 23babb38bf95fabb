"""Peers visit providers with a checklist of their own, and publish what they found."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.demo import queries
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.voices import WrittenChecklist, WrittenVisit
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.ratings.rules.nouns import ChecklistId, QualityCheckId
from marketplace.ratings.rules.quality import Found
from marketplace.ratings.services import checklists, quality


def expect_visits(draw: Random, street: Street) -> None:
    """Put on the agenda when each checklist is written, and each visit made. All providers are long there by then."""
    for checklist in street.town.voices.checklists:
        at = some_time(draw, street.calendar.days_ago(1 + max(one.days_ago for one in checklist.visits)))
        street.agenda.add(at, partial(_write_checklist, draw, street, checklist))


def _write_checklist(draw: Random, street: Street, written: WrittenChecklist, *, now: datetime) -> None:
    by = street.viewer(street.speakers[written.by])
    checklist_id = checklists.write_checklist(
        street.session,
        organisation_id=min(by.organisations),
        title=written.title,
        items=written.items,
        by=by,
        now=now,
    )
    for visit in written.visits:
        at = some_time(draw, street.calendar.days_ago(visit.days_ago))
        street.agenda.add(at, partial(_visit, street, written.by, visit, checklist_id))


def _visit(street: Street, by: str, visit: WrittenVisit, checklist_id: ChecklistId, *, now: datetime) -> None:
    checker = street.viewer(street.speakers[by])
    check_id = quality.begin_check(
        street.session,
        provider_id=street.providers[visit.provider],
        checklist_id=checklist_id,
        visited_on=day_of(now),
        by=checker,
        now=now,
    )
    items = queries.items_of(street.session, checklist_id=checklist_id)
    findings = dict(zip(items, visit.findings, strict=False))
    found = Found(
        visited_on=day_of(now),
        report=visit.report,
        findings={item: finding for item, (finding, _words) in findings.items()},
        words={item: words for item, (_finding, words) in findings.items()},
    )
    quality.save_findings(street.session, check_id=check_id, found=found, is_sure=True, by=checker, now=now)
    if visit.report:
        street.agenda.add(now + timedelta(days=4), partial(_publish, street, by, visit, check_id))


def _publish(street: Street, by: str, visit: WrittenVisit, check_id: QualityCheckId, *, now: datetime) -> None:
    checker, link = street.viewer(street.speakers[by]), street.addresses.quality_check
    quality.publish_check(street.session, check_id=check_id, by=checker, link=link, now=now)
    if visit.answer:
        street.agenda.add(now + timedelta(days=6), partial(_answer, street, visit, check_id))


def _answer(street: Street, visit: WrittenVisit, check_id: QualityCheckId, *, now: datetime) -> None:
    quality.answer_check(
        street.session,
        check_id=check_id,
        words=visit.answer,
        is_sure=True,
        by=street.viewer(street.speakers[visit.provider]),
        link=street.addresses.quality_check,
        now=now,
    )
