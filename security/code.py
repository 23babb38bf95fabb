"""Scans of the code: bandit with its own rules, semgrep with ours. Each of ours is first held to its examples."""

import json
from pathlib import Path
from typing import Any

from security.findings import Finding
from security.tools import ROOT, ToolError, installed, run

RULES = Path(__file__).with_name("rules")
CODE = ("marketplace", "migrations", "script", "static/src", "wsgi.py", "gunicorn.conf.py")
PYTHON = ("marketplace", "migrations", "wsgi.py", "gunicorn.conf.py")


def bandit() -> list[Finding]:
    """Return what bandit says of the code that runs as the site."""
    programs = installed("bandit")
    said = run([programs / "bandit", "--quiet", "--recursive", *PYTHON, "--format", "json"], seconds=900)
    return [
        Finding(
            scan="bandit",
            what=row["test_id"],
            where=f"{row['filename'].removeprefix('./')}:{row['line_number']}",
            words=row["issue_text"].split(". ")[0],
        )
        for row in _read(said.stdout, said.stderr)["results"]
    ]


def semgrep() -> list[Finding]:
    """Return where the code breaks rules of ours, and which of those rules no longer finds its own bad example."""
    programs = installed("semgrep")
    quiet = ["--metrics", "off", "--disable-version-check"]
    # It looks for its own parts by the path.
    env = {"PATH": f"{programs}:/usr/bin:/bin", "SEMGREP_SEND_METRICS": "off"}
    tested = run([programs / "semgrep", "--test", "--json", *quiet, RULES], seconds=900, env=env)
    config = [part for path in sorted(RULES.glob("*.yml")) for part in ("--config", path)]
    said = run(
        [programs / "semgrep", "scan", "--json", "--quiet", "--no-git-ignore", *quiet, *config, *CODE],
        seconds=900,
        env=env,
    )
    found = _read(said.stdout, said.stderr)
    return [
        *_untrue(_read(tested.stdout, tested.stderr)),
        *(
            Finding("semgrep", "unreadable", error.get("path", "?"), error["message"][:200])
            for error in found["errors"]
        ),
        *(
            Finding(
                scan="semgrep",
                what=row["check_id"].rsplit(".", 1)[-1],
                where=f"{row['path']}:{row['start']['line']}",
                words=row["extra"]["message"],
            )
            for row in found["results"]
        ),
    ]


def _untrue(tested: dict[str, Any]) -> list[Finding]:
    """Return a finding for each rule that misses a bad example, or takes a good one for a bad one."""
    wrong = [
        (name, path)
        for path, result in tested["results"].items()
        for name, check in result["checks"].items()
        if not check["passed"]
    ]
    return [
        Finding("semgrep", "rule-misses-its-example", f"{path}", f"{name} does not find what its example says.")
        for name, path in wrong
    ]


def _read(said: str, otherwise: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise ToolError(otherwise.strip()[-800:] or "It said nothing.") from error
    return answer


def rule_files() -> list[Path]:
    """Return the files with our rules, relative to the project."""
    return [path.relative_to(ROOT) for path in sorted(RULES.glob("*.yml"))]
