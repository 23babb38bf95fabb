"""What can be done with refunds? Never more comes back than was paid."""

from tests.stripe_fake.cards import CARDS
from tests.stripe_fake.errors import RefusalError


def create_refund(world, request):
    said = request.params
    charge = _charge_of(world, request)
    if not charge["captured"] or charge["status"] != "succeeded":
        raise RefusalError(400, "This charge has not been paid.", code="charge_not_refundable", param="payment_intent")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not left:
        raise RefusalError(400, f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = int(said.get("amount", left))
    if amount < 1:
        raise RefusalError(400, "Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise RefusalError(
            400, f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    wants_fee = said.get("refund_application_fee") == "true"
    if wants_fee and not charge["application_fee_amount"]:
        raise RefusalError(
            400,
            f"Attempting to refund_application_fee on {charge['id']}, but it has no application fee",
            param="refund_application_fee",
        )
    kind = CARDS[charge["_card"]].refund
    refund = world.add(
        "refund",
        "re",
        request.account,
        amount=amount,
        charge=charge["id"],
        currency="gbp",
        metadata=said.get("metadata") or {},
        payment_intent=charge["payment_intent"],
        reason=said.get("reason"),
        status="pending" if kind == "pending" else "succeeded",
        _fee=_fee_back(charge, amount) if wants_fee else 0,
    )
    _give_back(charge, amount, refund["_fee"])
    world.tell("refund.created", refund)
    world.tell("charge.refunded", charge)
    return refund


def _charge_of(world, request):
    said = request.params
    if ("payment_intent" in said) == ("charge" in said):
        raise RefusalError(400, "One of charge or payment_intent is needed.", code="parameter_missing", param="charge")
    if "charge" in said:
        return world.find("charge", said["charge"], request.account)
    intent = world.find("payment_intent", said["payment_intent"], request.account)
    if not intent["latest_charge"]:
        raise RefusalError(
            400, "This PaymentIntent does not have a successful charge to refund.", param="payment_intent"
        )
    return world.find("charge", intent["latest_charge"], request.account)


def _fee_back(charge, amount):
    fee = charge["application_fee_amount"]
    is_whole = charge["amount_refunded"] + amount == charge["amount_captured"]
    return fee - charge["_fee_refunded"] if is_whole else round(fee * amount / charge["amount_captured"])


def _give_back(charge, amount, fee):
    charge["amount_refunded"] += amount
    charge["_fee_refunded"] += fee
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]


def show_refund(world, request):
    return world.find("refund", request.ids[0], request.account)


def list_refunds(world, request):
    refunds = [
        refund
        for refund in world.all_of("refund", request.account)
        if request.params.get("payment_intent") in {None, refund["payment_intent"]}
        and request.params.get("charge") in {None, refund["charge"]}
    ]
    return world.page("/v1/refunds", refunds, request.params, request.expand)


def settle_refund(world, refund, *, is_paid):
    """Let a bank that took its time answer, or send back what it could not place."""
    if is_paid:
        refund["status"] = "succeeded"
        world.tell("refund.updated", refund)
        return
    refund |= {"status": "failed", "failure_reason": "unknown"}
    _give_back(world.objects[refund["charge"]], -refund["amount"], -refund["_fee"])
    world.tell("refund.failed", refund)
