"""
What Lighthouse says of home, results and an offer: speed, access for everybody, good habits, being found.

Chromium is the machine's own; Lighthouse is locked in benchmarks/lighthouse and installed into var/bench. The site is
served as in production, but over plain HTTP, because Lighthouse would find fault with a certificate that nobody signed.
Wanted: at least 95 in all four. The middle of BENCH_ROUNDS runs of each page counts. Speed is only what it says on a
machine that does nothing else. Results are those of everything: robots are told to leave searches alone, on purpose.
"""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import _installing
from benchmarks.serving.dice import Size
from benchmarks.serving.servers import ROOT, serving
from benchmarks.serving.town import rated_offer
from benchmarks.serving.writing import build, say

KINDS = ("performance", "accessibility", "best-practices", "seo")
WANTED = 95
ROUNDS = "3"


def run() -> dict[str, Any]:
    program = _installing.lighthouse()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine.")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/lighthouse.sqlite"
        build(url, Size(600, 3_000, 600, 60))
        settings = {"DATABASE_URL": url, "SITE_URL": "https://127.0.0.1", "TRUSTED_PROXIES": "0"}
        settings["TRUSTED_HOSTS"] = "127.0.0.1,clubtogether.test"
        with serving("wsgi:app", ready="/health/live", settings=settings) as site:
            pages = {"home": "/", "results": "/offers", "offer": f"/offers/{rated_offer(url)}"}
            address = f"http://127.0.0.1:{site.port}"
            return {name: _judged(program, chromium, f"{address}{path}", Path(folder)) for name, path in pages.items()}


def _judged(program: Path, chromium: str, address: str, folder: Path) -> dict[str, Any]:
    runs = [_run(program, chromium, address, folder) for _ in range(int(os.environ.get("BENCH_ROUNDS", ROUNDS)))]
    scores = {kind: round(statistics.median(_score(it, kind) for it in runs)) for kind in KINDS}
    return {
        **scores,
        "is reached": "yes" if min(scores.values()) >= WANTED else "NO",
        "what costs points": "; ".join(sorted({fault for it in runs for fault in _faults(it)})) or "nothing",
    }


def _run(program: Path, chromium: str, address: str, folder: Path) -> dict[str, Any]:
    say(f"Lighthouse looks at {address}")
    out = folder / "lighthouse.json"
    command = [
        *("node", str(program), address, "--quiet", "--output=json", f"--output-path={out}"),
        f"--only-categories={','.join(KINDS)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
    ]
    subprocess.run(  # noqa: S603 - our own program
        command, env=os.environ | {"CHROME_PATH": chromium}, cwd=ROOT, check=True, timeout=300
    )
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def _score(report: dict[str, Any], kind: str) -> float:
    return 100 * float(report["categories"][kind]["score"] or 0)


def _faults(report: dict[str, Any]) -> list[str]:
    """Return what took points away, with how much of its kind it weighs."""
    return [
        f"{kind}: {report['audits'][each['id']]['title']}"
        for kind in KINDS
        for each in report["categories"][kind]["auditRefs"]
        if each["weight"] and (score := report["audits"][each["id"]]["score"]) is not None and score < 0.9
    ]
