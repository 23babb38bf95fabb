"""A basket: put in, paid for, checked, and asked for all at once or not at all."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts import queries as accounts_queries
from marketplace.budgets.models import FundingStream
from marketplace.budgets.queries.checking import broken_rows
from marketplace.budgets.rules import Holding, Stream
from marketplace.budgets.services.closing import close_budget
from marketplace.catalogue.models import OfferPayment, OfferPrice
from marketplace.catalogue.rules import OfferStatus, Unit, WayToPay
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.purchasing.queries.baskets import asked_together, basket_lines
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.baskets import MOST_LINES, Wish
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from marketplace.purchasing.services import baskets, checkout
from marketplace.purchasing.services.paying import PaymentUnclearError
from marketplace.purchasing.services.pricing_baskets import price_basket
from tests.factories import accounts, budgets, purchasing
from tests.races import in_transactions

STARTS = date(2026, 5, 20)
WISH = Wish(ArrangementKind.ONE_OFF, "The hedge, please.", quantity=3, starts_on=STARTS)


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


def no_cards(_organisation_id):
    return False


def all_cards(_organisation_id):
    return True


@pytest.fixture
def now():
    return budgets.NOW


def viewer_of(session, person):
    stamp = accounts_queries.session_stamp(session, person_id=person.id)
    return accounts_queries.viewer_with_id(session, person_id=person.id, stamp=stamp)


class Shopper:
    """Somebody with a basket, in one session."""

    def __init__(self, session, now, person=None):
        self.session, self.now = session, now
        self.person = person or accounts.person(session, name="Ada")
        self.viewer = viewer_of(session, self.person)

    def put(self, offer, wish=WISH, key=None):
        return baskets.put_in_basket(
            self.session, offer_id=offer.id, by=self.viewer, wish=wish, key=key or uuid.uuid4(), now=self.now
        )

    def pay(self, line_id, *, first=None, second=None, second_pays=None, by=PayBy.BANK_TRANSFER, cards=no_cards):
        baskets.choose_payment(
            self.session, line_id=line_id, by=self.viewer, first=first, second=second, second_pays=second_pays,
            pay_by=by, takes_cards=cards, now=self.now,
        )  # fmt: skip

    def priced(self, cards=no_cards):
        return price_basket(self.session, by=self.viewer, takes_cards=cards, now=self.now)

    def check_out(self, agreed=None, key=None, cards=no_cards):
        if agreed is None:
            agreed = {line.id: line.total for line in self.priced(cards).lines}
        return checkout.check_out(
            self.session, by=self.viewer, agreed=agreed, key=key or uuid.uuid4(), link=link, takes_cards=cards,
            now=self.now,
        )  # fmt: skip

    def arrangements(self):
        wanted = sa.select(Arrangement).where(Arrangement.person_id == self.person.id).order_by(Arrangement.title)
        return self.session.scalars(wanted).all()


@pytest.fixture
def ada(session, now):
    return Shopper(session, now)


def offers(session, *titles, **differences):
    """One offer each of so many providers."""
    made = []
    for title in titles:
        organisation, _speaker = accounts.organisation(session, name=f"{title} Company")
        made.append(purchasing.offer(session, organisation_id=organisation.id, title=title, **differences))
    return made


class TestBasket:
    def test_it_keeps_what_somebody_means_to_ask_for(self, session, ada):
        [offer] = offers(session, "Gardening")
        wish = replace(WISH, kind=ArrangementKind.WEEKLY, weeks=12, trial_weeks=2)
        line_id = ada.put(offer, wish)
        [line] = basket_lines(session, viewer=ada.viewer)
        assert (line.id, line.offer_id, line.wish) == (line_id, offer.id, wish)
        assert (line.pay_by, line.shares) == (PayBy.BANK_TRANSFER, {})
        assert not ada.arrangements()

    def test_a_form_sent_twice_puts_in_one_thing_as_it_was_sent_last(self, session, ada):
        [offer] = offers(session, "Gardening")
        key = uuid.uuid4()
        assert ada.put(offer, key=key) == ada.put(offer, replace(WISH, quantity=5), key=key) == key
        [line] = basket_lines(session, viewer=ada.viewer)
        assert line.wish.quantity == 5

    def test_an_offer_is_in_a_basket_once(self, session, ada):
        [offer] = offers(session, "Gardening")
        ada.put(offer)
        with pytest.raises(baskets.InBasketAlreadyError):
            ada.put(offer)

    def test_a_key_of_somebody_elses_line_is_no_way_to_it(self, session, ada, now):
        [offer] = offers(session, "Gardening")
        line_id = ada.put(offer)
        bob = Shopper(session, now)
        assert bob.put(offer, key=line_id) != line_id
        assert len(basket_lines(session, viewer=ada.viewer)) == 1

    def test_a_key_of_what_was_asked_for_already_makes_another_line(self, session, ada):
        first, second = offers(session, "Gardening", "Shopping")
        line_id = ada.put(first)
        ada.check_out()
        assert ada.put(second, key=line_id) != line_id

    def test_it_holds_no_more_than_somebody_can_check(self, session, ada, now):
        many = offers(session, *(f"Offer {number}" for number in range(MOST_LINES + 1)))
        for offer in many[:-1]:
            ada.put(offer)
        with pytest.raises(baskets.BasketFullError):
            ada.put(many[-1])

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            (replace(WISH, what="  "), "what"),
            (replace(WISH, quantity=0), "quantity"),
            (replace(WISH, starts_on=date(2026, 5, 3)), "starts_on"),
            (replace(WISH, kind=ArrangementKind.WEEKLY, weeks=0), "weeks"),
            (replace(WISH, trial_weeks=13), "trial_weeks"),
        ],
    )
    def test_what_could_not_be_asked_for_is_not_put_in(self, session, ada, wish, field):
        [offer] = offers(session, "Gardening")
        with pytest.raises(services.RequestUnclearError) as refused:
            ada.put(offer, wish)
        assert refused.value.field == field
        line_id = ada.put(offer)
        with pytest.raises(services.RequestUnclearError):
            baskets.change_line(session, line_id=line_id, by=ada.viewer, wish=wish, now=ada.now)

    def test_a_change_keeps_who_pays_in_the_same_proportion(self, session, ada):
        [offer] = offers(session, "Gardening")
        of = budgets.streams(session, budgets.budget(session, ada.person, social_care=100_000, nhs=100_000))
        line_id = ada.put(offer)
        ada.pay(line_id, first=of[Stream.SOCIAL_CARE], second=of[Stream.NHS], second_pays=Money(14_50))
        baskets.change_line(session, line_id=line_id, by=ada.viewer, wish=replace(WISH, quantity=6), now=ada.now)
        assert ada.priced().lines[0].shares == {of[Stream.SOCIAL_CARE]: Money(58_00), of[Stream.NHS]: Money(29_00)}

    def test_nobody_touches_another_persons_basket(self, session, ada, now):
        [offer] = offers(session, "Gardening")
        line_id = ada.put(offer)
        bob = Shopper(session, now)
        for touch in (
            lambda: baskets.take_out(session, line_id=line_id, by=bob.viewer),
            lambda: baskets.change_line(session, line_id=line_id, by=bob.viewer, wish=WISH, now=now),
            lambda: bob.pay(line_id),
        ):
            with pytest.raises(baskets.LineNotFoundError):
                touch()
        assert basket_lines(session, viewer=bob.viewer) == ()

    def test_what_is_taken_out_is_gone(self, session, ada):
        [offer] = offers(session, "Gardening")
        baskets.take_out(session, line_id=ada.put(offer), by=ada.viewer)
        assert basket_lines(session, viewer=ada.viewer) == ()


class TestPaying:
    @pytest.fixture
    def line_id(self, session, ada):
        [offer] = offers(session, "Gardening")
        return ada.put(offer)

    @pytest.fixture
    def of(self, session, ada):
        return budgets.streams(session, budgets.budget(session, ada.person, social_care=100_000, nhs=100_000))

    def test_somebody_elses_money_pays_for_nothing(self, session, ada, line_id):
        theirs = budgets.streams(session, budgets.budget(session, accounts.person(session)))
        with pytest.raises(PaymentUnclearError) as refused:
            ada.pay(line_id, first=theirs[Stream.SOCIAL_CARE])
        assert refused.value.field == "first"

    @pytest.mark.parametrize("pays", [None, Money(43_50), ZERO])
    def test_the_other_money_pays_a_part(self, ada, line_id, of, pays):
        with pytest.raises(PaymentUnclearError) as refused:
            ada.pay(line_id, first=of[Stream.SOCIAL_CARE], second=of[Stream.NHS], second_pays=pays)
        assert refused.value.field == "second_pays"

    def test_cards_are_for_providers_who_can_be_paid_by_them(self, session, ada, line_id):
        with pytest.raises(PaymentUnclearError) as refused:
            ada.pay(line_id, by=PayBy.CARD)
        assert refused.value.field == "pay_by"
        ada.pay(line_id, by=PayBy.CARD, cards=all_cards)
        assert ada.priced(all_cards).is_ready
        # What was so when it was chosen may not be so any more.
        assert "cannot be paid by card" in ada.priced(no_cards).lines[0].problems[0]

    def test_nobody_else_pays_what_nobody_else_holds(self, session, ada, line_id, of):
        held = budgets.streams(session, budgets.budget(session, ada.person, holding=Holding.TRUST))
        with pytest.raises(PaymentUnclearError) as refused:
            ada.pay(line_id, first=of[Stream.NHS], by=PayBy.BUDGET_HOLDER)
        assert refused.value.field == "pay_by"
        ada.pay(line_id, first=held[Stream.SOCIAL_CARE], by=PayBy.BUDGET_HOLDER)
        assert ada.priced().is_ready

    def test_what_a_provider_has_not_said_it_takes_is_said_but_stops_nothing(self, session, ada, line_id, of):
        offer_id = basket_lines(session, viewer=ada.viewer)[0].offer_id
        session.add(OfferPayment(offer_id=offer_id, way=WayToPay.OWN_MONEY))
        ada.pay(line_id, first=of[Stream.SOCIAL_CARE])
        [line] = ada.priced().lines
        assert "has not said that they take this: Direct payment." in line.notes[0]
        assert ada.priced().is_ready

    def test_a_period_that_ends_too_soon_is_said(self, session, ada, line_id, of):
        ada.pay(line_id, first=of[Stream.SOCIAL_CARE])
        late = replace(WISH, kind=ArrangementKind.WEEKLY, weeks=52)
        baskets.change_line(session, line_id=line_id, by=ada.viewer, wish=late, now=ada.now)
        assert ada.priced().lines[0].notes == (
            "“My direct payment” runs out on Sunday 4 April 2027, before this ends.",
        )


class TestCheckout:
    def test_every_line_becomes_an_arrangement_of_its_own_and_the_money_is_promised(self, session, ada):
        garden, shop, art = offers(session, "Gardening", "Shopping", "Art")
        budget_id = budgets.budget(session, ada.person, social_care=100_000, nhs=20_000)
        of = budgets.streams(session, budget_id)
        in_garden = ada.put(garden, replace(WISH, kind=ArrangementKind.WEEKLY, weeks=10, trial_weeks=2))
        ada.pay(in_garden, first=of[Stream.SOCIAL_CARE], second=of[Stream.NHS], second_pays=Money(100_00))
        ada.pay(ada.put(shop), first=of[Stream.NHS], by=PayBy.PREPAID_CARD)
        ada.put(art)
        key = uuid.uuid4()
        assert ada.check_out(key=key) == key
        art_now, garden_now, shop_now = ada.arrangements()
        assert {it.checkout_id for it in ada.arrangements()} == {key}
        assert {it.status for it in ada.arrangements()} == {ArrangementStatus.ASKED}
        assert garden_now.id == in_garden
        assert (garden_now.total, garden_now.weeks, garden_now.trial_until) == (Money(435_00), 10, date(2026, 6, 2))
        assert (shop_now.pay_by, art_now.pay_by) == (PayBy.PREPAID_CARD, PayBy.BANK_TRANSFER)
        assert budgets.standing(session, budget_id) == {
            "granted": -120_000, "left": 120_000 - 43_500 - 4_350, "promised": 43_500 + 4_350, "spent": 0, "carried": 0,
            "returned": 0,
        }  # fmt: skip
        assert not basket_lines(session, viewer=ada.viewer)
        assert not broken_rows(session)

    def test_no_provider_reads_of_the_others_or_of_any_budget(self, session, ada):
        garden, shop = offers(session, "Gardening", "Shopping")
        of = budgets.streams(session, budgets.budget(session, ada.person))
        for offer in (garden, shop):
            ada.pay(ada.put(offer), first=of[Stream.SOCIAL_CARE])
        ada.check_out()
        letters = session.scalars(sa.select(Message).where(Message.subject.startswith("Somebody asks you"))).all()
        assert len(letters) == 2
        for letter in letters:
            assert ("Gardening" in letter.body) != ("Shopping" in letter.body)
            assert "payment" not in letter.body.lower()
            assert "budget" not in letter.body.lower()

    def test_pressed_twice_it_asks_once_and_leads_to_the_same_place(self, session, ada):
        for offer in offers(session, "Gardening", "Shopping"):
            ada.put(offer)
        agreed = {line.id: line.total for line in ada.priced().lines}
        key = uuid.uuid4()
        assert ada.check_out(agreed, key) == ada.check_out(agreed, key) == ada.check_out(agreed) == key
        assert len(ada.arrangements()) == 2
        assert (
            len(session.scalars(sa.select(Message).where(Message.subject.startswith("Somebody asks you"))).all()) == 2
        )

    def test_a_price_that_has_changed_is_said_beside_its_line_and_nothing_is_asked(self, session, ada):
        garden, shop = offers(session, "Gardening", "Shopping")
        garden_line, shop_line = ada.put(garden), ada.put(shop)
        agreed = {line.id: line.total for line in ada.priced().lines}
        session.add(
            OfferPrice(
                id=uuid.uuid4(), offer_id=shop.id, amount=Money(16_00), unit=Unit.HOUR, people_from=1,
                begins_on=ada.now.date(), edition=2,
            )
        )  # fmt: skip
        session.flush()
        with pytest.raises(checkout.CheckoutRefusedError) as refused:
            ada.check_out(agreed)
        assert refused.value.problems == {
            shop_line: "The price has changed since you opened this page, from £43.50 to £48.00."
        }
        assert not ada.arrangements()
        assert {line.id for line in ada.priced().lines} == {garden_line, shop_line}
        ada.check_out()
        assert [it.total for it in ada.arrangements()] == [Money(43_50), Money(48_00)]

    def test_an_offer_that_is_gone_is_said_beside_its_line(self, session, ada):
        garden, shop = offers(session, "Gardening", "Shopping")
        ada.put(garden)
        gone = ada.put(shop)
        agreed = {line.id: line.total for line in ada.priced().lines}
        shop.status = OfferStatus.UNLISTED
        session.flush()
        with pytest.raises(checkout.CheckoutRefusedError) as refused:
            ada.check_out(agreed)
        assert set(refused.value.problems) == {gone}
        assert not ada.arrangements()
        assert not ada.priced().is_ready

    def test_money_that_is_not_there_is_said_beside_the_line_that_lacks_it(self, session, ada):
        budget_id = budgets.budget(session, ada.person, social_care=50_00)
        of = budgets.streams(session, budget_id)
        first, second = offers(session, "Gardening", "Shopping")
        for offer in (first, second):
            ada.pay(ada.put(offer), first=of[Stream.SOCIAL_CARE])
        with pytest.raises(checkout.CheckoutRefusedError) as refused:
            ada.check_out()
        assert refused.value.problems == {
            ada.priced().lines[1].id: "“My direct payment” has £6.50 left for this, and would pay £43.50. "
            "Change how much you ask for, or who pays."
        }
        assert budgets.standing(session, budget_id)["promised"] == 0

    def test_what_is_asked_for_meanwhile_is_not_asked_for_again(self, session, ada):
        [offer] = offers(session, "Gardening")
        line_id = ada.put(offer)
        services.ask_for_arrangement(
            session, offer_id=offer.id, by=ada.person.id, what="The hedge.", quantity=1, starts_on=STARTS, link=link,
            now=ada.now,
        )  # fmt: skip
        with pytest.raises(checkout.CheckoutRefusedError) as refused:
            ada.check_out()
        assert refused.value.problems[line_id].startswith("You have asked for this already.")

    def test_a_day_that_has_passed_is_said(self, session, ada):
        [offer] = offers(session, "Gardening")
        ada.put(offer)
        ada.now += timedelta(days=30)
        assert ada.priced().lines[0].problems == ("Choose a day that is today or later.",)

    def test_a_basket_that_holds_something_else_than_was_shown_is_checked_again(self, session, ada):
        garden, shop = offers(session, "Gardening", "Shopping")
        ada.put(garden)
        agreed = {line.id: line.total for line in ada.priced().lines}
        ada.put(shop)
        for wrong in (agreed, {}, {uuid.uuid4(): ZERO}):
            with pytest.raises(checkout.BasketChangedError):
                ada.check_out(wrong)
        assert not ada.arrangements()

    def test_a_closed_budget_pays_for_nothing(self, session, ada, now):
        budget_id = budgets.budget(session, ada.person)
        of = budgets.streams(session, budget_id)
        [offer] = offers(session, "Gardening")
        ada.pay(ada.put(offer), first=of[Stream.SOCIAL_CARE])
        close_budget(session, budget_id=budget_id, by=ada.person.id, now=now)
        assert ada.priced().lines[0].problems == ("A budget that you chose for this is closed. Choose again who pays.",)

    def test_what_is_free_needs_no_payer(self, session, ada):
        [offer] = offers(session, "A walk", price=None)
        ada.put(offer)
        ada.check_out()
        [it] = ada.arrangements()
        assert it.total == ZERO

    def test_only_whoever_asked_sees_what_they_asked_for_together(self, session, ada, now):
        [offer] = offers(session, "Gardening")
        ada.put(offer)
        key = ada.check_out()
        [line] = asked_together(session, checkout_id=key, viewer=ada.viewer)
        assert (line.title, line.how_much) == ("Gardening", "3 hours")
        assert asked_together(session, checkout_id=key, viewer=Shopper(session, now).viewer) == ()

    def test_a_basket_is_read_in_a_handful_of_queries_for_each_line(self, session, ada, count_queries):
        for offer in offers(session, "Gardening", "Shopping", "Art"):
            ada.put(offer)
        count_queries.clear()
        ada.priced()
        # The lines, the streams, what waits and what is taken; then each offer, its prices and who speaks for it.
        assert len(count_queries) == 4 + 3 * 3


class TestAtOnce:
    def test_many_presses_at_once_ask_once(self, real_app, arrange, now):
        def prepare(session):
            ada = Shopper(session, now)
            budget_id = budgets.budget(session, ada.person, social_care=100_000)
            of = budgets.streams(session, budget_id)
            for offer in offers(session, "Gardening", "Shopping"):
                ada.pay(ada.put(offer), first=of[Stream.SOCIAL_CARE])
            return ada.person, {line.id: line.total for line in ada.priced().lines}, budget_id

        person, agreed, budget_id = arrange(prepare)

        def press(session):
            return Shopper(session, now, person).check_out(agreed, uuid.uuid4())

        outcomes = in_transactions(real_app, [press] * 8)
        assert len(set(outcomes)) == 1
        assert not isinstance(outcomes[0], DomainError)
        asked = sa.select(sa.func.count()).where(Arrangement.person_id == person.id)
        assert arrange(lambda session: session.scalar(asked)) == 2
        assert arrange(lambda session: budgets.standing(session, budget_id)["promised"]) == 8_700

    def test_two_baskets_never_promise_the_same_money(self, real_app, arrange, now):
        """The same person asks directly and by basket, from one budget with money for one of them."""

        def prepare(session):
            ada = Shopper(session, now)
            of = budgets.streams(session, budgets.budget(session, ada.person, social_care=50_00))
            garden, shop = offers(session, "Gardening", "Shopping")
            ada.pay(ada.put(garden), first=of[Stream.SOCIAL_CARE])
            agreed = {line.id: line.total for line in ada.priced().lines}
            return ada.person, agreed, shop.id, of[Stream.SOCIAL_CARE]

        person, agreed, shop_id, stream_id = arrange(prepare)

        def directly(session):
            return services.ask_for_arrangement(
                session, offer_id=shop_id, by=person.id, what="The shopping.", quantity=3, starts_on=STARTS, link=link,
                now=now, shares={stream_id: Money(43_50)},
            )  # fmt: skip

        def by_basket(session):
            return Shopper(session, now, person).check_out(agreed)

        outcomes = in_transactions(real_app, [directly, by_basket])
        assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 1

        def left(session):
            return session.get_one(FundingStream, stream_id).left

        assert arrange(left) == Money(6_50)
        lines = sa.select(sa.func.count()).where(BasketLine.person_id == person.id)
        # Refused, the basket is as it was.
        assert arrange(lambda session: session.scalar(lines)) == isinstance(outcomes[1], DomainError)
