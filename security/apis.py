"""Schemathesis asks our two APIs everything that their descriptions allow, and much that they do not."""

import json
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from security.findings import Finding
from security.site import HERE, Scanned
from security.tools import ToolError, installed, run

OPEN_REFERRAL = Path(__file__).with_name("open_referral.yml")
# That a path answers 404 for what is not there is no fault; that the schema is kept, and nothing breaks, is asked.
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "ignored_auth",
]  # fmt: skip
# The open feed takes more than its standard says: an empty answer is no question, and a day is a moment.
STRICTLY = [*CHECKS, "negative_data_rejection"]


def schemathesis(site: Scanned, *, examples: int) -> list[Finding]:
    """Return where an API breaks, or answers otherwise than it says. `examples` is how many for each of its paths."""
    if urlsplit(site.url).hostname != HERE:
        raise ToolError("Only a site on this machine is scanned.")
    token = f"Authorization: Bearer {site.token_of_commissioner()}"
    return [
        *_asked(site, "figures", f"{site.url}/api/demand/openapi.json", STRICTLY, examples, "--header", token),
        *_asked(site, "open-referral", str(OPEN_REFERRAL), CHECKS, examples, "--url", site.url),
    ]


def _asked(site: Scanned, api: str, description: str, checks: list[str], examples: int, *more: str) -> list[Finding]:
    programs = installed("schemathesis")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.ndjson"
        said = run(
            [
                programs / "schemathesis", "--no-color", "run", description, *more, "--checks", ",".join(checks),
                "--max-examples", str(examples), "--seed", "9", "--generation-database", "none", "--no-shrink",
                "--phases", "examples,coverage,fuzzing", "--request-timeout", "20", "--continue-on-failure",
                "--report-ndjson-path", report, "--report-dir", folder, "--workers", "2",
            ],
            seconds=900,
            cwd=Path(folder),
        )  # fmt: skip
        if not report.is_file():
            raise ToolError(said.stdout.strip()[-800:] or said.stderr.strip()[-800:])
        asked, failures = _read(report)
    print(f"   {asked} requests to {api} on {site.database}", flush=True)
    if said.returncode and not failures:
        raise ToolError(said.stdout.strip()[-1500:])
    return [Finding("schemathesis", what, f"{api} {where}", words) for what, where, words in sorted(failures)]


def _read(report: Path) -> tuple[int, set[tuple[str, str, str]]]:
    asked, failures = 0, set()
    for line in report.read_text().splitlines():
        for scenario in json.loads(line).values():
            if not isinstance(scenario, dict) or "recorder" not in scenario:
                continue
            recorder = scenario["recorder"]
            asked += len(recorder.get("interactions", {}))
            for checks in recorder.get("checks", {}).values():
                for check in checks:
                    failed = check.get("failure_info") or {}
                    failure = failed.get("failure") or {}
                    if check.get("status") == "failure" or failed:
                        label = failure.get("operation") or recorder.get("label", "?")
                        failures.add((check.get("name", "?"), label, str(failure.get("message", ""))[:300]))
    return asked, failures
