"""Sqlmap tries to reach the database through everything that a search or a filter is asked with."""

import csv
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from security.findings import Finding
from security.site import HERE, Scanned
from security.tools import ToolError, installed, run

# One address for each kind of question; each of its parameters is tried.
OPEN = (
    "/offers?q=garden&near=M33&within=5&category=companionship&sort=near&page=1",
    "/offers?q=tea&cost=free&price=20&rated=4&kind=micro_provider&space=now&group=yes",
    "/offers?access=step_free&day=monday&part=morning&pay=cash&check=insurance",
    "/offers/suggest?q=gar",
    "/pools?near=M33&about=garden&page=1",
    "/pools/wishes?near=M33&page=1",
    "/library?q=letter&kind=story&category=companionship&page=1",
    "/help/directory?q=a&near=M33&page=1",
    "/open-referral/services?taxonomy_id=x&taxonomy_term_id=x&search=garden&organization_id=x&page=1&per_page=5",
    "/open-referral/services?modified_after=2026-01-01&minimum_age=1&maximum_age=9&start_time=10:00&day=MO&full=true",
    "/open-referral/service_at_locations?postcode=M33%207ZF&proximity=5",
    "/open-data/catalogue.csv?council=E08000009",
    "/reviews/criteria?page=1&category=companionship",
    "/compare?offer=x",
)
OWN = ("/budgets?page=1", "/arrangements?page=1", "/searches/save?q=garden&near=M33", "/briefs?page=1")
_TECHNIQUES = "BEUSQ"


def sqlmap(site: Scanned, *, level: int, seconds: int) -> list[Finding]:
    """Return every parameter through which the database could be reached. `level` says how many ways are tried."""
    if urlsplit(site.url).hostname != HERE:
        raise ToolError("Only a site on this machine is scanned.")
    cookie, tried, found = site.cookie_of("nadine"), 0, []
    for path, more in [*((one, []) for one in OPEN), *((one, ["--cookie", cookie]) for one in OWN)]:
        count, guessed = _asked(site, path, more, level=level, seconds=seconds)
        tried += count
        if guessed:
            # Answers that differ by chance look like a way in. One that is there is found each time.
            again = {one.where for one in _asked(site, path, more, level=level, seconds=seconds)[1]}
            found += [one for one in guessed if one.where in again]
    print(f"   {tried} parameters tried on {site.database}", flush=True)
    return found


def _asked(site: Scanned, path: str, more: list[str], *, level: int, seconds: int) -> tuple[int, list[Finding]]:
    """Return how many parameters of an address were tried, and through which the database seemed to be reached."""
    with tempfile.TemporaryDirectory() as folder:
        results, targets = Path(folder) / "found.csv", Path(folder) / "targets.txt"
        targets.write_text(f"{site.url}{path}\n")
        said = run(
            [
                installed("sqlmap") / "sqlmap", "-m", targets, "--batch", "--level", str(level), "--risk", "2",
                "--technique", _TECHNIQUES, "--dbms", site.database, "--threads", "2", "--flush-session",
                "--disable-coloring", "--output-dir", folder, "--results-file", results, "--timeout", "20",
                "--skip", "Host,Referer,User-Agent,Cookie", "--ignore-code", "401,403,404,400,422",
                "--drop-set-cookie", *more,
            ],
            seconds=seconds,
        )  # fmt: skip
        if "starting" not in said.stdout:
            raise ToolError(said.stderr.strip()[-800:] or said.stdout.strip()[-800:])
        return len(set(_tried(said.stdout))), _read(results, path)


def _tried(said: str) -> list[str]:
    return [line.split("parameter '", 1)[1].split("'", 1)[0] for line in said.splitlines() if "parameter '" in line]


def _read(results: Path, path: str) -> list[Finding]:
    if not results.is_file():
        return []
    with results.open(newline="") as lines:
        return [
            Finding("sqlmap", row["Technique(s)"], f"{path.partition('?')[0]} {row['Parameter']}", row["Target URL"])
            for row in csv.DictReader(lines)
            if row.get("Technique(s)")
        ]
