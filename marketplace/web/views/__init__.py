"""Home, fixed pages, health; and everything that somebody has here, to take away or to close."""

from marketplace.web.views import history, leaving, monitoring, standing
from marketplace.web.views.blueprint import bp

__all__ = ["bp", "history", "leaving", "monitoring", "standing"]
