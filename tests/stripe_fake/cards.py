"""
Which test cards are there, and what becomes of them?

The names are those of Stripe's own test payment methods where it has one. Stripe would refuse some of these already
when they are saved; here nearly all can be saved, so that what comes later can be tried.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TestCard:
    """A card and what its bank says."""

    __test__ = False

    name: str
    words: str
    last4: str
    brand: str = "visa"
    code: str | None = None
    decline_code: str | None = None
    asks_person: bool = False
    saves: bool = True
    is_slow: bool = False
    refund: str = "succeeded"


_DECLINED = "card_declined"
CARDS = {
    card.name: card
    for card in [
        TestCard("pm_card_visa", "Visa that pays", "4242"),
        TestCard("pm_card_mastercard", "Mastercard that pays", "4444", brand="mastercard"),
        TestCard("pm_card_authenticationRequired", "Card whose bank asks who you are", "3184", asks_person=True),
        TestCard(
            "pm_card_chargeCustomerFail",
            "Card that is refused later",
            "0341",
            code=_DECLINED,
            decline_code="generic_decline",
        ),
        TestCard(
            "pm_card_visa_chargeDeclined",
            "Card that is refused at once",
            "0002",
            code=_DECLINED,
            decline_code="generic_decline",
            saves=False,
        ),
        TestCard(
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            "Card without enough money",
            "9995",
            code=_DECLINED,
            decline_code="insufficient_funds",
        ),
        TestCard(
            "pm_card_visa_chargeDeclinedLostCard",
            "Card that was lost",
            "9987",
            code=_DECLINED,
            decline_code="lost_card",
        ),
        TestCard("pm_card_chargeDeclinedExpiredCard", "Card that has run out", "0069", code="expired_card"),
        TestCard(
            "pm_card_chargeDeclinedIncorrectCvc", "Card with a wrong security number", "0127", code="incorrect_cvc"
        ),
        TestCard(
            "pm_card_chargeDeclinedProcessingError", "Card whose bank has trouble", "0119", code="processing_error"
        ),
        TestCard("pm_card_pendingRefund", "Card whose refunds take time", "7726", refund="pending"),
        TestCard("pm_card_refundFail", "Card whose refunds fail later", "5126", refund="fails"),
        TestCard("pm_fake_processing", "Card whose bank takes its time", "0000", is_slow=True),
    ]
}
