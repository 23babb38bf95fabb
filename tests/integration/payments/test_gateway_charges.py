"""Do providers' accounts, saved cards, charges and refunds come about as asked, by the real library?"""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.payments.gateways.answers import (
    ChargeStatus,
    RefundStatus,
    SetupStatus,
    StripeRefusedError,
)

pytestmark = pytest.mark.once

DECLINES = {
    "pm_card_chargeCustomerFail": "generic_decline",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_visa_chargeDeclinedLostCard": "lost_card",
    "pm_card_chargeDeclinedExpiredCard": "expired_card",
    "pm_card_chargeDeclinedIncorrectCvc": "incorrect_cvc",
    "pm_card_chargeDeclinedProcessingError": "processing_error",
}


def longer_ago():
    return datetime.now(UTC) - timedelta(days=30)


# ---------------------------------------------------------------- providers


def test_a_provider_opens_an_account_of_their_own_and_finishes_it(gateway, stripe_fake):
    account_id = gateway.open_account(key="a", name="Anna’s Garden Help", email="anna@example.org")
    before = gateway.account(account_id)
    assert not before.charges_enabled
    assert not before.details_submitted
    assert "external_account" in before.due

    url = gateway.account_link(account_id, return_url="http://127.0.0.1/r", refresh_url="http://127.0.0.1/f", key="l")
    assert url.startswith(stripe_fake.url)
    stripe_fake.finish_onboarding(account_id)
    after = gateway.account(account_id)
    assert (after.charges_enabled, after.payouts_enabled, after.details_submitted, after.due) == (True, True, True, ())


def test_stripe_answers_for_the_account_and_not_we(gateway, stripe_fake):
    gateway.open_account(key="a", name="Anna", email="anna@example.org")
    assert stripe_fake.requests[-1]["params"]["controller"] == {
        "fees": {"payer": "account"},
        "losses": {"payments": "stripe"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "full"},
    }


def test_an_account_of_somebody_else_is_refused(gateway):
    with pytest.raises(StripeRefusedError) as refusal:
        gateway.account("acct_of_somebody_else")
    assert refusal.value.code == "account_invalid"


def test_an_account_that_stripe_stopped_cannot_charge(gateway, stripe_fake, provider, save_card, charge):
    card = save_card()
    stripe_fake.stop_account(provider)
    assert gateway.account(provider).due == ("individual.verification.document", "external_account")
    with pytest.raises(StripeRefusedError):
        charge(card)
    assert stripe_fake.books()[provider]["charged"] == 0


# ---------------------------------------------------------------- cards


def test_a_card_is_saved_on_the_page_of_stripe(gateway, stripe_fake, customer):
    page = gateway.begin_card_setup(
        customer, key="s", setup_ref="setup-1", success_url="http://127.0.0.1/s", cancel_url="http://127.0.0.1/c"
    )
    assert timedelta(hours=23) < page.expires_at - datetime.now(UTC) <= timedelta(hours=24)
    before = gateway.card_setup(page.session_id)
    assert (before.status, before.card) == (SetupStatus.OPEN, None)

    stripe_fake.use_card(page.session_id, "pm_card_mastercard")
    after = gateway.card_setup(page.session_id)
    assert after.status is SetupStatus.COMPLETE
    assert (after.card.brand, after.card.last4, after.card.exp_month, after.card.exp_year) == (
        "mastercard",
        "4444",
        12,
        2034,
    )


def test_a_card_that_is_refused_while_saving_leaves_the_page_open(gateway, stripe_fake, customer):
    page = gateway.begin_card_setup(customer, key="s", setup_ref="r", success_url="http://x/s", cancel_url="http://x/c")
    assert stripe_fake.use_card(page.session_id, "pm_card_visa_chargeDeclined")
    assert gateway.card_setup(page.session_id).status is SetupStatus.OPEN


def test_a_page_that_saves_a_card_closes_after_a_day(gateway, stripe_fake, customer):
    page = gateway.begin_card_setup(customer, key="s", setup_ref="r", success_url="http://x/s", cancel_url="http://x/c")
    stripe_fake.advance(86_401)
    assert gateway.card_setup(page.session_id).status is SetupStatus.EXPIRED


