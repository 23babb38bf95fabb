"""What can be done with providers' accounts and with customers?"""

import secrets

from tests.stripe_fake.errors import RefusalError
from tests.stripe_fake.world import PLATFORM

_ASKED = ["business_profile.url", "external_account", "individual.verification.document", "tos_acceptance.date"]
_LINK_LASTS = 300


def create_account(world, request):
    said = request.params
    if "controller" in said and "type" in said:
        raise RefusalError(400, "You may not provide the `type` and `controller` parameters.", param="type")
    account = world.add(
        "account",
        "acct",
        PLATFORM,
        country=said.get("country", "GB"),
        email=said.get("email"),
        business_profile={"name": None, **said.get("business_profile", {})},
        controller=said.get("controller"),
        capabilities=dict.fromkeys(said.get("capabilities", {}), "inactive"),
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        default_currency="gbp",
        metadata=said.get("metadata") or {},
        requirements={"currently_due": list(_ASKED), "past_due": [], "eventually_due": list(_ASKED), "errors": []},
        type="none",
    )
    account["id"], before = account["id"].replace("_", "_1", 1), account["id"]
    world.objects[account["id"]] = world.objects.pop(before)
    return account


def finish_account(world, account):
    """Do what Stripe does once it has been told everything: the account may charge."""
    account |= {"charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
    account["requirements"] |= {"currently_due": [], "eventually_due": []}
    account["capabilities"] = dict.fromkeys(account["capabilities"], "active")
    world.tell("account.updated", account)


def stop_account(world, account):
    """Do what Stripe does when it wants to know more: no more charges until then."""
    account |= {"charges_enabled": False, "payouts_enabled": False}
    asked = ["individual.verification.document"]
    account["requirements"] |= {"currently_due": [*asked, "external_account"], "past_due": asked}
    account["capabilities"] = dict.fromkeys(account["capabilities"], "inactive")
    world.tell("account.updated", account)


def show_account(world, request):
    known_as = request.ids[0]
    account = world.objects.get(known_as)
    if account is None or account["object"] != "account":
        raise RefusalError(
            403,
            f"The provided key does not have access to account '{known_as}' (or that account does not exist).",
            code="account_invalid",
        )
    return account


def create_account_link(world, request):
    account = world.find("account", request.params["account"], PLATFORM)
    if request.params["type"] == "account_onboarding":
        for name in ("return_url", "refresh_url"):
            if name not in request.params:
                raise RefusalError(400, f"{name} is required.", code="parameter_missing", param=name)
    token = secrets.token_hex(8)
    link = world.add(
        "account_link",
        "link",
        PLATFORM,
        url=f"{world.address}/onboarding/{token}",
        expires_at=world.now() + _LINK_LASTS,
        _token=token,
        _about=account["id"],
        _return_url=request.params["return_url"],
        _refresh_url=request.params["refresh_url"],
        _is_used=False,
    )
    return {name: value for name, value in link.items() if name != "id"}


def create_customer(world, request):
    said = request.params
    return world.add(
        "customer",
        "cus",
        request.account,
        email=said.get("email"),
        name=said.get("name"),
        description=said.get("description"),
        metadata=said.get("metadata") or {},
    )


def show_customer(world, request):
    return world.find("customer", request.ids[0], request.account)


def list_events(world, request):
    """List what happened, newest first."""
    own = [event for event in reversed(world.events) if event.get("account", PLATFORM) == request.account]
    kinds = {request.params.get("type"), *request.params.get("types", [])} - {None}
    return world.page("/v1/events", [e for e in own if not kinds or e["type"] in kinds], request.params, request.expand)
