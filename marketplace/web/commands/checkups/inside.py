"""What the doctor looks at inside the site: the database, its tables, the books, the index, letters and jobs."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app

from marketplace.accounts.rules import Role
from marketplace.catalogue.services import documents
from marketplace.kit import erased
from marketplace.kit.days import day_of
from marketplace.kit.db import db
from marketplace.payments.queries.checking import broken_promises
from marketplace.ratings.jobs.ordering import rated_together
from marketplace.ratings.queries.checking import wrong_of
from marketplace.search import queries as search
from marketplace.web import queries
from marketplace.web.commands.checkups.asking import Checkup
from marketplace.web.gateways import surroundings
from marketplace.web.jobs import PERIODIC
from marketplace.web.queries import leaving, looking
from marketplace.web.rules.doctor import Finding, State, ago, is_late, state_of_clock

ROOT = Path(__file__).parents[4]
_LETTERS_WAIT = timedelta(minutes=15)
_LEAST = {Role.OPERATOR: 1, Role.MODERATOR: 2, Role.PANEL_MEMBER: 5}


def database(_now: datetime) -> Finding:
    """Does the database answer?"""
    began = time.monotonic()
    version = looking.version_of(db.session)
    return Finding("database", State.WELL, f"{version} answers in {(time.monotonic() - began) * 1000:.0f} ms.")


def tables(_now: datetime) -> Finding:
    """Are the tables those of this version?"""
    wanted, there = (ROOT / "migrations" / ".head").read_text().strip(), looking.head_of(db.session)
    if there == wanted:
        return Finding("tables", State.WELL, f"They are those of this version ({wanted}).")
    if there is not None and there > wanted:
        return Finding(
            "tables", State.LOOK, f"They are at {there}, ahead of this version ({wanted}).",
            "That is right while a new version is brought in. Otherwise install that version.",
        )  # fmt: skip
    return Finding("tables", State.WRONG, f"They are at {there}, and this version needs {wanted}.", "Run script/setup.")


def clock(now: datetime) -> Finding:
    """Do the clocks agree?"""
    # Asking may take long: what counts is the moment of the answer.
    ahead = looking.clock_of(db.session, now=datetime.now(UTC))
    mend = "Let both machines set their clocks by others (timedatectl set-ntp true): codes from phones need the time."
    if (state := state_of_clock(ahead)) is not State.WELL:
        return Finding(
            "clock", state, f"What the database says is {ahead:+.0f} seconds from this machine’s clock.", mend
        )
    if surroundings.clock_is_set_by_others() is False:
        return Finding("clock", State.LOOK, "This machine does not set its clock by others.", mend)
    return Finding("clock", State.WELL, "This machine and the database agree.")


def rows(_now: datetime) -> Finding:
    """Does the database find itself sound?"""
    unsound = looking.unsound_parts(db.session)
    if unsound:
        return Finding(
            "soundness", State.WRONG, f"The database is broken: {'; '.join(unsound[:5])}.",
            "Make a copy of it as it is, then put back the last backup that is sound: see docs/operating/incidents.md.",
        )  # fmt: skip
    return Finding("soundness", State.WELL, "Every row that another refers to is there.")


def books(now: datetime) -> Finding:
    """Do the books keep every promise?"""
    broken = len(queries.broken_books(db.session, today=day_of(now))) + len(broken_promises(db.session))
    if broken:
        return Finding(
            "books", State.WRONG, f"{broken} rows break a promise.",
            "flask ledger check and flask payments check name them; docs/operating/checks.md says what to do.",
        )  # fmt: skip
    return Finding("books", State.WELL, "They balance, and every payment adds up.")


def index(now: datetime) -> Finding:
    """Is found what is there?"""
    difference = search.check(db.session, documents(db.session, today=day_of(now)))
    if not difference.is_none:
        return Finding("index", State.WRONG, "It is not what the catalogue says.", "Run flask search rebuild.")
    return Finding("index", State.WELL, "It is what the catalogue says, word by word.")


def ratings(_now: datetime) -> Finding:
    """Is what is kept of ratings what people said?"""
    wrong = sum(len(wrong_of(db.session, offer_ids=offer_ids)) for offer_ids in rated_together())
    if wrong:
        return Finding(
            "ratings",
            State.WRONG,
            f"What is kept of {wrong} offers is not what people said.",
            "Run flask ratings check --mend.",
        )
    return Finding("ratings", State.WELL, "What is kept is what people said.")


def letters(now: datetime) -> Finding:
    """Do letters leave?"""
    box = looking.letters(db.session)
    if box.oldest is not None and now - box.oldest > _LETTERS_WAIT:
        return Finding(
            "letters", State.WRONG, f"{box.waiting} wait, the oldest since {ago(box.oldest, now=now)}.",
            "Does the worker run (systemctl status clubtogether-jobs)? Does the mail server take them?",
        )  # fmt: skip
    if box.given_up:
        return Finding(
            "letters", State.LOOK, f"{box.given_up} were tried eight times and given up.",
            "Put the mail server right; docs/operating/everyday.md says how to try them again.",
        )  # fmt: skip
    return Finding("letters", State.WELL, f"{box.waiting} wait, none for long.")


def jobs(now: datetime) -> Finding:
    """Does everything run that runs on a clock?"""
    runs = looking.last_runs(db.session)
    if not runs:
        return Finding(
            "jobs", State.WRONG, "No worker has ever run here.", "Start it: systemctl start clubtogether-jobs."
        )
    late = [
        job.name
        for job in PERIODIC
        if is_late(runs[job.name].ended_at if job.name in runs else None, every_seconds=job.every_seconds, now=now)
    ]
    failed = [
        f"{name} ({run.failed_with})"
        for name, run in runs.items()
        if run.failed_at is not None and (run.ended_at is None or run.failed_at >= run.ended_at)
    ]
    if late or failed:
        words = [f"late: {', '.join(late)}"] if late else []
        words += [f"failed when they ran last: {', '.join(failed)}"] if failed else []
        return Finding(
            "jobs", State.WRONG, f"{'; '.join(words)}.",
            "Does the worker run? Its log says why a job failed. flask jobs list shows them all.",
        )  # fmt: skip
    return Finding("jobs", State.WELL, f"All {len(PERIODIC)} run when they should.")


def people(_now: datetime) -> Finding:
    """Is there somebody for everything that needs somebody?"""
    there = looking.people_with_roles(db.session)
    short = [
        f"{there.get(role, 0)} of {least} {role.value}s" for role, least in _LEAST.items() if there.get(role, 0) < least
    ]
    if short:
        words = ", ".join(short).replace("_", " ")
        return Finding(
            "people", State.LOOK, f"There are {words}.", "Name more: /accounts/roles, or flask accounts grant."
        )
    return Finding("people", State.WELL, "There are enough operators, moderators and panel members.")


def left(_now: datetime) -> Finding:
    """Is everybody who left remembered outside the database, and is nobody back?"""
    path = current_app.config["ERASED_LIST"]
    known, here = erased.read(path), set(leaving.erased_people(db.session))
    if back := leaving.brought_back(db.session, left=known):
        return Finding(
            "who left",
            State.WRONG,
            f"{len(back)} people who left are here again, out of a backup.",
            "Run flask backup erase-again.",
        )
    if forgotten := here - known:
        return Finding(
            "who left", State.LOOK, f"{len(forgotten)} people who left are not yet in {path}.",
            "The worker writes them down each minute; let its account write that file.",
        )  # fmt: skip
    return Finding("who left", State.WELL, f"{len(known)} people left, and a backup would not bring them back.")


_REACH = "Does its server run? Are name, password and address in DATABASE_URL right?"

FIRST = (Checkup("database", database, _REACH),)

CHECKUPS = (
    Checkup("tables", tables, "Run script/setup.", asks_database=True),
    Checkup("clock", clock, asks_database=True),
    Checkup("letters", letters, asks_database=True),
    Checkup("jobs", jobs, asks_database=True),
    Checkup("people", people, asks_database=True),
    Checkup("who left", left, asks_database=True),
    Checkup("soundness", rows, asks_database=True, is_slow=True),
    Checkup("books", books, asks_database=True, is_slow=True),
    Checkup("index", index, "Run flask search rebuild.", asks_database=True, is_slow=True),
    Checkup("ratings", ratings, "Run flask ratings check.", asks_database=True, is_slow=True),
)
