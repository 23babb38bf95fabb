from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.catalogue.models import Provider
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from marketplace.ratings.models import Checklist, QualityCheck
from marketplace.ratings.queries import checklists as list_queries
from marketplace.ratings.queries import quality as queries
from marketplace.ratings.rules.nouns import Finding
from marketplace.ratings.rules.quality import Found
from marketplace.ratings.services import checklists, quality
from marketplace.ratings.services.checklists import (
    NotACheckerError,
    QualityCheckNotFoundError,
    QualityCheckOverError,
    QualityUnclearError,
)
from marketplace.ratings.services.naming import TellsWhoError
from marketplace.ratings.services.quality import OwnQualityCheckError
from tests.factories import accounts, catalogue
from tests.factories import quality as made

NOW = made.NOW


@pytest.fixture
def provider(session):
    offer, _speaker = catalogue.live(session)
    return session.get_one(Provider, offer.provider_id)


@pytest.fixture
def speaker(session, provider):
    person = accounts.person(session, name="Nora")
    accounts_organisation = provider.organisation_id
    return accounts.as_viewer(person, type("Body", (), {"id": accounts_organisation}), role=Role.PROVIDER)


@pytest.fixture
def peer(session):
    return made.checker(session)


def page(session, check_id, viewer=ANYONE, now=NOW):
    return queries.quality_check_page(session, check_id=check_id, viewer=viewer, now=now)


def letters(session):
    return session.scalars(select(Message.subject)).all()


def test_a_visit_is_written_down_and_published(session, provider, peer):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    assert page(session, check_id) is None  # nobody else sees what is not finished
    assert page(session, check_id, by).found == ""
    made.found(session, check_id=check_id, by=by)
    quality.publish_check(session, check_id=check_id, by=by, link=str, now=NOW)
    it = page(session, check_id)
    assert it.found == "3 as it should be"
    assert it.organisation.name == "Meadowbridge Peer Network"
    assert [one.item.words for one in it.findings] == list(made.ITEMS)
    assert not it.may_write
    assert not it.may_answer
    assert letters(session).count(f"Peers have published a quality check of {provider.name}") == 1
    assert {"began", "published"} <= set(session.scalars(select(AuditEvent.did)))


def test_a_report_says_nothing_of_who_wrote_it(session, provider, peer):
    check_id, by = made.published(session, provider=provider, by=peer[0], organisation=peer[1])
    assert str(by.person_id) not in repr(page(session, check_id))
    assert by.name not in repr(page(session, check_id))


def test_only_checkers_of_a_user_led_organisation_write(session, provider, peer):
    by, organisation = peer
    moderator = accounts.as_viewer(accounts.person(session, role=Role.MODERATOR), role=Role.MODERATOR)
    member = accounts.as_viewer(
        accounts.person(session), organisation, role=Role.USER_LED_ORGANISATION
    )  # belongs, but is no checker
    for somebody in (moderator, member, ANYONE):
        with pytest.raises(NotACheckerError):
            made.checklist(session, by=somebody, organisation=organisation)
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    other, _ = made.checker(session, name="Otto")
    for somebody in (moderator, member, other, ANYONE):
        assert page(session, check_id, somebody) is None
        with pytest.raises(QualityCheckNotFoundError):
            made.begun(session, provider=provider, by=somebody, checklist_id=checklist_id)
        with pytest.raises(QualityCheckNotFoundError):
            quality.publish_check(session, check_id=check_id, by=somebody, link=str, now=NOW)
        with pytest.raises(QualityCheckNotFoundError):
            quality.give_up_check(session, check_id=check_id, by=somebody, now=NOW)


def test_nobody_checks_their_own(session, provider, peer):
    by, organisation = peer
    own = Provider(
        **{c.name: getattr(provider, c.name) for c in Provider.__table__.columns if c.name not in {"id", "source"}}
        | {"id": uuid.uuid4(), "organisation_id": organisation.id, "source_key": None}
    )
    session.add(own)
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    with pytest.raises(OwnQualityCheckError):
        made.begun(session, provider=own, by=by, checklist_id=checklist_id)
    # Nor does somebody who checks for one organisation, and speaks for another that is checked.
    both = accounts.as_viewer(
        type("P", (), {"id": by.person_id, "name": ""}),
        organisation,
        type("B", (), {"id": provider.organisation_id}),
        role=Role.CHECKER,
    )
    with pytest.raises(OwnQualityCheckError):
        made.begun(session, provider=provider, by=both, checklist_id=checklist_id)


def test_who_has_come_to_speak_for_the_provider_does_not_publish(session, provider, peer):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    made.found(session, check_id=check_id, by=by)
    both = accounts.as_viewer(
        type("P", (), {"id": by.person_id, "name": ""}),
        organisation,
        type("B", (), {"id": provider.organisation_id}),
        role=Role.CHECKER,
    )
    with pytest.raises(OwnQualityCheckError):
        quality.publish_check(session, check_id=check_id, by=both, link=str, now=NOW)


