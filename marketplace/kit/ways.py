"""How people reach a person here: what an operator sets, as links that ring, text and write."""

import re

from marketplace.kit.letterhead import Way
from marketplace.kit.sentences import one_word

_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{3,24}")


def is_number(typed: str) -> bool:
    """Test whether something can be rung."""
    return _NUMBER.fullmatch(typed) is not None


def ways_to_us(*, email: str, phone: str = "", text: str = "", has_relay: bool = True) -> tuple[Way, ...]:
    """
    Return the ways there are, the quickest first. By email people can always ask.

    :param has_relay: whether the phone is shown for Relay UK too, for those who cannot hear or speak on it.
    """
    ways = []
    if phone:
        ways.append(Way(one_word("Phone"), phone, f"tel:{_dialled(phone)}"))
    if phone and has_relay:
        ways.append(Way("Relay UK", f"18001 {phone}", f"tel:18001{_dialled(phone)}"))
    if text:
        ways.append(Way("Text message", text, f"sms:{_dialled(text)}"))
    ways.append(Way(one_word("Email"), email, f"mailto:{email}"))
    return tuple(ways)


def _dialled(number: str) -> str:
    return re.sub(r"[^+0-9]", "", number.replace("(0)", "") if number.startswith("+") else number)
