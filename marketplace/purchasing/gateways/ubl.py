"""
Invoices and credit notes for other programs: UBL 2.1 with the fields of EN 16931.

Tests hold it to the sums and the order of elements that the standard asks for. It was not run through the standard's
own validator, which we have not got. VAT is given as outside its scope (category O), because nobody has told us more.
"""

from decimal import Decimal
from xml.etree import ElementTree as ET

from marketplace.catalogue.rules import Unit
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.invoicing import InvoiceOnPaper, Line, plain_number
from marketplace.purchasing.rules.nouns import InvoiceKind

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC, _CBC = f"{_UBL}CommonAggregateComponents-2", f"{_UBL}CommonBasicComponents-2"
_CURRENCY = "GBP"
_NO_VAT = "VAT is not shown: ask the provider if you need a VAT invoice"
# UN/ECE Recommendation 20: minutes, so that every visit is exact; else each thing by itself.
_UNITS = {Unit.HOUR: "MIN", Unit.DAY: "DAY", Unit.WEEK: "WEE", Unit.MILE: "SMI"}
_MINUTES = Decimal(60)
_NOT_DEFINED = "1"

ET.register_namespace("cac", _CAC)
ET.register_namespace("cbc", _CBC)


def write_ubl(page: InvoiceOnPaper) -> bytes:
    """Return an invoice or a credit note as XML."""
    kind = "CreditNote" if page.kind is InvoiceKind.CREDIT_NOTE else "Invoice"
    root = ET.Element(kind, {"xmlns": f"{_UBL}{kind}-2"})
    _text(root, "CustomizationID", "urn:cen.eu:en16931:2017")
    _text(root, "ID", page.number)
    _text(root, "IssueDate", day_of(page.issued_at).isoformat())
    if page.due_on and kind == "Invoice":
        _text(root, "DueDate", page.due_on.isoformat())
    _text(root, f"{kind}TypeCode", "381" if kind == "CreditNote" else "380")
    _text(root, "DocumentCurrencyCode", _CURRENCY)
    _text(root, "BuyerReference", str(page.arrangement_id))
    if page.credits_number:
        _text(_part(_part(root, "BillingReference"), "InvoiceDocumentReference"), "ID", page.credits_number)
    _party(_part(root, "AccountingSupplierParty"), page.provider_name)
    _party(_part(root, "AccountingCustomerParty"), page.bill_to_name or page.person_name)
    if kind == "Invoice":
        means = _part(root, "PaymentMeans")
        _text(means, "PaymentMeansCode", _NOT_DEFINED)
        _text(means, "PaymentID", page.number)
    _vat(root, page.amount)
    total = _part(root, "LegalMonetaryTotal")
    for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"):
        _amount(total, name, page.amount)
    for position, line in enumerate(page.lines, start=1):
        _line(root, line, kind=kind, position=position)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _line(root: ET.Element, line: Line, *, kind: str, position: int) -> None:
    part = _part(root, f"{kind}Line")
    unit = next((code for one, code in _UNITS.items() if one == line.unit), "C62")
    count = Decimal(line.minutes) if unit == "MIN" else line.quantity
    _text(part, "ID", str(position))
    name = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    _text(part, name, plain_number(count), unitCode=unit)
    _amount(part, "LineExtensionAmount", line.amount)
    item = _part(part, "Item")
    _text(item, "Name", line.what)
    category = _part(item, "ClassifiedTaxCategory")
    _text(category, "ID", "O")
    _text(_part(category, "TaxScheme"), "ID", "VAT")
    price = _part(part, "Price")
    _amount(price, "PriceAmount", line.unit_price)
    _text(price, "BaseQuantity", plain_number(_MINUTES if unit == "MIN" else Decimal(1)), unitCode=unit)


def _party(parent: ET.Element, name: str) -> None:
    party = _part(parent, "Party")
    _text(_part(party, "PartyName"), "Name", name)
    _text(_part(_part(party, "PostalAddress"), "Country"), "IdentificationCode", "GB")
    _text(_part(party, "PartyLegalEntity"), "RegistrationName", name)


def _vat(root: ET.Element, amount: Money) -> None:
    tax = _part(root, "TaxTotal")
    _amount(tax, "TaxAmount", ZERO)
    part = _part(tax, "TaxSubtotal")
    _amount(part, "TaxableAmount", amount)
    _amount(part, "TaxAmount", ZERO)
    category = _part(part, "TaxCategory")
    _text(category, "ID", "O")
    _text(category, "TaxExemptionReason", _NO_VAT)
    _text(_part(category, "TaxScheme"), "ID", "VAT")


def _part(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_CAC}}}{name}")


def _text(parent: ET.Element, name: str, said: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_CBC}}}{name}", attributes).text = said


def _amount(parent: ET.Element, name: str, amount: Money) -> None:
    _text(parent, name, f"{amount.pounds:.2f}", currencyID=_CURRENCY)