def test_a_card_that_was_taken_away_is_never_charged_again(gateway, stripe_fake, save_card, charge):
    card = save_card()
    gateway.forget_card(card, key="forget")
    with pytest.raises(StripeRefusedError) as refusal:
        charge(card)
    assert refusal.value.code == "resource_missing"
    with pytest.raises(StripeRefusedError):
        gateway.forget_card(card, key="forget again")


def test_nothing_personal_leaves_us(gateway, stripe_fake, save_card, charge, hosted):
    charge(save_card())
    hosted()
    said = str([request["params"] for request in stripe_fake.requests if request["path"] != "/v1/accounts"])
    for word in ("@", "name': 'Anna", "phone", "address", "birth"):
        assert word not in said


# ---------------------------------------------------------------- charges


def test_one_saved_card_pays_several_providers_on_their_own_accounts(gateway, stripe_fake, provider, save_card, charge):
    card = save_card()
    other = gateway.open_account(key="other", name="Ben", email="ben@example.org")
    stripe_fake.finish_onboarding(other)
    paid = charge(card)
    assert (paid.status, paid.amount_pence, paid.fee_pence, paid.refunded_pence) == (
        ChargeStatus.SUCCEEDED,
        2400,
        24,
        0,
    )
    assert (paid.decline_code, paid.says) == (None, "")
    assert charge(card, account_id=other, amount_pence=1000, fee_pence=0, key="b").status is ChargeStatus.SUCCEEDED
    assert charge(card, amount_pence=500, fee_pence=5, key="c", charge_ref="c").status is ChargeStatus.SUCCEEDED
    books = stripe_fake.books()
    assert (books[provider]["charged"], books[provider]["fees"]) == (2900, 29)
    assert (books[other]["charged"], books[other]["fees"]) == (1000, 0)
    # Nothing was ever charged on an account of ours.
    assert {r["account"] for r in stripe_fake.requests if r["path"] == "/v1/payment_intents"} == {provider, other}


@pytest.mark.parametrize(("card", "code"), DECLINES.items())
def test_a_refusal_of_the_bank_is_an_answer_in_plain_words(
    gateway, stripe_fake, provider, save_card, charge, card, code
):
    state = charge(save_card(card))
    assert state.status is ChargeStatus.FAILED
    assert (state.decline_code, state.amount_pence) == (code, 2400)
    assert state.says.endswith(".")
    assert gateway.charge(state.payment_intent_id, provider) == state
    assert stripe_fake.books()[provider]["charged"] == 0


def test_nobody_is_told_that_a_card_was_lost(save_card, charge):
    lost = charge(save_card("pm_card_visa_chargeDeclinedLostCard"))
    plain = charge(save_card("pm_card_chargeCustomerFail"), key="2")
    assert lost.says == plain.says


def test_a_bank_that_asks_who_pays_needs_the_person(gateway, stripe_fake, provider, save_card, charge):
    state = charge(save_card("pm_card_authenticationRequired"))
    assert (state.status, state.decline_code) == (ChargeStatus.NEEDS_PERSON, "authentication_required")
    assert "payment page" in state.says
    said = next(r["params"] for r in reversed(stripe_fake.requests) if r["path"] == "/v1/payment_intents")
    assert (said["off_session"], said["confirm"]) == ("true", "true")
    assert gateway.charge(state.payment_intent_id, provider).status is ChargeStatus.NEEDS_PERSON


def test_a_bank_may_take_its_time(gateway, stripe_fake, provider, save_card, charge):
    paid, refused = charge(save_card("pm_fake_processing")), charge(save_card("pm_fake_processing"), key="2")
    assert paid.status is refused.status is ChargeStatus.PROCESSING
    stripe_fake.settle(paid.payment_intent_id, is_paid=True)
    stripe_fake.settle(refused.payment_intent_id, is_paid=False)
    assert gateway.charge(paid.payment_intent_id, provider).status is ChargeStatus.SUCCEEDED
    assert gateway.charge(refused.payment_intent_id, provider).status is ChargeStatus.FAILED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_pence": 29}, "amount_too_small"),
        ({"fee_pence": 2401}, "InvalidRequestError"),
        ({"customer_id": "cus_nobody"}, "resource_missing"),
    ],
)
def test_what_stripe_will_not_charge_is_refused_with_its_code(stripe_fake, provider, save_card, charge, change, code):
    with pytest.raises(StripeRefusedError) as refusal:
        charge(save_card(), **change)
    assert refusal.value.code == code
    assert refusal.value.request_id
    assert stripe_fake.books()[provider]["charged"] == 0


