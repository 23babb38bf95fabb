"""Questions about accounts. Answers are plain frozen data, ready to show."""

from marketplace.accounts.queries.accounts import (
    Addressee,
    MyAccount,
    Trusted,
    addressee,
    addressees_for,
    council_of,
    my_account,
    people_who_may,
    session_stamp,
    speaks_for,
    trusted_people,
    viewer_with_id,
)

__all__ = [
    "Addressee",
    "MyAccount",
    "Trusted",
    "addressee",
    "addressees_for",
    "council_of",
    "my_account",
    "people_who_may",
    "session_stamp",
    "speaks_for",
    "trusted_people",
    "viewer_with_id",
]
