"""Are webhooks believed only when Stripe signed them, just now, and these very bytes?"""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from marketplace.payments.gateways.answers import ForgedEventError
from marketplace.payments.gateways.stripe import StripeGateway
from tests.stripe_fake import WEBHOOK_SECRET
from tests.stripe_fake.webhooks import signature_of

pytestmark = pytest.mark.once


class Inbox:
    """A place where webhooks arrive, which takes what it is told to take."""

    def __init__(self):
        self.letters, self.status = [], 200
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.letters.append((body, self.headers["Stripe-Signature"]))
                self.send_response(inbox.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def inbox(stripe_fake):
    inbox = Inbox()
    stripe_fake.webhooks.url = inbox.url
    yield inbox
    inbox.server.shutdown()
    inbox.server.server_close()


@pytest.fixture
def read(gateway):
    """Return a function that reads a letter."""

    def reading(letter, now=None):
        return gateway.read_event(*letter, now=now or datetime.now(UTC))

    return reading


@pytest.fixture
def paid_events(gateway, stripe_fake, provider, save_card, charge, hosted):
    """Everything that a saved card, a charge, a hosted charge and a refund bring about."""
    stripe_fake.webhooks.waiting.clear()
    paid = charge(save_card())
    stripe_fake.use_card(hosted().session_id)
    gateway.refund(
        account_id=provider,
        payment_intent_id=paid.payment_intent_id,
        amount_pence=100,
        had_fee=True,
        refund_ref="refund-1",
        key="refund",
    )
    return paid


def test_events_arrive_signed_and_say_where_to_look(gateway, stripe_fake, inbox, read, provider, paid_events):
    assert set(stripe_fake.webhooks.deliver()) == {200}
    assert not stripe_fake.webhooks.waiting
    events = {event.type: event for event in map(read, inbox.letters)}
    succeeded, refunded = events["payment_intent.succeeded"], events["refund.created"]
    assert (succeeded.account_id, succeeded.ref) == (provider, "charge-1")
    assert succeeded.object_id == succeeded.payment_intent_id
    assert (refunded.ref, refunded.payment_intent_id) == ("refund-1", paid_events.payment_intent_id)
    saved = events["setup_intent.succeeded"]
    assert (saved.account_id, saved.ref, saved.payment_intent_id) == (None, "setup-1", None)
    assert events["checkout.session.completed"].ref == "charge-1"
    assert events["charge.refunded"].payment_intent_id == paid_events.payment_intent_id
    assert abs(datetime.now(UTC) - succeeded.created) < timedelta(minutes=1)
    assert len({event.event_id for event in map(read, inbox.letters)}) == len(inbox.letters)


def test_an_event_about_an_account_says_which(gateway, stripe_fake, inbox, read, provider):
    stripe_fake.webhooks.deliver(kinds={"account.updated"})
    event = read(inbox.letters[0])
    assert (event.type, event.account_id, event.object_id) == ("account.updated", provider, provider)


def test_events_come_twice_and_in_any_order(stripe_fake, inbox, read, paid_events):
    count = len(stripe_fake.webhooks.waiting)
    stripe_fake.webhooks.deliver(copies=2, shuffled=7)
    ids = [read(letter).event_id for letter in inbox.letters]
    assert (len(ids), len(set(ids))) == (2 * count, count)
    made = [event["id"] for event in stripe_fake.events]
    assert [made.index(known_as) for known_as in ids] != sorted(made.index(known_as) for known_as in ids)


def test_forged_events_are_refused(stripe_fake, inbox, read, paid_events):
    inbox.status = 400
    stripe_fake.webhooks.deliver(is_forged=True)
    assert inbox.letters
    for letter in inbox.letters:
        with pytest.raises(ForgedEventError):
            read(letter)
    # What was not taken goes on waiting.
    assert len(stripe_fake.webhooks.waiting) == len(inbox.letters)


@pytest.mark.parametrize(("ago", "is_taken"), [(0, True), (290, True), (310, False), (-290, True), (-310, False)])
def test_an_event_holds_for_three_hundred_seconds(stripe_fake, inbox, read, paid_events, ago, is_taken):
    now = datetime.now(UTC)
    stripe_fake.webhooks.deliver(signed_ago=ago)
    if is_taken:
        read(inbox.letters[0], now)
    else:
        with pytest.raises(ForgedEventError):
            read(inbox.letters[0], now)


def test_the_bytes_must_be_the_very_same(stripe_fake, inbox, read, paid_events):
    stripe_fake.webhooks.deliver()
    body, signature = inbox.letters[0]
    changed = json.dumps(json.loads(body)).encode()
    assert json.loads(changed) == json.loads(body)
    with pytest.raises(ForgedEventError):
        read((changed, signature))


def test_one_good_signature_among_others_is_enough(gateway, stripe_fake, inbox, read, paid_events):
    """Stripe signs twice while a secret is being changed."""
    stripe_fake.webhooks.deliver()
    body, signature = inbox.letters[0]
    moment, good = signature.split(",")
    read((body, f"{moment},v1={'0' * 64},{good},v0=what_we_do_not_read,and,t=1"))


def test_without_a_secret_nothing_is_believed(stripe_fake, inbox, paid_events):
    unset = StripeGateway(stripe_fake.secret_key, "", stripe_fake.url)
    stripe_fake.webhooks.deliver()
    body, signature = inbox.letters[0]
    nobodys = signature_of(body, "", int(datetime.now(UTC).timestamp()))
    for said in (signature, nobodys):
        with pytest.raises(ForgedEventError):
            unset.read_event(body, said, now=datetime.now(UTC))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=1",
        "v1=abc",
        "t=now,v1=abc",
        "t=1,v1=",
        "t=1,v1=é",
        "t=1,v1=\x00",
        "t=,v1=abc",
        "==,=",
        "t=1,v0=a",
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[]", b"null", b'{"object":"event"}'])
def test_whatever_else_is_posted_is_forged(read, body, signature):
    with pytest.raises(ForgedEventError):
        read((body, signature))


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b'{"object":"event"}',
        b'{"object":"v2.core.event"}',
        b'{"object":"event","id":"e","type":"t","created":1,"data":{"object":[]}}',
    ],
)
def test_what_is_signed_and_no_event_is_refused_too(stripe_fake, read, body):
    signed_at = int(datetime.now(UTC).timestamp())
    with pytest.raises(ForgedEventError):
        read((body, signature_of(body, WEBHOOK_SECRET.split(",")[0], signed_at)))


def test_events_go_out_by_themselves_when_asked_to(gateway, stripe_fake, inbox, read):
    stripe_fake.webhooks.is_prompt = True
    account_id = gateway.open_account(key="a", name="Anna", email="anna@example.org")
    stripe_fake.finish_onboarding(account_id)
    stripe_fake.webhooks.settle()
    assert [read(letter).account_id for letter in inbox.letters] == [account_id]


def test_nobody_at_home_is_tried_again(stripe_fake, inbox, paid_events):
    count = len(stripe_fake.webhooks.waiting)
    stripe_fake.webhooks.url = "http://127.0.0.1:1/"
    assert set(stripe_fake.webhooks.deliver()) == {None}
    assert len(stripe_fake.webhooks.waiting) == count
    stripe_fake.webhooks.url = inbox.url
    assert set(stripe_fake.webhooks.deliver()) == {200}
