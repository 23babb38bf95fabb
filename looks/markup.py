"""The Nu HTML checker reads everything that was saved, once."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from looks.findings import ROOT, Finding

HERE = Path(__file__).parent / "markup"
_INSTALLED = ROOT / "var" / "bench" / "markup"
_FINE = (
    # It knows neither the newest properties nor rules of CSS; browsers pass over what they do not know.
    re.compile(r"^CSS: "),
    # A row that is laid out as a list of facts on a narrow screen is no row any more to some who listen, unless it says
    # so itself (components/figures.html). The checker takes every table to be laid out as one.
    re.compile(r"^The “role” attribute must not be used on a “(tr|th|td)” element which has a “table” ancestor"),
    re.compile(r"^The “(table|row|rowheader|columnheader|cell)” role is unnecessary"),
    # Written so by the GOV.UK pieces that draw our fields, for old browsers.
    re.compile(r"^The “group” role is unnecessary for element “fieldset”"),
    # A review begins with its stars and who wrote it, which is what heads it: a heading for each would fill the list
    # of headings that people jump by.
    re.compile(r"^Article lacks heading"),
    # Several people may hold one role, or several periods one name.
    re.compile(r"^(Duplicate|The first occurrence of) “dt” name"),
)


def program() -> Path:
    """Return the checker, locked in looks/markup, installed where it was not."""
    files = [HERE / "package.json", HERE / "package-lock.json"]
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    stamp = _INSTALLED / ".made"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(_INSTALLED, ignore_errors=True)
        _INSTALLED.mkdir(parents=True)
        for file in files:
            shutil.copy(file, _INSTALLED)
        npm = shutil.which("npm", path=f"{os.environ.get('PATH', '')}:{ROOT / '.venv' / 'bin'}")
        if npm is None:
            raise SystemExit("The HTML checker comes by npm, and there is none. script/setup says how to get one.")
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=_INSTALLED, check=True)  # noqa: S603 - our own lock file
        stamp.write_text(wanted)
    return _INSTALLED / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def read(folder: Path) -> dict[str, list[Finding]]:
    """Return what the checker says of each file of a folder, by the file's name without its end."""
    java = shutil.which("java")
    if java is None:
        raise SystemExit("The HTML checker needs Java, and there is none. Leave it out with --without markup.")
    done = subprocess.run(  # noqa: S603
        [java, "-Xmx512m", "-Xss8m", "-jar", str(program()), "--format", "json", "--exit-zero-always", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, list[Finding]] = {}
    for told in json.loads(done.stderr)["messages"]:
        if finding := _finding(told):
            found.setdefault(Path(told["url"]).stem, []).append(finding)
    return found


def _finding(told: dict[str, Any]) -> Finding | None:
    words = f"{told['message']} {told.get('extract', '').strip()[:160]}"
    if any(fine.search(words) for fine in _FINE):
        return None
    kind = "error" if told["type"] == "error" else str(told.get("subType", "info"))
    return Finding(f"html: {kind}", words)
