"""What pages say while something is missing: disk, mail, Stripe, time, places. And whether they come back."""

import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.faults.people import sign_in
from benchmarks.faults.postgres import Postgres, server
from benchmarks.faults.processes import Site, free_port, site
from benchmarks.faults.town import Town, town
from benchmarks.faults.visitors import Answer, Browser, Journal, NoAnswerError, NotTakenError
from marketplace.config import Config
from marketplace.kit.db import db
from marketplace.kit.outbox import Message
from marketplace.web.models import JobRun

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
RECOVERS_IN = 30


@dataclass
class Look:
    """What was looked at, and what was not as it should be."""

    journal: Journal
    seen: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, got: Any, *, to_be: Any) -> None:
        self.seen[what] = got
        is_so = got in to_be if isinstance(to_be, set) else got == to_be
        print(f"{'ok   ' if is_so else 'WRONG'} {what}: {got}", flush=True)
        if not is_so:
            self.wrong.append(f"{what}: {got}, not {to_be}")

    def until(self, what: str, act: Callable[[], Any], *, to_be: Any, seconds: float = RECOVERS_IN) -> None:
        begun = time.monotonic()
        got = None
        while time.monotonic() - begun < seconds:
            with suppress(NoAnswerError, NotTakenError):
                got = act()
                if got == to_be:
                    break
            time.sleep(0.3)
        self.expect(what, got, to_be=to_be)
        self.seen[f"{what}, after s"] = round(time.monotonic() - begun, 1)


