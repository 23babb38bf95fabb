"""The most boring documents there are."""

import uuid
from datetime import UTC, datetime

from marketplace.search.rules import Document, DocumentId

UPDATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def build_document(title="Boring help", **changes):
    """Return a document with these words in its title, and nothing else that could be found."""
    plain = {
        "id": DocumentId(uuid.uuid4()),
        "kind": "micro",
        "category": "help_at_home",
        "is_free": False,
        "provider": "somebody",
        "updated_at": UPDATED,
        "title": title,
    }
    return Document(**plain | changes)
