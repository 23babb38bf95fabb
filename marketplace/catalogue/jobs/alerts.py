"""What is new for those who saved a search: each hears of all of it in one letter."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from marketplace.catalogue import queries, services
from marketplace.catalogue.forms import looking
from marketplace.catalogue.queries import DueSearch, NewOffer, NewOffers
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.views.results import place_named, question_for, shelves
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.search import queries as search
from marketplace.search.rules import Question

log = logging.getLogger(__name__)

TOGETHER = 100
"""Answers read at a time."""


def tell_of_new_offers(now: datetime) -> int:
    """Tell everybody whose time has come what is new in their searches; return how many letters. Safe to run twice."""
    sent = 0
    for person_id, theirs in groupby(queries.due_searches(db.session, now=now), attrgetter("person_id")):
        try:
            news = [_news(due, now=now) for due in theirs]
            with transaction() as session:
                sent += bool(
                    services.tell_of_new_offers(
                        session,
                        person_id=person_id,
                        news=news,
                        address=page_address("catalogue.saved_searches"),
                        now=now,
                    )
                )
        except Exception:
            # One person's searches that cannot be asked do not keep the others from hearing.
            log.exception("a person’s saved searches could not be asked")
    return sent


def _news(due: DueSearch, *, now: datetime) -> NewOffers:
    shelving = shelves()
    asked = looking.read(MultiDict(parse_qsl(due.asked)), categories=shelving.names)
    place, problem = place_named(asked.near)
    found: list[OfferId] = []
    # A place that is gone finds nothing, rather than things all over England.
    if not problem:
        found = list(_listed_since(question_for(asked, place, shelving), due.told_at))
    cards = queries.cards_for(db.session, offer_ids=found, on=day_of(now))
    return NewOffers(
        saved_search_id=due.id,
        name=due.name,
        address=f"{page_address('catalogue.results')}?{due.asked}",
        offers=tuple(
            NewOffer(card.title, card.provider_name, page_address("catalogue.offer", {"offer_id": card.id}))
            for card in cards
        ),
    )


def _listed_since(question: Question, since: datetime) -> Iterable[OfferId]:
    """Return what fits a question and is new, best first. What only has some of the words does not fit."""
    for page in _pages(replace(question, listed_since=day_of(since), page_size=TOGETHER)):
        new = queries.listed_since(db.session, offer_ids=page, since=since)
        yield from (offer_id for offer_id in page if offer_id in new)


def _pages(question: Question) -> Iterator[Sequence[OfferId]]:
    number = pages = 1
    while number <= pages:
        found = search.find(db.session, replace(question, page=number))
        if found.is_loosened:
            return
        yield [OfferId(hit.id) for hit in found.hits]
        number, pages = number + 1, found.pages
