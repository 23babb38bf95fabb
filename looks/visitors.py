"""Who looks: every kind of visitor that the demo town has, somebody new, and a stranger."""

FRESH = "fern@example.org"
"""Somebody with a new account, who has done nothing yet: their pages are empty."""

SIGNED_IN = {
    "budget holder": "nadine@example.org",
    "self-funder": "stanley@example.org",
    "provider": "maggie@example.org",
    "user-led organisation, with consent": "yasmin@example.org",
    "broker": "plan-it-with-priya@example.org",
    "moderator": "moses@example.org",
    "panel member": "pru@example.org",
    "commissioner": "catrin@example.org",
    "operator": "ona@example.org",
    "newcomer": FRESH,
}
STRANGER = "stranger"
