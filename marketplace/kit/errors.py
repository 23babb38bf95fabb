"""What the domain says when it will not do something. Three kinds; `app.py` gives each a status code."""


class DomainError(Exception):
    """A refusal we expected. The message is a sentence a member of the public can read."""


class WrongAnswerError(DomainError):
    """One answer will not do. `field` names which, so that a form can say the sentence beside it."""

    field = ""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field or self.field


class NotFoundError(DomainError):
    """There is no such thing, or none this person may know about."""


class NotAllowedError(DomainError):
    """It exists, and this person may not do that to it."""
