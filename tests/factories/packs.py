"""The most boring decision pack there is: one offer, chosen, unrated and unchecked."""

import uuid
from datetime import UTC, datetime

from marketplace.purchasing.rules.nouns import PackId
from marketplace.purchasing.rules.packs import Contents, FrozenOffer, FrozenRating
from marketplace.purchasing.services.packs import keep_pack

MADE_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def pack(session, *, person):
    """Keep a decision pack of somebody's; return its id. Its PDF is none that opens."""
    pack_id = PackId(uuid.uuid4())
    offer = FrozenOffer(
        title="Gardening", provider="Boring Help", kind="Micro-provider", page="https://example.org/offers/1",
        version=None, is_chosen=True, because="", prices=("£14.50 an hour",), conditions=(), included="", where="",
        times=(), access=(), ways_to_pay=(), checks=(), rating=FrozenRating(0, None, (0, 0, 0, 0, 0), 0),
        confirmed_on="", arrangement=None,
    )  # fmt: skip
    contents = Contents(str(pack_id), MADE_AT.isoformat(), person.name, "Help", "I cannot bend.", (offer,), ())
    keep_pack(session, contents=contents, pack_id=pack_id, pdf=b"%PDF", by=person.id, now=MADE_AT)
    return pack_id
