"""The pretended Stripe as a server: its interface, the pages it hosts, and what tests may do to it."""

import json
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.stripe_fake.accounts import finish_account, stop_account
from tests.stripe_fake.api import DroppedError, Fault, answer, catch_up
from tests.stripe_fake.books import books
from tests.stripe_fake.charging import settle_intent
from tests.stripe_fake.checkout import intent_of, prove, take_card
from tests.stripe_fake.controls import CONTROLS
from tests.stripe_fake.pages import checkout_page, layout, onboarding_page, proof_page
from tests.stripe_fake.refunds import settle_refund
from tests.stripe_fake.webhooks import Webhooks
from tests.stripe_fake.world import PLATFORM, World

SECRET_KEY = "sk_test_pretended"
# One for events of the platform itself, one for those of providers.
WEBHOOK_SECRET = "whsec_pretended,whsec_pretended_providers"


class StripeFake:
    """
    A Stripe to try things on, on a port of its own.

    Start it with `with StripeFake() as fake:` and give `fake.url`, `fake.secret_key` and `fake.webhook_secret` to the
    site. All that can be done from here can also be done from outside, by posting to `/_fake/…`.
    """

    def __init__(self, port=0, *, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET):
        self.world = World(secret_key, webhook_secret)
        self.webhooks = Webhooks(self.world)
        self.secret_key, self.webhook_secret = secret_key, webhook_secret
        self.crashes = []
        self._server = _Server(("127.0.0.1", port), _handler_for(self))
        self.url = self.world.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.crashes:
            raise self.crashes[0]

    def stop(self):
        self.let_go()
        self._server.shutdown()
        self._server.server_close()

    def serve(self):
        """Answer until interrupted."""
        self._server.serve_forever()

    # ------------------------------------------------------------ what tests ask

    @property
    def requests(self):
        """Every request so far: method, path, account, key, params, status, and whether it was an answer repeated."""
        return list(self.world.requests)

    @property
    def events(self):
        """Everything that happened, in order."""
        return list(self.world.events)

    def books(self):
        return books(self.world)

    def count(self, kind):
        """Return how many things of a kind there are, such as `refund`."""
        return sum(it["object"] == kind for it in list(self.world.objects.values()))

    # ------------------------------------------------------------ what tests do

    def fail(self, kind, path=".*", *, method="POST", times=1):
        """Let the next requests that match go wrong. Return the fault: `met` says it has happened."""
        fault = Fault(kind, method=method, path=path, times=times)
        with self.world.lock:
            self.world.faults.append(fault)
        return fault

    def let_go(self):
        """Forget all faults, and let go of what stalls."""
        with self.world.lock:
            for fault in self.world.faults:
                fault.times = 0
                fault.let_go.set()
            self.world.faults.clear()

    def forget(self):
        """Begin anew, as if nothing had ever happened. The clock goes on."""
        self.let_go()
        with self.world.lock:
            for kept in (self.world.objects, self.world.keys, self.world.events, self.world.requests):
                kept.clear()
            self.webhooks.waiting.clear()

    def advance(self, seconds):
        """Set the clock forward, and do what that brings about."""
        self.world.advance(seconds)
        with self.world.lock:
            catch_up(self.world)

    def finish_onboarding(self, account_id):
        with self.world.lock:
            finish_account(self.world, self.world.find("account", account_id, PLATFORM))

    def stop_account(self, account_id):
        with self.world.lock:
            stop_account(self.world, self.world.find("account", account_id, PLATFORM))

    def settle(self, known_as, *, is_paid):
        """Let the bank answer about a charge or refund that it took its time over."""
        with self.world.lock:
            thing = self.world.objects[known_as]
            settle = settle_refund if thing["object"] == "refund" else settle_intent
            settle(self.world, thing, is_paid=is_paid)

    def use_card(self, session_id, card="pm_card_visa", *, is_person=True):
        """Do on a hosted page what a person would: choose a card, and answer the bank. Return what the page says."""
        with self.world.lock:
            catch_up(self.world)
            session = self.world.objects[session_id]
            if session["status"] != "open":
                return "This page is closed."
            said = take_card(self.world, session, card)
            intent = intent_of(self.world, session)
            if not said and intent and intent["status"] == "requires_action":
                said = prove(self.world, session, is_person=is_person)
            return said


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Hundreds may come at once; who does not fit waits a second before asking again.
    request_queue_size = 512


def _handler_for(fake):
    class Handler(_Handler):
        pass

    Handler.fake = fake
    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Small answers go at once: waiting for more to send costs 40 ms each.
    disable_nagle_algorithm = True

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def do_DELETE(self):
        self._answer()

    def log_message(self, *_):
        """Say nothing: tests read `requests`."""

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        address = urlsplit(self.path)
        with suppress(BrokenPipeError, ConnectionResetError):
            if address.path.startswith("/_fake/"):
                self._control(address, body)
            elif address.path.startswith(("/checkout/", "/onboarding/")):
                self._page(address, body)
            else:
                self._interface(address, body)

    def _interface(self, address, body):
        try:
            status, said, more = answer(self.fake.world, self.command, address.path, address.query, body, self.headers)
        except DroppedError:
            self._hang_up()
            return
        except Exception as crash:  # noqa: BLE001
            # A mistake here must not pass for a connection that broke.
            self.fake.crashes.append(crash)
            self._hang_up()
            return
        text = said if isinstance(said, str) else json.dumps(said)
        self._send(status, text, "application/json", more)

    def _hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _control(self, address, body):
        control = CONTROLS.get((self.command, address.path.removeprefix("/_fake/")))
        if control is None:
            self._send(404, json.dumps({"controls": sorted(map(" ".join, CONTROLS))}), "application/json")
            return
        said = control(self.fake, **json.loads(body or "{}"))
        self._send(200, json.dumps(said), "application/json")

    def _send(self, status, text, kind, more=None):
        sent = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(sent)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    # ------------------------------------------------------------ hosted pages

    def _page(self, address, body):
        kind, _, known_as = address.path.removeprefix("/").partition("/")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        world = self.fake.world
        with world.lock:
            catch_up(world)
            status, said = (self._checkout if kind == "checkout" else self._onboarding)(world, known_as, form)
        if status == 303:
            self._send(303, "", "text/html", {"Location": said})
        else:
            self._send(status, said, "text/html")

    def _checkout(self, world, known_as, form):
        session = world.objects.get(known_as)
        if session is None or session["object"] != "checkout.session":
            return 404, layout("Page not found", "")
        if session["status"] != "open":
            return 410, layout("This page is closed", "<p>You can close this window.</p>")
        error = ""
        if self.command == "POST":
            if "proof" in form:
                error = prove(world, session, is_person=form["proof"] == "yes")
            else:
                error = take_card(world, session, form.get("card", "pm_card_visa"))
            if session["status"] == "complete":
                return 303, session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        intent = intent_of(world, session)
        if intent and intent["status"] == "requires_action":
            return 200, proof_page(session)
        return 200, checkout_page(session, error=error)

    def _onboarding(self, world, token, form):
        link = next((link for link in world.all_of("account_link") if link["_token"] == token), None)
        if link is None:
            return 404, layout("Page not found", "")
        if self.command == "GET" and (link["_is_used"] or link["expires_at"] <= world.now()):
            return 303, link["_refresh_url"]
        link["_is_used"] = True
        account = world.objects[link["_about"]]
        if self.command == "GET":
            return 200, onboarding_page(token, account)
        if form.get("finish") == "yes":
            finish_account(world, account)
        return 303, link["_return_url"]
