"""The sites that are looked at: the demo town, and one that has nothing in it yet; each a copy, for this run alone."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from looks.findings import ROOT

HERE = "127.0.0.1"
DEMO = ROOT / "var" / "clubtogether.sqlite"
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is served. `name` is `town` or `empty`."""

    name: str
    url: str
    database_url: str


def settings_of(name: str, folder: Path, port: int) -> dict[str, str]:
    """Return the environment that a site is served with."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return kept | {
        "DATABASE_URL": f"sqlite:///{folder / name}.sqlite",
        "PLACES_PATH": str(ROOT / "var" / "places.sqlite"),
        "MAIL_FOLDER": str(folder / "mail"),
        "SECRET_KEY": "looked at on this machine, by this machine alone",
        "PORT": str(port),
        "SITE_URL": f"http://{HERE}:{port}",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def served(name: str, folder: Path) -> Iterator[Site]:
    """Serve the copy of a site until the end of the block. What is missing is made first."""
    with socket.socket() as any_port:
        any_port.bind((HERE, 0))
        port = any_port.getsockname()[1]
    settings = settings_of(name, folder, port)
    made = folder / f"{name}.sqlite"
    if name == "town" and not made.is_file():
        _copy(DEMO, made)
    _run(["alembic", "upgrade", "head"], settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "looks.served:app"],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=(folder / f"{name}.log").open("ab"),
        start_new_session=True,
    )
    try:
        _wait(process, settings["SITE_URL"], folder / f"{name}.log")
        yield Site(name, settings["SITE_URL"], settings["DATABASE_URL"])
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def asked(name: str, site: Site, folder: Path) -> dict[str, object]:
    """Return what `looks.inside` says of a site: its routes, or the cookies of its visitors."""
    settings = settings_of(site.name, folder, int(site.url.rpartition(":")[2]))
    told: dict[str, object] = json.loads(_run(["looks.inside", name], settings))
    return told


def _copy(whole: Path, to: Path) -> None:
    if not whole.is_file():
        raise SystemExit(f"There is no {whole.relative_to(ROOT)}: run script/server once, which builds the demo town.")
    for ending in ("", "-wal"):
        if whole.with_name(whole.name + ending).is_file():
            shutil.copy(whole.with_name(whole.name + ending), to.with_name(to.name + ending))


def _run(command: list[str], settings: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", *command], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip()[-800:]}")
    return done.stdout


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"The site stopped before it answered: {log.read_text()[-800:]}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/health/live", timeout=5).close()  # noqa: S310 - our own site
            return
        time.sleep(0.2)
    raise SystemExit(f"The site did not answer within {_PATIENCE} seconds.")
