"""Questions about arrangements and invoices. Answers are plain frozen data, ready to show."""

from marketplace.purchasing.queries.arrangements import (
    PAGE_SIZE,
    ArrangementForReview,
    ArrangementLine,
    ArrangementList,
    ArrangementPage,
    arrangement_for_review,
    arrangement_page,
    arrangements_for_my_organisations,
    my_arrangements,
    provider_name,
)
from marketplace.purchasing.queries.invoices import InvoicePage, invoice_page

__all__ = [
    "PAGE_SIZE",
    "ArrangementForReview",
    "ArrangementLine",
    "ArrangementList",
    "ArrangementPage",
    "InvoicePage",
    "arrangement_for_review",
    "arrangement_page",
    "arrangements_for_my_organisations",
    "invoice_page",
    "my_arrangements",
    "provider_name",
]
