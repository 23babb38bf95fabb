"""Scans of what the site is built on: is anything known to be unsafe in the exact versions that are locked?"""

import json
import os

from security.findings import Finding
from security.tools import ROOT, ToolError, installed, run

_LOCKS = ("runtime", "test")
_NO_LIST = "could not be asked"


def pip_audit() -> list[Finding]:
    """
    Return the Python packages that are known to be unsafe.

    :raises ToolError: if the list of what is known cannot be reached from here.
    """
    programs = installed("pip-audit")
    found = []
    for lock in _LOCKS:
        path = ROOT / "requirements" / f"{lock}.lock"
        command = ["--disable-pip", "--require-hashes", "--no-deps", "--format", "json", "--progress-spinner", "off"]
        said = run([programs / "pip-audit", *command, "-r", path, "--timeout", "30"], seconds=180)
        try:
            packages = json.loads(said.stdout)["dependencies"]
        except ValueError as error:
            raise ToolError(f"the list of unsafe Python packages {_NO_LIST} from here") from error
        found += [
            Finding("pip-audit", known["id"], f"requirements/{lock}.lock: {one['name']}", known["description"][:200])
            for one in packages
            for known in one.get("vulns", ())
        ]
    return found


def npm_audit() -> list[Finding]:
    """
    Return the front-end packages that are known to be unsafe.

    :raises ToolError: if the list of what is known cannot be reached from here.
    """
    path = f"{ROOT / '.venv' / 'bin'}:{os.environ.get('PATH', '')}"
    said = run(["npm", "audit", "--json"], seconds=120, env={"PATH": path})
    try:
        known = json.loads(said.stdout)["vulnerabilities"]
    except (ValueError, KeyError) as error:
        raise ToolError(f"the list of unsafe front-end packages {_NO_LIST} from here") from error
    return [
        Finding("npm-audit", str(one.get("severity")), f"package-lock.json: {name}", str(one.get("range")))
        for name, one in known.items()
    ]
