"""What we store about arrangements, visits, invoices, baskets, disputes and decision packs."""

from marketplace.purchasing.models.arrangements import Arrangement, ArrangementRate, ArrangementTerms
from marketplace.purchasing.models.baskets import BasketLine
from marketplace.purchasing.models.disputes import Dispute
from marketplace.purchasing.models.invoices import Invoice, InvoiceLine, InvoiceSeries
from marketplace.purchasing.models.packs import DecisionPack
from marketplace.purchasing.models.visits import CalendarFeed, HoursEntry, Visit

__all__ = [
    "Arrangement",
    "ArrangementRate",
    "ArrangementTerms",
    "BasketLine",
    "CalendarFeed",
    "DecisionPack",
    "Dispute",
    "HoursEntry",
    "Invoice",
    "InvoiceLine",
    "InvoiceSeries",
    "Visit",
]
