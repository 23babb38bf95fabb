import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import OfferStatus, Rate, Unit
from marketplace.kit.audit import AuditEvent
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.queries import arrangement_page
from marketplace.purchasing.rules import NEXT, Act, ArrangementStatus, Side
from tests.factories import accounts, purchasing

ACTS = {
    Act.ACCEPT: services.accept_arrangement,
    Act.WITHDRAW: services.withdraw_arrangement,
    Act.CANCEL: services.cancel_arrangement,
    Act.MARK_DONE: services.mark_done,
}
DID = {Act.ACCEPT: "accepted", Act.WITHDRAW: "withdrew", Act.CANCEL: "cancelled", Act.MARK_DONE: "marked as done"}


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session, lives_in="E08000009")


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id)


def ask(session, offer, by, now, **differences):
    plain = {"what": "The hedge.", "quantity": 3, "starts_on": now.date()}
    return services.ask_for_arrangement(session, offer_id=offer.id, by=by.id, link=link, now=now, **plain | differences)


def letters_to(session, person):
    return session.scalars(select(Message).where(Message.to == person.email).order_by(Message.created_at)).all()


class TestAsking:
    def test_the_rate_that_is_chosen_is_what_it_costs_and_is_kept(self, session, sides, offer, now):
        purchasing.rates(session, offer, weekend=Money(18_00), bank_holiday=Money(22_50))
        asked = {"rate": Rate.BANK_HOLIDAY, "starts_on": date(2026, 12, 25)}
        it = session.get_one(Arrangement, ask(session, offer, sides[0], now, **asked))
        assert (it.rate, it.unit_price, it.total) == (Rate.BANK_HOLIDAY, Money(22_50), Money(67_50))
        [letter] = letters_to(session, sides[0])
        assert "3 hours on bank holidays, £67.50 altogether" in letter.body

    def test_a_rate_that_the_provider_does_not_have_is_refused(self, session, sides, offer, now):
        with pytest.raises(services.RequestUnclearError, match="times that have a price") as refused:
            ask(session, offer, sides[0], now, rate=Rate.EVENING)
        assert refused.value.field == "rate"

    def test_a_first_day_on_which_another_rate_holds_is_said_before_anything_is_sent(self, session, sides, offer, now):
        purchasing.rates(session, offer, weekend=Money(18_00), bank_holiday=Money(22_50))

        def note(starts_on, rate=Rate.STANDARD):
            asked = {"what": "The hedge.", "quantity": 3, "starts_on": starts_on, "rate": rate}
            return services.price_request(session, offer_id=offer.id, by=sides[0].id, now=now, **asked).note

        assert note(date(2026, 12, 25)) == (
            "Friday 25 December 2026 is a bank holiday. Their price on bank holidays is £22.50 an hour."
        )
        assert note(date(2026, 5, 9)).startswith("Saturday 9 May 2026 is at the weekend.")
        assert note(date(2026, 12, 25), Rate.BANK_HOLIDAY) == note(date(2026, 5, 11)) == ""

    def test_a_package_is_counted_with_its_hours(self, session, sides, now):
        offer = purchasing.offer(session, organisation_id=sides[1].id, price=Money(100_00), unit=Unit.PACKAGE, hours=8)
        it = session.get_one(Arrangement, ask(session, offer, sides[0], now, quantity=2))
        assert (it.package_hours, it.total) == (8, Money(200_00))
        page = arrangement_page(session, arrangement_id=it.id, viewer=accounts.as_viewer(sides[0]), today=now.date())
        assert page.how_much == "2 packages of 8 hours"

    def test_the_terms_of_the_day_are_kept_and_both_sides_hear_of_it(self, session, sides, offer, now):
        person, organisation, speaker = sides
        it = session.get_one(Arrangement, ask(session, offer, person, now))
        assert (it.status, it.unit_price, it.total) == (ArrangementStatus.ASKED, Money(14_50), Money(43_50))
        assert (it.organisation_id, it.category, it.title) == (organisation.id, offer.category, offer.title)
        assert it.council == "E08000009"
        offer.title = "Something else"
        session.flush()
        assert it.title == "Gardening"
        to_provider, to_person = letters_to(session, speaker), letters_to(session, person)
        assert len(to_provider) == len(to_person) == 1
        assert "The hedge." not in to_provider[0].body
        assert person.name not in to_provider[0].body
        assert link(it.id) in to_provider[0].body
        assert "What happens next" in to_person[0].body
        assert session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == it.id)).all() == ["asked for"]

    def test_something_free_costs_nothing(self, session, sides, now):
        free = purchasing.offer(session, organisation_id=sides[1].id, price=None)
        it = session.get_one(Arrangement, ask(session, free, sides[0], now))
        assert (it.unit_price, it.total, it.unit) == (ZERO, ZERO, None)

    def test_a_place_open_to_everyone_has_nobody_to_ask(self, session, sides, now):
        library = purchasing.offer(session, organisation_id=None)
        with pytest.raises(services.NobodyToAskError):
            ask(session, library, sides[0], now)

    def test_nobody_asks_their_own_organisation(self, session, sides, offer, now):
        with pytest.raises(services.OwnOfferError):
            ask(session, offer, sides[2], now)

    @pytest.mark.parametrize("status", [s for s in OfferStatus if s is not OfferStatus.LIVE])
    def test_what_is_not_live_is_not_found(self, session, sides, status, now):
        hidden = purchasing.offer(session, organisation_id=sides[1].id, status=status)
        with pytest.raises(services.OfferNotFoundError):
            ask(session, hidden, sides[0], now)

    def test_an_offer_whose_price_begins_later_cannot_be_asked_for_yet(self, session, sides, offer, now):
        with pytest.raises(services.NoPriceError):
            ask(session, offer, sides[0], now.replace(year=2023))

    @pytest.mark.parametrize(
        ("field", "answer"),
        [
            ("what", "  \n "),
            ("what", "x" * 2_001),
            ("quantity", 0),
            ("quantity", 10_001),
            ("starts_on", purchasing.TODAY - timedelta(days=1)),
            ("starts_on", purchasing.TODAY + timedelta(days=731)),
        ],
    )
    def test_an_unclear_request_says_which_answer_is_the_matter(self, session, sides, offer, now, field, answer):
        with pytest.raises(services.RequestUnclearError) as refusal:
            ask(session, offer, sides[0], now, **{field: answer})
        assert refusal.value.field == field
        assert session.scalars(select(Arrangement)).all() == []

    def test_a_price_that_changed_since_it_was_shown_is_refused(self, session, sides, offer, now):
        with pytest.raises(services.PriceChangedError, match=r"It now costs £43\.50 altogether\."):
            ask(session, offer, sides[0], now, agreed_total=Money(40_00))
        ask(session, offer, sides[0], now, agreed_total=Money(43_50))

    def test_one_question_waits_at_a_time(self, session, sides, offer, now):
        first = ask(session, offer, sides[0], now)
        with pytest.raises(services.AlreadyAskedError), session.begin_nested():
            ask(session, offer, sides[0], now)
        services.withdraw_arrangement(session, arrangement_id=first, by=sides[0].id, link=link, now=now)
        ask(session, offer, sides[0], now)


