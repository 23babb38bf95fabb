"""The worker: asks of every job whether it is its turn, runs it, and stops when it is told to."""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.outages import BusyError, outage_of
from marketplace.web.jobs import Periodic
from marketplace.web.queries import turns as asking
from marketplace.web.rules.turns import LEASE, Run, is_due
from marketplace.web.services import turns

log = logging.getLogger(__name__)

_LOOKS_EVERY = 30
"""Seconds after which it is asked again whether a rare job is due: a worker that begins late is late by no more."""

_PATIENCE = 20.0
"""Seconds that jobs have to come to an end when the worker is told to stop. Then they are cut off."""

_DATABASE_IS_AWAY_FOR = 5.0
_CLOCK_WAS_PUT_BACK = 10.0


class Worker:
    """Runs a site's jobs on their clocks, as one of perhaps several workers."""

    def __init__(self, app: Flask, jobs: tuple[Periodic, ...]) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"
        self._app, self._jobs = app, jobs
        self._at: set[str] = set()
        self._stop = threading.Event()
        self._quiet_until = 0.0

    def work(self) -> None:
        """Run every job on its clock until stopped. What is running then may end, if it does not take too long."""
        # What it has to say is ours to say: how a job went is in the table.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(timezone=UTC)
        for job in self._jobs:
            scheduler.add_job(
                self.turn, "interval", args=(job,), id=job.name, seconds=min(job.every_seconds, _LOOKS_EVERY),
                max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=datetime.now(UTC),
            )  # fmt: skip
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        renewing = threading.Thread(target=self._renew, daemon=True)
        renewing.start()
        scheduler.start()
        log.info("the worker %s runs %s jobs", self.name, len(self._jobs))
        self._wait(scheduler)
        scheduler.shutdown(wait=False)
        self._finish()

    def turn(self, job: Periodic) -> None:
        """Run a job if it is its turn and no other worker is at it. Whatever goes wrong, the worker goes on."""
        if time.monotonic() < self._quiet_until or self._stop.is_set():
            return
        with self._app.app_context():
            now = datetime.now(UTC)
            try:
                if not self._take(job, now):
                    return
            except Exception as error:  # noqa: BLE001 - the worker outlives whatever ails the database
                self._say(job, error)
                return
            self._at.add(job.name)
            try:
                did = job.run(now)
            except Exception as error:  # noqa: BLE001 - one job that fails does not keep the others
                self._say(job, error)
                failed: Exception | None = error
            else:
                failed = None
        # Whatever the job left open is closed by now.
        with self._app.app_context():
            self._end(job, failed=failed, did=0 if failed else int(did))

    def _take(self, job: Periodic, now: datetime) -> bool:
        every = timedelta(seconds=job.every_seconds)
        if not is_due(asking.runs(db.session).get(job.name, Run(job.name)), every=every, now=now):
            return False
        with transaction() as session:
            return turns.take_turn(session, name=job.name, by=self.name, every=every, now=now)

    def _end(self, job: Periodic, *, failed: Exception | None, did: int) -> None:
        try:
            with transaction() as session:
                if failed is None:
                    turns.end_turn(session, name=job.name, by=self.name, did=did, now=datetime.now(UTC))
                else:
                    kind = type(failed).__name__
                    turns.fail_turn(session, name=job.name, by=self.name, kind=kind, now=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 - nobody can say how it went: its lease ends, and it runs again
            self._say(job, error)
        finally:
            self._at.discard(job.name)

    def _say(self, job: Periodic, error: Exception) -> None:
        """Write down what went wrong. A database that is away is one matter, however many jobs want it."""
        outage = error if isinstance(error, BusyError) else outage_of(error)
        if outage is not None:
            log.warning("job %s waits: %s", job.name, type(outage).__name__)
            self._quiet_until = time.monotonic() + _DATABASE_IS_AWAY_FOR
        elif isinstance(error, DomainError):
            log.error("job %s was refused: %s", job.name, type(error).__name__)
        else:
            log.error("job %s failed; it will run again", job.name, exc_info=error)

    def _renew(self) -> None:
        while not self._stop.wait(LEASE.total_seconds() / 3):
            self.renew_leases()

    def renew_leases(self) -> None:
        """Keep the leases of what is running."""
        names = set(self._at)
        if not names:
            return
        try:
            with self._app.app_context(), transaction() as session:
                turns.renew(session, names=names, by=self.name, now=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 - a lease that ends does no harm
            log.warning("leases were not renewed: %s", type(error).__name__)

    def _wait(self, scheduler: BackgroundScheduler) -> None:
        """Wait to be stopped. When the clock is put back, no job waits until it is again as late as it was."""
        ahead = time.time() - time.monotonic()
        while not self._stop.wait(1):
            now_ahead = time.time() - time.monotonic()
            if now_ahead < ahead - _CLOCK_WAS_PUT_BACK:
                log.warning("the clock was put back by %.0f seconds", ahead - now_ahead)
                for job in scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
            ahead = now_ahead

    def _finish(self) -> None:
        """Let what is running end. What does not is cut off, and said to have been, so that it can run elsewhere."""
        until = time.monotonic() + _PATIENCE
        while self._at and time.monotonic() < until:
            self.renew_leases()
            time.sleep(0.1)
        left = sorted(self._at)
        if not left:
            log.info("the worker %s has stopped", self.name)
            return
        log.warning("the worker %s stops in the middle of %s", self.name, ", ".join(left))
        with self._app.app_context():
            try:
                with transaction() as session:
                    for name in left:
                        turns.fail_turn(session, name=name, by=self.name, kind="stopped", now=datetime.now(UTC))
            except Exception as error:  # noqa: BLE001 - their leases end by themselves
                log.warning("could not be written down: %s", type(error).__name__)
        logging.shutdown()
        # The threads they run in would be waited for.
        os._exit(0)
