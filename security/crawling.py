"""Wapiti walks the running site, follows what it finds, and sends what breaks careless sites wherever it may type."""

import json
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from security.findings import Finding
from security.site import HERE, Scanned
from security.tools import ToolError, installed, run

# Those that need a machine of theirs outside to be called back by are left out: nothing here leaves this machine. So is
# LDAP, which nothing here speaks: it takes any page for open whose words differ with the question.
ATTACKS = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "methods",
    "permanentxss", "redirect", "shellshock", "sql", "upload", "xss",
)  # fmt: skip
STARTS = (
    "/", "/offers?q=garden&near=M33&within=5&sort=near", "/pools?near=M33", "/pools/wishes", "/library",
    "/help/directory", "/demand", "/open-referral/services", "/accounts/sign-in", "/accounts/sign-up",
    "/accounts/reset", "/compare", "/suggest-a-place", "/shortlist", "/cqc/questions", "/reviews/card",
)  # fmt: skip
OWN_STARTS = (
    "/accounts/me", "/plans/mine", "/budgets", "/arrangements", "/basket", "/briefs", "/reviews/mine", "/pools/mine",
    "/searches", "/accounts/where-you-live", "/reviews/paper/write", "/help/requests", "/library/tell",
)  # fmt: skip
_CRAWL = 60


def wapiti(site: Scanned, *, person: str | None, seconds: int) -> list[Finding]:
    """Return what wapiti finds, as somebody of the demo town or as a stranger; `seconds` for each kind of attack."""
    programs = installed("wapiti")
    if urlsplit(site.url).hostname != HERE:
        raise ToolError("Only a site on this machine is scanned.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command: list[str | Path] = [
            programs / "wapiti", "--url", f"{site.url}/", "--scope", "domain", "--module", ",".join(ATTACKS),
            "--format", "json", "--output", report, "--no-bugreport", "--flush-session", "--store-session", folder,
            "--store-config", folder, "--verbose", "0", "--level", "1", "--depth", "3", "--max-links-per-page", "25",
            "--max-files-per-dir", "6", "--max-scan-time", str(_CRAWL), "--max-attack-time", str(seconds),
            "--tasks", "4", "--timeout", "20", "--exclude", f"{site.url}/accounts/sign-out", "--skip", "csrf_token",
        ]  # fmt: skip
        for start in STARTS + (OWN_STARTS if person else ()):
            command += ["--start", f"{site.url}{start}"]
        if person:
            command += ["--cookie-value", site.cookie_of(person)]
        said = run(command, seconds=_CRAWL + seconds * len(ATTACKS) + 240)
        if not report.is_file():
            raise ToolError(said.stderr.strip()[-800:] or said.stdout.strip()[-800:])
        return _read(json.loads(report.read_text()), who=person or "stranger")


def _read(report: dict[str, dict[str, list[dict[str, object]]]], *, who: str) -> list[Finding]:
    return [
        Finding("wapiti", kind, f"{who} {row.get('method')} {row.get('path')}", _words(row))
        for part in ("vulnerabilities", "anomalies")
        for kind, rows in report.get(part, {}).items()
        for row in rows
    ]


def _words(row: dict[str, object]) -> str:
    return f"{row.get('info')} ({row.get('parameter')})"[:300] if row.get("parameter") else str(row.get("info"))[:300]