class TestPools:
    def make(self, session, offer, person, now, **differences):
        terms = offer_terms(session, offer_id=offer.id, on=now.date())
        plain = {
            "unit_price": Money(11_00),
            "quantity": 6,
            "pool_key": uuid.uuid4(),
            "what": "From the pool “Swimming”.",
            "starts_on": now.date(),
        }
        return services.make_arrangement_for_pool(
            session, terms=terms, person_id=person.id, now=now, **plain | differences
        )

    def test_a_pool_that_is_met_makes_an_accepted_arrangement_at_its_own_price_without_letters(
        self, session, sides, offer, now
    ):
        it = session.get_one(Arrangement, self.make(session, offer, sides[0], now))
        assert (it.status, it.total, it.answered_at) == (ArrangementStatus.ACCEPTED, Money(66_00), now)
        assert session.scalars(select(Message)).all() == []

    def test_a_pool_makes_one_for_each_person(self, session, sides, offer, now):
        key = uuid.uuid4()
        self.make(session, offer, sides[0], now, pool_key=key)
        with pytest.raises(services.InPoolAlreadyError), session.begin_nested():
            self.make(session, offer, sides[0], now, pool_key=key)

    def test_a_place_open_to_everyone_has_no_pools(self, session, sides, now):
        with pytest.raises(services.NobodyToAskError):
            self.make(session, purchasing.offer(session, organisation_id=None), sides[0], now)


