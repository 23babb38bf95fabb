"""How does a request become an answer? Who asks, what, whether they asked before, and what goes wrong on purpose."""

import json
import re
import threading
from dataclasses import dataclass, field

from tests.stripe_fake.charging import release_old_holds
from tests.stripe_fake.checkout import expire_old_sessions
from tests.stripe_fake.encoding import decoded
from tests.stripe_fake.errors import RefusalError
from tests.stripe_fake.parameters import check_expand, check_parameters
from tests.stripe_fake.routes import Request, route_for
from tests.stripe_fake.world import PLATFORM

KEYS_LAST = 86_400
LONGEST_KEY = 255
KINDS = (
    "drop_before",  # the connection breaks before anything is done
    "drop_after",  # it is done, and nobody hears of it
    "error_before",  # an error of Stripe's own, and nothing is done
    "error_after",  # an error of Stripe's own, though it is done
    "too_many",  # nothing is done, since too much was asked at once
    "locked",  # the same is being done at this moment
    "nonsense",  # it is done, and the answer cannot be read
    "stall_before",  # nothing is done until it is let go
    "stall_after",  # it is done, and the answer waits until it is let go
)


class DroppedError(Exception):
    """The connection breaks instead of an answer."""


@dataclass
class Fault:
    """Something that goes wrong on purpose, with the next requests that match."""

    kind: str
    method: str = "POST"
    path: str = ".*"
    times: int = 1
    met: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is none of {KINDS}")

    def matches(self, method, path):
        return self.times > 0 and self.method == method and re.fullmatch(self.path, path) is not None


def answer(world, method, path, query, body, headers):
    """Return status, body and further headers of an answer."""
    entry = {
        "method": method,
        "path": path,
        "account": headers.get("Stripe-Account"),
        "key": headers.get("Idempotency-Key"),
        "version": headers.get("Stripe-Version"),
        "params": {},
        "status": None,
        "replayed": False,
    }
    with world.lock:
        world.requests.append(entry)
    try:
        _check_asker(world, headers)
        params = decoded(body if method == "POST" else query)
        entry["params"] = params
        status, said, replayed = _routed(world, method, path, params, headers)
    except RefusalError as refusal:
        status, said, replayed = refusal.status, refusal.body, False
    entry |= {"status": status, "replayed": replayed}
    more = {"Request-Id": f"req_{len(world.requests)}"}
    if replayed:
        more["Idempotent-Replayed"] = "true"
    return status, said, more


def _check_asker(world, headers):
    given = headers.get("Authorization", "").removeprefix("Bearer ")
    if given != world.secret_key:
        raise RefusalError(401, "Invalid API Key provided.", is_kept=False)
    account = headers.get("Stripe-Account")
    if account and world.objects.get(account, {}).get("object") != "account":
        raise RefusalError(
            403, f"The provided key does not have access to account '{account}'.", code="account_invalid", is_kept=False
        )


def _routed(world, method, path, params, headers):
    route, ids = route_for(method, path)
    if route is None:
        raise RefusalError(404, f"Unrecognized request URL ({method}: {path}).", is_kept=False)
    check_parameters(route.definition, params)
    check_expand(route.resource, params.get("expand", []), is_list=route.is_list)
    account = headers.get("Stripe-Account") or PLATFORM
    request = Request(account=account, params=params, ids=ids, expand=params.get("expand", []))
    key = headers.get("Idempotency-Key") if method == "POST" else None
    return _once(world, route, request, path, key)


def _once(world, route, request, path, key):
    """Do it, unless it was done under this key before."""
    asked = json.dumps([route.method, path, request.params], sort_keys=True)
    scope = (request.account, key)
    with world.lock:
        known = world.keys.get(scope) if key else None
        if known and known["since"] + KEYS_LAST > world.now():
            return _again(known, asked)
        fault = _next_fault(world, route.method, path)
        if key:
            _claim(world, scope, asked)
    try:
        status, said, is_kept = _done(world, route, request, fault)
    except BaseException:
        _forget(world, scope)
        raise
    if not is_kept:
        _forget(world, scope)
    elif key:
        world.keys[scope]["answer"] = status, said
    return status, _on_its_way(said, fault), False


def _claim(world, scope, asked):
    if len(scope[1]) > LONGEST_KEY:
        raise RefusalError(400, "This idempotency key is too long.", kind="idempotency_error", is_kept=False)
    world.keys[scope] = {"asked": asked, "since": world.now(), "answer": None}


def _on_its_way(said, fault):
    """Return what arrives of an answer, if anything does."""
    kind = fault.kind if fault else None
    if kind == "stall_after":
        _stall(fault)
    if kind == "drop_after":
        raise DroppedError
    return "<html>not what you asked for</html>" if kind == "nonsense" else said


def _again(known, asked):
    if known["asked"] != asked:
        raise RefusalError(
            400,
            "Keys for idempotent requests can only be used with the same parameters they were first used with.",
            kind="idempotency_error",
            is_kept=False,
        )
    if known["answer"] is None:
        raise _locked()
    return *known["answer"], True


def _locked():
    return RefusalError(
        409,
        "There is currently another in-progress request using this idempotency key.",
        code="idempotency_key_in_use",
        kind="idempotency_error",
        is_kept=False,
    )


def _done(world, route, request, fault):
    """Return status, body, and whether a key keeps them."""
    kind = fault.kind if fault else None
    if kind == "stall_before":
        _stall(fault)
    if kind == "drop_before":
        raise DroppedError
    if kind == "too_many":
        raise RefusalError(429, "Too many requests in too short a time.", code="rate_limit", is_kept=False)
    if kind == "locked":
        raise _locked()
    trouble = 500, {"error": {"type": "api_error", "message": "Something went wrong at our end."}}
    if kind == "error_before":
        return *trouble, True
    with world.lock:
        catch_up(world)
        try:
            status, said = 200, world.shown(route.answer(world, request), () if route.is_list else request.expand)
            is_kept = True
        except RefusalError as refusal:
            status, said, is_kept = refusal.status, refusal.body, refusal.is_kept
    return (*trouble, True) if kind == "error_after" else (status, said, is_kept)


def catch_up(world):
    """Do what the time that has passed does by itself."""
    release_old_holds(world)
    expire_old_sessions(world)


def _next_fault(world, method, path):
    for fault in world.faults:
        if fault.matches(method, path):
            fault.times -= 1
            fault.met.set()
            return fault
    return None


def _stall(fault):
    fault.let_go.wait(timeout=60)


def _forget(world, scope):
    with world.lock:
        world.keys.pop(scope, None)
