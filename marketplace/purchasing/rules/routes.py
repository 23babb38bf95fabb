"""What is true of the ways to pay for an arrangement: which are open, and how far each can be relied on."""

from collections.abc import Collection, Mapping

from marketplace.budgets.rules import Holding, Stream
from marketplace.catalogue.rules import WayToPay
from marketplace.purchasing.rules.nouns import PayBy

RELIABILITY: Mapping[PayBy, str] = {
    PayBy.CARD: (
        "Most payments arrive at once. Your bank may want you to approve one: then we write to you with a link, and "
        "the card waits for you."
    ),
    PayBy.BANK_TRANSFER: (
        "Nearly always there the same day. You have to remember it, and to type the account and the number of the "
        "invoice right."
    ),
    PayBy.PREPAID_CARD: (
        "As quick as any card. Some councils’ cards work only with some providers, or not on the web: your council "
        "says which."
    ),
    PayBy.BUDGET_HOLDER: (
        "Safe, but slow: councils and trusts often pay once a month. We cannot make them pay sooner, and the invoice "
        "stays open until they have."
    ),
}
"""What can be relied on with each way to pay, and what cannot."""

_WAY_OF: Mapping[Holding, WayToPay] = {
    Holding.DIRECT_PAYMENT: WayToPay.DIRECT_PAYMENT,
    Holding.NOMINATED_THIRD_PARTY: WayToPay.DIRECT_PAYMENT,
    Holding.TRUST: WayToPay.DIRECT_PAYMENT,
    Holding.BROKER: WayToPay.DIRECT_PAYMENT,
    Holding.INDIVIDUAL_SERVICE_FUND: WayToPay.INDIVIDUAL_SERVICE_FUND,
    Holding.COUNCIL_MANAGED: WayToPay.COUNCIL_MANAGED,
    Holding.OWN_MONEY: WayToPay.OWN_MONEY,
}
_HELD_BY_ONESELF = frozenset({Holding.DIRECT_PAYMENT, Holding.OWN_MONEY})


def ways_of(*, holding: Holding, kind: Stream) -> tuple[WayToPay, ...]:
    """
    Return what money from a funding stream is to a provider, by the names of its ways to pay, the closest first.

    NHS money that a person holds comes to the provider as any direct payment does.
    """
    if kind is Stream.OWN_MONEY:
        return (WayToPay.OWN_MONEY,)
    if kind is Stream.NHS:
        return (WayToPay.PERSONAL_HEALTH_BUDGET, _WAY_OF[holding])
    return (_WAY_OF[holding],)


def takes(ways: Collection[WayToPay], *, taken: Collection[WayToPay]) -> bool:
    """Test whether a provider takes such money. One that has not said what it takes is asked like any other."""
    return not taken or any(way in taken for way in ways)


def is_held_by_another(holding: Holding) -> bool:
    """Test whether somebody else holds the money of a budget, and pays its invoices."""
    return holding not in _HELD_BY_ONESELF


def routes_open_to(*, holdings: Collection[Holding], takes_cards: bool) -> tuple[PayBy, ...]:
    """
    Return the ways to pay there are, the most reliable first, given who holds the person's budgets.

    Cards need a provider who can be paid by card here. The other ways are between the two of them.
    """
    open_when = {
        PayBy.CARD: takes_cards,
        PayBy.BANK_TRANSFER: True,
        PayBy.PREPAID_CARD: Holding.DIRECT_PAYMENT in holdings,
        PayBy.BUDGET_HOLDER: any(is_held_by_another(holding) for holding in holdings),
    }
    return tuple(route for route, is_open in open_when.items() if is_open)
