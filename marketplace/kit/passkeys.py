"""Passkeys: what a browser is asked to sign, and whether it signed that (WebAuthn, level 2)."""

import hashlib
import hmac
import ipaddress
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

ANSWERED_WITHIN = timedelta(minutes=30)
"""A page of signing in may stand open for a while before somebody picks a passkey on it."""
_NONCE, _TIME = 16, 8
_MINUTE = 60_000
"""In milliseconds, as browsers count."""


class BadPasskeyError(ValueError):
    """What a browser sent is no answer to what it was asked. The message is for the log of a test, not for people."""


@dataclass(frozen=True, slots=True)
class Site:
    """For whom passkeys are made: they work there and nowhere else, so nobody can be lured into using one elsewhere."""

    address: str
    name: str

    @property
    def host(self) -> str:
        """The name of the host, which a passkey is bound to for good."""
        return urlsplit(self.address).hostname or ""

    @property
    def origin(self) -> str:
        """What a browser says it was on."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def has_passkeys(self) -> bool:
        """Whether browsers make any here: not for a bare number, and only over https, but for this very machine."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return bool(self.host) and (self.origin.startswith("https://") or self.host == "localhost")
        return False


@dataclass(frozen=True, slots=True)
class Made:
    """The public half of a passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str


def new_challenge(what_for: str, *, key: str, now: datetime) -> bytes:
    """Return something to sign that nobody else can have made, and that says by itself when it was made."""
    begun = secrets.token_bytes(_NONCE) + int(now.timestamp()).to_bytes(_TIME, "big")
    return begun + _seal(begun, what_for, key)


def _seal(begun: bytes, what_for: str, key: str) -> bytes:
    return hmac.digest(key.encode(), b"passkey:" + what_for.encode() + b":" + begun, hashlib.sha256)


def challenge_in(answer: str, what_for: str, *, key: str, now: datetime) -> bytes:
    """
    Return what an answer says it signed, if we asked for that, for this end, not long ago.

    :raises BadPasskeyError: if we did not.
    """
    try:
        told = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(told["challenge"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadPasskeyError("It cannot be read.") from error
    begun = challenge[: _NONCE + _TIME]
    if not hmac.compare_digest(challenge[_NONCE + _TIME :], _seal(begun, what_for, key)):
        raise BadPasskeyError("It signs something else.")
    age = int(now.timestamp()) - int.from_bytes(begun[_NONCE:], "big")
    if not 0 <= age < ANSWERED_WITHIN.total_seconds():
        raise BadPasskeyError("It is too old.")
    return challenge


def ask_to_make(site: Site, *, person: bytes, account: str, name: str, challenge: bytes, has: Sequence[bytes]) -> str:
    """Return, as JSON, what a browser is told to make a passkey. `has` are those that the person has already."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=person,
            user_name=account,
            user_display_name=name,
            challenge=challenge,
            timeout=5 * _MINUTE,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in has],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )


def ask_to_use(site: Site, *, challenge: bytes, one_of: Sequence[bytes] = ()) -> str:
    """Return, as JSON, what a browser is told to use a passkey: any that it holds for this site, or one of some."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            timeout=5 * _MINUTE,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in one_of],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def check_made(site: Site, *, answer: str, challenge: bytes) -> Made:
    """
    Return the passkey that a browser made as it was told.

    :raises BadPasskeyError: if it did not, or its device did not make sure that its owner was there.
    """
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        ways = json.loads(answer)["response"].get("transports") or []
    except Exception as error:  # Whatever the library stumbles over in what a stranger sent, it is no passkey.
        raise BadPasskeyError(str(error)) from error
    transports = ",".join(one for one in ways if isinstance(one, str) and one.isascii())[:80]
    return Made(made.credential_id, made.credential_public_key, made.sign_count, transports)


def credential_in(answer: str) -> tuple[bytes, bytes | None]:
    """
    Return which passkey an answer says it comes from, and whom that says it belongs to.

    :raises BadPasskeyError: if it does not say.
    """
    try:
        told = json.loads(answer)
        handle = told["response"].get("userHandle")
        return base64url_to_bytes(told["rawId"]), base64url_to_bytes(handle) if handle else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadPasskeyError("It cannot be read.") from error


def check_used(site: Site, *, answer: str, challenge: bytes, public_key: bytes) -> int:
    """
    Return how often the device says it has signed, if a passkey signed what it was told to.

    :raises BadPasskeyError: if it did not, or its device did not make sure that its owner was there.
    """
    try:
        used = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:  # As above.
        raise BadPasskeyError(str(error)) from error
    return used.new_sign_count


def is_copied(*, before: int, now: int) -> bool:
    """Test whether a count of signatures has not grown: then two devices hold one key. Many devices count nothing."""
    return (before > 0 or now > 0) and now <= before
