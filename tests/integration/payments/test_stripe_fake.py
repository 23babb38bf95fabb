"""Does the pretended Stripe refuse what Stripe would refuse, and do what tests ask of it?"""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import html5lib
import pytest
import stripe
import stripe.params
from bs4 import BeautifulSoup

from tests.stripe_fake import StripeFake
from tests.stripe_fake.charging import HOLD_LASTS, VISA_HOLD_LASTS
from tests.stripe_fake.encoding import decoded
from tests.stripe_fake.errors import RefusalError
from tests.stripe_fake.parameters import hints_of
from tests.stripe_fake.routes import ROUTES

pytestmark = pytest.mark.once

DAY = 86_400


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(fake, path, said=None, *, key=None, secret=None, **headers):
    """Ask as no library would: with any parameters at all. Return status, answer and headers."""
    sent = {"Authorization": f"Bearer {secret or fake.secret_key}", **headers}
    if key:
        sent["Idempotency-Key"] = key
    request = urllib.request.Request(  # noqa: S310
        fake.url + path, data=None if said is None else urlencode(said).encode(), headers=sent
    )
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=5) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def refusal(fake, *given, **more):
    status, text, _ = ask(fake, *given, **more)
    return status, json.loads(text)["error"]


def control(fake, name, **said):
    request = urllib.request.Request(f"{fake.url}/_fake/{name}", data=json.dumps(said).encode())  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return json.loads(answer.read())


# ---------------------------------------------------------------- who asks, and what


def test_only_who_knows_the_secret_is_answered(stripe_fake):
    assert ask(stripe_fake, "/v1/customers", {}, secret="sk_test_guess")[0] == 401
    assert ask(stripe_fake, "/v1/customers", {})[0] == 200
    status, error = refusal(stripe_fake, "/v1/customers", {}, **{"Stripe-Account": "acct_nobody"})
    assert (status, error["code"]) == (403, "account_invalid")
    assert ask(stripe_fake, "/v1/unicorns", {})[0] == 404


@pytest.mark.parametrize(
    ("path", "said", "param"),
    [
        ("/v1/customers", {"nickname": "x"}, "nickname"),
        ("/v1/customers", {"address[planet]": "Mars"}, "address[planet]"),
        ("/v1/accounts", {"controller[fees][payee]": "us"}, "controller[fees][payee]"),
        ("/v1/payment_intents", {"amount": "100", "currency": "gbp", "source": "tok_visa"}, "source"),
        # Gone from the library since version 16, and so from here.
        (
            "/v1/payment_intents",
            {"amount": "1", "currency": "gbp", "payment_method_types[]": "card"},
            "payment_method_types",
        ),
        ("/v1/checkout/sessions", {"line_items[0][price_data][colour]": "red"}, "line_items[0][price_data][colour]"),
        ("/v1/refunds", {"metdata[refund_ref]": "1"}, "metdata"),
    ],
)
def test_a_parameter_that_the_library_does_not_know_is_refused_however_deep(stripe_fake, path, said, param):
    status, error = refusal(stripe_fake, path, said)
    assert (status, error["code"], error["param"]) == (400, "parameter_unknown", param)


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("/v1/payment_intents", {"currency": "gbp"}, "parameter_missing"),
        ("/v1/payment_intents", {"amount": "12.50", "currency": "gbp"}, "parameter_invalid"),
        ("/v1/payment_intents", {"amount": "100", "currency": "gbp", "confirm": "yes"}, "parameter_invalid"),
        ("/v1/payment_intents", {"amount": "100", "currency": "gbp", "capture_method": "soon"}, "parameter_invalid"),
        ("/v1/payment_intents", {"amount": "100", "currency": "gbp", "expand": "customer"}, "parameter_invalid"),
        ("/v1/checkout/sessions", {"mode": "gift"}, "parameter_invalid"),
        ("/v1/checkout/sessions", {"mode": "setup", "success_url": "http://x"}, "parameter_missing"),
        ("/v1/checkout/sessions", {"mode": "payment", "success_url": "http://x"}, "parameter_missing"),
    ],
)
def test_a_value_of_another_kind_is_refused(stripe_fake, path, said, code):
    assert refusal(stripe_fake, path, said)[1]["code"] == code