def test_a_charge_is_found_by_what_we_called_it(gateway, stripe_fake, provider, save_card, charge):
    assert gateway.find_charge("charge-1", provider, since=longer_ago()) is None
    charge(save_card("pm_card_chargeCustomerFail"), key="1")
    assert gateway.find_charge("charge-1", provider, since=longer_ago()).status is ChargeStatus.FAILED
    paid = charge(save_card(), key="2")
    charge(save_card("pm_card_chargeCustomerFail"), key="3")
    # The one that moved money, though it is not the last.
    assert gateway.find_charge("charge-1", provider, since=longer_ago()) == paid
    assert gateway.find_charge("charge-1", provider, since=datetime.now(UTC) + timedelta(minutes=1)) is None
    assert gateway.find_charge("charge-2", provider, since=longer_ago()) is None


def test_a_charge_is_found_among_more_than_a_page(gateway, provider, stripe_fake, save_card, charge):
    card = save_card()
    first = charge(card)
    for number in range(101):
        charge(card, key=f"more-{number}", charge_ref=f"more-{number}")
    assert gateway.find_charge("charge-1", provider, since=longer_ago()) == first


# ---------------------------------------------------------------- hosted charges


def test_another_card_may_pay_on_the_page_of_stripe(gateway, stripe_fake, provider, hosted):
    page = hosted()
    assert gateway.hosted_charge(page.session_id, provider).status is ChargeStatus.OPEN
    assert stripe_fake.use_card(page.session_id, "pm_card_visa_chargeDeclinedInsufficientFunds")
    refused = gateway.hosted_charge(page.session_id, provider)
    # The page is still open, whatever one card did.
    assert (refused.status, refused.decline_code) == (ChargeStatus.OPEN, "insufficient_funds")
    assert stripe_fake.use_card(page.session_id, "pm_card_mastercard") == ""
    paid = gateway.hosted_charge(page.session_id, provider)
    assert (paid.status, paid.amount_pence, paid.fee_pence, paid.says) == (ChargeStatus.SUCCEEDED, 2400, 24, "")
    assert gateway.charge(paid.payment_intent_id, provider) == paid
    assert gateway.find_charge("charge-1", provider, since=longer_ago()) == paid
    assert stripe_fake.books()[provider]["by_ref"]["charge-1"] == {"times": 1, "charged": 2400, "refunded": 0}


@pytest.mark.parametrize(("is_person", "status"), [(True, ChargeStatus.SUCCEEDED), (False, ChargeStatus.OPEN)])
def test_a_bank_asks_on_the_page_who_pays(gateway, stripe_fake, provider, hosted, is_person, status):
    page = hosted()
    stripe_fake.use_card(page.session_id, "pm_card_authenticationRequired", is_person=is_person)
    assert gateway.hosted_charge(page.session_id, provider).status is status


def test_a_page_can_be_closed_so_that_only_one_can_be_paid(gateway, stripe_fake, provider, hosted):
    page = hosted()
    assert gateway.expire_hosted_charge(page.session_id, provider, key="close").status is ChargeStatus.EXPIRED
    assert stripe_fake.use_card(page.session_id) == "This page is closed."
    assert gateway.hosted_charge(page.session_id, provider).status is ChargeStatus.EXPIRED


def test_a_page_that_was_paid_cannot_be_closed(gateway, stripe_fake, provider, hosted):
    page = hosted()
    stripe_fake.use_card(page.session_id)
    with pytest.raises(StripeRefusedError):
        gateway.expire_hosted_charge(page.session_id, provider, key="close")
    assert gateway.hosted_charge(page.session_id, provider).status is ChargeStatus.SUCCEEDED


