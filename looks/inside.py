"""
Ask the site itself, in a process of its own: which routes it has, and the cookies of everybody who visits.

Usage: python -m looks.inside routes | visitors
"""

import json
import sys
import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from looks.visitors import FRESH, SIGNED_IN
from marketplace.accounts import services
from marketplace.accounts.models import BrowserSession, Person
from marketplace.app import create_app
from marketplace.config import load_config


def routes(app: Flask) -> dict[str, list[str]]:
    """Return the rules of every endpoint that can be got."""
    found: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            found.setdefault(rule.endpoint, []).append(rule.rule)
    return found


def visitors(app: Flask) -> dict[str, str]:
    """Return the cookie of a signed-in browser for everybody of the demo town who visits, and for somebody new."""
    now = datetime.now(UTC)
    found = {}
    with Session(app.extensions["engine"], info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        if session.scalar(sa.select(Person.id).where(Person.email == FRESH)) is None:
            services.add_person(
                session,
                email=FRESH,
                name="Fern Newcomer",
                password=None,
                confirmed=True,
                now=now,
            )
        for name, email in SIGNED_IN.items():
            known = session.execute(sa.select(Person.id, Person.session_stamp).where(Person.email == email)).first()
            if known is not None:
                found[name] = _cookie(app, session, known.id, known.session_stamp, now)
        session.commit()
    return found


def _cookie(app: Flask, session: Session, person_id: uuid.UUID, stamp: str, now: datetime) -> str:
    browser = BrowserSession(
        id=uuid.uuid4(), person_id=person_id, browser="Firefox on Linux", began_at=now, seen_at=now
    )
    session.add(browser)
    session.flush()
    known_as, second = f"{person_id}:{stamp}:{browser.id}", int(now.timestamp())
    kept = {"_user_id": known_as, "_fresh": True, "confirmed": known_as, "confirmed_at": second}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    said: str = signer.dumps(kept | {"proved": known_as, "proved_at": second})
    return said


if __name__ == "__main__":
    site = create_app(load_config())
    with site.app_context():
        print(json.dumps({"routes": routes, "visitors": visitors}[sys.argv[1]](site)))