@pytest.mark.parametrize("expand", ["amount", "latest_charge.amount", "unicorn", "data.latest_charge"])
def test_only_what_the_library_calls_expandable_is(stripe_fake, stripe_client, provider, save_card, charge, expand):
    paid = charge(save_card())
    options = {"stripe_account": provider}
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        stripe_client.v1.payment_intents.retrieve(paid.payment_intent_id, {"expand": [expand]}, options)
    plain = stripe_client.v1.payment_intents.retrieve(paid.payment_intent_id, {}, options)
    full = stripe_client.v1.payment_intents.retrieve(paid.payment_intent_id, {"expand": ["latest_charge"]}, options)
    assert full.latest_charge.id == plain.latest_charge


def test_every_definition_that_is_checked_against_can_be_read():
    """If a later library writes its types another way, this fails before anything else does."""
    for route in ROUTES:
        hints, required = hints_of(route.definition)
        assert required <= hints.keys()
        assert "expand" in hints or route.definition is stripe.params.AccountLinkCreateParams
        assert "idempotency_key" not in hints


def test_forms_are_read_as_stripe_writes_them():
    assert decoded("a=1&b[c][d]=2&e[0][f]=3&e[1][f]=4&g[]=5&g[]=6&h=") == {
        "a": "1",
        "b": {"c": {"d": "2"}},
        "e": [{"f": "3"}, {"f": "4"}],
        "g": ["5", "6"],
        "h": "",
    }
    for broken in ("a[b=1", "[a]=1", "a=1&a[b]=2"):
        with pytest.raises(RefusalError):
            decoded(broken)


# ---------------------------------------------------------------- keys


def test_the_first_answer_is_repeated_and_says_so(stripe_fake):
    said = {"metadata[person_ref]": "1"}
    first = ask(stripe_fake, "/v1/customers", said, key="k")
    again = ask(stripe_fake, "/v1/customers", said, key="k")
    assert first[1] == again[1]
    assert (first[2]["Idempotent-Replayed"], again[2]["Idempotent-Replayed"]) == (None, "true")
    status, error = refusal(stripe_fake, "/v1/customers", {"metadata[person_ref]": "2"}, key="k")
    assert (status, error["type"]) == (400, "idempotency_error")
    assert ask(stripe_fake, "/v1/customers", said, key="k" * 256)[0] == 400


def test_a_key_of_one_account_is_none_of_anothers(stripe_fake, provider):
    ours = ask(stripe_fake, "/v1/customers", {}, key="k")
    theirs = ask(stripe_fake, "/v1/customers", {}, key="k", **{"Stripe-Account": provider})
    assert json.loads(ours[1])["id"] != json.loads(theirs[1])["id"]


def test_what_never_began_leaves_no_trace_of_its_key(stripe_fake):
    for said in ({"nickname": "x"}, {"validate": "perhaps"}):
        assert ask(stripe_fake, "/v1/customers", said, key="k")[0] == 400
    stripe_fake.fail("too_many")
    assert ask(stripe_fake, "/v1/customers", {}, key="k")[0] == 429
    assert ask(stripe_fake, "/v1/customers", {}, key="k")[0] == 200


def test_what_began_and_was_refused_is_kept(stripe_fake, provider):
    account = {"Stripe-Account": provider}
    said = {"amount": "10", "currency": "gbp"}
    first = ask(stripe_fake, "/v1/payment_intents", said, key="k", **account)
    again = ask(stripe_fake, "/v1/payment_intents", said, key="k", **account)
    assert (first[0], first[1], again[2]["Idempotent-Replayed"]) == (400, again[1], "true")


def test_one_of_many_at_once_does_it(stripe_fake):
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: ask(stripe_fake, "/v1/customers", {}, key="k"), range(20)))
    assert {status for status, *_ in answers} <= {200, 409}
    assert len(stripe_fake.world.all_of("customer")) == 1


# ---------------------------------------------------------------- holds, which we do not use


@pytest.fixture
def hold(stripe_client, provider):
    """Return a function that holds money on a card instead of taking it."""

    def holding(card, *, off_session):
        return stripe_client.v1.payment_intents.create(
            {
                "amount": 2400,
                "currency": "gbp",
                "payment_method": card,
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "capture_method": "manual",
                "confirm": True,
                "off_session": off_session,
                "expand": ["latest_charge"],
            },
            {"stripe_account": provider},
        )

    return holding


