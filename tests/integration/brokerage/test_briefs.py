"""Briefs: who may write them, who sees them, and that nobody who quotes learns whose they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from marketplace.accounts.rules import Role, Scope
from marketplace.accounts.services import delegations
from marketplace.brokerage.queries.briefs import brief_seen, called_brief
from tests.factories import accounts, briefs, catalogue

NOW = briefs.BEGAN
TODAY = NOW.date()


def test_providers_of_its_kind_and_area_see_an_open_brief_without_its_writer(session):
    ada = accounts.person(session, name="Ada Quillfeather")
    _offer, gardener = catalogue.live(session)
    _other, cook = catalogue.live(session, category="food-and-meals", by=catalogue.somebody(session))
    _far, stranger = catalogue.provider(session, by=catalogue.somebody(session))
    brief = briefs.open_brief(session, person=ada, budget=None)
    seen = called_brief(session, brief_id=brief.id, viewer=gardener, now=NOW)
    assert seen is not None
    assert seen.organisations == tuple(gardener.organisations)
    assert "Quillfeather" not in repr(seen)
    assert str(ada.id) not in repr(seen)
    assert called_brief(session, brief_id=brief.id, viewer=cook, now=NOW) is None
    assert called_brief(session, brief_id=brief.id, viewer=stranger, now=NOW) is None
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=brief.closes_at) is None


def test_a_brief_is_seen_by_its_person_and_by_whoever_they_let_until_they_do_not(session):
    ada, now = accounts.person(session), datetime.now(UTC)
    helper, consent_id = accounts.friend(session, of=ada, scopes=[Scope.ASK_FOR_QUOTES], now=now)
    other, _ = accounts.friend(session, of=ada, scopes=[Scope.SEE_BUDGETS], now=now)
    brief = briefs.open_brief(session, person=ada, now=now)

    def seen(person, role=Role.PERSON):
        return brief_seen(session, brief_id=brief.id, viewer=accounts.as_viewer(person, role=role), on=now.date())

    assert seen(ada).is_mine
    assert seen(helper).may_write
    assert not seen(helper).is_mine
    assert seen(other) is None
    assert seen(accounts.person(session), Role.MODERATOR) is None
    delegations.end_consent(session, delegation_id=consent_id, by=ada.id, link="/", now=now + timedelta(minutes=1))
    assert seen(helper) is None


def test_whoever_helps_the_person_does_not_quote_as_a_provider(session):
    ada, now = accounts.person(session), datetime.now(UTC)
    helper, _consent_id = accounts.friend(session, of=ada, scopes=[Scope.ASK_FOR_QUOTES], now=now)
    _offer, gardener = catalogue.live(session, by=accounts.as_viewer(helper))
    brief = briefs.open_brief(session, person=ada, now=now)
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=now) is None
