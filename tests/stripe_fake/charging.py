"""What can be done with charges? A payment intent says what is wanted; each try by a card makes a charge."""

from tests.stripe_fake.cards import CARDS
from tests.stripe_fake.errors import RefusalError
from tests.stripe_fake.methods import method_named
from tests.stripe_fake.world import PLATFORM

LEAST = 30
HOLD_LASTS = 7 * 86_400
# Visa gives five days to holds that were made while nobody was there, less what clearing takes.
VISA_HOLD_LASTS = 4 * 86_400 + 18 * 3_600

_CANCELLABLE = {"requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing"}


def create_intent(world, request):
    said = request.params
    check_may_charge(world, request.account)
    check_amounts(int(said["amount"]), said.get("application_fee_amount"), said["currency"], request.account)
    off_session, confirm = said.get("off_session") == "true", said.get("confirm") == "true"
    if off_session and not confirm:
        raise RefusalError(400, "off_session can only be used with confirm=true.", param="off_session")
    may_redirect = said.get("automatic_payment_methods", {}).get("allow_redirects", "always") == "always"
    if confirm and may_redirect and "return_url" not in said:
        raise RefusalError(
            400,
            "Because some payment methods might redirect your customer, you must provide a `return_url`, or set "
            "`automatic_payment_methods[allow_redirects]` to `never`.",
            param="return_url",
        )
    intent = make_intent(
        world,
        request.account,
        amount=int(said["amount"]),
        fee=said.get("application_fee_amount"),
        description=said.get("description"),
        metadata=said.get("metadata") or {},
        capture_method=said.get("capture_method", "automatic_async"),
    )
    if not confirm:
        return intent
    if "payment_method" not in said:
        raise RefusalError(400, "You must provide a payment method to confirm.", param="payment_method")
    method = method_named(world, said["payment_method"], request.account)
    if method["customer"] != said.get("customer"):
        raise RefusalError(400, "The payment method does not belong to this customer.", param="payment_method")
    if method["_is_detached"] or method["_is_spent"]:
        raise RefusalError(
            400,
            "This PaymentMethod was used unattached, or was detached, and may not be used again.",
            param="payment_method",
        )
    method["_is_spent"] = method["customer"] is None
    attempt(world, intent, method, is_there=not off_session)
    if intent["last_payment_error"]:
        raise declined(world, intent)
    return intent


def check_may_charge(world, account):
    """Refuse to charge on an account of which Stripe has not been told enough."""
    if account == PLATFORM:
        raise RefusalError(400, "This pretended platform never charges for itself.", param="stripe_account")
    if not world.objects[account]["charges_enabled"]:
        raise RefusalError(
            400, "Your account cannot currently make charges. Finish its onboarding first.", code="account_invalid"
        )


def check_amounts(amount, fee, currency, account):
    if currency != "gbp":
        raise RefusalError(400, f"Invalid currency: {currency}", param="currency")
    if amount < LEAST:
        raise RefusalError(400, "Amount must be at least £0.30 gbp", code="amount_too_small", param="amount")
    if amount > 99_999_999:
        raise RefusalError(400, "Amount must be no more than £999,999.99", code="amount_too_large", param="amount")
    if fee is not None and (account == PLATFORM or not 1 <= int(fee) <= amount):
        raise RefusalError(400, "This application fee cannot be taken.", param="application_fee_amount")


def make_intent(world, account, *, amount, fee, description, metadata, capture_method="automatic_async"):
    return world.add(
        "payment_intent",
        "pi",
        account,
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        application_fee_amount=int(fee) if fee else None,
        canceled_at=None,
        cancellation_reason=None,
        capture_method=capture_method,
        currency="gbp",
        customer=None,
        description=description,
        last_payment_error=None,
        latest_charge=None,
        metadata=metadata,
        next_action=None,
        payment_method=None,
        payment_method_types=["card"],
        status="requires_payment_method",
    )


def attempt(world, intent, method, *, is_there, is_proven=False):
    """Try to charge a card. What came of it is in the intent."""
    test_card = CARDS[method["_card"]]
    intent["last_payment_error"] = None
    if test_card.asks_person and not is_proven:
        if is_there:
            intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}
            intent["payment_method"] = method["id"]
            world.tell("payment_intent.requires_action", intent)
        else:
            refuse(world, intent, method, code="authentication_required", decline_code="authentication_required")
    elif test_card.code:
        refuse(world, intent, method, code=test_card.code, decline_code=test_card.decline_code)
    elif test_card.is_slow:
        intent |= {"status": "processing", "payment_method": method["id"]}
        world.tell("payment_intent.processing", intent)
    else:
        succeed(world, intent, method, is_there=is_there)