def run(*, database: str, minutes: float) -> dict[str, Any]:
    """Let each thing be missing in turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        look = Look(Journal(folder / "journal.jsonl"))
        if database == "postgresql":
            small = stack.enter_context(_small_disk(folder / "small", megabytes=420))
            postgres = stack.enter_context(server(small / "data"))
            place = stack.enter_context(town(postgres.url, folder=folder, people=3, offers=3))
            with site(postgres.url, folder=folder, **place.settings) as here:
                _read_only(look, here, postgres)
                _full(look, here, small, mend=lambda: _start_if_down(postgres))
        else:
            place = stack.enter_context(town(f"sqlite:///{folder}/town.sqlite", folder=folder, people=3, offers=3))
            _on_full_disk(look, place, folder)
            _without_places(look, place, folder)
            _without_mail(look, place, folder)
            _without_stripe(look, place, folder)
            _clock_jumps(look, place, folder)
        said = "".join(
            path.read_text(errors="replace") for path in folder.rglob("*.log") if "postgres" not in path.name
        )
        return {
            "seen": look.seen,
            "lost or twice": look.wrong,
            "checks that found something": {},
            "pages with a fault": sorted(set(look.journal.wrong)),
            "tracebacks in the log": said.count("Traceback (most recent call last)"),
            "_log": said,
        }


def _sign_up(here: Site, look: Look) -> Answer:
    browser = Browser(here.port, look.journal)
    email = f"new-{uuid.uuid4().hex}@example.org"
    return browser.fill_in("/accounts/sign-up", name="Somebody", email=email, password=f"{uuid.uuid4().hex} tea")


def _status(here: Site, look: Look, path: str) -> int:
    return Browser(here.port, look.journal).get(path).status


@contextmanager
def _small_disk(where: Path, *, megabytes: int) -> Iterator[Path]:
    """A disk in memory that is soon full."""
    where.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "faults", str(where)], check=True)  # noqa: S603, S607
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)  # noqa: S603, S607


def _full(look: Look, here: Site, disk: Path, *, mend: Callable[[], None]) -> None:
    look.expect("before: a new account", _sign_up(here, look).status, to_be=200)
    filler = disk / "filler"
    with filler.open("wb") as out, suppress(OSError):
        while True:
            out.write(b"x" * 65_536)
            out.flush()
    statuses, words = [], ""
    for _ in range(6):
        with suppress(NoAnswerError, NotTakenError):
            answer = _sign_up(here, look)
            statuses.append(answer.status)
            if answer.status == 503:
                words = answer.text
    look.expect("disk full: a new account is refused", statuses[-1] if statuses else 503, to_be=503)
    is_plain = any(said in words for said in ("cannot save", "cannot reach", "was not kept"))
    look.expect("disk full: it is said plainly", is_plain, to_be=bool(words))
    look.expect("disk full: an offer search", _status(here, look, "/offers?q=walking"), to_be={200, 503})
    look.expect("disk full: a standing page", _status(here, look, "/how-it-works"), to_be=200)
    filler.unlink()
    mend()
    look.until("disk free again: a new account", lambda: _sign_up(here, look).status, to_be=200, seconds=60)
    look.expect("the site was never started again", here.web.starts, to_be=1)


def _start_if_down(postgres: Postgres) -> None:
    # A server that could not write its log stops. Whoever looks after it starts it again.
    time.sleep(1)
    if not postgres.answers():
        postgres.kill()
        postgres.start()


def _read_only(look: Look, here: Site, postgres: Postgres) -> None:
    postgres.ask("ALTER SYSTEM SET default_transaction_read_only = on")
    postgres.ask("SELECT pg_reload_conf()")
    time.sleep(1)
    look.expect("read only: a new account", _sign_up(here, look).status, to_be=503)
    look.expect("read only: an offer search", _status(here, look, "/offers?q=walking"), to_be=200)
    postgres.ask("ALTER SYSTEM RESET default_transaction_read_only")
    postgres.ask("SELECT pg_reload_conf()")
    look.until("writable again: a new account", lambda: _sign_up(here, look).status, to_be=200)


def _on_full_disk(look: Look, place: Town, folder: Path) -> None:
    with _small_disk(folder / "small", megabytes=40) as disk:
        place.app.extensions["engine"].dispose()
        shutil.copy(folder / "town.sqlite", disk / "town.sqlite")
        with site(f"sqlite:///{disk}/town.sqlite", folder=folder / "full", **place.settings) as here:
            _full(look, here, disk, mend=lambda: None)


def _without_places(look: Look, place: Town, folder: Path) -> None:
    path = folder / "places.sqlite"
    with site(
        _url(folder), folder=folder / "places", has_worker=False, PLACES_PATH=str(path), **place.settings
    ) as here:
        look.expect("no places: a search near a postcode", _status(here, look, "/offers?near=M33+7ZF"), to_be=503)
        look.expect("no places: a search by words", _status(here, look, "/offers?q=walking"), to_be=200)
        shutil.copy(Config().places_path, folder / "copied")
        (folder / "copied").rename(path)
        look.until("places again", lambda: _status(here, look, "/offers?near=M33+7ZF"), to_be=200)


def _without_mail(look: Look, place: Town, folder: Path) -> None:
    port = free_port()
    mail = {"MAIL_ROUTE": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_STARTTLS": "false"}
    with site(_url(folder), folder=folder / "nomail", **mail, **place.settings) as here:
        look.expect("mail server down: a new account", _sign_up(here, look).status, to_be=200)
        time.sleep(8)
        with place.app.app_context():
            waits = sa.select(sa.func.max(Message.attempts)).where(Message.sent_at.is_(None))
            look.expect("mail server down: tries counted", db.session.scalar(waits), to_be={0, 1})


def _without_stripe(look: Look, place: Town, folder: Path) -> None:
    with site(_url(folder), folder=folder / "stripe", has_worker=False, **place.settings) as here:
        visitors = []
        for email in place.people:
            browser = Browser(here.port, look.journal)
            sign_in(browser, email)
            visitors.append(browser)
        place.fake.fail("stall_before", ".*", times=100)
        threads = [
            threading.Thread(target=_ask_stripe, args=(browser,), daemon=True) for browser in visitors for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        time.sleep(2)
        took = []
        for _ in range(20):
            begun = time.monotonic()
            look.expect("Stripe slow: an offer search", _status(here, look, "/offers?q=walking"), to_be=200)
            took.append(time.monotonic() - begun)
        look.seen["Stripe slow: slowest of 20 searches, s"] = round(max(took), 2)
        place.fake.let_go()
        for thread in threads:
            thread.join(timeout=60)
        look.until(
            "Stripe back: the page to save a card", lambda: _save_card(visitors[0]).status, to_be=302, seconds=60
        )


def _save_card(browser: Browser) -> Answer:
    return browser.press("/payments/cards", "/payments/cards/save")


def _ask_stripe(browser: Browser) -> None:
    with suppress(NoAnswerError, NotTakenError):
        _save_card(browser)


def _clock_jumps(look: Look, place: Town, folder: Path) -> None:
    if not Path(FAKETIME).is_file():
        look.seen["clock"] = "not tried: libfaketime is not installed"
        return
    offset = folder / "clock"
    offset.write_text("+0")
    clock = {
        "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    with site(_url(folder), folder=folder / "clock-log", **clock, **place.settings) as here:
        look.until("clock right: letters are looked for", lambda: _jobs_run(place), to_be=True)
        for jump in ("+2h", "-2h", "+0"):
            offset.write_text(jump)
            look.expect(f"clock {jump}: an offer search", _status(here, look, "/offers?q=walking"), to_be=200)
            look.expect(f"clock {jump}: a new account", _sign_up(here, look).status, to_be=200)
            look.until(f"clock {jump}: letters leave", lambda: _no_letter_waits(place), to_be=True, seconds=45)


def _jobs_run(place: Town) -> bool:
    with place.app.app_context():
        return bool(db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)))


def _no_letter_waits(place: Town) -> bool:
    with place.app.app_context():
        wanted = sa.select(sa.func.count()).select_from(Message).where(Message.sent_at.is_(None))
        return db.session.scalar(wanted) == 0


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/town.sqlite"
