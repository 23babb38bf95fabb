"""With which keys does the site sign, and read what it signed before?"""

from flask import current_app


def signing_keys() -> list[str]:
    """Return the keys of the site, oldest first: the last one signs, and what any of them signed is read."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
