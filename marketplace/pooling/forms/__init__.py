"""What we ask people for about pools. Shape only; rules live in rules."""

from marketplace.pooling.forms.opening import JoinPoolForm, OpenPoolForm, WithdrawPoolForm

__all__ = ["JoinPoolForm", "OpenPoolForm", "WithdrawPoolForm"]
