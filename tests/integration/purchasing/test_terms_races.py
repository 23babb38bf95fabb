"""Real threads on a real engine, nothing rolled back: two who answer, change, cancel or open at the same moment."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marketplace.budgets.models import Budget
from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose, Stream
from marketplace.budgets.services.promising import NotEnoughLeftError
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement, ArrangementTerms, Dispute
from marketplace.purchasing.queries.terms import terms_of_version
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import TermsStatus
from marketplace.purchasing.services import changing_terms, disputes
from tests.factories import budgets, purchasing
from tests.races import in_transactions


def link(thing_id):
    return f"https://example.org/{thing_id}"


@pytest.fixture
def agreed(real_app, arrange, now):
    """An arrangement that a budget of £50 pays £30 of, agreed."""

    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id, price=Money(10_00), notice_hours=0)
        streams = budgets.streams(session, budgets.budget(session, person, social_care=50_00))
        asked = services.ask_for_arrangement(
            session, offer_id=offer.id, by=person.id, what="Help.", quantity=3, starts_on=now.date(), link=link,
            now=now, shares={streams[Stream.SOCIAL_CARE]: Money(30_00)},
        )  # fmt: skip
        services.accept_arrangement(session, arrangement_id=asked, by=speaker.id, link=link, now=now)
        return asked, person.id, speaker.id

    return arrange(prepare)


def proposing(agreed, now, *, by, quantity):
    def propose(session):
        it = session.get_one(Arrangement, agreed[0])
        return changing_terms.propose_terms(
            session, arrangement_id=it.id, by=by, wanted=replace(terms_of_version(it), quantity=quantity), reason="",
            link=link, now=now,
        )  # fmt: skip

    return propose


def promised(arrange, agreed):
    return arrange(lambda session: set_aside(session, purpose=Purpose(agreed[0])).promised)


def test_of_changes_proposed_at_once_one_waits_and_its_money_is_set_aside_once(real_app, arrange, agreed, now):
    propose = proposing(agreed, now, by=agreed[1], quantity=4)
    outcomes = in_transactions(real_app, [propose] * 4)
    assert outcomes.count(2) == 1
    assert sum(isinstance(it, changing_terms.ChangeWaitsError) for it in outcomes) == 3
    assert promised(arrange, agreed) == Money(40_00)


def test_of_a_yes_a_no_and_taking_it_back_at_once_one_counts(real_app, arrange, agreed, now):
    arrange(proposing(agreed, now, by=agreed[1], quantity=5))
    about = {"arrangement_id": agreed[0], "version": 2, "link": link, "now": now}
    outcomes = in_transactions(
        real_app,
        [
            lambda session: changing_terms.agree_to_terms(session, by=agreed[2], **about),
            lambda session: changing_terms.decline_terms(session, by=agreed[2], **about),
            lambda session: changing_terms.withdraw_terms(session, by=agreed[1], **about),
        ],
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(it, changing_terms.NoSuchChangeError) for it in outcomes) == 2
    is_agreed = outcomes[0] is None
    assert promised(arrange, agreed) == Money(50_00 if is_agreed else 30_00)
    assert arrange(lambda session: session.get_one(Arrangement, agreed[0]).quantity) == (5 if is_agreed else 3)


def test_a_change_agreed_while_it_is_cancelled_leaves_clean_books(real_app, arrange, agreed, now):
    arrange(proposing(agreed, now, by=agreed[1], quantity=5))
    about = {"arrangement_id": agreed[0], "link": link, "now": now}
    in_transactions(
        real_app,
        [
            lambda session: changing_terms.agree_to_terms(session, version=2, by=agreed[2], **about),
            lambda session: services.cancel_arrangement(session, by=agreed[1], **about),
        ],
    )

    def look(session):
        waiting = select(func.count()).where(ArrangementTerms.status == TermsStatus.PROPOSED)
        return session.get_one(Arrangement, agreed[0]).status, session.scalar(waiting)

    assert arrange(look) == (ArrangementStatus.CANCELLED, 0)
    assert promised(arrange, agreed) == ZERO


def test_a_budget_is_never_promised_twice_by_a_change_and_something_new(real_app, arrange, agreed, now):
    """£20 is left: for two hours more of this, or for two hours of something else."""

    def prepare(session):
        it = session.get_one(Arrangement, agreed[0])
        other = purchasing.offer(session, organisation_id=it.organisation_id, price=Money(10_00), title="Shopping")
        budget_id = session.scalars(select(Budget.id).where(Budget.person_id == agreed[1])).one()
        return other.id, budgets.streams(session, budget_id)[Stream.SOCIAL_CARE]

    other_id, stream_id = arrange(prepare)

    def ask(session):
        return services.ask_for_arrangement(
            session, offer_id=other_id, by=agreed[1], what="Shopping.", quantity=2, starts_on=now.date(), link=link,
            now=now, shares={stream_id: Money(20_00)},
        )  # fmt: skip

    outcomes = in_transactions(real_app, [ask, proposing(agreed, now, by=agreed[1], quantity=5)])
    assert sum(isinstance(it, NotEnoughLeftError) for it in outcomes) == 1


def test_of_disputes_opened_at_once_one_is(real_app, arrange, agreed, now):
    def opening(by):
        return lambda session: disputes.open_dispute(
            session, arrangement_id=agreed[0], by=by, words="No.", wanted="Yes.", link=link, now=now
        )

    outcomes = in_transactions(real_app, [opening(agreed[1]), opening(agreed[2]), opening(agreed[1])])
    assert sum(isinstance(it, disputes.DisputeOpenError) for it in outcomes) == 2
    assert arrange(lambda session: session.scalar(select(func.count()).select_from(Dispute))) == 1