def succeed(world, intent, method, *, is_there=True):
    is_held = intent["capture_method"] == "manual"
    charge = _charge(world, intent, method, status="succeeded", captured=not is_held)
    intent |= {"latest_charge": charge["id"], "payment_method": method["id"], "next_action": None}
    if is_held:
        is_short = method["card"]["brand"] == "visa" and not is_there
        until = world.now() + (VISA_HOLD_LASTS if is_short else HOLD_LASTS)
        charge["payment_method_details"]["card"]["capture_before"] = until
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"], "_held_until": until}
        world.tell("payment_intent.amount_capturable_updated", intent)
    else:
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        world.tell("charge.succeeded", charge)
        world.tell("payment_intent.succeeded", intent)


def refuse(world, intent, method, *, code, decline_code=None):
    charge = _charge(world, intent, method, status="failed", captured=False)
    charge |= {"failure_code": code, "failure_message": "The card was refused."}
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": None,
        "last_payment_error": {
            "type": "card_error",
            "code": code,
            "message": "The card was refused.",
            "charge": charge["id"],
            "payment_method": world.shown(method),
            **({"decline_code": decline_code} if decline_code else {}),
        },
    }
    world.tell("charge.failed", charge)
    world.tell("payment_intent.payment_failed", intent)


def declined(world, intent):
    """Return the error that says a card was refused. It carries the intent, as Stripe's does."""
    said = intent["last_payment_error"]
    return RefusalError(
        402,
        said["message"],
        kind="card_error",
        code=said["code"],
        decline_code=said.get("decline_code"),
        charge=said["charge"],
        payment_method=said["payment_method"],
        payment_intent=world.shown(intent),
    )


def _charge(world, intent, method, *, status, captured):
    return world.add(
        "charge",
        "ch",
        intent["_account"],
        amount=intent["amount"],
        amount_captured=intent["amount"] if captured else 0,
        amount_refunded=0,
        application_fee_amount=intent["application_fee_amount"],
        captured=captured,
        currency="gbp",
        description=intent["description"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        metadata=dict(intent["metadata"]),
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": "card", "card": dict(method["card"])},
        refunded=False,
        status=status,
        _card=method["_card"],
        _fee_refunded=0,
    )


def show_intent(world, request):
    return world.find("payment_intent", request.ids[0], request.account)


def list_intents(world, request):
    return world.page(
        "/v1/payment_intents", world.all_of("payment_intent", request.account), request.params, request.expand
    )


def capture_intent(world, request):
    intent = world.find("payment_intent", request.ids[0], request.account)
    if intent["status"] != "requires_capture":
        raise RefusalError(
            400,
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=world.shown(intent),
        )
    charge = world.find("charge", intent["latest_charge"], request.account)
    amount = int(request.params.get("amount_to_capture", intent["amount"]))
    if not 0 < amount <= intent["amount"]:
        raise RefusalError(400, "The amount could not be captured.", code="amount_too_large", param="amount_to_capture")
    charge |= {"captured": True, "amount_captured": amount}
    intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    world.tell("charge.captured", charge)
    world.tell("payment_intent.succeeded", intent)
    return intent


def cancel_intent(world, request):
    intent = world.find("payment_intent", request.ids[0], request.account)
    if intent["status"] not in _CANCELLABLE:
        raise RefusalError(
            400,
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    _cancel(world, intent, request.params.get("cancellation_reason"))
    return intent


def _cancel(world, intent, reason):
    intent |= {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": reason, "amount_capturable": 0}
    world.tell("payment_intent.canceled", intent)


def release_old_holds(world):
    """Do what banks do: money that was held and not taken in time is the card holder's again."""
    for intent in world.all_of("payment_intent"):
        if intent["status"] == "requires_capture" and intent["_held_until"] <= world.now():
            _cancel(world, intent, "automatic")


def settle_intent(world, intent, *, is_paid):
    """Let a bank that took its time answer."""
    method = world.objects[intent["payment_method"]]
    if is_paid:
        succeed(world, intent, method)
    else:
        refuse(world, intent, method, code="card_declined", decline_code="generic_decline")


def show_charge(world, request):
    return world.find("charge", request.ids[0], request.account)
