"""Codes that an app on a phone makes, one for each half minute (RFC 6238), and codes on paper for when it is lost."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache

import segno
from pyotp.totp import TOTP

LASTS = 30
"""Seconds that one code is shown for: the one length that every app knows."""
DIGITS = 6
_EITHER_SIDE = 1
"""So many half minutes before and after now still count: people type slowly, and clocks differ a little."""
_SLOW = 20
"""A code so many half minutes old tells that the phone's clock is slow."""
_PAPER_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike: i, l, o, 0 and 1."""
_PAPER_LENGTH = 10
PAPER_CODES = 10
_HIDDEN = "x"
"""What stands before a secret that is hidden. What is no hidden secret is a seed: figures and a to f."""
_WHICH = 8
_SECRET_BYTES = 20


class Verdict(Enum):
    """What is to be said of a code that somebody typed."""

    RIGHT = "right"
    TAKEN = "taken"  # right, but it or a later one was taken already
    SLOW = "slow"  # it was right some minutes ago
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict and, for a right code, its half minute since 1970."""

    verdict: Verdict
    step: int = 0


def new_seed() -> str:
    """Return what a secret is made from. By itself it makes no code."""
    return secrets.token_hex(20)


def secret_from(kept: str, *, key: str) -> str:
    """Return the secret that goes into the app, in base 32. What is kept is worth nothing without the site's key."""
    if kept.startswith(_HIDDEN):
        hidden = bytes.fromhex(kept[-2 * _SECRET_BYTES :])
        pad = _pad(kept[len(_HIDDEN) + _WHICH : -2 * _SECRET_BYTES], key)
        return base64.b32encode(bytes(one ^ other for one, other in zip(hidden, pad, strict=True))).decode()
    made = hmac.digest(key.encode(), b"second factor:" + kept.encode(), hashlib.sha256)
    return base64.b32encode(made[:_SECRET_BYTES]).decode()


def secrets_from(kept: str, *, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the secret may be: one for the key it was hidden with, or one for each if that is not said."""
    if kept.startswith(_HIDDEN):
        keys = tuple(key for key in keys if is_hidden_with(kept, key=key))
    return tuple(secret_from(kept, key=key) for key in keys)


def hide(secret: str, *, key: str) -> str:
    """Return what we keep of a secret, so that another key of the site can take the place of this one later."""
    salt = secrets.token_hex(7)
    plain = base64.b32decode(secret)
    hidden = bytes(one ^ other for one, other in zip(plain, _pad(salt, key), strict=True))
    return f"{_HIDDEN}{_which(key)}{salt}{hidden.hex()}"


def is_hidden_with(kept: str, *, key: str) -> bool:
    """Test whether something kept was hidden with this very key."""
    return kept.startswith(_HIDDEN + _which(key))


def _pad(salt: str, key: str) -> bytes:
    # Drawn anew each time something is hidden, so that no two secrets are ever hidden by the same.
    return hmac.digest(key.encode(), b"hides a second factor:" + salt.encode(), hashlib.sha256)[:_SECRET_BYTES]


def _which(key: str) -> str:
    """Return what tells one key of the site from another, and tells nothing of it."""
    return hmac.new(key.encode(), b"which key is it?", hashlib.sha256).hexdigest()[:_WHICH]


def step_at(now: datetime) -> int:
    """Return the half minute since 1970 that a moment is in."""
    return int(now.timestamp()) // LASTS


def code_for(secret: str, *, step: int) -> str:
    """Return the code of one half minute."""
    return TOTP(secret).generate_otp(step)


def next_step(now: datetime, *, taken: int) -> int | None:
    """Return the first half minute whose code counts now and was not taken yet, or None if all were."""
    here = step_at(now)
    first = max(here - _EITHER_SIDE, taken + 1)
    return first if first <= here + _EITHER_SIDE else None


def judge(typed: str, *, secret: str, now: datetime, taken: int) -> Answer:
    """
    Say what a typed code is worth. `taken` is the half minute of the last code that was taken: none is, twice.

    Every candidate is compared, in constant time. That a code will be right in some minutes is never said: it would
    tell somebody who guesses what to type then.
    """
    digits, here = "".join(letter for letter in typed if letter.isdecimal() and letter.isascii()), step_at(now)
    matching = [
        step
        for step in range(here - _SLOW, here + _EITHER_SIDE + 1)
        if hmac.compare_digest(code_for(secret, step=step), digits)
    ]
    current = [step for step in matching if step >= here - _EITHER_SIDE]
    fresh = [step for step in current if step > taken]
    if fresh:
        return Answer(Verdict.RIGHT, fresh[0])
    if current:
        return Answer(Verdict.TAKEN)
    return Answer(Verdict.SLOW if matching else Verdict.WRONG)


def address_for_app(secret: str, *, account: str, site: str) -> str:
    """Return the address that an app reads from a square picture."""
    return TOTP(secret, digits=DIGITS, interval=LASTS).provisioning_uri(name=account, issuer_name=site)


def square_of(address: str) -> str:
    """Return the square picture (a QR code) of an address, as the source of an image. Dark on white on every ground."""
    return segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, light="#fff", dark="#000")


@lru_cache(maxsize=256)
def square_of_page(address: str) -> str:
    """Return the square picture of a page that anybody may open. It is remembered: give it no secret address."""
    return square_of(address)


def in_fours(secret: str) -> str:
    """Return a secret as people read it aloud: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def new_paper_codes() -> tuple[str, ...]:
    """Return codes to print and keep, each good for once. About 49 bits each: nobody guesses one."""
    return tuple(_paper_code() for _ in range(PAPER_CODES))


def _paper_code() -> str:
    letters = "".join(secrets.choice(_PAPER_ALPHABET) for _ in range(_PAPER_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def paper_hash(typed: str, *, whose: str, key: str) -> str:
    """Return what we keep of a code on paper. Spaces, hyphens and capitals do not matter."""
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return hmac.new(key.encode(), f"on paper:{whose}:{plain}".encode(), hashlib.sha256).hexdigest()
