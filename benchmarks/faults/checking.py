"""After everything: is all there that was promised, do the books balance, and did nobody pay twice?"""

import time
import uuid
from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa

from benchmarks.faults.processes import Site
from benchmarks.faults.town import Town
from benchmarks.faults.visitors import Journal
from marketplace.accounts.models import Person
from marketplace.catalogue.models import Listing, Offer
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit.db import db
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PoolStatus
from marketplace.ratings.models import Review

CHECKS = (("ledger", "check"), ("payments", "check"), ("search", "check"), ("ratings", "check"))
SETTLES_IN = 120


def settle(town: Town, journal: Journal, *, seconds: float = SETTLES_IN) -> float:
    """Wait until the worker, by itself, has charged every pool that was full; return how many seconds that took."""
    full = {uuid.UUID(line["pool"]) for line in journal.promised if line["kind"] == "full"}
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        with town.app.app_context():
            left = db.session.scalars(
                sa.select(sa.func.count())
                .select_from(Pool)
                .where(Pool.id.in_(full), Pool.status != PoolStatus.CONFIRMED)
            ).one()
        if not left:
            break
        time.sleep(1)
    return time.monotonic() - begun


def lost(town: Town, journal: Journal) -> list[str]:
    """Return everything that was promised and is not there."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in journal.promised:
        by_kind[line["kind"]].append(line)
    with town.app.app_context():
        ask = db.session.scalars
        people = {email: person_id for person_id, email in db.session.execute(sa.select(Person.id, Person.email))}
        pools = {str(it.id): it for it in ask(sa.select(Pool))}
        pledges = {(str(it.pool_id), it.person_id) for it in ask(sa.select(Pledge)) if it.withdrawn_at is None}
        words = set(ask(sa.select(Review.words)))
        listings = {str(it.id): it.answers for it in ask(sa.select(Listing))}
        offers = {str(it.id): it.status for it in ask(sa.select(Offer))}
        titles = set(ask(sa.select(Offer.title)))
    found = [f"person {it['email']}" for it in by_kind["person"] if it["email"] not in people]
    found += [f"pool {it['pool']}" for it in by_kind["pool"] if it["pool"] not in pools]
    found += [
        f"pledge of {it['email']} to {it['pool']}"
        for it in by_kind["pledge"]
        if (it["pool"], people.get(it["email"])) not in pledges
    ]
    found += [f"review {it['words']}" for it in by_kind["review"] if it["words"] not in words]
    found += [f"listing {it['listing']}" for it in by_kind["listing"] if it["listing"] not in listings]
    found += [
        f"answer {it['title']}"
        for it in by_kind["answer"]
        if (listings.get(it["listing"]) or {}).get("title", {}).get("title") != it["title"]
    ]
    found += [f"row {name}" for it in by_kind["import"] for name in it["names"] if name not in titles]
    found += [
        f"pool {it['pool']} is {pools[it['pool']].status}, and all three had pledged"
        for it in by_kind["full"]
        if it["pool"] in pools and pools[it["pool"]].status is not PoolStatus.CONFIRMED
    ]
    return found + _shown_otherwise(by_kind["shown"], offers)


def _shown_otherwise(steps: list[dict[str, Any]], offers: dict[str, OfferStatus]) -> list[str]:
    """Return offers that are not as the provider last left them. None of a step that nobody heard the answer to."""
    last = {it["offer"]: it["is_live"] for it in steps}
    last = {offer: is_live for offer, is_live in last.items() if is_live is not None}
    return [
        f"offer {offer} is {offers.get(offer)}"
        for offer, is_live in last.items()
        if (offers.get(offer) is OfferStatus.LIVE) is not is_live
    ]


def paid_wrongly(town: Town) -> list[str]:
    """Return whatever Stripe's own books say that ours do not: a card charged twice, or for nothing."""
    try:
        town.club.moved()
    except AssertionError as error:
        return [str(error)]
    return []


def twice(town: Town) -> list[str]:
    """Return what is there more often than it may be, though whoever heard nothing tried again."""
    with town.app.app_context():
        pledged = Counter(
            (it.pool_id, it.person_id) for it in db.session.scalars(sa.select(Pledge)) if it.withdrawn_at is None
        )
        rows = Counter(title for title in db.session.scalars(sa.select(Offer.title)) if title.startswith("Library "))
    return [f"{what} stands {often} times" for what, often in [*pledged.items(), *rows.items()] if often > 1]


def checked(site: Site) -> dict[str, str]:
    """Return what each check of the site's own says: nothing if it is sound."""
    said = {}
    for words in CHECKS:
        done = site.command(*words)
        said[" ".join(words)] = "" if done.returncode == 0 else (done.stdout + done.stderr)[-600:].strip()
    return said


def verdict(town: Town, site: Site, journal: Journal) -> dict[str, Any]:
    """Ask everything, and return figures: how many of each kind were promised, and what is wrong."""
    settled_in = settle(town, journal)
    site.worker.stop()
    broken = {name: said for name, said in checked(site).items() if said}
    wrong = [*lost(town, journal), *paid_wrongly(town), *twice(town)]
    log = site.log()
    return {
        "promised": dict(Counter(it["kind"] for it in journal.promised)),
        "answers": dict(journal.said),
        "slowest answer, s": round(journal.slowest, 1),
        "pools settled after, s": round(settled_in, 1),
        "lost or twice": wrong,
        "checks that found something": broken,
        "pages with a fault": sorted(set(journal.wrong)),
        "tracebacks in the log": log.count("Traceback (most recent call last)"),
        "card charges": sum(ref["times"] for it in town.fake.books().values() for ref in it["by_ref"].values()),
    }


def is_sound(figures: dict[str, Any]) -> bool:
    return not any(figures[name] for name in ("lost or twice", "checks that found something", "pages with a fault"))
