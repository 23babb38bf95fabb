"""What is true of tokens: what lets a commissioner's program ask for figures, and for how long."""

from datetime import datetime, timedelta

from marketplace.kit.said import count
from marketplace.kit.sentences import worded

PREFIX = "demand_"
"""How every token begins, so that whoever finds one knows what it is."""
LASTING = {30: "A month", 90: "Three months", 365: "A year"}
"""For how many days a token may work, and how pages say it. Never longer: what nobody renews, nobody needs."""
MOST_LIVE = 5
"""How many tokens one person may have at a time."""
TOO_MANY = worded(
    "You have {tokens} that work. End one of them before you make another.", tokens=count(MOST_LIVE, "token", "tokens")
)


def runs_out(*, made_at: datetime, days: int) -> datetime:
    """Return when a token made now stops working."""
    return made_at + timedelta(days=days)


def works(*, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Test whether a token still works."""
    return revoked_at is None and now < expires_at
