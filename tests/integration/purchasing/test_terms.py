from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose, Stream
from marketplace.budgets.services.promising import NotEnoughLeftError, StreamNotFoundError
from marketplace.catalogue.rules import OfferStatus, Rate
from marketplace.kit.audit import AuditEvent
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement, ArrangementRate, ArrangementTerms
from marketplace.purchasing.queries.terms import terms_page
from marketplace.purchasing.rules import ArrangementStatus, Side
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy, TermsStatus
from marketplace.purchasing.services import changing_terms
from tests.factories import accounts, budgets, purchasing

WEEKLY = {"kind": ArrangementKind.WEEKLY, "weeks": 4}


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(
        session, organisation_id=sides[1].id, notice_hours=48, travel_per_mile=Money(45), price=Money(10_00)
    )


@pytest.fixture
def streams(session, sides):
    budget_id = budgets.budget(session, sides[0], social_care=300_00, nhs=300_00)
    return budgets.streams(session, budget_id)


@pytest.fixture
def ask(session, sides, offer, now):
    def ask(**differences):
        plain = {"offer_id": offer.id, "what": "Help at home.", "quantity": 3, "starts_on": now.date()}
        asked = services.ask_for_arrangement(session, by=sides[0].id, link=link, now=now, **plain | differences)
        return session.get_one(Arrangement, asked)

    return ask


