"""A form sent four times at the same moment, by four browsers that are one: what it makes is made once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import Delegation, Person
from marketplace.brokerage.models import PlanPart
from marketplace.brokerage.services.plans import begin_plan
from marketplace.budgets import services as budgets
from marketplace.budgets.models import Budget, Entry, FundingStream
from marketplace.budgets.rules import Holding, Stream
from marketplace.catalogue.models import Listing, Offer, Provider
from marketplace.catalogue.services import writing
from marketplace.kit.money import Money
from marketplace.pooling.models import Pledge, Pool, PoolMessage, PoolProposal, PoolTurn
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Reply, Review
from tests import pages
from tests.factories import accounts, baskets, catalogue, pooling, purchasing, ratings, space
from tests.factories import budgets as money

TIMES = 4


def day_in(days):
    day = datetime.now(UTC).date() + timedelta(days=days)
    return [str(day.day), str(day.month), str(day.year)]


def ask(session):
    person, organisation, _speaker = purchasing.two_sides(session)
    offer = purchasing.offer(session, organisation_id=organisation.id)
    answers = {"what": "The hedge, please.", "quantity": "3", "starts_on": day_in(7), "agreed_pence": "4350"}
    return person.id, f"/arrangements/ask/{offer.id}", answers, sa.select(Arrangement.id)


def put_in_a_basket(session):
    person, organisation, _speaker = purchasing.two_sides(session)
    offer = purchasing.offer(session, organisation_id=organisation.id)
    answers = {"what": "The hedge, please.", "kind": "one_off", "quantity": "3", "starts_on": day_in(7)}
    return person.id, f"/basket/add/{offer.id}", answers, sa.select(BasketLine.id)


def ask_for_a_basket(session):
    person, organisation, _speaker = purchasing.two_sides(session)
    line = baskets.line(session, person=person, offer=purchasing.offer(session, organisation_id=organisation.id))
    return person.id, "/basket/check", {}, sa.select(Arrangement.id).where(Arrangement.id == line.id)


def open_a_pool(session):
    offer = pooling.offer_for_groups(session)
    answers = {
        "title": "Swimming on Saturdays",
        "purpose": "We like the water.",
        "minimum_people": "3",
        "kind": "one_off",
        "quantity": "6",
        "days": "14",
        "starts_on": day_in(30),
    }
    return accounts.person(session).id, f"/pools/open/{offer.id}", answers, sa.select(Pool.id)


def join_a_pool(session):
    pool = pooling.pool_open_now(session, people=[accounts.person(session)])
    person_id = accounts.person(session).id
    check = f"/pools/{pool.id}/pledge/check?least=6&most=6&pence=1100"
    return person_id, check, {"pay_by": "bank_transfer"}, sa.select(Pledge.id).where(Pledge.person_id == person_id)


def write_to_a_pool(session):
    person = accounts.person(session)
    pool = space.draft(session, people=[person])
    return person.id, f"/pools/{pool.id}/space", {"words": "Hello, all of you."}, sa.select(PoolMessage.id)


def ask_a_pool(session):
    person = accounts.person(session)
    pool = space.draft(session, people=[person])
    answers = {"question": "We meet on Tuesdays", "way": "consent", "days": "7"}
    return person.id, f"/pools/{pool.id}/proposals/ask", answers, sa.select(PoolProposal.id)


def put_on_a_rota(session):
    person = accounts.person(session)
    pool = space.draft(session, people=[person])
    answers = {"what": "Drive", "held_on": day_in(7), "weeks": "1"}
    return person.id, f"/pools/{pool.id}/rota/add", answers, sa.select(PoolTurn.id)


def review_what_was_arranged(session):
    person, organisation, _speaker = purchasing.two_sides(session)
    done = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, status=ArrangementStatus.DONE
    )
    answers = {"stars": "4", "words": "They came on time and were kind.", "link": "none"}
    return person.id, f"/reviews/for/{done.id}", answers, sa.select(Review.id)


def review_what_is_open_to_everyone(session):
    library = purchasing.offer(session, organisation_id=None, title="Sale Library")
    answers = {"stars": "4", "words": "Warm, and they know me there.", "has_used": "y", "link": "none"}
    return accounts.person(session).id, f"/reviews/of/{library.id}", answers, sa.select(Review.id)


def begin_an_offer(session):
    _provider, speaker = catalogue.provider(session)
    return speaker.person_id, "/listings/new", {}, sa.select(Listing.id)


def send_an_offer(session):
    body, speaker = catalogue.provider(session)
    now = datetime.now(UTC)
    listing_id = writing.begin_listing(session, provider_id=body.id, by=speaker, now=now)
    said = {
        "title": "An afternoon in my garden",
        "category": "home-and-garden",
        "description": "We sit and talk.",
        "setting": "online",
        "personal_care": "no",
        "capacity": "space_now",
        "cost": "free",
    }
    session.get_one(Listing, listing_id).answers = {key: {key: answer} for key, answer in said.items()}
    return speaker.person_id, f"/listings/{listing_id}", {}, sa.select(Offer.id)


def change_an_offer(session):
    offer, speaker = catalogue.live(session)
    return speaker.person_id, f"/offers/{offer.id}/edit", {}, sa.select(Listing.id)


def found_a_provider(session):
    answers = {
        "kind": "micro_provider",
        "name": "Boring Help",
        "about": "We help.",
        "place": "M33 7ZF",
        "staff_fte": "2",
        "is_independent": "y",
    }
    return accounts.person(session).id, "/providers/new", answers, sa.select(Provider.id)


def set_up_a_budget(session):
    answers = {
        "name": "Mine",
        "holding": "own_money",
        "begins_on": ["6", "4", "2026"],
        "ends_on": ["5", "4", "2027"],
        "own_money": "100",
    }
    return accounts.person(session).id, "/budgets/new", answers, sa.select(Budget.id)


def add_money(session):
    ada = accounts.person(session)
    budget_id = budgets.set_up_budget(
        session,
        by=ada.id,
        name="Mine",
        holding=Holding.OWN_MONEY,
        begins_on=date(2026, 4, 6),
        ends_on=date(2027, 4, 5),
        amounts={Stream.OWN_MONEY: Money(100)},
        now=datetime.now(UTC),
    )
    answers = {"stream": "own_money", "amount": "50"}
    return ada.id, f"/budgets/{budget_id}/top-up", answers, sa.select(Entry.id).where(Entry.amount == Money(5000))


def begin_the_next_period(session):
    ada = accounts.person(session)
    budget_id = money.budget(session, ada, carry_over_percent=25)
    answers = {"begins_on": ["5", "4", "2027"], "ends_on": ["2", "4", "2028"], "social_care": "520"}
    made = sa.select(FundingStream.id).where(FundingStream.budget_id != budget_id, FundingStream.left == Money(52_250))
    return ada.id, f"/budgets/{budget_id}/next", answers, made


def give_consent(session):
    answers = {"email": "friend@example.org", "scopes": ["see_budgets"], "ends_on": day_in(30)}
    return accounts.person(session).id, "/accounts/consent/new", answers, sa.select(Delegation.id)


def reply(session):
    person, organisation, speaker = purchasing.two_sides(session)
    offer = purchasing.offer(session, organisation_id=organisation.id)
    done = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, about=offer, status=ArrangementStatus.DONE
    )
    review = ratings.review(session, offer=offer, stars=4, person=person, arrangement=done)
    return speaker.id, f"/reviews/{review.id}/reply", {"words": "Thank you."}, sa.select(Reply.id)


def write_a_plan(session):
    somebody = accounts.person(session)
    plan_id = begin_plan(session, by=somebody.id, now=datetime.now(UTC))
    return somebody.id, f"/plans/{plan_id}/write", {"about_me": "I like tea."}, sa.select(PlanPart.part)


def sign_up(session):
    answers = {"name": "Ada", "email": "ada@example.org", "password": "three words in a row"}
    return None, "/accounts/sign-up", answers, sa.select(Person.id)


@pytest.mark.parametrize(
    "doing",
    [
        ask,
        put_in_a_basket,
        ask_for_a_basket,
        open_a_pool,
        join_a_pool,
        write_to_a_pool,
        ask_a_pool,
        put_on_a_rota,
        review_what_was_arranged,
        review_what_is_open_to_everyone,
        begin_an_offer,
        send_an_offer,
        change_an_offer,
        found_a_provider,
        set_up_a_budget,
        add_money,
        begin_the_next_period,
        give_consent,
        reply,
        write_a_plan,
        sign_up,
    ],
    ids=lambda doing: doing.__name__,
)
def test_what_is_sent_four_times_at_once_is_made_once(real_app, arrange, doing):
    person_id, url, answers, made = arrange(doing)
    first = real_app.test_client()
    if person_id is not None:
        accounts.browser_of(real_app, person_id, first)
    hidden = pages.hidden(pages.form(pages.read(first.get(url).text)))
    together = Barrier(TIMES)

    def send(_time):
        browser = real_app.test_client()
        browser.set_cookie("session", first.get_cookie("session").value)
        together.wait()
        return browser.post(url, data=hidden | answers).status_code

    with ThreadPoolExecutor(TIMES) as threads:
        statuses = list(threads.map(send, range(TIMES)))
    assert {200, 302} & set(statuses), statuses
    assert set(statuses) <= {200, 302, 409, 422}
    assert len(arrange(lambda session: session.scalars(made).all())) == 1
