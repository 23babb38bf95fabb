"""What does the pretended Stripe know? Everything is in memory, under one lock, and private fields begin with `_`."""

import copy
import secrets
import threading
import time
from datetime import UTC, datetime

import stripe

from tests.stripe_fake.errors import RefusalError, missing

PLATFORM = "acct_platform"


class World:
    """Accounts, cards, charges and all else, with a clock that can be set forward."""

    def __init__(self, secret_key, webhook_secret):
        self.secret_key, self.webhook_secret = secret_key, webhook_secret
        self.lock = threading.RLock()
        self.address = ""
        self.objects, self.keys, self.events, self.requests, self.faults = {}, {}, [], [], []
        self.ahead = 0.0
        self.on_event = lambda event: None

    # ------------------------------------------------------------ time

    def now(self):
        return int(time.time() + self.ahead)

    def moment(self):
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds):
        with self.lock:
            self.ahead += seconds

    # ------------------------------------------------------------ things

    def add(self, kind, prefix, account, **fields):
        """Keep a new thing and return it."""
        thing = {
            "id": f"{prefix}_{secrets.token_hex(12)}",
            "object": kind,
            "created": self.now(),
            "livemode": False,
            "_account": account,
            **fields,
        }
        self.objects[thing["id"]] = thing
        return thing

    def find(self, kind, known_as, account):
        """Return a thing of an account, as if those of others did not exist."""
        thing = self.objects.get(known_as)
        if thing is None or thing["object"] != kind or thing["_account"] != account:
            raise missing(kind, known_as)
        return thing

    def all_of(self, kind, account=None):
        """Return the things of a kind, newest first."""
        return [
            thing
            for thing in reversed(list(self.objects.values()))
            if thing["object"] == kind and account in {None, thing["_account"]}
        ]

    def shown(self, thing, expand=()):
        """Return a thing as it is sent: without what is private, and with what was asked for in full."""
        shown = copy.deepcopy({name: value for name, value in thing.items() if not name.startswith("_")})
        for path in expand:
            field, _, rest = path.partition(".")
            known_as = shown.get(field)
            if isinstance(known_as, dict):
                known_as = known_as["id"]
            if known_as in self.objects:
                deeper = [other.partition(".")[2] for other in expand if other.startswith(f"{field}.")]
                shown[field] = self.shown(self.objects[known_as], [it for it in [rest, *deeper] if it])
        return shown

    def page(self, url, things, params, expand):
        """Return one page of a list, as Stripe pages: by the id after which to go on."""
        made = params.get("created") or {}
        if isinstance(made, dict):
            tests = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
            things = [t for t in things if all(tests[how](t["created"], int(at)) for how, at in made.items())]
        if "starting_after" in params:
            ids = [thing["id"] for thing in things]
            if params["starting_after"] not in ids:
                raise missing("object", params["starting_after"])
            things = things[ids.index(params["starting_after"]) + 1 :]
        limit = int(params.get("limit", 10))
        if not 1 <= limit <= 100:
            raise RefusalError(400, "This value must be between 1 and 100.", param="limit", is_kept=False)
        below = [path.removeprefix("data.") for path in expand]
        return {
            "object": "list",
            "url": url,
            "data": [self.shown(thing, below) for thing in things[:limit]],
            "has_more": len(things) > limit,
        }

    # ------------------------------------------------------------ news

    def tell(self, kind, thing):
        """Write down that something happened, and let the webhooks know."""
        event = {
            "id": f"evt_{secrets.token_hex(12)}",
            "object": "event",
            "api_version": stripe.api_version,
            "created": self.now(),
            "data": {"object": self.shown(thing)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        account = thing["id"] if thing["object"] == "account" else thing["_account"]
        if account != PLATFORM:
            event["account"] = account
        self.events.append(event)
        self.on_event(event)
