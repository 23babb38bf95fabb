"""
What stands before what: fit, then freshness, then distance, then a shuffle that is another one each day.

Whole numbers only, so that both databases put everything in the same order. Nobody can pay to stand higher.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.search.rules.nouns import DocumentId, Freshness

LOTS = 1_000_003
"""A prime: counting round it in steps of any size passes every lot once before it comes to one again."""

FRESH_DAYS = {Freshness.MONTH: 30, Freshness.QUARTER: 90}
"""Days since a document was confirmed, up to which it is in each band."""

FAR_BANDS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Metres up to which something is in each band of distance. What is farther, or nowhere, is in the last."""

NEW_DAYS = 60
"""Days for which a document is new."""

NEW_PLACE = 3
"""The place kept for something new, counted from 0: the fourth."""


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A day's order of lots: `step` times the lot, and `start`, round and round `LOTS`."""

    step: int
    start: int

    def place_of(self, lot: int) -> int:
        """Return where a lot stands."""
        return (lot * self.step + self.start) % LOTS


def lot_of(document_id: DocumentId) -> int:
    """Return what a document drew, once and for all."""
    return int.from_bytes(hashlib.blake2b(document_id.bytes, digest_size=8).digest()) % LOTS


def shuffle_of(day: date | None) -> Shuffle:
    """Return the shuffle of a day. Without a day it is always the same one."""
    drawn = int.from_bytes(hashlib.blake2b(str(day).encode(), digest_size=16).digest())
    return Shuffle(step=1 + drawn % (LOTS - 1), start=drawn // LOTS % LOTS)


def fresh_since(band: Freshness, *, today: date) -> date:
    """Return the first day on which something in a band can have been confirmed."""
    return today - timedelta(days=FRESH_DAYS[band])


def new_since(today: date) -> date:
    """Return the first day on which something can have been listed and be new today."""
    return today - timedelta(days=NEW_DAYS)
