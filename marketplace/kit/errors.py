"""What the domain says when it will not do something. Three kinds; `app.py` gives each a status code."""


class DomainError(Exception):
    """A refusal we expected. The message is a sentence a member of the public can read."""


class NotFoundError(DomainError):
    """There is no such thing, or none this person may know about."""


class NotAllowedError(DomainError):
    """It exists, and this person may not do that to it."""