def test_a_page_closes_by_itself_after_a_day(gateway, stripe_fake, provider, hosted):
    page = hosted()
    stripe_fake.advance(86_401)
    assert gateway.hosted_charge(page.session_id, provider).status is ChargeStatus.EXPIRED


def test_a_page_of_one_provider_is_none_of_anothers(gateway, stripe_fake, hosted):
    page = hosted()
    other = gateway.open_account(key="other", name="Ben", email="ben@example.org")
    with pytest.raises(StripeRefusedError) as refusal:
        gateway.hosted_charge(page.session_id, other)
    assert refusal.value.code == "resource_missing"


# ---------------------------------------------------------------- refunds


@pytest.fixture
def refund(gateway, provider):
    """Return a function that gives back a part of a charge."""

    def give_back(state, pence, **changes):
        usual = {"had_fee": True, "refund_ref": f"refund-{pence}", "key": f"refund-{pence}"}
        return gateway.refund(
            account_id=provider, payment_intent_id=state.payment_intent_id, amount_pence=pence, **usual | changes
        )

    return give_back


def test_a_part_and_then_the_rest_is_given_back_and_never_more(
    gateway, stripe_fake, provider, save_card, charge, refund
):
    paid = charge(save_card())
    part = refund(paid, 1000)
    assert (part.status, part.amount_pence, part.payment_intent_id) == (
        RefundStatus.SUCCEEDED,
        1000,
        paid.payment_intent_id,
    )
    assert gateway.charge(paid.payment_intent_id, provider).refunded_pence == 1000
    assert gateway.find_charge("charge-1", provider, since=longer_ago()).refunded_pence == 1000
    with pytest.raises(StripeRefusedError) as refusal:
        refund(paid, 1401)
    assert refusal.value.param == "amount"
    refund(paid, 1400)
    with pytest.raises(StripeRefusedError) as refusal:
        refund(paid, 1)
    assert refusal.value.code == "charge_already_refunded"
    # Our fee went back with it, to the penny.
    books = stripe_fake.books()[provider]
    assert (books["charged"], books["refunded"], books["fees"], books["fees_refunded"]) == (2400, 2400, 24, 24)


def test_a_charge_without_a_fee_is_refunded_without_one(stripe_fake, provider, save_card, charge, refund):
    paid = charge(save_card(), fee_pence=0)
    with pytest.raises(StripeRefusedError) as refusal:
        refund(paid, 100)
    assert refusal.value.param == "refund_application_fee"
    assert refund(paid, 2400, had_fee=False).status is RefundStatus.SUCCEEDED
    assert stripe_fake.books()[provider]["fees_refunded"] == 0


def test_what_was_never_paid_is_not_given_back(save_card, charge, refund):
    with pytest.raises(StripeRefusedError) as refusal:
        refund(charge(save_card("pm_card_chargeCustomerFail")), 100)
    assert refusal.value.code == "charge_not_refundable"


def test_a_refund_is_found_by_what_we_called_it(gateway, provider, save_card, charge, refund):
    paid = charge(save_card())
    given = {"account_id": provider, "payment_intent_id": paid.payment_intent_id}
    assert gateway.find_refund("refund-100", **given) is None
    made = refund(paid, 100)
    refund(paid, 200)
    assert gateway.find_refund("refund-100", **given) == made == gateway.refund_state(made.refund_id, provider)


@pytest.mark.parametrize(
    ("card", "first", "is_paid", "last", "left"),
    [
        ("pm_card_pendingRefund", RefundStatus.PENDING, True, RefundStatus.SUCCEEDED, 500),
        ("pm_card_refundFail", RefundStatus.SUCCEEDED, False, RefundStatus.FAILED, 0),
    ],
)
def test_a_refund_may_take_time_or_fail_later(
    gateway, stripe_fake, provider, save_card, charge, refund, card, first, is_paid, last, left
):
    paid = charge(save_card(card))
    given = refund(paid, 500)
    assert given.status is first
    stripe_fake.settle(given.refund_id, is_paid=is_paid)
    later = gateway.refund_state(given.refund_id, provider)
    assert (later.status, later.failure_code) == (last, None if is_paid else "unknown")
    assert gateway.charge(paid.payment_intent_id, provider).refunded_pence == left
