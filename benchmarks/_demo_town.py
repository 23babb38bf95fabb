"""The demo town, as benchmarks of its words walk it: a copy, who lives there, and what somebody typed in it."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from marketplace.accounts.models import BrowserSession, Person

MOST_PAGES = 400
PEOPLE = frozenset({"nadine", "stanley", "maggie", "yasmin", "moses", "pru", "catrin", "ona"})
_OURS = {"category", "interest", "outcome", "criterion", "alembic_version"}
"""Tables whose words are the site's own."""


def bring_to_head(url: str) -> None:
    """Bring a copy of the demo database to the newest tables."""
    settings = Config("alembic.ini")
    settings.attributes["url"] = url
    command.upgrade(settings, "head")


def people(app: Flask) -> list[str]:
    """Return the addresses of the people that one can be in the demo."""
    with Session(app.extensions["engine"]) as session:
        found = session.scalars(
            sa.select(Person.email).where(Person.email.like("%@example.org")).order_by(Person.email)
        )
        return [email for email in found if email.partition("@")[0] in PEOPLE]


def typed(app: Flask) -> tuple[str, frozenset[str]]:
    """Return everything in the database that somebody typed: as one text, and as whole values."""
    values: set[str] = set()
    engine = app.extensions["engine"]
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            if table.name in _OURS:
                continue
            for column in table.columns:
                if isinstance(column.type, sa.String | sa.Text):
                    values.update(map(str, connection.scalars(sa.select(column).distinct()).all()))
    return " \n ".join(map(flat, values)), frozenset(map(flat, values))


def is_typed(words: str, typed: tuple[str, frozenset[str]]) -> bool:
    """Test whether somebody typed some words, alone or within others."""
    text, values = typed
    return words in values or (len(words.split()) > 1 and words in text)


def pages(app: Flask, who: str, language: str, begin: tuple[str, ...]) -> Iterator[tuple[str, TestResponse]]:
    """Yield each kind of page that somebody finds by its links, once: its endpoint, and the page."""
    client = signed_in(app, who) if who else app.test_client()
    seen: set[str] = set()
    waiting, opened = list(begin), 0
    while waiting and opened < MOST_PAGES:
        path = waiting.pop(0)
        kind = kind_of(app, path)
        if not kind or kind in seen:
            continue
        seen.add(kind)
        answer = client.get(path, headers={"Accept-Language": language})
        if answer.status_code in {302, 303}:
            waiting.append(str(answer.location))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            opened += 1
            yield kind, answer
            waiting += links(answer.text)


def links(page: str) -> list[str]:
    """Return where a page leads."""
    return [str(link["href"]) for link in BeautifulSoup(page, "lxml").select("a[href]")]


def signed_in(app: Flask, who: str) -> FlaskClient:
    """Return a browser in which somebody has signed in, with every proof that is asked for."""
    client, now = app.test_client(), datetime.now(UTC)
    with Session(app.extensions["engine"]) as session:
        session.connection(execution_options={"writing": True})
        person = session.scalars(sa.select(Person).where(Person.email == who)).one()
        browser = BrowserSession(id=uuid.uuid4(), person_id=person.id, browser="A walk", began_at=now, seen_at=now)
        session.add(browser)
        known_as, second = f"{person.id}:{person.session_stamp}:{browser.id}", int(now.timestamp())
        session.commit()
    kept: Any
    with client.session_transaction() as kept:
        kept.update({"_user_id": known_as, "_fresh": True, "confirmed": known_as, "confirmed_at": second})
        kept.update({"proved": known_as, "proved_at": second})
    return client


def kind_of(app: Flask, href: str) -> str:
    """Return which page of the site an address leads to, or nothing."""
    parts = urlsplit(href)
    is_ours = parts.netloc in {"", "127.0.0.1:8000", "localhost"} and parts.path.startswith("/")
    if not is_ours or "design" in parts.path:
        return ""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, method="GET")
    except (RequestRedirect, Exception):  # noqa: BLE001  (what is no page of ours is not walked)
        return ""
    return str(endpoint)


def flat(text: str) -> str:
    """Return a text with one space wherever there is any."""
    return " ".join(text.split())
