"""Which guides there are in Easy Read, in the order that somebody needs them. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in Easy Read that stands alone, on screen and on paper."""

    slug: str
    title: str
    drawing: str
    template: str


GUIDES = (
    Guide("find", "How to find support", "find", "web/easy/find.html"),
    Guide("ask", "How to ask for support", "ask", "web/easy/ask.html"),
    Guide("pool", "How to club together", "together", "web/easy/pool.html"),
    Guide("pay", "How to pay", "pay", "web/easy/pay.html"),
    Guide("rate", "How to say what you think", "rate", "web/easy/rate.html"),
    Guide("help", "How to get help", "help", "web/easy/help.html"),
    Guide("privacy", "What we know about you", "safe", "web/easy/privacy.html"),
    Guide("account", "Your account", "sign_in", "web/easy/account.html"),
)


def guide_named(slug: str) -> Guide | None:
    """Return a guide, or None if there is none of this name."""
    return next((guide for guide in GUIDES if guide.slug == slug), None)


def guide_after(guide: Guide) -> Guide | None:
    """Return the guide to read next, or None after the last."""
    place = GUIDES.index(guide) + 1
    return GUIDES[place] if place < len(GUIDES) else None
