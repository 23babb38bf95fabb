"""
Payments: how money moves between people and providers. For now, what was paid against an invoice.

Owns: payments.
Promises: one effect for one key; nobody is ever written down as having paid more than they owe.
"""
