"""Invoices for other programs: the sums, and the order of elements that UBL 2.1 asks for."""

import uuid
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree as ET

import pytest

from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.gateways.ubl import write_ubl
from marketplace.purchasing.queries.invoices import InvoicePage
from marketplace.purchasing.rules import ArrangementStatus, Side
from marketplace.purchasing.rules.invoicing import Line
from marketplace.purchasing.rules.nouns import InvoiceKind, PayBy

pytestmark = pytest.mark.once

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
LINES = (
    Line("Visit <on> Monday & Tuesday", Decimal("0.83"), "hour", Money(14_50), Money(12_08)),
    Line("Travel", Decimal("3.50"), "mile", Money(45), Money(1_58)),
    Line("Lunch", Decimal("2.00"), "session", Money(5_00), Money(10_00)),
)


def page(**differences):
    plain = {
        "id": uuid.uuid4(),
        "arrangement_id": uuid.uuid4(),
        "organisation_id": uuid.uuid4(),
        "person_id": uuid.uuid4(),
        "kind": InvoiceKind.INVOICE,
        "number": "0007",
        "issued_at": datetime(2026, 5, 4, 23, 30, tzinfo=UTC),
        "due_on": date(2026, 5, 19),
        "provider_name": "Boring Help",
        "person_name": "Ada",
        "bill_to_name": "",
        "bill_to_email": "",
        "title": "Gardening",
        "lines": LINES,
        "amount": Money(23_66),
        "credited": ZERO,
        "credits_id": None,
        "credits_number": "",
        "pay_by": PayBy.BANK_TRANSFER,
        "status": ArrangementStatus.ACCEPTED,
        "side": Side.PERSON,
        "contacts": (),
    }
    return InvoicePage(**plain | differences)


def read(**differences):
    return ET.fromstring(write_ubl(page(**differences)))  # noqa: S314  (we wrote it ourselves)


def names(root):
    return [part.tag.split("}")[1] for part in root]


def test_the_day_is_the_one_it_was_in_england():
    root = read()
    assert root.findtext(f"{CBC}IssueDate") == "2026-05-05"


def test_elements_stand_in_the_order_of_the_standard():
    assert names(read()) == [
        "CustomizationID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "DocumentCurrencyCode", "BuyerReference",
        "AccountingSupplierParty", "AccountingCustomerParty", "PaymentMeans", "TaxTotal", "LegalMonetaryTotal",
        "InvoiceLine", "InvoiceLine", "InvoiceLine",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", InvoiceKind)
def test_every_sum_is_the_sum_of_what_it_sums(kind):
    root = read(kind=kind)
    amounts = [Decimal(part.text) for part in root.iter(f"{CBC}LineExtensionAmount")]
    total, lines = amounts[0], amounts[1:]
    assert total == sum(lines) == Decimal("23.66")
    assert root.findtext(f"{CAC}LegalMonetaryTotal/{CBC}PayableAmount") == "23.66"
    for line in [*root.iter(f"{CAC}InvoiceLine"), *root.iter(f"{CAC}CreditNoteLine")]:
        count = line.find(f"{CBC}InvoicedQuantity")
        count = line.find(f"{CBC}CreditedQuantity") if count is None else count
        price, base = line.findtext(f"{CAC}Price/{CBC}PriceAmount"), line.find(f"{CAC}Price/{CBC}BaseQuantity")
        assert base.get("unitCode") == count.get("unitCode")
        cost = Decimal(price) * Decimal(count.text) / Decimal(base.text)
        assert cost.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(line.findtext(f"{CBC}LineExtensionAmount"))


def test_a_credit_note_names_what_it_credits_and_asks_for_nothing():
    root = read(kind=InvoiceKind.CREDIT_NOTE, credits_number="0003")
    assert root.tag.endswith("CreditNote-2}CreditNote")
    assert root.findtext(f"{CAC}BillingReference/{CAC}InvoiceDocumentReference/{CBC}ID") == "0003"
    assert root.find(f"{CAC}PaymentMeans") is None


def test_whoever_holds_the_budget_is_the_buyer():
    root = read(bill_to_name="The Trust")
    assert root.findtext(f"{CAC}AccountingCustomerParty/{CAC}Party/{CAC}PartyName/{CBC}Name") == "The Trust"
    assert root.find(f"{CAC}InvoiceLine").findtext(f"{CAC}Item/{CBC}Name") == "Visit <on> Monday & Tuesday"