@pytest.mark.parametrize("visited_on", [date(2026, 5, 21), date(2025, 1, 1)])
def test_a_visit_has_been_and_not_long_ago(session, provider, peer, visited_on):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    with pytest.raises(QualityUnclearError) as refused:
        made.begun(session, provider=provider, by=by, checklist_id=checklist_id, visited_on=visited_on)
    assert refused.value.field == "visited_on"
    with pytest.raises(QualityUnclearError):
        made.begun(session, provider=provider, by=by, checklist_id=None)
    unknown = type("Nobody", (), {"id": uuid.uuid4()})
    with pytest.raises(QualityCheckNotFoundError):
        made.begun(session, provider=unknown, by=by, checklist_id=checklist_id)


def test_everything_is_answered_before_a_report_is_published(session, provider, peer):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    with pytest.raises(QualityUnclearError, match="3 things on the checklist still have no answer"):
        quality.publish_check(session, check_id=check_id, by=by, link=str, now=NOW)
    made.found(session, check_id=check_id, by=by, report="Nice.")
    with pytest.raises(QualityUnclearError, match="a few sentences"):
        quality.publish_check(session, check_id=check_id, by=by, link=str, now=NOW)


def test_words_need_a_finding_and_a_limit(session, provider, peer):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    item = page(session, check_id, by).findings[1].item.id
    for findings, words, field in (
        ({}, {item: "We saw it."}, "found_1"),
        ({item: Finding.MET}, {item: "x" * 1001}, "words_1"),
    ):
        with pytest.raises(QualityUnclearError) as refused:
            quality.save_findings(
                session,
                check_id=check_id,
                found=Found(made.VISITED_ON, "", findings, words),
                is_sure=False,
                by=by,
                now=NOW,
            )
        assert refused.value.field == field


def test_what_is_published_does_not_change(session, provider, peer):
    by, organisation = peer
    check_id, _ = made.published(session, provider=provider, by=by, organisation=organisation)
    with pytest.raises(QualityCheckOverError):
        made.found(session, check_id=check_id, by=by, words="Something else.")
    with pytest.raises(QualityCheckOverError):
        quality.publish_check(session, check_id=check_id, by=by, link=str, now=NOW)
    with pytest.raises(QualityCheckOverError):
        quality.give_up_check(session, check_id=check_id, by=by, now=NOW)


def test_what_was_not_published_can_be_thrown_away(session, provider, peer):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    made.found(session, check_id=check_id, by=by)
    quality.give_up_check(session, check_id=check_id, by=by, now=NOW)
    assert session.get(QualityCheck, check_id) is None


def test_the_provider_answers_and_the_checkers_hear_of_it_once(session, provider, speaker, peer):
    check_id, _by = made.published(session, provider=provider, by=peer[0], organisation=peer[1])
    assert page(session, check_id, speaker).may_answer
    for words in ("There is a ramp now.", "There is a ramp, and a rail."):
        quality.answer_check(session, check_id=check_id, words=words, by=speaker, link=str, now=NOW)
    assert page(session, check_id).answer == "There is a ramp, and a rail."
    assert letters(session).count(f"{provider.name} has answered your quality check") == 1
    for words in ("", "x" * 5001):
        with pytest.raises(QualityUnclearError):
            quality.answer_check(session, check_id=check_id, words=words, by=speaker, link=str, now=NOW)
    with pytest.raises(QualityCheckNotFoundError):
        quality.answer_check(session, check_id=check_id, words="No.", by=peer[0], link=str, now=NOW)


def test_a_correction_stands_on_the_report_and_the_provider_hears_of_it(session, provider, peer):
    check_id, by = made.published(session, provider=provider, by=peer[0], organisation=peer[1])
    quality.correct_check(session, check_id=check_id, words="There is a ramp.", by=by, link=str, now=NOW)
    it = page(session, check_id)
    assert [one.words for one in it.corrections] == ["There is a ramp."]
    assert it.report.startswith("We were made welcome")
    assert f"A correction to the quality check of {provider.name}" in letters(session)
    for words in (" ", "x" * 2001):
        with pytest.raises(QualityUnclearError):
            quality.correct_check(session, check_id=check_id, words=words, by=by, link=str, now=NOW)
    other, _ = made.checker(session, name="Otto")
    with pytest.raises(QualityCheckNotFoundError):
        quality.correct_check(session, check_id=check_id, words="No.", by=other, link=str, now=NOW)


def test_a_report_that_is_taken_back_says_so_and_nothing_else(session, provider, speaker, peer):
    check_id, by = made.published(session, provider=provider, by=peer[0], organisation=peer[1])
    with pytest.raises(QualityUnclearError):
        quality.withdraw_quality_check(session, check_id=check_id, reason="", by=by, link=str, now=NOW)
    quality.withdraw_quality_check(
        session, check_id=check_id, reason="We visited the wrong house.", by=by, link=str, now=NOW
    )
    it = page(session, check_id)
    assert (it.report, it.findings, it.withdrawn_reason) == ("", (), "We visited the wrong house.")
    assert not it.may_answer
    assert not page(session, check_id, by).may_withdraw
    assert queries.quality_checks(session, now=NOW).checks == ()
    with pytest.raises(QualityCheckOverError):
        quality.answer_check(session, check_id=check_id, words="Thank you.", by=speaker, link=str, now=NOW)
    # To both sides: the provider, and those who wrote it.
    assert letters(session).count(f"A quality check of {provider.name} has been taken back") == 2


