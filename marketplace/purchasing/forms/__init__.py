"""What we ask people for about arrangements and invoices. Shape only; rules live in rules."""

from marketplace.purchasing.forms.arrangements import (
    AskForm,
    DeclineForm,
    Wanted,
)

__all__ = [
    "AskForm",
    "DeclineForm",
    "Wanted",
]
