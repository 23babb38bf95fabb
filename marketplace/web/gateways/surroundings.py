"""What is around the site: its packages, its disk, its clock, the door that people come through."""

import importlib.metadata
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^ \\;]+)", re.MULTILINE)
_WAITS = 5
"""Seconds."""


def strange_packages(lock: Path) -> list[str]:
    """Name the installed packages that are of another version than a lock file says."""
    # Which of several it is depends on the machine.
    locked: dict[str, list[str]] = {}
    for name, version in _LOCKED.findall(lock.read_text()):
        locked.setdefault(name, []).append(version)
    strange = []
    for name, versions in locked.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # It may be for another kind of machine.
        if installed not in versions:
            strange.append(f"{name} {installed} instead of {' or '.join(versions)}")
    return strange


def free_bytes(folder: Path) -> int:
    """Return how many bytes are free where a folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def clock_is_set_by_others() -> bool | None:
    """Test whether this machine sets its clock by others over the network, or None if it does not say."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    asked = subprocess.run(  # noqa: S603  (a program of the system's)
        [program, "show", "--property=NTPSynchronized", "--value"],
        capture_output=True, text=True, check=False, timeout=_WAITS,
    )  # fmt: skip
    return {"yes": True, "no": False}.get(asked.stdout.strip())


def headers_at(address: str) -> dict[str, str] | str:
    """Open a page as a visitor would; return its headers, or in words why it did not open."""
    try:
        with urllib.request.urlopen(address, timeout=_WAITS) as answer:  # noqa: S310  (the site's own address)
            return {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return f"it answers {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__