@pytest.mark.parametrize(
    ("card", "off_session", "lasts"),
    [
        ("pm_card_visa", False, HOLD_LASTS),
        ("pm_card_mastercard", True, HOLD_LASTS),
        ("pm_card_visa", True, VISA_HOLD_LASTS),
    ],
)
def test_a_hold_is_gone_before_a_pool_is_full(
    stripe_fake, stripe_client, provider, gateway, hold, card, off_session, lasts
):
    options = {"stripe_account": provider}
    held, late = hold(card, off_session=off_session), hold(card, off_session=off_session)
    until = held.latest_charge.payment_method_details.card.capture_before
    assert until - held.created == lasts
    assert held.status == "requires_capture"

    assert gateway.charge(held.id, provider).status == "processing"
    stripe_fake.advance(lasts - 60)
    assert stripe_client.v1.payment_intents.capture(held.id, {"amount_to_capture": 2000}, options).status == "succeeded"
    stripe_fake.advance(8 * DAY - lasts + 60)  # day 8
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_client.v1.payment_intents.capture(late.id, {}, options)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert gateway.charge(late.id, provider).status == "cancelled"
    assert stripe_fake.books()[provider]["charged"] == 2000
    assert "payment_intent.canceled" in {event["type"] for event in stripe_fake.events}


def test_a_charge_that_waits_can_be_called_off_and_one_that_is_paid_cannot(stripe_client, provider, hold):
    options = {"stripe_account": provider}
    held = hold("pm_card_visa", off_session=False)
    assert stripe_client.v1.payment_intents.cancel(held.id, {}, options).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        stripe_client.v1.payment_intents.cancel(held.id, {}, options)


# ---------------------------------------------------------------- cards


def test_a_cloned_card_pays_once(stripe_client, provider, customer, save_card):
    options = {"stripe_account": provider}
    clone = stripe_client.v1.payment_methods.create({"customer": customer, "payment_method": save_card()}, options)
    asked = {
        "amount": 500,
        "currency": "gbp",
        "payment_method": clone.id,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "confirm": True,
        "off_session": True,
    }
    assert stripe_client.v1.payment_intents.create(asked, options).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        stripe_client.v1.payment_intents.create(asked, options)


def test_the_platform_never_charges_for_itself(stripe_client):
    with pytest.raises(stripe.InvalidRequestError):
        stripe_client.v1.payment_intents.create({"amount": 500, "currency": "gbp"})


def test_a_charge_that_might_send_somebody_away_says_where_they_come_back(stripe_client, provider):
    asked = {"amount": 500, "currency": "gbp", "payment_method": "pm_card_visa", "confirm": True}
    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        stripe_client.v1.payment_intents.create(asked, {"stripe_account": provider})


# ---------------------------------------------------------------- hosted pages


def read_page(text):
    html5lib.HTMLParser(strict=True).parse(text)
    page = BeautifulSoup(text, "html.parser")
    assert len(page.select("h1")) == 1
    labelled = {label["for"] for label in page.select("label")}
    assert all(control["id"] in labelled for control in page.select("input"))
    return page


def visit(fake, url, said=None):
    return ask(fake, url.removeprefix(fake.url), said)


def test_somebody_pays_on_the_hosted_page(gateway, stripe_fake, provider, hosted):
    page = hosted(description="Gardening & <tidying>")
    status, text, _ = visit(stripe_fake, page.url)
    shown = read_page(text)
    assert status == 200
    assert "Gardening & <tidying>: £24.00" in shown.get_text()
    assert shown.select_one("h1").text == "Pay £24.00"
    assert shown.select_one("a")["href"] == "http://127.0.0.1/cancelled"

    status, text, _ = visit(stripe_fake, page.url, {"card": "pm_card_visa_chargeDeclinedInsufficientFunds"})
    assert "refused" in read_page(text).select_one("[role=alert]").text
    status, text, _ = visit(stripe_fake, page.url, {"card": "pm_card_authenticationRequired"})
    assert "is this you?" in read_page(text).select_one("h1").text
    waiting = gateway.hosted_charge(page.session_id, provider)
    assert (waiting.status, waiting.decline_code) == ("open", "authentication_required")
    assert "bank wants to be sure" in waiting.says
    assert gateway.charge(waiting.payment_intent_id, provider).status == "needs_person"
    status, _, headers = visit(stripe_fake, page.url, {"proof": "yes"})
    assert (status, headers["Location"]) == (303, f"http://127.0.0.1/done?session={page.session_id}")
    assert gateway.hosted_charge(page.session_id, provider).status == "succeeded"
    assert visit(stripe_fake, page.url)[0] == 410


def test_somebody_who_is_not_who_they_say_pays_nothing(gateway, stripe_fake, provider, hosted):
    page = hosted()
    visit(stripe_fake, page.url, {"card": "pm_card_authenticationRequired"})
    visit(stripe_fake, page.url, {"proof": "no"})
    assert stripe_fake.books()[provider]["charged"] == 0
    assert gateway.hosted_charge(page.session_id, provider).decline_code == "payment_intent_authentication_failure"