@pytest.fixture
def agree(session, sides, ask, now):
    def agree(**differences):
        it = ask(**differences)
        services.accept_arrangement(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        return it

    return agree


@pytest.fixture
def propose(session, now):
    def propose(it, by, *, reason="It is not enough.", **differences):
        holds = terms_page(session, arrangement_id=it.id, viewer=accounts.as_viewer(by, _body(it))).holds
        return changing_terms.propose_terms(
            session, arrangement_id=it.id, by=by.id, wanted=replace(holds, **differences), reason=reason, link=link,
            now=now,
        )  # fmt: skip

    return propose


class _Body:
    def __init__(self, organisation_id):
        self.id = organisation_id


def _body(it):
    return _Body(it.organisation_id)


def answer(session, act, it, version, by, now):
    act(session, arrangement_id=it.id, version=version, by=by.id, link=link, now=now)


def kept(session, it):
    return session.scalars(
        select(ArrangementTerms).where(ArrangementTerms.arrangement_id == it.id).order_by(ArrangementTerms.version)
    ).all()


def promised(session, it):
    return set_aside(session, purpose=Purpose(it.id)).promised


class TestAsking:
    def test_what_holds_on_that_day_is_kept_whatever_the_offer_says_later(self, session, sides, offer, ask, now):
        purchasing.rates(session, offer, weekend=Money(12_00), bank_holiday=Money(15_00))
        it = ask(**WEEKLY, trial_weeks=2, pay_by=PayBy.CARD)
        offer.notice_hours, offer.travel_per_mile = 0, None
        assert (it.kind, it.quantity, it.weeks, it.total) == (ArrangementKind.WEEKLY, 3, 4, Money(120_00))
        assert (it.notice_hours, it.travel_per_mile, it.pay_by) == (48, Money(45), PayBy.CARD)
        assert it.trial_until == now.date() + timedelta(days=13)
        [first] = kept(session, it)
        assert (first.version, first.status, first.total) == (1, TermsStatus.PROPOSED, Money(120_00))
        rates = session.scalars(select(ArrangementRate).where(ArrangementRate.arrangement_id == it.id)).all()
        assert {rate.rate: rate.unit_price for rate in rates} == {
            Rate.WEEKEND: Money(12_00),
            Rate.BANK_HOLIDAY: Money(15_00),
        }

    def test_with_an_id_of_its_own_whoever_asks_twice_has_asked_once(self, session, offer, ask):
        first = ask()
        offer.status = OfferStatus.UNLISTED
        assert ask(arrangement_id=first.id) is first

    @pytest.mark.parametrize(
        ("field", "answers"),
        [
            ("weeks", {"weeks": 2}),
            ("quantity", {**WEEKLY, "quantity": 169}),
            ("trial_weeks", {"trial_weeks": 13}),
            ("trial_weeks", {**WEEKLY, "trial_weeks": 5}),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_question(self, ask, field, answers):
        with pytest.raises(services.RequestUnclearError) as refusal:
            ask(**answers)
        assert refusal.value.field == field

    def test_a_package_cannot_be_had_by_the_week(self, session, sides, ask):
        packages = purchasing.offer(session, organisation_id=sides[1].id, unit="package", hours=8)
        with pytest.raises(services.RequestUnclearError) as refusal:
            ask(offer_id=packages.id, **WEEKLY)
        assert refusal.value.field == "kind"


class TestMoney:
    def test_what_is_asked_for_is_set_aside_and_let_go_by_a_withdrawal(self, session, sides, ask, streams, now):
        shares = {streams[Stream.SOCIAL_CARE]: Money(20_00), streams[Stream.NHS]: Money(10_00)}
        it = ask(shares=shares)
        assert promised(session, it) == Money(30_00)
        services.withdraw_arrangement(session, arrangement_id=it.id, by=sides[0].id, link=link, now=now)
        assert promised(session, it) == ZERO
        assert kept(session, it)[0].status is TermsStatus.WITHDRAWN

    def test_a_no_lets_it_go(self, session, sides, ask, streams, now):
        it = ask(shares={streams[Stream.NHS]: Money(30_00)})
        services.decline_arrangement(
            session, arrangement_id=it.id, by=sides[2].id, reason="I am full.", link=link, now=now
        )
        assert promised(session, it) == ZERO
        assert kept(session, it)[0].status is TermsStatus.DECLINED

    def test_a_yes_keeps_it(self, session, sides, agree, streams):
        it = agree(shares={streams[Stream.NHS]: Money(30_00)})
        assert promised(session, it) == Money(30_00)
        assert (kept(session, it)[0].status, kept(session, it)[0].answered_by) == (TermsStatus.AGREED, sides[2].id)

    def test_the_parts_come_to_the_whole(self, ask, streams):
        with pytest.raises(services.RequestUnclearError, match=r"come to £30\.00") as refusal:
            ask(shares={streams[Stream.NHS]: Money(29_99)})
        assert refusal.value.field == "shares"

    def test_nobody_pays_with_what_they_have_not(self, session, ask, streams):
        with pytest.raises(NotEnoughLeftError), session.begin_nested():
            ask(quantity=31, shares={streams[Stream.NHS]: Money(310_00)})
        assert session.scalars(select(Arrangement)).all() == []

    def test_nobody_pays_with_somebody_elses_budget(self, session, ask):
        others = budgets.streams(session, budgets.budget(session, accounts.person(session)))
        with pytest.raises(StreamNotFoundError):
            ask(shares={others[Stream.SOCIAL_CARE]: Money(30_00)})

    def test_when_it_is_done_what_will_be_invoiced_stays_set_aside(self, session, sides, agree, streams, now):
        it = agree(shares={streams[Stream.NHS]: Money(30_00)})
        services.mark_done(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        assert promised(session, it) == Money(30_00)

    def test_when_weekly_support_is_done_what_nobody_came_for_is_let_go(self, session, sides, agree, streams, now):
        it = agree(**WEEKLY, shares={streams[Stream.NHS]: Money(120_00)})
        services.mark_done(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        assert promised(session, it) == ZERO


class TestChanging:
    def test_the_other_side_says_yes_and_it_holds(self, session, sides, agree, propose, now):
        it = agree(**WEEKLY)
        later = now.date() + timedelta(weeks=1)
        version = propose(it, sides[0], quantity=4, weeks=3, who="Rosa", starts_on=later)
        assert (version, it.version, it.quantity) == (2, 1, 3)
        answer(session, changing_terms.agree_to_terms, it, version, sides[2], now)
        assert (it.version, it.quantity, it.weeks, it.total, it.who) == (2, 4, 3, Money(120_00), "Rosa")
        assert it.starts_on == later
        assert [one.status for one in kept(session, it)] == [TermsStatus.AGREED, TermsStatus.AGREED]
        page = terms_page(session, arrangement_id=it.id, viewer=accounts.as_viewer(sides[0]))
        assert page.cost_in_all == Money(30_00 + 120_00)
        did = set(session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == it.id)))
        assert did >= {"proposed a change to", "agreed to a change of"}

    def test_each_side_hears_of_what_the_other_did_and_letters_keep_the_words_back(
        self, session, sides, agree, propose, now
    ):
        it = agree()
        version = propose(it, sides[0], what="A secret.", quantity=4, reason="Another secret.")
        answer(session, changing_terms.decline_terms, it, version, sides[2], now)
        titles = (f"A change is proposed: {it.title}", f"No change: {it.title}")
        letters = [session.scalars(select(Message).where(Message.subject == title)).one() for title in titles]
        assert [letter.to for letter in letters] == [sides[2].email, sides[0].email]
        assert "4 hours, £40.00 altogether" in letters[0].body
        assert all("secret" not in letter.body for letter in letters)
        assert sides[0].name not in letters[0].body

    @pytest.mark.parametrize("by", [0, 2])
    def test_a_no_or_taking_it_back_leaves_everything_as_it_was(self, session, sides, agree, propose, now, by):
        it = agree()
        for act, who in ((changing_terms.decline_terms, 2 - by), (changing_terms.withdraw_terms, by)):
            version = propose(it, sides[by], quantity=5)
            answer(session, act, it, version, sides[who], now)
            assert (it.version, it.quantity) == (1, 3)
        statuses = [one.status for one in kept(session, it)]
        assert statuses == [TermsStatus.AGREED, TermsStatus.DECLINED, TermsStatus.WITHDRAWN]

    def test_nobody_answers_for_the_other_side(self, session, sides, agree, propose, now):
        it = agree()
        version = propose(it, sides[0], quantity=5)
        for act, who in (
            (changing_terms.agree_to_terms, 0),
            (changing_terms.decline_terms, 0),
            (changing_terms.withdraw_terms, 2),
        ):
            with pytest.raises(changing_terms.OwnChangeError):
                answer(session, act, it, version, sides[who], now)
        stranger = accounts.person(session)
        with pytest.raises(services.ArrangementNotFoundError):
            answer(session, changing_terms.agree_to_terms, it, version, stranger, now)

    def test_one_change_waits_at_a_time_and_is_answered_once(self, session, sides, agree, propose, now):
        it = agree()
        version = propose(it, sides[0], quantity=5)
        with pytest.raises(changing_terms.ChangeWaitsError):
            propose(it, sides[2], quantity=6)
        answer(session, changing_terms.agree_to_terms, it, version, sides[2], now)
        with pytest.raises(changing_terms.NoSuchChangeError):
            answer(session, changing_terms.agree_to_terms, it, version, sides[2], now)

    def test_nothing_different_is_no_change(self, sides, agree, propose):
        with pytest.raises(changing_terms.NothingChangedError):
            propose(agree(), sides[0])

    def test_an_answer_that_will_not_do_is_refused_beside_its_question(self, session, sides, agree, propose):
        it = agree()
        for field, bad in {"quantity": 0, "what": " ", "reason": "x" * 2_001}.items():
            with pytest.raises(changing_terms.ChangeUnclearError) as refusal:
                propose(it, sides[0], **{"quantity": 4, field: bad})
            assert refusal.value.field == field

    @pytest.mark.parametrize("status", [s for s in ArrangementStatus if s is not ArrangementStatus.ACCEPTED])
    def test_only_what_is_agreed_and_not_over_changes(self, session, sides, propose, status):
        it = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=status)
        with pytest.raises(services.ArrangementMovedOnError):
            propose(it, sides[0], quantity=4)

    def test_the_end_takes_back_what_waits(self, session, sides, agree, propose, now):
        it = agree()
        propose(it, sides[0], quantity=5)
        services.cancel_arrangement(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        assert kept(session, it)[1].status is TermsStatus.WITHDRAWN


class TestMoneyOfAChange:
    @pytest.fixture
    def paid(self, agree, streams):
        halves = {streams[Stream.SOCIAL_CARE]: Money(60_00), streams[Stream.NHS]: Money(60_00)}
        return agree(**WEEKLY, shares=halves)

    def test_what_the_person_proposes_is_set_aside_at_once(self, session, sides, paid, propose, now):
        version = propose(paid, sides[0], quantity=5)
        assert promised(session, paid) == Money(200_00)
        answer(session, changing_terms.agree_to_terms, paid, version, sides[2], now)
        assert promised(session, paid) == Money(200_00)

    @pytest.mark.parametrize(("act", "who"), [(changing_terms.decline_terms, 2), (changing_terms.withdraw_terms, 0)])
    def test_and_let_go_if_it_is_not_agreed(self, session, sides, paid, propose, now, act, who):
        answer(session, act, paid, propose(paid, sides[0], quantity=5), sides[who], now)
        assert promised(session, paid) == Money(120_00)

    def test_what_the_provider_proposes_is_set_aside_when_the_person_agrees(self, session, sides, paid, propose, now):
        version = propose(paid, sides[2], unit_price=Money(11_00))
        assert promised(session, paid) == Money(120_00)
        answer(session, changing_terms.agree_to_terms, paid, version, sides[0], now)
        assert promised(session, paid) == Money(132_00)

    def test_what_costs_less_is_let_go_once_it_is_agreed(self, session, sides, paid, propose, now):
        version = propose(paid, sides[0], quantity=2)
        assert promised(session, paid) == Money(120_00)
        answer(session, changing_terms.agree_to_terms, paid, version, sides[2], now)
        assert promised(session, paid) == Money(80_00)

    def test_a_person_proposes_no_more_than_they_have_left(self, session, sides, paid, propose):
        with pytest.raises(NotEnoughLeftError), session.begin_nested():
            propose(paid, sides[0], quantity=30)
        assert len(kept(session, paid)) == 1

    def test_a_provider_is_never_told_what_a_budget_lacks(self, session, sides, paid, propose, now):
        """They may propose anything: it is the person who then cannot agree."""
        version = propose(paid, sides[2], quantity=30)
        with pytest.raises(NotEnoughLeftError), session.begin_nested():
            answer(session, changing_terms.agree_to_terms, paid, version, sides[0], now)
        assert paid.version == 1


class TestPage:
    def test_each_side_sees_every_version_and_nobody_else_any(self, session, sides, agree, propose, now, count_queries):
        it = agree()
        propose(it, sides[2], quantity=5, reason="We have more time.")
        session.flush()
        count_queries.clear()
        page = terms_page(session, arrangement_id=it.id, viewer=accounts.as_viewer(sides[0]))
        assert len(count_queries) == 4
        assert (page.side, page.other, page.may_change) == (Side.PERSON, "Boring Help", False)
        assert [one.version for one in page.versions] == [2, 1]
        assert (page.proposed.reason, page.proposed.proposed_by) == ("We have more time.", Side.PROVIDER)
        assert page.cost_with(page.proposed.terms) == Money(50_00)
        for nobody in (accounts.person(session), accounts.person(session, name="Other")):
            assert terms_page(session, arrangement_id=it.id, viewer=accounts.as_viewer(nobody)) is None
