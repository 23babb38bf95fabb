"""How does Stripe tell a site what happened? Signed, at least once, in no order, and not always soon."""

import hashlib
import hmac
import json
import queue
import random
import threading
import time
import urllib.error
import urllib.request


def signature_of(body, secret, signed_at):
    """Return the header that Stripe would send with these bytes."""
    made = hmac.new(secret.encode(), f"{signed_at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={signed_at},v1={made}"


class Webhooks:
    """
    What is sent where. With a URL and `is_prompt`, every event goes out by itself, in order and once.

    Otherwise they wait for `deliver`, which can send them twice, shuffled, late or forged.
    """

    def __init__(self, world):
        self._world = world
        self.url, self.is_prompt, self.delay = "", False, 0.0
        self.waiting, self.sent = [], []
        self._queue = queue.Queue()
        world.on_event = self._heard
        threading.Thread(target=self._run, daemon=True).start()

    def _heard(self, event):
        if self.url and self.is_prompt:
            self._queue.put(event)
        else:
            self.waiting.append(event)

    def _run(self):
        while True:
            event = self._queue.get()
            time.sleep(self.delay)
            if self.send(event) is None or self.sent[-1]["status"] >= 300:
                self.waiting.append(event)
            self._queue.task_done()

    def settle(self):
        """Wait until everything that goes out by itself has gone out."""
        self._queue.join()

    def deliver(self, *, copies=1, shuffled=None, is_forged=False, signed_ago=0, kinds=None):
        """Send what waits, and return the status of each answer. What was not taken goes on waiting."""
        chosen = [event for event in self.waiting if kinds is None or event["type"] in kinds]
        self.waiting = [event for event in self.waiting if event not in chosen]
        to_send = [event for event in chosen for _ in range(copies)]
        if shuffled is not None:
            random.Random(shuffled).shuffle(to_send)  # noqa: S311  (so that a failure can be played again)
        statuses, taken = [], set()
        for event in to_send:
            status = self.send(event, is_forged=is_forged, signed_ago=signed_ago)
            statuses.append(status)
            if status is not None and status < 300:
                taken.add(event["id"])
        self.waiting = [event for event in chosen if event["id"] not in taken] + self.waiting
        return statuses

    def _secret_for(self, event):
        secrets = self._world.webhook_secret.split(",")
        return secrets[-1] if "account" in event else secrets[0]

    def send(self, event, *, is_forged=False, signed_ago=0):
        """Send one event and return the status of the answer, or nothing if there was none."""
        body = json.dumps(event, indent=2).encode()
        signed_at = self._world.now() - signed_ago
        secret = "whsec_of_somebody_else" if is_forged else self._secret_for(event)
        request = urllib.request.Request(  # noqa: S310  (a test says where to)
            self.url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": signature_of(body, secret, signed_at),
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = None
        self.sent.append({"event": event["id"], "type": event["type"], "status": status or 599})
        return status
