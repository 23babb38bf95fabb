"""The most boring thing a council posts, and the most boring alert."""

from datetime import UTC, datetime

from marketplace.accounts.rules import Role
from marketplace.demand.models.signals import MarketSignal
from marketplace.demand.rules.alerts import AlertKey
from marketplace.demand.rules.nouns import SignalKind
from marketplace.demand.services import alerting, signalling
from marketplace.demand.services.signalling import NewSignal
from tests.factories import accounts

COUNCIL = "E08000009"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def commissioner(session, *, council=COUNCIL):
    """Add somebody who works for a council; return them as the viewer they are."""
    return accounts.as_viewer(
        accounts.person(session, role=Role.COMMISSIONER, council=council), role=Role.COMMISSIONER, council=council
    )


def posted(
    session, *, by=None, kind=SignalKind.SIGNAL, title="Lifts home", words="We look for lifts.", now=NOW, **more
):
    """Post something for a council; return its row."""
    signal_id = signalling.post_signal(
        session,
        wanted=NewSignal(kind=kind, title=title, words=words, **more),
        by=by or commissioner(session),
        now=now,
    )
    return session.get_one(MarketSignal, signal_id)


def alert(session, *, council=COUNCIL, category="any", now=NOW):
    """Let a new organisation ask to be told; return who asked, as a viewer, and the alert's key."""
    organisation, speaker = accounts.organisation(session)
    by = accounts.as_viewer(speaker, organisation, role=Role.PROVIDER)
    key = AlertKey(organisation.id, council, category)
    alerting.ask_to_be_told(session, key=key, by=by, now=now)
    return by, key
