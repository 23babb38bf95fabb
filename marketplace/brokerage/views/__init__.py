"""Pages about plans, help, briefs and quotes: read the request, make one call, choose what to show."""

from marketplace.brokerage.views import (
    costs,
    finding,
    lines,
    plans,
    quoting,
    signposts,
)
from marketplace.brokerage.views.blueprint import bp

__all__ = ["bp", "costs", "finding", "lines", "plans", "quoting", "signposts"]
