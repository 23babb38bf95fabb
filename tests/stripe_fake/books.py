"""What money moved, by the pretended Stripe's own books? Tests hold the site's ledger against it."""


def books(world):
    """Return what was charged, given back and taken as fees, for each provider's account and each reference of ours."""
    with world.lock:
        return {account["id"]: _account(world, account["id"]) for account in world.all_of("account")}


def _account(world, account):
    intents = [intent for intent in world.all_of("payment_intent", account) if intent["status"] == "succeeded"]
    charges = [world.objects[intent["latest_charge"]] for intent in intents]
    by_ref = {}
    for intent, charge in zip(intents, charges, strict=True):
        line = by_ref.setdefault(intent["metadata"].get("charge_ref", ""), {"times": 0, "charged": 0, "refunded": 0})
        line["times"] += 1
        line["charged"] += charge["amount_captured"]
        line["refunded"] += charge["amount_refunded"]
    return {
        "charged": sum(charge["amount_captured"] for charge in charges),
        "refunded": sum(charge["amount_refunded"] for charge in charges),
        "fees": sum(charge["application_fee_amount"] or 0 for charge in charges),
        "fees_refunded": sum(charge["_fee_refunded"] for charge in charges),
        "by_ref": by_ref,
    }
