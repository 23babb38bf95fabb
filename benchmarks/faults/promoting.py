"""A primary and a synchronous standby: the primary is killed under load, the standby takes its place."""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.faults import checking
from benchmarks.faults.people import Crowd
from benchmarks.faults.postgres import server
from benchmarks.faults.processes import site
from benchmarks.faults.town import town
from benchmarks.faults.visitors import Journal

BEFORE, NOTICED_AFTER = 25.0, 2.0
"""Seconds of load before the kill; and from it until whoever watches the primary promotes the standby."""

NAME = "second"


def run(*, minutes: float) -> dict[str, Any]:
    """Kill the primary while people do what they do, promote the standby, and go on for up to a minute."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        primary = stack.enter_context(server(folder / "first"))
        standby = stack.enter_context(server(folder / "second", start=False))
        place = stack.enter_context(town(primary.url, folder=folder))
        standby.copy_of(primary, name=NAME)
        standby.start()
        # Set after the copy was made: whoever takes the primary's place has nobody to wait for.
        primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
        primary.ask("SELECT pg_reload_conf()")
        _wait_for_copying(primary)
        url = (
            f"postgresql+psycopg://postgres@/clubtogether?host=127.0.0.1:{primary.port}&host=127.0.0.1:{standby.port}"
            "&target_session_attrs=read-write"
        )
        here = stack.enter_context(site(url, folder=folder, **place.settings))
        journal = Journal(folder / "journal.jsonl")
        crowd = Crowd(place, here, journal)
        crowd.come(has_imports=False)
        _wait_for_promises(journal)
        time.sleep(BEFORE)
        before = len(journal.promised)
        killed_at = time.monotonic()
        primary.kill()
        time.sleep(NOTICED_AFTER)
        standby.promote()
        while journal.kept_at < killed_at + NOTICED_AFTER and time.monotonic() < killed_at + 120:
            time.sleep(0.05)
        back_after = journal.kept_at - killed_at
        time.sleep(min(60.0, minutes * 60))
        crowd.go_home()
        starts = here.web.starts, here.worker.starts
        place.look_at(url)
        figures = checking.verdict(place, here, journal)
        return figures | {
            "saved again after the kill, s": round(back_after, 1),
            "promised before the kill": before,
            "starts of web and worker": starts,
            "refusals": crowd.refused,
            "_log": here.log(),
        }


def _wait_for_copying(primary: Any) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if primary.ask("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
            return
        time.sleep(0.2)
    raise TimeoutError("the standby does not copy the primary")


def _wait_for_promises(journal: Journal) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and len(journal.promised) < 10:
        time.sleep(0.2)
