"""
Catalogue: who offers what, where, and for how much.

Owns: providers, offers, prices, access facts, categories and the sources that lists were taken from.
Promises: a price is never edited, only followed by another; an offer is shown and found exactly while it is live.
"""