def test_a_moderator_takes_back_but_never_of_their_own_provider(session, provider, peer):
    check_id, _by = made.published(session, provider=provider, by=peer[0], organisation=peer[1])
    person = accounts.person(session, role=Role.MODERATOR)
    own = accounts.as_viewer(person, type("B", (), {"id": provider.organisation_id}), role=Role.MODERATOR)
    with pytest.raises(OwnQualityCheckError):
        quality.withdraw_quality_check(session, check_id=check_id, reason="No.", by=own, link=str, now=NOW)
    stranger = accounts.as_viewer(accounts.person(session))
    with pytest.raises(QualityCheckNotFoundError):
        quality.withdraw_quality_check(session, check_id=check_id, reason="No.", by=stranger, link=str, now=NOW)
    moderator = accounts.as_viewer(person, role=Role.MODERATOR)
    quality.withdraw_quality_check(session, check_id=check_id, reason="It names.", by=moderator, link=str, now=NOW)
    assert page(session, check_id).withdrawn_at == NOW


def test_a_checklist_is_followed_and_never_edited(session, provider, peer):
    by, organisation = peer
    first = made.checklist(session, by=by, organisation=organisation)
    second = checklists.follow_checklist(
        session, checklist_id=first, items=(*made.ITEMS, "Doors are wide."), by=by, now=NOW + timedelta(days=1)
    )
    before, after = (list_queries.checklist_page(session, checklist_id=one, viewer=ANYONE) for one in (first, second))
    assert (before.edition, before.is_retired, len(before.items)) == (1, True, 3)
    assert (after.edition, after.is_retired, len(after.items)) == (2, False, 4)
    assert [one.id for one in list_queries.checklists_of(session, viewer=by)] == [second]
    with pytest.raises(QualityCheckOverError):
        checklists.follow_checklist(session, checklist_id=first, items=made.ITEMS, by=by, now=NOW)
    with pytest.raises(QualityCheckOverError):
        made.begun(session, provider=provider, by=by, checklist_id=first)
    checklists.retire_checklist(session, checklist_id=second, by=by, now=NOW)
    assert session.get_one(Checklist, second).retired_at == NOW


def test_a_checklist_has_one_title_and_fair_items(session, peer):
    by, organisation = peer
    made.checklist(session, by=by, organisation=organisation)
    for differences, field in (({}, "title"), ({"title": ""}, "title"), ({"title": "B", "items": ("a",)}, "items")):
        with pytest.raises(QualityUnclearError) as refused:
            made.checklist(session, by=by, organisation=organisation, **differences)
        assert refused.value.field == field


def test_providers_are_found_by_a_part_of_their_name(session, provider, speaker, peer):
    def found(words, viewer):
        return [one.name for one in queries.providers_to_check(session, words=words, viewer=viewer)]

    part = provider.name[1:5].upper()
    assert provider.name in found(part, peer[0])
    assert found(part, speaker) == []
    assert found("", peer[0]) == []
    assert found("%", peer[0]) == []


def test_a_list_counts_what_was_found_and_marks_what_is_old(session, provider, speaker, peer):
    made.published(session, provider=provider, by=peer[0], organisation=peer[1])
    latest = queries.quality_checks(session, provider_id=provider.id, now=NOW).checks
    assert [(one.found, one.is_old, one.is_answered) for one in latest] == [("3 as it should be", False, False)]
    later = queries.quality_checks(session, now=NOW + timedelta(days=800)).checks
    assert later[0].is_old
    assert len(queries.quality_checks_of_me(session, viewer=speaker, now=NOW)) == 1
    assert queries.quality_checks_of_me(session, viewer=ANYONE, now=NOW) == ()
    mine = queries.my_quality_checks(session, is_published=True, viewer=peer[0], now=NOW)
    assert len(mine.checks) == 1


def test_words_that_seem_to_tell_who_somebody_is_come_back_once(session, provider, speaker, peer):
    by, organisation = peer
    checklist_id = made.checklist(session, by=by, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=by, checklist_id=checklist_id)
    with pytest.raises(TellsWhoError):
        made.found(session, check_id=check_id, by=by, report=f"{made.REPORT} Ring 0161 496 0000.")
    with pytest.raises(TellsWhoError):
        made.found(session, check_id=check_id, by=by, words="Margaret showed us.")
    made.found(session, check_id=check_id, by=by, report=f"{made.REPORT} {provider.name} did well.")
    quality.publish_check(session, check_id=check_id, by=by, link=str, now=NOW)
    told = {"check_id": check_id, "words": "Ring 0161 496 0000.", "link": str, "now": NOW}
    for say, somebody in ((quality.answer_check, speaker), (quality.correct_check, by)):
        with pytest.raises(TellsWhoError):
            say(session, **told, by=somebody)
        say(session, **told, is_sure=True, by=somebody)
