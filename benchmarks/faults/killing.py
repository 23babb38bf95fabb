"""Kill -9 of whatever runs, again and again under load: web processes, the job worker, the database and its parts."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.faults import checking
from benchmarks.faults.people import Crowd
from benchmarks.faults.postgres import Postgres, server
from benchmarks.faults.processes import Site, site
from benchmarks.faults.town import town
from benchmarks.faults.visitors import Journal

BETWEEN = (6.0, 16.0)
"""Seconds from one kill to the next, by chance."""


def run(*, database: str, minutes: float, seed: int = 1) -> dict[str, Any]:
    """Let people do what they do for so many minutes while things are killed; then look whether anything is missing."""
    chance = random.Random(seed)  # noqa: S311  (so that a run can be played again)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        postgres = stack.enter_context(server(folder / "data")) if database == "postgresql" else None
        url = postgres.url if postgres else f"sqlite:///{folder}/town.sqlite"
        place = stack.enter_context(town(url, folder=folder))
        here = stack.enter_context(site(url, folder=folder, **place.settings))
        place.fake.webhooks.url, place.fake.webhooks.is_prompt = f"http://127.0.0.1:{here.port}/payments/events", True
        journal = Journal(folder / "journal.jsonl")
        crowd = Crowd(place, here, journal)
        crowd.come()
        killed, recoveries = _kill_for(minutes * 60, here, postgres, journal, chance)
        crowd.go_home()
        here.wait_for("/health/ready", seconds=60)
        figures = checking.verdict(place, here, journal)
        return figures | {
            "killed": dict(killed),
            "saved again after, s (longest)": round(max(recoveries, default=0), 1),
            "refusals": crowd.refused,
            "_log": here.log() if figures["tracebacks in the log"] else "",
        }


def _kill_for(
    seconds: float, here: Site, postgres: Postgres | None, journal: Journal, chance: random.Random
) -> tuple[Counter[str], list[float]]:
    ways = ways_to_kill(here, postgres, chance)
    killed: Counter[str] = Counter()
    recoveries = []
    until = time.monotonic() + seconds
    time.sleep(3)
    while time.monotonic() < until:
        name = chance.choice(list(ways))
        ways[name]()
        killed[name] += 1
        at = time.monotonic()
        recoveries.append(_saved_again(journal, since=at))
        print(f"{name:<28} saved again after {recoveries[-1]:5.1f} s   {len(journal.promised):>6} promises", flush=True)
        time.sleep(chance.uniform(*BETWEEN))
    return killed, recoveries


def _saved_again(journal: Journal, *, since: float, patience: float = 60) -> float:
    while journal.kept_at <= since and time.monotonic() - since < patience:
        time.sleep(0.05)
    return max(0.0, journal.kept_at - since) if journal.kept_at > since else patience


def ways_to_kill(here: Site, postgres: Postgres | None, chance: random.Random) -> dict[str, Callable[[], None]]:
    """Return everything that can be killed."""
    ways: dict[str, Callable[[], None]] = {
        "a web process": lambda: here.web.kill_child(chance.choice),
        "all web processes": here.web.kill,
        "the job worker": here.worker.kill,
    }
    if postgres is not None:

        def whole() -> None:
            postgres.kill()
            time.sleep(chance.uniform(0, 2))
            postgres.start()

        ways |= {"a database process": postgres.kill_backend, "the whole database": whole}
    else:
        ways["everything at once"] = lambda: (here.web.kill(), here.worker.kill())  # type: ignore[assignment, func-returns-value]
    return ways
