"""Every version of an offer is kept, and a decision keeps the copy it was about."""

from datetime import date, timedelta

from sqlalchemy import select

from marketplace.catalogue import queries, services
from marketplace.catalogue.models import OfferVersion
from marketplace.kit.days import day_of
from marketplace.moderation.models import Decision
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.services import ask_for_arrangement
from tests.factories import accounts, moderation
from tests.factories import catalogue as make


def versions(session, offer):
    return session.scalars(
        select(OfferVersion).where(OfferVersion.offer_id == offer.id).order_by(OfferVersion.number)
    ).all()


def test_what_reads_the_same_is_kept_once_and_a_decision_keeps_its_own_copy(session):
    offer, _ = make.live(session)
    listed, approved = versions(session, offer)
    assert [(one.number, one.did) for one in (listed, approved)] == [(1, "listed"), (2, "approved")]
    assert listed.words == approved.words
    decision = session.scalars(select(Decision)).one()
    assert (listed.decision_id, approved.decision_id) == (None, decision.id)


def test_words_prices_and_facts_are_all_in_a_version(session, now):
    offer, speaker = make.live(session, access=frozenset({"hoist"}))
    services.set_price(
        session, offer_id=offer.id, asking=make.asking(25, begins_on=date(2026, 9, 1)), by=speaker, now=now
    )
    last = versions(session, offer)[-1]
    assert (last.did, last.saved_by) == ("priced", speaker.person_id)
    assert last.words["title"] == "Gardening, an hour"
    assert last.words["access"] == ["hoist"]
    assert [price["amount"] for price in last.words["prices"]] == [2000]
    assert [(price["amount"], price["begins_on"]) for price in last.words["next_prices"]] == [(2500, "2026-09-01")]


def test_nobody_s_front_door_is_kept(session):
    offer, _ = make.draft(session, setting="at_home", travels_metres=5000, address="")
    assert versions(session, offer)[0].words["postcode"] == "M33"


def test_a_decision_s_copy_stays_whatever_comes_next(session, now):
    offer, speaker = make.submitted(session)
    services.refuse_offer(
        session,
        offer_id=offer.id,
        reason="No.",
        by=moderation.moderator(session),
        seen=None,
        address="/",
        now=now,
    )
    details = make.details(description="Altogether other words.")
    services.edit_offer(session, offer_id=offer.id, details=details, asking=None, by=speaker, now=now)
    history = queries.offer_history(session, offer_id=offer.id, viewer=speaker)
    decided = next(line for line in history.versions if line.outcome)
    assert (decided.words["description"], decided.reason) == ("I cut, dig and tidy.", "No.")


def test_a_long_history_comes_in_pages_each_compared_with_the_one_before(session, now):
    offer, speaker = make.draft(session)
    for n in range(24):
        details = make.details(title=f"Title {n}")
        later = now + timedelta(minutes=n)
        services.edit_offer(session, offer_id=offer.id, details=details, asking=None, by=speaker, now=later)
    first = queries.offer_history(session, offer_id=offer.id, viewer=speaker)
    second = queries.offer_history(session, offer_id=offer.id, viewer=speaker, page=2)
    assert [len(first.versions), len(second.versions)] == [20, 5]
    assert first.versions[-1].before["title"] == second.versions[0].words["title"]
    assert second.versions[-1].before is None


def test_an_arrangement_names_the_version_it_was_asked_for_on(session, now):
    offer, _ = make.live(session)
    asked = ask_for_arrangement(
        session,
        offer_id=offer.id,
        by=accounts.person(session).id,
        what="The hedge, please.",
        quantity=1,
        starts_on=day_of(now) + timedelta(days=7),
        link=str,
        now=now,
    )
    assert session.get_one(Arrangement, asked).offer_version == queries.latest_version(session, offer_id=offer.id) == 2
