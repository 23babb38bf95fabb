"""What does a form carry of what its writer saw, so that two who write at once are noticed? Pure."""

import hashlib


def mark_of(*facts: object) -> str:
    """Return a mark that is another one as soon as any of these facts is."""
    return hashlib.sha256("\x1f".join(str(fact) for fact in facts).encode()).hexdigest()[:20]
