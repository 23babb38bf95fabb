"""Pages about plans, help, briefs and quotes: read the request, make one call, choose what to show."""

from marketplace.brokerage.views import (
    lines,
    plans,
    signposts,
)
from marketplace.brokerage.views.blueprint import bp

__all__ = ["bp", "lines", "plans", "signposts"]
