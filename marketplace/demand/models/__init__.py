"""What we store about demand: what was released, who took it away, and what councils say back."""

from marketplace.demand.models import releases, signals

__all__ = ["releases", "signals"]
