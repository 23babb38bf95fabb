"""Who is signed in, and who may open a page."""

from marketplace.accounts.access.pages import Access, at_the_door, confirmed, public, requires, signed_in
from marketplace.accounts.access.sessions import (
    confirm,
    forget_sign_in,
    half_in,
    has_confirmed,
    has_proved,
    login_manager,
    me,
    note_seen,
    person_at_door,
    prove,
    sign_in,
    sign_out,
    this_browser,
    viewer,
    way_in,
)

__all__ = [
    "Access",
    "at_the_door",
    "confirm",
    "confirmed",
    "forget_sign_in",
    "half_in",
    "has_confirmed",
    "has_proved",
    "login_manager",
    "me",
    "note_seen",
    "person_at_door",
    "prove",
    "public",
    "requires",
    "sign_in",
    "sign_out",
    "signed_in",
    "this_browser",
    "viewer",
    "way_in",
]
