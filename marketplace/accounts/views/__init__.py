"""Pages about accounts: signing up and in, one's own account, and (in development) the post."""

from marketplace.accounts.views import (
    consent,
    inviting,
    moving,
    own_account,
    passkeys,
    roles,
    safety,
    second_factor,
    signing_in,
    statistics,
    unsent,
)
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.post import post

__all__ = [
    "bp",
    "consent",
    "inviting",
    "moving",
    "own_account",
    "passkeys",
    "post",
    "roles",
    "safety",
    "second_factor",
    "signing_in",
    "statistics",
    "unsent",
]
