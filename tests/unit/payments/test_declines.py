"""Does everybody whose card was refused hear what to do next, and a thief nothing?"""

import pytest

from marketplace.payments.gateways.declines import sentence_for

NEVER_SAID = ["lost_card", "stolen_card", "pickup_card", "fraudulent", "merchant_blacklist", "security_violation"]
SAID = [
    "authentication_required",
    "insufficient_funds",
    "expired_card",
    "incorrect_cvc",
    "card_not_supported",
    "processing_error",
    "payment_intent_authentication_failure",
]


@pytest.mark.parametrize("code", [*NEVER_SAID, *SAID, "do_not_honor", "what_is_new_next_year", ""])
def test_every_refusal_says_what_to_do_next_in_a_few_words(code):
    sentence = sentence_for(code)
    assert sentence.endswith(".")
    assert any(word in sentence for word in ("another", "again", "Open")), sentence
    assert len(sentence) < 150


def test_a_thief_learns_nothing():
    assert {sentence_for(code) for code in NEVER_SAID} == {sentence_for("generic_decline")}


def test_what_can_be_said_is_said():
    assert len({sentence_for(code) for code in SAID}) == len(SAID)
