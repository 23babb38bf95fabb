"""
Purchasing: who agreed to buy what from whom.

Owns: arrangements and invoices.
Promises: an arrangement keeps the terms it was agreed on; only its two sides ever see it; an organisation's invoice
numbers have no gaps.
"""
