import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE
from marketplace.kit.audit import AuditEvent
from marketplace.moderation import queries, services
from marketplace.moderation.models import Report
from marketplace.moderation.rules import Outcome, ReportReason, SubjectKind
from tests.factories import catalogue
from tests.factories import moderation as make


def test_anybody_can_report_something(session, now):
    offer, _ = catalogue.live(session)
    report_id = services.report_something(
        session,
        subject_kind=SubjectKind.OFFER,
        subject_id=offer.id,
        by=None,
        reason=ReportReason.MISLEADING,
        words="  It is\r\nnot so. ",
        now=now,
    )
    line = queries.report_page(session, report_id=report_id, viewer=make.moderator(session))
    assert (line.subject_id, line.words) == (offer.id, "It is\nnot so.")


def test_a_report_that_says_nothing_is_refused(session, now):
    with pytest.raises(services.ReportUnclearError, match="Tell us what is wrong"):
        services.report_something(
            session,
            subject_kind=SubjectKind.OFFER,
            subject_id=catalogue.live(session)[0].id,
            by=None,
            reason=ReportReason.SOMETHING_ELSE,
            words=" ",
            now=now,
        )
    assert session.scalars(select(Report)).all() == []


def test_a_report_is_closed_once(session, now):
    report, moderator = make.report(session), make.moderator(session)
    services.close_report(session, report_id=report.id, by=moderator.person_id, now=now)
    assert queries.open_reports(session, viewer=moderator).lines == ()
    with pytest.raises(services.ReportClosedError):
        services.close_report(session, report_id=report.id, by=moderator.person_id, now=now)
    assert session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == report.id)).all() == ["closed"]


def test_a_report_that_is_not_there_cannot_be_closed(session, now):
    moderator = make.moderator(session)
    with pytest.raises(services.ReportNotFoundError):
        services.close_report(session, report_id=moderator.person_id, by=moderator.person_id, now=now)


def decide(session, subject_id, now, *, outcome=Outcome.REFUSED, reason="It is not so."):
    return services.record_decision(
        session,
        subject_kind=SubjectKind.OFFER,
        subject_id=subject_id,
        outcome=outcome,
        reason=reason,
        by=make.moderator(session).person_id,
        now=now,
    )


def test_a_decision_closes_the_reports_about_the_same_thing_and_no_others(session, now):
    report, other = make.report(session), make.report(session)
    decide(session, report.subject_id, now)
    assert [line.id for line in queries.open_reports(session, viewer=make.moderator(session)).lines] == [other.id]


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 2001])
def test_a_refusal_says_why_in_a_few_words(session, now, reason):
    report = make.report(session)
    with pytest.raises(services.ReasonMissingError):
        decide(session, report.subject_id, now, reason=reason)


def test_the_last_decision_is_the_one_that_counts(session, now):
    report = make.report(session)
    decide(session, report.subject_id, now)
    decide(session, report.subject_id, now.replace(hour=13), outcome=Outcome.APPROVED, reason="")
    latest = queries.latest_decisions(session, subject_kind=SubjectKind.OFFER, subject_ids=[report.subject_id])
    assert latest[report.subject_id].outcome is Outcome.APPROVED
    assert queries.latest_decisions(session, subject_kind=SubjectKind.OFFER, subject_ids=[]) == {}


def test_only_moderators_read_reports(session):
    report = make.report(session)
    assert queries.open_reports(session, viewer=ANYONE).lines == ()
    assert queries.report_page(session, report_id=report.id, viewer=ANYONE) is None
