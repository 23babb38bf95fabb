"""What we ask people for about pools. Shape only; rules live in rules."""

from marketplace.pooling.forms.opening import OpenPoolForm, WithdrawPoolForm

__all__ = ["OpenPoolForm", "WithdrawPoolForm"]
