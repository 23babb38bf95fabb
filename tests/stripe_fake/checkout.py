"""What can be done with the pages that Stripe hosts, where people save a card or pay?"""

from tests.stripe_fake.cards import CARDS
from tests.stripe_fake.charging import attempt, check_amounts, check_may_charge, make_intent, succeed
from tests.stripe_fake.charging import refuse as refuse_charge
from tests.stripe_fake.errors import RefusalError, missing_parameter
from tests.stripe_fake.methods import make_method
from tests.stripe_fake.world import PLATFORM

LASTS = 86_400
REFUSED = "The card was refused. Choose another."


def create_session(world, request):
    said = request.params
    if "success_url" not in said:
        raise missing_parameter("success_url")
    amount = {"setup": _check_setup, "payment": _check_payment}[said.get("mode", "payment")](world, request)
    expires_at = int(said.get("expires_at", world.now() + LASTS))
    if not world.now() + 1800 <= expires_at <= world.now() + LASTS:
        raise RefusalError(400, "The session must expire in 30 minutes to 24 hours.", param="expires_at")
    session = world.add(
        "checkout.session",
        "cs_test",
        request.account,
        amount_subtotal=amount,
        amount_total=amount,
        cancel_url=said.get("cancel_url"),
        client_reference_id=said.get("client_reference_id"),
        currency="gbp",
        customer=said.get("customer"),
        expires_at=expires_at,
        locale=said.get("locale"),
        metadata=said.get("metadata") or {},
        mode=said.get("mode", "payment"),
        payment_intent=None,
        payment_method_types=["card"],
        payment_status="unpaid" if amount else "no_payment_required",
        setup_intent=None,
        status="open",
        success_url=said["success_url"],
        ui_mode="hosted_page",
        _said=said,
    )
    session["url"] = f"{world.address}/checkout/{session['id']}"
    if session["mode"] == "setup":
        session["setup_intent"] = _setup_intent(world, session)["id"]
    return session


def _check_setup(world, request):
    said = request.params
    for name in ("line_items", "payment_intent_data"):
        if name in said:
            raise RefusalError(400, f"You can not pass `{name}` in `setup` mode.", param=name)
    if "currency" not in said and "allowed_payment_method_types" not in said:
        raise missing_parameter("currency")
    if "customer" in said:
        world.find("customer", said["customer"], request.account)


def _check_payment(world, request):
    said = request.params
    if "setup_intent_data" in said:
        raise RefusalError(400, "You can not pass `setup_intent_data` in `payment` mode.", param="setup_intent_data")
    if not said.get("line_items"):
        raise missing_parameter("line_items")
    check_may_charge(world, request.account)
    amount = 0
    for item in said["line_items"]:
        price = item.get("price_data")
        if not price or "unit_amount" not in price or not price.get("product_data"):
            raise RefusalError(400, "Each line needs price_data with unit_amount and product_data.", param="line_items")
        amount += int(price["unit_amount"]) * int(item.get("quantity", 1))
        currency = price["currency"]
    check_amounts(amount, said.get("payment_intent_data", {}).get("application_fee_amount"), currency, request.account)
    return amount


def _setup_intent(world, session):
    return world.add(
        "setup_intent",
        "seti",
        session["_account"],
        customer=session["customer"],
        metadata=session["_said"].get("setup_intent_data", {}).get("metadata") or {},
        payment_method=None,
        last_setup_error=None,
        status="requires_payment_method",
        usage="off_session",
    )


def show_session(world, request):
    return world.find("checkout.session", request.ids[0], request.account)


def list_sessions(world, request):
    return world.page(
        "/v1/checkout/sessions", world.all_of("checkout.session", request.account), request.params, request.expand
    )


def expire_session(world, request):
    session = world.find("checkout.session", request.ids[0], request.account)
    if session["status"] != "open":
        raise RefusalError(
            400, "Only Checkout Sessions with a status of `open` can be expired.", code="resource_already_expired"
        )
    _expire(world, session)
    return session


def _expire(world, session):
    session |= {"status": "expired", "url": None}
    world.tell("checkout.session.expired", session)


def expire_old_sessions(world):
    for session in world.all_of("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= world.now():
            _expire(world, session)


# ---------------------------------------------------------------- what people do on the page


def take_card(world, session, name):
    """Save the card that somebody chose, or pay with it. Return what to say if that did not work."""
    if session["mode"] == "setup":
        return _save(world, session, CARDS[name])
    said = session["_said"].get("payment_intent_data", {})
    if session["payment_intent"] is None:
        intent = make_intent(
            world,
            session["_account"],
            amount=session["amount_total"],
            fee=said.get("application_fee_amount"),
            description=said.get("description"),
            metadata=said.get("metadata") or {},
        )
        session["payment_intent"] = intent["id"]
    intent = world.objects[session["payment_intent"]]
    attempt(world, intent, make_method(world, session["_account"], CARDS[name]), is_there=True)
    return _after_attempt(world, session, intent)


def prove(world, session, *, is_person):
    """Tell the bank that it is them, or that it is not."""
    intent = intent_of(world, session)
    method = world.objects[intent["payment_method"]]
    if session["mode"] == "setup":
        return _finish_setup(world, session, intent, method, is_fine=is_person)
    if is_person:
        succeed(world, intent, method)
    else:
        refuse_charge(world, intent, method, code="payment_intent_authentication_failure")
    return _after_attempt(world, session, intent)


def intent_of(world, session):
    """Return what a page is about, if anything has been tried on it."""
    return world.objects.get(session["setup_intent" if session["mode"] == "setup" else "payment_intent"])


def _after_attempt(world, session, intent):
    if intent["last_payment_error"]:
        return REFUSED
    if intent["status"] in {"succeeded", "processing"}:
        is_paid = intent["status"] == "succeeded"
        _complete(world, session, payment_status="paid" if is_paid else "unpaid")
    return ""


def _save(world, session, test_card):
    if not test_card.saves:
        return REFUSED
    method = make_method(world, PLATFORM, test_card)
    intent = world.objects[session["setup_intent"]]
    intent["payment_method"] = method["id"]
    if test_card.asks_person:
        intent["status"] = "requires_action"
        return ""
    return _finish_setup(world, session, intent, method, is_fine=True)


def _finish_setup(world, session, intent, method, *, is_fine):
    if not is_fine:
        intent |= {"status": "requires_payment_method", "payment_method": None}
        world.tell("setup_intent.setup_failed", intent)
        return REFUSED
    method["customer"] = session["customer"]
    intent["status"] = "succeeded"
    world.tell("payment_method.attached", method)
    world.tell("setup_intent.succeeded", intent)
    _complete(world, session, payment_status="no_payment_required")
    return ""


def _complete(world, session, *, payment_status):
    session |= {"status": "complete", "url": None, "payment_status": payment_status}
    world.tell("checkout.session.completed", session)
