"""The most boring quotes there are, and the providers that send them."""

import uuid
from datetime import UTC, date, datetime, timedelta

from marketplace.brokerage.models import BriefCall, QuoteMeeting
from marketplace.brokerage.queries.briefs import wanted_in
from marketplace.brokerage.rules.nouns import BriefStatus, Fit, MeetingKind
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote
from marketplace.brokerage.services import quoting
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from tests.factories import accounts, briefs, purchasing

CAN_START = date(2026, 6, 1)


def address(brief_id):
    return f"https://example.org/briefs/{brief_id}"


def provider(session, *, name="Boring Help", category="home-and-garden", council="E08000009", **differences):
    """Add a provider with one live offer that fits the plainest brief: the viewer who speaks for it, and the offer."""
    organisation, speaker = accounts.organisation(session, name=name)
    about = purchasing.offer(
        session, organisation_id=organisation.id, category=category, council=council, **differences
    )
    session.get_one(Provider, about.provider_id).name = name
    session.flush()
    return accounts.as_viewer(speaker, organisation), about


def wanted(session, brief, about, **differences):
    """Return what a provider writes who can do everything, for £15 an hour."""
    needs = wanted_in(session, brief, category_name="", with_unanswered=False).needs
    plain = {
        "support": Money(12_00),
        "admin": Money(1_00),
        "overhead": Money(1_50),
        "travel": Money(50),
        "can_start_on": CAN_START,
        "notice_hours": 24,
        "times": "Weekday mornings",
        "answers": {need.id: NewAnswer(Fit.YES, "Every time.") for need in needs},
    }
    return NewQuote(offer_id=about.id, **plain | differences)


def sent(session, *, brief, by, about, now=None, **differences):
    """Send a quote for a brief, by default a day after it opened. Return its id."""
    return quoting.send_quote(
        session,
        brief_id=brief.id,
        by=by,
        wanted=wanted(session, brief, about, **differences),
        link=address,
        now=now or brief.opened_at + timedelta(days=1),
    )


def called_and_quoted(session, *, person, by, about):
    """Add an open brief that calls a provider, and a closed one (`looked_at`) on which it quoted and was asked more."""
    now = datetime.now(UTC)
    called, looked_at = (
        briefs.open_brief(session, person=person, category=about.category, now=began)
        for began in (now - timedelta(days=1), now - timedelta(days=20))
    )
    (organisation_id,) = by.organisations
    for brief in (called, looked_at):
        session.add(BriefCall(brief_id=brief.id, organisation_id=organisation_id, called_at=brief.opened_at))
    session.flush()
    quote_id = sent(session, brief=looked_at, by=by, about=about, can_start_on=day_of(now))
    looked_at.status = BriefStatus.CLOSED
    meeting = QuoteMeeting(
        id=uuid.uuid4(), quote_id=quote_id, kind=MeetingKind.ASK_AGAIN, words="Do you like dogs?", asked_by=person.id,
        asked_at=now, answer="", how_it_was="",
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    return {"brief_id": called.id, "looked_at": looked_at.id, "quote_id": quote_id, "meeting_id": meeting.id}