class TestAnswering:
    @pytest.mark.parametrize("status", ArrangementStatus)
    @pytest.mark.parametrize("act", ACTS)
    @pytest.mark.parametrize("side", Side)
    def test_each_act_happens_when_the_table_says_so_and_else_raises(self, session, sides, status, act, side, now):
        person, organisation, speaker = sides
        it = purchasing.arrangement(session, person=person, organisation_id=organisation.id, status=status)
        by, other = (person, speaker) if side is Side.PERSON else (speaker, person)
        step = NEXT[status].get(act)
        if step is None or side not in step.by:
            with pytest.raises(DomainError), session.begin_nested():
                ACTS[act](session, arrangement_id=it.id, by=by.id, link=link, now=now)
            assert it.status is status
            return
        ACTS[act](session, arrangement_id=it.id, by=by.id, link=link, now=now)
        session.flush()
        assert it.status is step.to
        assert len(letters_to(session, other)) == 1
        assert not letters_to(session, by)
        [event] = session.scalars(select(AuditEvent).where(AuditEvent.to_id == it.id)).all()
        assert (event.by_person_id, event.did) == (by.id, DID[act])

    def test_a_no_needs_a_reason_and_the_person_is_told(self, session, sides, now):
        person, organisation, speaker = sides
        it = purchasing.arrangement(session, person=person, organisation_id=organisation.id)

        def decline(reason):
            services.decline_arrangement(
                session, arrangement_id=it.id, by=speaker.id, reason=reason, link=link, now=now
            )

        for wrong in (" ", "x" * 2_001):
            with pytest.raises(services.ReasonUnclearError), session.no_autoflush:
                decline(wrong)
            session.expire(it)
        decline("I am full until June.")
        session.flush()
        assert (it.status, it.decline_reason) == (ArrangementStatus.DECLINED, "I am full until June.")
        [letter] = letters_to(session, person)
        assert "full until June" not in letter.body

    def test_whose_act_it_is_not_is_not_allowed(self, session, sides, now):
        person, organisation, speaker = sides
        it = purchasing.arrangement(session, person=person, organisation_id=organisation.id)
        with pytest.raises(NotAllowedError):
            services.accept_arrangement(session, arrangement_id=it.id, by=person.id, link=link, now=now)
        with pytest.raises(NotAllowedError):
            services.withdraw_arrangement(session, arrangement_id=it.id, by=speaker.id, link=link, now=now)

    def test_to_anybody_else_there_is_no_arrangement(self, session, sides, now):
        it = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id)
        _, stranger = accounts.organisation(session)
        for act in ACTS.values():
            with pytest.raises(NotFoundError):
                act(session, arrangement_id=it.id, by=stranger.id, link=link, now=now)
            with pytest.raises(NotFoundError):
                act(session, arrangement_id=uuid.uuid4(), by=sides[0].id, link=link, now=now)

    def test_what_has_not_begun_is_not_done(self, session, sides, now):
        it = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED,
            starts_on=purchasing.TODAY + timedelta(days=1),
        )  # fmt: skip
        with pytest.raises(services.NotStartedError, match="Tuesday 5 May 2026"), session.no_autoflush:
            services.mark_done(session, arrangement_id=it.id, by=sides[0].id, link=link, now=now)
        session.expire(it)
        services.mark_done(session, arrangement_id=it.id, by=sides[0].id, link=link, now=now + timedelta(days=1))


class TestInvoicing:
    def issue(self, session, it, by, now):
        return services.issue_invoice(session, arrangement_id=it.id, by=by.id, link=link, now=now)

    @pytest.fixture
    def accepted(self, session, sides):
        return purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED
        )

    def test_invoices_are_numbered_for_each_organisation(self, session, sides, accepted, now):
        person, organisation, speaker = sides
        second = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, status=ArrangementStatus.DONE
        )
        other, other_speaker = accounts.organisation(session)
        elsewhere = purchasing.arrangement(
            session, person=person, organisation_id=other.id, status=ArrangementStatus.ACCEPTED
        )
        for it, by in ((accepted, speaker), (second, speaker), (elsewhere, other_speaker)):
            self.issue(session, it, by, now)
        numbers = {invoice.arrangement_id: invoice.number for invoice in session.scalars(select(Invoice))}
        assert numbers == {accepted.id: 1, second.id: 2, elsewhere.id: 1}
        assert "£43.50" in letters_to(session, person)[0].body

    def test_an_invoice_is_sent_once(self, session, sides, accepted, now):
        self.issue(session, accepted, sides[2], now)
        with pytest.raises(services.AlreadyInvoicedError):
            self.issue(session, accepted, sides[2], now)

    def test_a_number_that_was_not_used_is_not_lost(self, session, sides, accepted, now):
        with session.begin_nested() as savepoint:
            self.issue(session, accepted, sides[2], now)
            savepoint.rollback()
        self.issue(session, accepted, sides[2], now)
        assert session.scalars(select(Invoice.number)).all() == [1]

    def test_the_person_sends_no_invoice(self, session, sides, accepted, now):
        with pytest.raises(services.NotYourSideError):
            self.issue(session, accepted, sides[0], now)

    def test_nothing_is_asked_for_what_is_free(self, session, sides, now):
        free = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED, unit_price=ZERO
        )
        with pytest.raises(services.NothingToInvoiceError):
            self.issue(session, free, sides[2], now)

    @pytest.mark.parametrize("status", ["asked", "declined", "withdrawn", "cancelled"])
    def test_nothing_is_asked_for_what_was_not_agreed(self, session, sides, status, now):
        it = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus(status)
        )
        with pytest.raises(services.ArrangementMovedOnError):
            self.issue(session, it, sides[2], now)
