"""The most boring quotes there are, and the providers that send them."""

from datetime import date, timedelta

from marketplace.brokerage.queries.briefs import wanted_in
from marketplace.brokerage.rules.nouns import Fit
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote
from marketplace.brokerage.services import quoting
from marketplace.catalogue.models import Provider
from marketplace.kit.money import Money
from tests.factories import accounts, purchasing

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
