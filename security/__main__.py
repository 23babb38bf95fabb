"""Run scans, by name, and say what they found."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from security import apis, code, crawling, injecting, packages
from security.findings import Finding, accepted_findings, sort_out
from security.routes import write_routes
from security.site import DATABASES, Scanned, scanned_site
from security.tools import ToolError

NAMES = {
    "bandit": "the code, by bandit’s rules",
    "semgrep": "the code, by rules of ours (security/rules)",
    "pip-audit": "Python packages known to be unsafe",
    "npm-audit": "front-end packages known to be unsafe",
    "wapiti": "the running site, walked and attacked as a stranger and as somebody of the demo town",
    "sqlmap": "the running site, by everything that a search or a filter is asked with",
    "schemathesis": "the running site’s two APIs",
}
OFFLINE: dict[str, Callable[[], list[Finding]]] = {
    "bandit": code.bandit,
    "semgrep": code.semgrep,
    "pip-audit": packages.pip_audit,
    "npm-audit": packages.npm_audit,
}
# What cannot be asked without a list on the internet may be left out; whoever runs this where there is one wants it.
MAY_BE_AWAY = {"pip-audit", "npm-audit"}


def main() -> None:
    """Run what was asked for; leave with 1 if anything was found that nobody has accepted, with 2 if a scan failed."""
    parser = argparse.ArgumentParser(prog="script/security", description="Look for ways in.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(f"{n}: {w}" for n, w in NAMES.items()))
    parser.add_argument("--database", choices=DATABASES, action="append", help="both, unless one is named")
    parser.add_argument("--built", help="a database with the demo town in it, to be scanned and spoilt")
    parser.add_argument("--seconds", type=int, default=12, help="for each kind of attack of wapiti (12)")
    parser.add_argument("--level", type=int, default=1, choices=range(1, 6), help="how much sqlmap tries (1)")
    parser.add_argument("--examples", type=int, default=20, help="of schemathesis, for each path (20)")
    parser.add_argument("--routes", action="store_true", help="write docs/routes.md anew, and do nothing else")
    asked = parser.parse_args()
    if asked.routes:
        print(f"{write_routes()} routes are in docs/routes.md.")
        return
    wanted = asked.names or list(NAMES)
    if unknown := set(wanted) - set(NAMES):
        parser.error(f"there is no scan {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    sys.exit(_run(wanted, asked))


def _run(wanted: list[str], asked: argparse.Namespace) -> int:
    found: list[Finding] = []
    rows: list[tuple[str, str]] = []
    done: set[str] = set()

    def scan(title: str, name: str, run: Callable[[], list[Finding]]) -> None:
        print(f"== {title}: {NAMES[name]}", flush=True)
        began = time.monotonic()
        try:
            new = run()
        except ToolError as error:
            print(f"   {error}", flush=True)
            rows.append((title, "left out" if name in MAY_BE_AWAY else "FAILED"))
            return
        found.extend(new)
        done.add(name)
        sorted_out = sort_out(new, accepted, on=today, scans=set())
        took = time.monotonic() - began
        rows.append((title, f"{len(sorted_out.open)} open, {len(sorted_out.accepted)} accepted, {took:.0f} s"))
        print(f"   {rows[-1][1]}", flush=True)

    accepted, today = accepted_findings(), datetime.now(UTC).date()
    for name in (name for name in OFFLINE if name in wanted):
        scan(name, name, OFFLINE[name])
    if set(wanted) - set(OFFLINE):
        named = [asked.built.partition(":")[0].partition("+")[0]] if asked.built else asked.database
        for database in named or DATABASES:
            with scanned_site(database, asked.built) as site:
                if site is None:
                    rows.append((f"everything on {database}", "FAILED"))
                    continue
                for title, name, run in _of_site(site, wanted, asked):
                    scan(f"{title} on {database}", name, run)
    return _say(rows, sort_out(found, accepted, on=today, scans=done), is_whole=set(wanted) == set(NAMES))


def _of_site(
    site: Scanned, wanted: list[str], asked: argparse.Namespace
) -> list[tuple[str, str, Callable[[], list[Finding]]]]:
    scans: list[tuple[str, str, Callable[[], list[Finding]]]] = [
        ("schemathesis", "schemathesis", partial(apis.schemathesis, site, examples=asked.examples)),
        ("sqlmap", "sqlmap", partial(injecting.sqlmap, site, level=asked.level, seconds=600)),
        ("wapiti as a stranger", "wapiti", partial(crawling.wapiti, site, person=None, seconds=asked.seconds)),
        ("wapiti as nadine", "wapiti", partial(crawling.wapiti, site, person="nadine", seconds=asked.seconds)),
    ]
    return [one for one in scans if one[1] in wanted]


def _say(rows: list[tuple[str, str]], result: object, *, is_whole: bool) -> int:
    from security.findings import Sorted

    assert isinstance(result, Sorted)  # noqa: S101
    for one in result.open:
        print(f"!! {one.scan} {one.what} at {one.where}\n   {one.words}")
    for known in result.unused if is_whole else ():
        print(f"?? Nothing was found that is accepted as {known.scan} {known.what} {known.where}: take it out.")
    print("\n== In short")
    for title, words in rows:
        print(f"{title:<36} {words}")
    return 2 if any(words == "FAILED" for _, words in rows) else int(bool(result.open))


if __name__ == "__main__":
    os.chdir(code.ROOT)
    # However it is stopped, the site that it serves and what that kept go with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
