"""How an operator brings in a feed from the web: page by page, each kept before the next is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Protocol

import click
from flask import current_app

from marketplace.catalogue.commands.telling import Progress
from marketplace.catalogue.gateways import BrokenRow, Mapping, Row
from marketplace.catalogue.gateways.feeds import (
    Feed,
    FeedPage,
    MissingService,
    OpenReferralFeed,
    UnreadableFeedError,
)
from marketplace.catalogue.gateways.referrals import row_of
from marketplace.catalogue.gateways.web import WebReader
from marketplace.catalogue.queries import listed as queries
from marketplace.catalogue.services import reading
from marketplace.catalogue.services.importing import Entry, RowOutcome, entries_in
from marketplace.kit.db import db, transaction
from marketplace.kit.gazetteers import gazetteer

_MOST_GONE = 20


class Bring(Protocol):
    """What brings in the entries of one page."""

    def __call__(self, entries: Iterator[Entry | RowOutcome], page: int) -> None:
        """Bring in entries."""


@dataclass
class FeedWalk:
    """One walk through a feed. `only_changed` asks it for what changed since it was last read to its end."""

    url: str
    mapping: Mapping
    progress: Progress
    only_changed: bool = False
    from_start: bool = False
    inside: bool = False
    _begun_at: datetime | None = None

    def through(self, bring: Bring, *, dry_run: bool) -> None:
        """
        Bring in page after page, from the first that is not done.

        :raises NoAnswerError, UnreadableFeedError: if a page cannot be had.
        """
        since = queries.last_read_at(db.session, source=self.mapping.source.key) if self.only_changed else None
        feed = self._feed(since)
        begun = None if dry_run else self._begin()
        first = begun.pages_done + 1 if begun else 1
        if first > 1:
            click.echo(f"Going on after page {first - 1:,}, where the last reading stopped.")
        known: tuple[str, ...] = ()
        for number in count(first):
            page = feed.page(number)
            known = _checked(page, number, known)
            self._count(page, number)
            rows = self._rows(page)
            bring(entries_in(rows, mapping=self.mapping, gazetteer=gazetteer()), page=number)
            if not dry_run:
                with transaction() as session:
                    reading.note_page(session, origin=self.mapping.source, pages_done=number)
            if number >= page.pages:
                break
        if not dry_run:
            with transaction() as session:
                reading.end_reading(session, origin=self.mapping.source, now=datetime.now(UTC))
            # Of what only changed, nothing tells what is gone.
            self._begun_at = begun.begun_at if begun and since is None else None

    def tell_what_is_gone(self) -> None:
        """Say what was not in the feed any more. It is marked, and stays: a feed may be broken for a day."""
        if self._begun_at is None:
            return
        gone = queries.not_seen_since(db.session, source=self.mapping.source.key, since=self._begun_at)
        if gone:
            click.echo("Not in the feed any more, and still on the site. Take down what is really gone:")
        for one in gone[:_MOST_GONE]:
            click.echo(f"  {one.title}  (last there on {one.seen_at:%d %B %Y})")
        if len(gone) > _MOST_GONE:
            click.echo(f"  and {len(gone) - _MOST_GONE:,} more.")

    def _feed(self, since: datetime | None) -> Feed:
        fetch = current_app.extensions.get("web_reader", WebReader(inside=self.inside)).fetch
        return OpenReferralFeed(self.url, fetch=fetch, changed_since=since)

    def _begin(self) -> reading.Reading:
        with transaction() as session:
            return reading.begin_reading(
                session,
                origin=self.mapping.source,
                url=self.url,
                from_start=self.from_start or self.only_changed,
                now=datetime.now(UTC),
            )

    def _rows(self, page: FeedPage) -> list[Row | BrokenRow]:
        today = datetime.now(UTC).date()
        return [
            BrokenRow(line, service.reason, service.name)
            if isinstance(service, MissingService)
            else row_of(service, line=line, today=today)
            for line, service in enumerate(page.services, start=1)
        ]

    def _count(self, page: FeedPage, number: int) -> None:
        """Say how many rows there will be, as far as the feed has told."""
        before = self.progress.done
        here = before + len(page.services)
        is_last = number >= page.pages
        skipped = (number - 1) * len(page.services) - before if page.total else 0
        self.progress.total = here if is_last or page.total is None else max(here, page.total - max(skipped, 0))


def _checked(page: FeedPage, number: int, before: tuple[str, ...]) -> tuple[str, ...]:
    """Return what tells a page from others; a feed that never turns its page would be read for ever."""
    known = tuple(str(service.get("id")) for service in page.services if isinstance(service, dict))
    if known and known == before:
        raise UnreadableFeedError(
            f"Page {number:,} of the feed is page {number - 1:,} again. It does not turn its pages."
        )
    return known
