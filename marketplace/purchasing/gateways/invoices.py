"""Invoices and credit notes on paper: a PDF to print or send on (PDF/UA, in our own typeface)."""

from pathlib import Path

from marketplace.kit.money import ZERO
from marketplace.kit.papers import drawn, typeset
from marketplace.kit.said import day
from marketplace.purchasing.rules.invoicing import InvoiceOnPaper
from marketplace.purchasing.rules.nouns import InvoiceKind

_TEMPLATE = Path(__file__).parent / "invoice.typ"
_SMALL = (
    "The provider issued this by way of {site}, which takes no money. VAT is not shown: ask the provider if you need "
    "a VAT invoice."
)


def draw_invoice(page: InvoiceOnPaper, *, site: str, address: str) -> bytes:
    """Return an invoice or a credit note as a PDF that screen readers can read (PDF/UA-1). `address` is its page."""
    is_note = page.kind is InvoiceKind.CREDIT_NOTE
    said = {
        "title": f"{'Credit note' if is_note else 'Invoice'} {page.number}",
        "provider": drawn(page.provider_name),
        "facts": _facts(page),
        "to_pay": f"{page.amount} taken off invoice {page.credits_number}" if is_note else f"{page.asked} to pay",
        "when": f"By {day(page.due_on)}" if page.due_on and page.asked > ZERO and not is_note else "",
        "columns": ["What", "How much", "Each", "Amount"],
        "rows": [[drawn(one.what), one.how_much, str(one.unit_price), str(one.amount)] for one in page.lines],
        "amount": str(page.amount),
        "how": [] if is_note else _how(page, address=address),
        "small": _SMALL.format(site=drawn(site)),
    }
    return typeset(_TEMPLATE, said)


def _facts(page: InvoiceOnPaper) -> list[tuple[str, str]]:
    person = drawn(page.person_name)
    facts = [
        ("From", drawn(page.provider_name)),
        ("To", f"{drawn(page.bill_to_name)}, for {person}" if page.bill_to_name else person),
        ("For", drawn(page.title)),
        ("Sent", day(page.issued_at)),
    ]
    if page.credited > ZERO:
        facts.append(("Taken off since", str(page.credited)))
    return facts


def _how(page: InvoiceOnPaper, *, address: str) -> list[str]:
    return [
        f"Pay {drawn(page.provider_name)} directly, and give the number {page.number}.",
        f"Every way to pay, and what has been paid, is at {address.split('://', 1)[-1]}.",
    ]
