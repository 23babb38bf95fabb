"""What can be done with saved cards?"""

from tests.stripe_fake.cards import CARDS
from tests.stripe_fake.errors import RefusalError, missing
from tests.stripe_fake.world import PLATFORM


def make_method(world, account, test_card, customer=None):
    """Keep a card, known by an id of its own."""
    return world.add(
        "payment_method",
        "pm",
        account,
        type="card",
        allow_redisplay="limited",
        billing_details={"address": None, "email": None, "name": None, "phone": None},
        customer=customer,
        metadata={},
        card={
            "brand": test_card.brand,
            "last4": test_card.last4,
            "exp_month": 12,
            "exp_year": 2034,
            "country": "GB",
            "funding": "debit",
            "fingerprint": f"finger{test_card.last4}",
        },
        _card=test_card.name,
        _is_spent=False,
        _is_detached=False,
    )


def method_named(world, known_as, account):
    """Return a card by its id, or make one by the name of a test card, as Stripe does while testing."""
    if known_as in CARDS:
        return make_method(world, account, CARDS[known_as])
    return world.find("payment_method", known_as, account)


def clone_method(world, request):
    """Copy a card that is saved on the platform to a provider's account, where it can be charged once."""
    said = request.params
    if "payment_method" not in said:
        raise RefusalError(400, "Card numbers are not taken here; clone a saved card.", param="card")
    if request.account == PLATFORM:
        raise RefusalError(400, "You may only clone a payment method to a connected account.", param="payment_method")
    if "customer" not in said:
        raise RefusalError(400, "Missing required param: customer.", code="parameter_missing", param="customer")
    world.find("customer", said["customer"], PLATFORM)
    method = world.find("payment_method", said["payment_method"], PLATFORM)
    if method["customer"] != said["customer"]:
        raise missing("PaymentMethod", said["payment_method"])
    return make_method(world, request.account, CARDS[method["_card"]])


def show_method(world, request):
    return world.find("payment_method", request.ids[0], request.account)


def attach_method(world, request):
    method = method_named(world, request.ids[0], request.account)
    if method["_is_detached"] or method["_is_spent"]:
        raise RefusalError(400, "This PaymentMethod was used or detached before. It may not be used again.")
    world.find("customer", request.params["customer"], request.account)
    method["customer"] = request.params["customer"]
    return method


def detach_method(world, request):
    method = world.find("payment_method", request.ids[0], request.account)
    if method["customer"] is None:
        raise RefusalError(400, "The payment method you provided is not attached to a customer.")
    method |= {"customer": None, "_is_detached": True}
    world.tell("payment_method.detached", method)
    return method
