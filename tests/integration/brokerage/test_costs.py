"""What a plan costs: prices of offers and pools, budgets, and who sells."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from marketplace.accounts.rules import Scope
from marketplace.brokerage.models import PlanLine
from marketplace.brokerage.queries.costing import costed_plan
from marketplace.brokerage.queries.plans import plan_seen
from marketplace.brokerage.rules.costing import PriceState, Times
from marketplace.brokerage.rules.nouns import CostedBy, HowOften
from marketplace.brokerage.services import lines as services
from marketplace.brokerage.services.lines import Choice
from marketplace.brokerage.services.plans import begin_plan
from marketplace.brokerage.services.versions import keep_version
from marketplace.catalogue.models import OfferPrice
from marketplace.catalogue.rules import OfferStatus, Unit
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.purchasing.rules import ArrangementStatus
from tests import pages
from tests.factories import accounts as make
from tests.factories import budgets, keeping, pooling, purchasing

WEEKLY = Times(2, HowOften.WEEKLY, 40)


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


@pytest.fixture
def line_id(session, ada, plan_id, now):
    return services.add_line(
        session, plan_id=plan_id, by=ada.id, outcome_id="care-act.health", wish="See friends",
        what_would_help="A café or a tea dance", now=now,
    )  # fmt: skip


@pytest.fixture
def seller(session):
    """An organisation, and somebody who speaks for it."""
    return make.organisation(session, name="Hearthside")


@pytest.fixture
def offer(session, seller):
    return purchasing.offer(session, organisation_id=seller[0].id)


def use(session, plan_id, line_id, viewer, offer, now, times=WEEKLY):
    choice = Choice(CostedBy.OFFER, offer_id=offer.id)
    services.cost_line(session, plan_id=plan_id, line_id=line_id, by=viewer, choice=choice, times=times, now=now)


def costed(session, plan_id, viewer, now):
    on = day_of(now)
    plan = plan_seen(session, plan_id=plan_id, viewer=viewer, on=on)
    return costed_plan(session, plan=plan, viewer=viewer, on=on, around=keeping.AROUND)


def test_an_offer_says_the_price_and_only_those_who_may_see_budgets_see_whether_they_reach(
    session, ada, plan_id, line_id, offer, now
):
    budgets.budget(session, ada, social_care=50_000)
    helper, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN}, now=now)
    holder, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN, Scope.SEE_BUDGETS}, now=now)
    budgets.budget(session, holder, own_money=1)
    use(session, plan_id, line_id, make.as_viewer(ada), offer, now)
    own, theirs, held = (costed(session, plan_id, make.as_viewer(it), now) for it in (ada, helper, holder))
    assert {page.sum.a_year for page in (own, theirs, held)} == {Money(80 * 14_50)}
    assert (theirs.sees_budgets, theirs.reaches) == (False, ())
    # The holder's own money is none of this plan's.
    assert own.reaches == held.reaches
    assert [(it.left, it.over) for it in own.reaches] == [(Money(500_00), Money(660_00))]


def test_a_long_plan_asks_as_many_questions_as_a_short_one(session, ada, plan_id, line_id, offer, now, count_queries):
    viewer = make.as_viewer(make.friend(session, of=ada, scopes={Scope.WRITE_PLAN, Scope.SEE_BUDGETS}, now=now)[0])
    asked = []
    for wish in ("Swim", "Sing"):
        use(session, plan_id, line_id, viewer, offer, now)
        session.flush()
        count_queries.clear()
        costed(session, plan_id, viewer, now)
        asked.append(len(count_queries))
        line_id = services.add_line(
            session, plan_id=plan_id, by=ada.id, outcome_id="care-act.health", wish=wish, what_would_help="", now=now
        )
        offer = purchasing.offer(session, organisation_id=None, title=wish)
    assert asked[0] == asked[1] <= 5


def test_what_is_arranged_already_is_not_counted_against_what_is_left(
    session, ada, plan_id, line_id, offer, seller, now
):
    budgets.budget(session, ada)
    use(session, plan_id, line_id, make.as_viewer(ada), offer, now)
    purchasing.arrangement(
        session, person=ada, organisation_id=seller[0].id, about=offer, status=ArrangementStatus.ACCEPTED
    )
    page = costed(session, plan_id, make.as_viewer(ada), now)
    assert (page.lines[0].cost.is_promised, page.reaches[0].needs) == (True, Money(0))
    helper, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN}, now=now)
    # What somebody has arranged is not for whoever may only see their plan.
    assert not costed(session, plan_id, make.as_viewer(helper), now).lines[0].cost.is_promised


def test_prices_that_change_and_offers_that_go_are_said_plainly(session, ada, plan_id, line_id, offer, now):
    viewer = make.as_viewer(ada)
    use(session, plan_id, line_id, viewer, offer, now)
    keep_version(session, plan_id=plan_id, by=ada.id, note="", around=keeping.AROUND, now=now)
    for edition, (pence, begins_on) in enumerate(((16_00, date(2026, 5, 4)), (18_00, date(2026, 6, 1))), start=2):
        session.add(
            OfferPrice(
                id=uuid.uuid4(), offer_id=offer.id, amount=Money(pence), unit=Unit.HOUR, people_from=1,
                begins_on=begins_on, edition=edition,
            )
        )  # fmt: skip
    session.flush()
    (it,) = costed(session, plan_id, viewer, now).lines
    assert (it.line.unit_price, it.before.unit_price) == (Money(16_00), Money(14_50))
    assert it.next_price == (Money(18_00), date(2026, 6, 1))
    offer.status = OfferStatus.UNLISTED
    session.flush()
    (it,) = costed(session, plan_id, viewer, now).lines
    assert (it.cost.state, it.cost.a_year, it.next_price) == (PriceState.GONE, None, None)
    with pytest.raises(services.OfferGoneError):
        use(session, plan_id, services.add_line(
            session, plan_id=plan_id, by=ada.id, outcome_id="care-act.health", wish="x", what_would_help="", now=now
        ), viewer, offer, now)  # fmt: skip


def test_what_a_seller_chooses_for_somebody_is_marked_until_another_choice_is_made(
    session, ada, plan_id, line_id, offer, seller, now
):
    body, _speaker = seller
    _friend, _consent = make.friend(session, of=ada, now=now)
    helper = replace(make.as_viewer(_friend), organisations=frozenset({body.id}))
    line = session.get(PlanLine, line_id)
    use(session, plan_id, line_id, helper, offer, now)
    assert line.sold_by == body.id
    use(session, plan_id, line_id, make.as_viewer(ada), offer, now, times=Times(1))
    assert line.sold_by == body.id  # another number is no other choice
    choice = Choice(CostedBy.OWN_PRICE, own_price=Money(3_20))
    services.cost_line(session, plan_id=plan_id, line_id=line_id, by=make.as_viewer(ada), choice=choice, now=now)
    assert (line.sold_by, line.own_price, line.quantity) == (None, Money(3_20), 1)
    use(session, plan_id, line_id, make.as_viewer(ada), offer, now)
    assert line.sold_by is None


def test_two_who_change_a_line_at_once_both_see_what_the_other_wrote(client, session, ada, plan_id, line_id, sign_in):
    sign_in(ada.id)
    address = f"/plans/{plan_id}/lines/{line_id}"
    page = client.get(address).text
    assert client.fill_in(address, wish="See Bev", outcome_id="care-act.health").status_code == 302
    stale = page.split('name="seen" type="hidden" value="')[1].split('"')[0]
    answers = {"wish": "See Asha", "outcome_id": "care-act.health", "what_would_help": "A bus"}
    both = client.fill_in(address, seen=stale, **answers)
    assert both.status_code == 422
    assert "See Bev" in both.text
    assert "See Asha" in both.text
    fresh = both.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert client.fill_in(address, seen=fresh, **answers).status_code == 302


def test_a_person_finds_a_price_recounts_and_saves(client, session, ada, plan_id, line_id, offer, sign_in):
    sign_in(ada.id)
    found = client.get(f"/plans/{plan_id}/lines/{line_id}/find?q=&near=")
    assert found.status_code == 200
    client.fill_in(f"/plans/{plan_id}/lines/{line_id}/cost", costed_by="own_price", own_price="3.20", quantity="2",
                   how_often="weekly", weeks="50")  # fmt: skip
    tried = client.fill_in(
        f"/plans/{plan_id}/costs", recount="1",
        **{"lines-0-quantity": "3", "lines-0-how_often": "weekly", "lines-0-weeks": "10"},
    )  # fmt: skip
    assert '£9.60</strong> a week, <strong class="money">£96</strong> a year' in tried.text
    assert session.get(PlanLine, line_id).quantity == 2
    wrong = client.fill_in(
        f"/plans/{plan_id}/costs", **{"lines-0-quantity": "none", "lines-0-how_often": "weekly", "lines-0-weeks": "99"}
    )
    assert wrong.status_code == 422
    said = pages.read(wrong.text).xpath("//*[contains(@class, 'govuk-error-summary')]//a")
    assert [pages.words(it) for it in said] == [
        "“See friends”: enter a number from 1 to 10,000.",
        "“See friends”: enter a number of weeks from 1 to 52.",
    ]
    client.fill_in(
        f"/plans/{plan_id}/costs", **{"lines-0-quantity": "3", "lines-0-how_often": "once", "lines-0-weeks": ""}
    )
    session.expire_all()
    line = session.get(PlanLine, line_id)
    assert (line.quantity, line.how_often, line.weeks) == (3, HowOften.ONCE, 1)


def test_a_pool_says_the_price_as_long_as_it_goes_on(client, session, ada, plan_id, line_id, sign_in):
    pool = pooling.pool_open_now(session, people=[ada])
    session.commit()
    sign_in(ada.id)
    found = f"/plans/{plan_id}/lines/{line_id}/find?q=&near="
    chosen = client.press(found, f"Use this price of “{pool.title}”")
    assert "£11 an hour" in client.get(chosen.location).text
    pool.held_at = pool.opened_at
    session.commit()
    page = client.get(f"/plans/{plan_id}").text
    assert "What said this price cannot be had any more." in page
    assert pool.title not in page


def test_whoever_may_only_see_a_plan_reads_its_pages_and_finds_no_button(
    client, session, ada, plan_id, line_id, sign_in
):
    friend, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN})
    session.commit()
    sign_in(friend.id)
    for page in ("", "/costs", "/versions", "/reviews", "/read", "/easy", "/take-away"):
        read = client.get(f"/plans/{plan_id}{page}")
        assert read.status_code == 200, page
        assert "Save" not in read.text, page
        assert "Take out" not in read.text, page
    for page in (f"/lines/{line_id}/cost", f"/lines/{line_id}/find", "/life"):
        assert client.get(f"/plans/{plan_id}{page}").status_code == 403, page
    assert client.get(f"/plans/{plan_id}/links").status_code == 404
