"""Look at every page, and say what is amiss."""

import argparse
import json
import os
import shutil
import signal
import sys
import time
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import asdict
from multiprocessing import get_context

from looks import gallery, markup, report
from looks.crawling import Crawl, chosen
from looks.findings import FOLDER, ROOT, Kept, Target
from looks.looking import look_at, modes_for
from looks.modes import MODES, QUICK, Mode, modes_named
from looks.site import Site, asked, served
from looks.visitors import STRANGER

_BATCH = 12
_SIGNED_IN_FOR = 8 * 60
"""Seconds after which everybody signs in anew: some pages want a password that was given lately."""
_ERRORS = (400, 403, 404, 405, 413, 429, 500)
_AT_EMPTY = ("newcomer",)
"""Who visits the site that has nothing in it."""


def main() -> None:
    """Look at what was asked for; leave with 1 if anything is amiss."""
    parser = argparse.ArgumentParser(prog="script/looks", description="Look at every page in a real browser.")
    parser.add_argument("--only", action="append", help="an endpoint, or a package: pooling.pool, pooling")
    parser.add_argument("--modes", nargs="+", default=[mode.name for mode in MODES], metavar="MODE")
    parser.add_argument("--quick", action="store_true", help=f"one page of each endpoint, in {' and '.join(QUICK)}")
    parser.add_argument(
        "--anew", action="store_true", help="forget what an earlier run has seen, and copy the site anew"
    )
    parser.add_argument("--browsers", type=int, default=2, help="how many at once (2)")
    parser.add_argument("--without", choices=["markup"], action="append", default=[])
    wanted = parser.parse_args()
    try:
        modes = modes_named(list(QUICK) if wanted.quick else wanted.modes)
    except ValueError as error:
        parser.error(str(error))
    if wanted.anew:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(_run(wanted, modes))


def _run(wanted: argparse.Namespace, modes: list[Mode]) -> int:
    kept = Kept()
    with ExitStack() as ending:
        sites = [ending.enter_context(served(name, FOLDER)) for name in ("town", "empty")]
        routes, targets, unreached = _found(sites)
        targets = _asked_for(targets, wanted)
        if wanted.only:
            # Whoever names a page has changed it.
            for target in targets:
                kept.forget(target)
        _look_at_all(targets, sites, modes, kept, browsers=wanted.browsers)
    looks = [kept.look_at(target) for target in targets if kept.has(target, ())]
    if "markup" not in wanted.without:
        say("The HTML checker reads every page")
        told = markup.read(kept.folder / "html")
        for look in looks:
            look.findings += told.get(look.target.key, [])
    shared = report.titles_shared(looks)
    for look in looks:
        look.findings += shared.get(look.target.key, [])
    say(f"{gallery.hang(looks, kept.folder)} pictures hang in {(kept.folder / 'index.html').relative_to(ROOT)}")
    names = [mode.name for mode in modes]
    is_whole = not wanted.only
    found = report.write(
        looks, unreached=unreached if is_whole else [], routes=routes, modes=names, to=kept.folder / "report.json"
    )
    return int(bool(found))


def _found(sites: list[Site]) -> tuple[int, list[Target], list[str]]:
    """Return how many endpoints can be got, what is looked at, and what nobody reaches; found once for a whole run."""
    path = FOLDER / "found.json"
    if path.is_file():
        told = json.loads(path.read_text())
        return told["routes"], [Target(**one) for one in told["targets"]], told["unreached"]
    targets: list[Target] = []
    unreached: set[str] = set()
    known: dict[str, set[str]] = {}
    count = 0
    for site in sites:
        rules: dict[str, list[str]] = asked("routes", site, FOLDER)  # type: ignore[assignment]
        cookies: dict[str, str] = asked("visitors", site, FOLDER)  # type: ignore[assignment]
        crawl = Crawl(site.url, {name: rule for name, rule in rules.items() if name != "static"}, say)
        for visitor in (STRANGER, *cookies):
            crawl.walk(visitor, cookies.get(visitor))
        targets += chosen(site.name, crawl.pages, known)
        if site.name == "town":
            count, unreached = len(crawl.rules), set(crawl.unreached())
    for code in _ERRORS:
        targets.append(Target("town", STRANGER, f"error.{code}", f"/looks/error/{code}", status=code))
    path.write_text(
        json.dumps({"routes": count, "targets": [asdict(one) for one in targets], "unreached": sorted(unreached)})
    )
    return count, targets, sorted(unreached)


def _asked_for(targets: list[Target], wanted: argparse.Namespace) -> list[Target]:
    if wanted.only:
        targets = [one for one in targets if {one.endpoint, one.package} & set(wanted.only)]
    if wanted.quick:
        first: dict[tuple[str, bool], Target] = {}
        for one in targets:
            first.setdefault((one.endpoint, one.sends is None), one)
        targets = list(first.values())
    return targets


def _look_at_all(targets: list[Target], sites: list[Site], modes: list[Mode], kept: Kept, *, browsers: int) -> None:
    # First a page of every endpoint. Forms last: what they change, if anything, is seen by nobody.
    left = [one for one in targets if not kept.has(one, [mode.name for mode in modes_for(one, modes)])]
    places: Counter[tuple[str, bool]] = Counter()
    order: dict[Target, tuple[bool, int]] = {}
    for one in left:
        is_sent = one.sends is not None
        order[one] = (is_sent, places[one.endpoint, is_sent])
        places[one.endpoint, is_sent] += 1
    left.sort(key=order.__getitem__)
    batches = deque(left[start : start + _BATCH] for start in range(0, len(left), _BATCH))
    urls, began, done, running = {site.name: site.url for site in sites}, time.monotonic(), 0, set[Future[int]]()
    say(f"{len(left)} of {len(targets)} pages are still to be looked at")
    cookies, since = _cookies(sites), began
    with ProcessPoolExecutor(browsers, mp_context=get_context("spawn"), max_tasks_per_child=16) as pool:
        while batches or running:
            if time.monotonic() - since > _SIGNED_IN_FOR:
                cookies, since = _cookies(sites), time.monotonic()
            while batches and len(running) < browsers:
                running.add(pool.submit(look_at, batches.popleft(), urls, cookies, modes))
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            done += sum(one.result() for one in finished)
            left_over = (time.monotonic() - began) / done * (len(left) - done)
            say(f"{done} of {len(left)} pages, {left_over / 60:.0f} min left")


def _cookies(sites: list[Site]) -> dict[str, dict[str, str]]:
    return {site.name: asked("visitors", site, FOLDER) for site in sites}  # type: ignore[misc]


def say(words: str) -> None:
    """Say how far it has come."""
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    # However it is stopped, the sites that it serves go with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
