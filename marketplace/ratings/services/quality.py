"""Quality checks: peers visit with a checklist of their own, publish what they found, and the provider answers."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, Permission, Viewer
from marketplace.catalogue.rules import ProviderId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotAllowedError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import (
    ChecklistItem,
    QualityCheck,
    QualityCorrection,
    QualityFinding,
)
from marketplace.ratings.queries.quality import CheckedProvider, check_named, checked_provider
from marketplace.ratings.rules import quality as rules
from marketplace.ratings.rules.nouns import (
    ChecklistId,
    ChecklistItemId,
    QualityCheckId,
    QualityCorrectionId,
)
from marketplace.ratings.rules.quality import Found
from marketplace.ratings.services.checklists import (
    QualityCheckNotFoundError,
    QualityCheckOverError,
    QualityUnclearError,
    checks_for,
    own_checklist,
    refuse,
    somebody,
)
from marketplace.ratings.services.naming import ask_about_names

Address = Callable[[QualityCheckId], str]
"""Turns a check into the address of its page."""


class OwnQualityCheckError(NotAllowedError):
    """Nobody checks a provider that they, or the organisation they check for, speak for."""


def begin_check(
    session: Session,
    *,
    provider_id: ProviderId,
    checklist_id: ChecklistId | None,
    visited_on: date,
    by: Viewer,
    now: datetime,
) -> QualityCheckId:
    """
    Begin to write down a visit. Nobody but the organisation's checkers sees it until it is published.

    :raises QualityCheckNotFoundError: if there is no such provider, or no such checklist of theirs.
    :raises QualityCheckOverError: if the checklist is out of use.
    :raises OwnQualityCheckError: if the provider is theirs, or their organisation's.
    :raises QualityUnclearError: if no checklist is chosen, or the day is not that of a visit.
    """
    if checklist_id is None:
        raise QualityUnclearError("Choose the checklist that you went by.", field="checklist")
    checklist = own_checklist(session, checklist_id, by=by)
    _require_others(_provider(session, provider_id), organisation_id=checklist.organisation_id, by=by)
    refuse("visited_on", rules.visit_problem(visited_on, today=day_of(now)))
    check = QualityCheck(
        id=QualityCheckId(uuid.uuid4()),
        provider_id=provider_id,
        organisation_id=checklist.organisation_id,
        checklist_id=checklist.id,
        visited_on=visited_on,
        begun_by=somebody(by),
        begun_at=now,
    )
    session.add(check)
    session.flush()
    audit.record(session, by=by.person_id, did="began", to_kind="quality_check", to_id=check.id, now=now)
    return check.id


def save_findings(
    session: Session, *, check_id: QualityCheckId, found: Found, is_sure: bool = False, by: Viewer, now: datetime
) -> None:
    """
    Keep what checkers have written down so far. It need not be complete.

    :raises QualityCheckNotFoundError: if there is no such check of an organisation the viewer checks for.
    :raises QualityCheckOverError: if it is published.
    :raises QualityUnclearError: if the day will not do, words are too long, or words stand without a finding.
    :raises TellsWhoError: if the words seem to tell who somebody is, and nobody is sure that they may be shown.
    """
    check = _unpublished(session, check_id, by=by)
    refuse("visited_on", rules.visit_problem(found.visited_on, today=day_of(now)))
    refuse("report", rules.length_problem(found.report, most=rules.LONGEST_REPORT))
    check.visited_on, check.report = found.visited_on, text.tidy(found.report)
    session.execute(delete(QualityFinding).where(QualityFinding.check_id == check_id))
    for position, item_id in enumerate(_item_ids(session, check.checklist_id)):
        words, finding = text.tidy(found.words.get(item_id)), found.findings.get(item_id)
        refuse(f"words_{position}", rules.length_problem(words, most=rules.LONGEST_FINDING))
        if finding is not None:
            session.add(QualityFinding(check_id=check_id, item_id=item_id, finding=finding, words=words))
        elif words:
            refuse(f"found_{position}", "Say what you found, too: your words need an answer beside them.")
    written = "\n".join([found.report, *found.words.values()])
    ask_about_names(written, known=_known(session, check), is_sure=is_sure)
    session.flush()


def publish_check(session: Session, *, check_id: QualityCheckId, by: Viewer, link: Address, now: datetime) -> None:
    """
    Publish a report. Everybody can read it from now on, and the provider gets a letter so that it can answer.

    :raises QualityCheckNotFoundError: if there is no such check of an organisation the viewer checks for.
    :raises QualityCheckOverError: if it is published.
    :raises OwnQualityCheckError: if the provider has become theirs since they began.
    :raises QualityUnclearError: if an item has no finding, or the report will not do.
    """
    check = _unpublished(session, check_id, by=by)
    provider = _provider(session, check.provider_id)
    _require_others(provider, organisation_id=check.organisation_id, by=by)
    found = session.scalar(select(func.count()).where(QualityFinding.check_id == check_id)) or 0
    missing = len(_item_ids(session, check.checklist_id)) - found
    if missing:
        raise QualityUnclearError(
            worded(
                "{more} on the checklist still {more_2} no answer. If you could not see something, say so.",
                more="One thing" if missing == 1 else f"{missing} things",
                more_2="has" if missing == 1 else "have",
            )
        )
    refuse("report", rules.report_problem(check.report))
    check.published_at = now
    audit.record(session, by=by.person_id, did="published", to_kind="quality_check", to_id=check_id, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=worded("Peers have published a quality check of {name}", name=provider.name),
        body=worded(
            "Peer quality checkers have visited {name} and published what they found.\n\n"
            "You can read it, and answer beside it, here:\n{link}\n\n"
            "Your answer is shown with the report, in full. If a fact is wrong, say so there: the checkers hear of it, "
            "and put a correction at the top.",
            name=provider.name,
            link=link(check_id),
        ),
        now=now,
    )


def give_up_check(session: Session, *, check_id: QualityCheckId, by: Viewer, now: datetime) -> None:
    """
    Throw away a check that was not published, with all that was written.

    :raises QualityCheckNotFoundError: if there is no such check of an organisation the viewer checks for.
    :raises QualityCheckOverError: if it is published.
    """
    check = _unpublished(session, check_id, by=by)
    session.execute(delete(QualityFinding).where(QualityFinding.check_id == check_id))
    session.delete(check)
    audit.record(session, by=by.person_id, did="gave up", to_kind="quality_check", to_id=check_id, now=now)
    session.flush()


def answer_check(
    session: Session,
    *,
    check_id: QualityCheckId,
    words: str,
    is_sure: bool = False,
    by: Viewer,
    link: Address,
    now: datetime,
) -> None:
    """
    Answer a report in the provider's name, or change that answer. Its checkers get a letter the first time.

    :raises QualityCheckNotFoundError: if there is no such report about a provider the viewer speaks for.
    :raises QualityUnclearError: if the words will not do.
    :raises TellsWhoError: if the words seem to tell who somebody is, and nobody is sure that they may be shown.
    """
    check, provider = _published(session, check_id)
    if not by.speaks_for(provider.organisation_id):
        raise QualityCheckNotFoundError("We could not find that report.")
    words = text.tidy(words)
    refuse("words", None if words else "Write your answer.")
    refuse("words", rules.length_problem(words, most=rules.LONGEST_ANSWER))
    ask_about_names(words, known=_known(session, check), is_sure=is_sure)
    is_first = check.answered_at is None
    check.answer, check.answered_by, check.answered_at = words, by.person_id, now
    audit.record(session, by=by.person_id, did="answered", to_kind="quality_check", to_id=check_id, now=now)
    if is_first:
        accounts.write_to_organisation(
            session,
            organisation_id=check.organisation_id,
            subject=worded("{name} has answered your quality check", name=provider.name),
            body=worded(
                "{name} has answered your report. You can read it here:\n{link}\n\n"
                "If it says that a fact is wrong, and it is, please put a correction at the top.",
                name=provider.name,
                link=link(check_id),
            ),
            now=now,
        )


def correct_check(
    session: Session,
    *,
    check_id: QualityCheckId,
    words: str,
    is_sure: bool = False,
    by: Viewer,
    link: Address,
    now: datetime,
) -> None:
    """
    Put a correction at the top of a published report. The report itself stays as it was.

    :raises QualityCheckNotFoundError: if there is no such report of an organisation the viewer checks for.
    :raises QualityUnclearError: if the words will not do.
    :raises TellsWhoError: if the words seem to tell who somebody is, and nobody is sure that they may be shown.
    """
    check, provider = _published(session, check_id)
    _require_own(session, check.organisation_id, by=by)
    words = text.tidy(words)
    refuse("words", None if words else "Say what was wrong, and what is right.")
    refuse("words", rules.length_problem(words, most=rules.LONGEST_CORRECTION))
    ask_about_names(words, known=_known(session, check), is_sure=is_sure)
    session.add(
        QualityCorrection(
            id=QualityCorrectionId(uuid.uuid4()),
            check_id=check_id,
            words=words,
            written_by=somebody(by),
            written_at=now,
        )
    )
    audit.record(session, by=by.person_id, did="corrected", to_kind="quality_check", to_id=check_id, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=worded("A correction to the quality check of {name}", name=provider.name),
        body=worded("The checkers have put a correction at the top of their report:\n{link}", link=link(check_id)),
        now=now,
    )
    session.flush()


def withdraw_quality_check(
    session: Session, *, check_id: QualityCheckId, reason: str, by: Viewer, link: Address, now: datetime
) -> None:
    """
    Take a published report back. Its page says from now on that it was, and why. Both sides get a letter.

    :raises QualityCheckNotFoundError: if there is no such report, or the viewer neither wrote it nor moderates.
    :raises OwnQualityCheckError: if the viewer moderates, and speaks for the provider.
    :raises QualityUnclearError: if there is no reason, or it is too long.
    """
    check, provider = _published(session, check_id)
    if not checks_for(session, check.organisation_id, by=by):
        if not by.may(Permission.MODERATE):
            raise QualityCheckNotFoundError("We could not find that report.")
        _require_others(provider, organisation_id=check.organisation_id, by=by)
    reason = text.tidy(reason)
    refuse("reason", None if reason else "Say why. Everybody can read it.")
    refuse("reason", rules.length_problem(reason, most=rules.LONGEST_REASON))
    check.withdrawn_at, check.withdrawn_by, check.withdrawn_reason = now, somebody(by), reason
    audit.record(session, by=by.person_id, did="withdrew", to_kind="quality_check", to_id=check_id, now=now)
    for organisation_id in {provider.organisation_id, check.organisation_id}:
        accounts.write_to_organisation(
            session,
            organisation_id=organisation_id,
            subject=worded("A quality check of {name} has been taken back", name=provider.name),
            body=worded("The report is not shown any more. Its page says why:\n{link}", link=link(check_id)),
            now=now,
        )


def _item_ids(session: Session, checklist_id: ChecklistId) -> Sequence[ChecklistItemId]:
    wanted = select(ChecklistItem.id).where(ChecklistItem.checklist_id == checklist_id)
    return session.scalars(wanted.order_by(ChecklistItem.position)).all()


def _unpublished(session: Session, check_id: QualityCheckId, *, by: Viewer) -> QualityCheck:
    check = session.get(QualityCheck, check_id, with_for_update=True, populate_existing=True)
    if check is None:
        raise QualityCheckNotFoundError("We could not find that check among yours.")
    _require_own(session, check.organisation_id, by=by)
    if check.published_at is not None:
        raise QualityCheckOverError("This report is published, so it does not change. You can add a correction to it.")
    return check


def _published(session: Session, check_id: QualityCheckId) -> tuple[QualityCheck, CheckedProvider]:
    check = session.get(QualityCheck, check_id, with_for_update=True, populate_existing=True)
    if check is None or check.published_at is None:
        raise QualityCheckNotFoundError("We could not find that report.")
    if check.withdrawn_at is not None:
        raise QualityCheckOverError("This report has been taken back, so nothing about it changes any more.")
    return check, _provider(session, check.provider_id)


def _known(session: Session, check: QualityCheck) -> str:
    """Return what everybody can read anyway, so that nobody is asked about it."""
    it = check_named(session, check_id=check.id)
    return f"{it.provider_name} {it.organisation_name}"


def _provider(session: Session, provider_id: ProviderId) -> CheckedProvider:
    provider = checked_provider(session, provider_id=provider_id)
    if provider is None:
        raise QualityCheckNotFoundError("We could not find that provider.")
    return provider


def _require_own(session: Session, organisation_id: OrganisationId, *, by: Viewer) -> None:
    if not checks_for(session, organisation_id, by=by):
        raise QualityCheckNotFoundError("We could not find that check among yours.")


def _require_others(provider: CheckedProvider, *, organisation_id: OrganisationId, by: Viewer) -> None:
    if by.speaks_for(provider.organisation_id) or provider.organisation_id == organisation_id:
        raise OwnQualityCheckError(
            "You or your organisation speak for this provider, so somebody else has to check it."
        )