def test_somebody_saves_a_card_and_reads_what_they_allow(gateway, stripe_fake, customer):
    page = gateway.begin_card_setup(
        customer, key="s", setup_ref="r", success_url="http://127.0.0.1/s", cancel_url="http://127.0.0.1/c"
    )
    shown = read_page(visit(stripe_fake, page.url)[1])
    assert "support you have agreed to" in shown.get_text()
    assert shown.select_one("button").text == "Save card"
    assert visit(stripe_fake, page.url, {"card": "pm_card_visa"})[2]["Location"] == "http://127.0.0.1/s"
    assert gateway.card_setup(page.session_id).card.last4 == "4242"


def test_a_card_is_not_saved_before_the_bank_knows_whose_it_is(gateway, stripe_fake, customer):
    page = gateway.begin_card_setup(customer, key="s", setup_ref="r", success_url="http://x/s", cancel_url="http://x/c")
    for proof, is_saved in [("no", False), ("yes", True)]:
        shown = visit(stripe_fake, page.url, {"card": "pm_card_authenticationRequired"})[1]
        assert "is this you?" in read_page(shown).select_one("h1").text
        assert gateway.card_setup(page.session_id).card is None
        visit(stripe_fake, page.url, {"proof": proof})
        assert bool(gateway.card_setup(page.session_id).card) is is_saved


def test_a_provider_tells_stripe_about_themselves_by_a_link_that_opens_once(gateway, stripe_fake):
    account_id = gateway.open_account(key="a", name="Anna & Co", email="anna@example.org")

    def link(key):
        return gateway.account_link(
            account_id, return_url="http://127.0.0.1/r", refresh_url="http://127.0.0.1/f", key=key
        )

    first = link("1")
    assert "Anna & Co" in read_page(visit(stripe_fake, first)[1]).get_text()
    assert visit(stripe_fake, first)[2]["Location"] == "http://127.0.0.1/f"
    assert visit(stripe_fake, first, {"finish": "later"})[2]["Location"] == "http://127.0.0.1/r"
    assert not gateway.account(account_id).charges_enabled
    late = link("2")
    stripe_fake.advance(301)
    assert visit(stripe_fake, late)[2]["Location"] == "http://127.0.0.1/f"
    visit(stripe_fake, link("3"), {"finish": "yes"})
    assert gateway.account(account_id).charges_enabled
    assert visit(stripe_fake, "/onboarding/unknown")[0] == visit(stripe_fake, "/checkout/unknown")[0] == 404


# ---------------------------------------------------------------- in a process of its own


def test_it_runs_by_itself_and_is_told_what_to_do_from_outside(tmp_path):
    command = [sys.executable, "-m", "tests.stripe_fake", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            settings = dict(re.findall(r"(\w+)=(\S+)", process.stdout.readline()))
            outside = type("Outside", (), {"url": settings["STRIPE_API_BASE"]})
            client = stripe.StripeClient(
                settings["STRIPE_SECRET_KEY"],
                base_addresses={"api": outside.url},
                http_client=stripe.RequestsClient(timeout=5),
            )
            account = client.v1.accounts.create({"country": "GB"})
            control(outside, "accounts", account_id=account.id, charges_enabled=True)
            options = {"stripe_account": account.id}
            asked = {
                "amount": 500,
                "currency": "gbp",
                "payment_method": "pm_card_visa",
                "confirm": True,
                "return_url": "http://127.0.0.1/r",
            }
            control(outside, "faults", kind="drop_after", path="/v1/payment_intents")
            options["idempotency_key"] = "k"
            with pytest.raises(stripe.APIConnectionError):
                client.v1.payment_intents.create(asked, options)
            assert client.v1.payment_intents.create(asked, options).status == "succeeded"
            control(outside, "clock", advance=60)
            control(outside, "webhooks", url="http://127.0.0.1:1/")
            assert set(control(outside, "deliver")["statuses"]) == {None}
            with urllib.request.urlopen(f"{outside.url}/_fake/books", timeout=5) as answer:  # noqa: S310
                assert json.loads(answer.read())[account.id]["charged"] == 500
        finally:
            process.terminate()


def test_a_mistake_of_its_own_does_not_pass_for_one_of_ours():
    fake = StripeFake()
    fake.world.now = lambda: 1 // 0
    with pytest.raises(ZeroDivisionError), fake, pytest.raises(OSError, match=r"closed|reset"):
        ask(fake, "/v1/customers", {})
