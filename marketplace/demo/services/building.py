"""Building the town: everything that happened in it happens again, in order, through the services that people use."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from marketplace.catalogue import services as catalogue
from marketplace.demo import queries
from marketplace.demo.gateways import PublishedList
from marketplace.demo.rules import Calendar, WrittenTown
from marketplace.demo.services.checks import expect_checks
from marketplace.demo.services.clubs import expect_clubs
from marketplace.demo.services.councils import expect_releases, expect_searches
from marketplace.demo.services.finding import expect_finding
from marketplace.demo.services.freshness import expect_confirmations
from marketplace.demo.services.helping import expect_those_who_help
from marketplace.demo.services.money import expect_money
from marketplace.demo.services.nation import expect_nation
from marketplace.demo.services.packs import expect_packs
from marketplace.demo.services.panel import expect_panel
from marketplace.demo.services.people import expect_everybody
from marketplace.demo.services.planning import expect_plans
from marketplace.demo.services.pools import expect_pools
from marketplace.demo.services.proofs import expect_proofs
from marketplace.demo.services.quoting import expect_briefs
from marketplace.demo.services.saying import expect_signals
from marketplace.demo.services.shops import expect_real_places, expect_shops
from marketplace.demo.services.street import Addresses, Street, Tell
from marketplace.demo.services.support import expect_support
from marketplace.demo.services.telling import expect_free_help, expect_tales
from marketplace.demo.services.trade import expect_trade
from marketplace.demo.services.visits import expect_visits
from marketplace.kit import outbox
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.places import Gazetteer
from marketplace.search import services as search

LETTERS_OF = timedelta(hours=8)
"""Only what happened so short a time before the morning has left letters to read: a handful."""


class NotEmptyError(DomainError):
    """Somebody or something real may be here."""


def build_town(
    session: Session,
    *,
    town: WrittenTown,
    lists: Sequence[PublishedList],
    gazetteer: Gazetteer,
    addresses: Addresses,
    most_staff: Decimal,
    now: datetime,
    tell: Tell,
) -> None:
    """
    Build the town as it stands on the morning of `now`. On the same day it always comes out the same, but for ids.

    All of it happens in the caller's transaction: a town half built is no town.

    :raises NotEmptyError: if there are people or offers.
    """
    if not queries.is_empty(session):
        raise NotEmptyError(
            "There are people or offers here already. The demo town is built in an empty database only."
        )
    street = Street(
        session=session,
        gazetteer=gazetteer,
        addresses=addresses,
        most_staff=most_staff,
        town=town,
        calendar=Calendar(day_of(now)),
    )
    # Each part draws for itself, so that a change to one leaves the others as they were.
    expect_everybody(_draw("people"), street)
    expect_real_places(street, lists)
    shown_since = expect_shops(_draw("shops"), street)
    expect_checks(_draw("checks"), street)
    expect_confirmations(_draw("freshness"), street, shown_since=shown_since)
    expect_panel(_draw("panel"), street)
    expect_trade(_draw("trade"), street, shown_since=shown_since)
    expect_money(_draw("money"), street)
    expect_support(_draw("support"), street)
    expect_packs(_draw("packs"), street)
    expect_proofs(_draw("proofs"), street)
    expect_visits(_draw("visits"), street)
    expect_pools(_draw("pools"), street)
    expect_finding(_draw("finding"), street)
    expect_clubs(_draw("clubs"), street)
    expect_those_who_help(_draw("helpers"), street)
    expect_plans(_draw("plans"), street)
    expect_briefs(_draw("briefs"), street)
    expect_tales(_draw("tales"), street)
    expect_free_help(_draw("free help"), street)
    expect_searches(_draw("searches"), street)
    expect_nation(_draw("nation"), street)
    expect_releases(street)
    expect_signals(street)
    with search.put_off(session):
        with outbox.silence(session):
            street.agenda.live_until(street.calendar.until - LETTERS_OF, tell=tell)
        street.agenda.live_until(street.calendar.until, tell=tell)
    search.rebuild(session, catalogue.documents(session, today=street.calendar.built_on))


def _draw(what: str) -> Random:
    return Random(what)  # noqa: S311  (nobody is to be surprised)
