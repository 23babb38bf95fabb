"""What do we say to somebody whose card was refused? Never what would help a thief, and always what to do next."""

_OTHER_CARD = "Pay with another card, or ask us for another way to pay."

_SENTENCES = {
    "authentication_required": "Your bank wants to be sure that it is you. Open the payment page and do what it asks.",
    "payment_intent_authentication_failure": f"Your bank could not make sure that it was you. {_OTHER_CARD}",
    "insufficient_funds": f"There was not enough money on this card. {_OTHER_CARD}",
    "withdrawal_count_limit_exceeded": f"This card has reached its limit. {_OTHER_CARD}",
    "card_velocity_exceeded": f"This card has reached its limit. {_OTHER_CARD}",
    "expired_card": f"This card has run out. {_OTHER_CARD}",
    "incorrect_cvc": "The security number on the back did not match. Open the payment page and enter the card again.",
    "invalid_cvc": "The security number on the back did not match. Open the payment page and enter the card again.",
    "incorrect_number": "The card number did not match. Open the payment page and enter the card again.",
    "invalid_number": "The card number did not match. Open the payment page and enter the card again.",
    "invalid_expiry_month": "The date on the card did not match. Open the payment page and enter the card again.",
    "invalid_expiry_year": "The date on the card did not match. Open the payment page and enter the card again.",
    "card_not_supported": f"This card cannot be used for this. Some councils’ cards cannot. {_OTHER_CARD}",
    "currency_not_supported": f"This card cannot pay in pounds. {_OTHER_CARD}",
    "transaction_not_allowed": f"This card cannot be used for this. Some councils’ cards cannot. {_OTHER_CARD}",
    "processing_error": "Something went wrong at the bank. Try again in a few minutes, or pay with another card.",
    "try_again_later": "Something went wrong at the bank. Try again in a few minutes, or pay with another card.",
    "issuer_not_available": "We could not reach the bank. Try again in a few minutes, or pay with another card.",
}
_ANY_OTHER = f"The bank refused this card and did not say why. {_OTHER_CARD}"


def sentence_for(code: str) -> str:
    """Return what to say about a refused card. Of lost, stolen and suspected ones we say no more than of any."""
    return _SENTENCES.get(code, _ANY_OTHER)
