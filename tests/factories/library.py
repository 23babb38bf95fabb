"""The most boring signpost, story, example plan and letter."""

import uuid
from datetime import UTC, date, datetime

from marketplace.brokerage.models import LibraryPiece, Signpost
from marketplace.brokerage.rules.nouns import PieceKind, PieceStatus, SignpostKind

WRITTEN = datetime(2026, 5, 1, 9, tzinfo=UTC)


def signpost(session, **differences):
    """Add a signpost to somebody who advises all of England."""
    plain = {
        "council": None,
        "kind": SignpostKind.ADVICE,
        "position": 1,
        "name": "An Advice Line",
        "words": "They advise.",
        "phone": "0300 061 0614",
        "email": "",
        "href": "https://example.org/",
        "checked_on": date(2026, 4, 1),
        "written_at": WRITTEN,
    }
    row = Signpost(id=uuid.uuid4(), **plain | differences)
    session.add(row)
    session.flush()
    return row


def piece(session, **differences):
    """Add a story that everybody may read."""
    plain = {
        "kind": PieceKind.STORY,
        "title": "How I learned to swim",
        "summary": "I was afraid of water.",
        "words": "I was afraid of water. Then somebody came with me, every week, and did not push.",
        "plan": None,
        "file_name": "",
        "media_type": "",
        "contents": None,
        "pseudonym": "Quiet Heron",
        "status": PieceStatus.SHOWN,
        "suspected": [],
        "sent_at": WRITTEN,
        "reason": "",
    }
    row = LibraryPiece(id=uuid.uuid4(), **plain | differences)
    session.add(row)
    session.flush()
    return row


def example_plan(session, **differences):
    """Add an example plan."""
    plan = {
        "parts": {"about_me": "I like trains."},
        "lines": [{"wish": "Ride a train", "what_would_help": "A lift", "outcome_id": "care-act.control"}],
        "week": [{"day": 1, "part_of_day": "morning", "words": "Train", "drawing": "bus"}],
    }
    return piece(session, **{"kind": PieceKind.EXAMPLE_PLAN, "plan": plan, "pseudonym": ""} | differences)


def document(session, **differences):
    """Add a model document."""
    plain = {
        "kind": PieceKind.MODEL_DOCUMENT,
        "file_name": "letter.odt",
        "media_type": "application/vnd.oasis.opendocument.text",
        "contents": b"a file",
        "pseudonym": "",
    }
    return piece(session, **plain | differences)
