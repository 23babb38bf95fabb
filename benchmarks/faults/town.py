"""A town to break: people with money and cards who club together, a provider, and a pretended Stripe between them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks.faults.processes import SETTINGS
from marketplace.accounts.models import Person
from marketplace.accounts.services.hashing import hash_of
from marketplace.app import create_app
from marketplace.catalogue.models import Offer, OfferPrice
from marketplace.config import load_config
from marketplace.kit.db import db, open_engine, transaction
from tests.conftest import migrate
from tests.factories import pooling
from tests.integration.pooling import club as clubs
from tests.integration.pooling.club import Club
from tests.stripe_fake import StripeFake

PASSWORD = "kettle garden bus"  # noqa: S105  (theirs, and they are made up)
PEOPLE, OFFERS = 12, 40
RICH = 900_000_00
"""What each has in each stream, in pence: nobody runs out in the middle."""


@dataclass
class Town:
    """Who lives there. `club` opens applications on the town's database and looks at its books."""

    app: Flask
    club: Club
    fake: StripeFake
    people: list[str]
    provider: str
    offers: list[uuid.UUID]
    rated: list[uuid.UUID]
    own: list[uuid.UUID]

    def look_at(self, url: str) -> None:
        """Look at the town in another database from now on: the one that took the first one's place."""
        self.app.extensions["engine"].dispose()
        engine = open_engine(url)
        self.app.extensions["engine"] = engine
        self.app.extensions["sessionmaker"].configure(bind=engine)

    @property
    def settings(self) -> dict[str, str]:
        return {
            "STRIPE_SECRET_KEY": self.fake.secret_key,
            "STRIPE_WEBHOOK_SECRET": self.fake.webhook_secret,
            "STRIPE_API_BASE": self.fake.url,
        }


@contextmanager
def town(url: str, *, folder: Path, people: int = PEOPLE, offers: int = OFFERS) -> Iterator[Town]:
    """Build a town in an empty database, and look after its Stripe until the end of the block."""
    migrate(url)
    with StripeFake() as fake:
        app = create_app(
            load_config(
                database_url=url, secret_key=SETTINGS["SECRET_KEY"], env="development", demo=False,
                mail_folder=folder / "mail", stripe_secret_key=fake.secret_key,
                stripe_webhook_secret=fake.webhook_secret, stripe_api_base=fake.url,
            )
        )  # fmt: skip
        try:
            yield _built(app, fake, people, offers)
        finally:
            app.extensions["engine"].dispose()


def _built(app: Flask, fake: StripeFake, people: int, offers: int) -> Town:
    granted, clubs.GRANTED = clubs.GRANTED, RICH
    try:
        club = Club.opened(app, fake, people=people)
    finally:
        clubs.GRANTED = granted
    for person in club.people:
        club.save_card(person)
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Person).values(password_hash=hash_of(PASSWORD)))
        rated = [
            pooling.offer_for_groups(session, title=f"Walking number {n}", is_open_to_all=True).id
            for n in range(offers)
        ]
        together = [_copied(session, club.offer, f"Swimming number {n}") for n in range(people)]
        own = [_copied(session, club.offer, f"Cooking number {n}") for n in range(offers)]
        # Otherwise the site would ask whether they are still true, and hide them.
        session.execute(sa.update(Offer).values(confirmed_at=datetime.now(UTC)))
    with app.app_context():
        emails = [db.session.get_one(Person, person.id).email for person in club.people]
        speaker = db.session.get_one(Person, club.speaker_id).email
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    return Town(app, club, fake, emails, speaker, together, rated, own)


def _copied(session: Any, offer_id: uuid.UUID, title: str) -> uuid.UUID:
    usual = session.get_one(Offer, offer_id)
    prices = session.scalars(sa.select(OfferPrice).where(OfferPrice.offer_id == offer_id)).all()
    it = Offer(**_columns(usual) | {"id": uuid.uuid4(), "title": title})
    session.add(it)
    session.flush()
    session.add_all(OfferPrice(**_columns(price) | {"id": uuid.uuid4(), "offer_id": it.id}) for price in prices)
    session.flush()
    return it.id


def _columns(row: Any) -> dict[str, Any]:
    return {it.name: getattr(row, it.name) for it in row.__table__.columns}
