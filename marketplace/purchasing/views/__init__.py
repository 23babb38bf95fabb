"""Pages about arrangements and invoices: read the request, make one call, choose what to show."""

from marketplace.purchasing.views import arrangements
from marketplace.purchasing.views.blueprint import bp

__all__ = ["arrangements", "bp"]
