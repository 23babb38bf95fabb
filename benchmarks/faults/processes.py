"""The site's processes, started again whenever they end, as a service manager would; and how they are killed."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
AFTER = 0.5
"""Seconds until a process that ended is started again."""

SETTINGS = {
    "ENV": "development",
    "SECRET_KEY": "only for breaking things, on this machine, for minutes",
    "WEB_WORKERS": "2",
    "WEB_THREADS": "8",
    # Visitors come through a proxy, so each has an address of their own and none is told to wait.
    "TRUSTED_PROXIES": "1",
    "DEMO": "false",
}
WEB = [sys.executable, "-m", "gunicorn", "wsgi:app"]
WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]

_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """End a process when whoever began it is gone, killed or not. For `preexec_fn`."""
    _libc.prctl(1, signal.SIGKILL)


@dataclass
class Kept:
    """One command that is kept running. What it says goes to a file."""

    command: list[str]
    settings: dict[str, str]
    log: IO[bytes]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)
    _is_paused: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        # The same thread begins it every time and lives as long as it does: it is this thread's end that ends it.
        while not self._is_over.is_set():
            self.process = subprocess.Popen(  # noqa: S603  (our own commands)
                self.command, cwd=ROOT, env=_outside() | self.settings, stdout=self.log, stderr=self.log,
                start_new_session=True, preexec_fn=die_with_parent,  # noqa: PLW1509  (it only asks the system for one thing)
            )  # fmt: skip
            self.starts += 1
            self.process.wait()
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self._is_over.wait(AFTER)

    def kill(self) -> None:
        """Kill it and all that it began, with signal 9."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def kill_child(self, which: Callable[[list[int]], int]) -> None:
        """Kill one of those that it began."""
        if self.process is not None and (children := children_of(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(which(children), signal.SIGKILL)

    def stop(self) -> None:
        """End it for good."""
        self._is_over.set()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=8)
            self.kill()
        if self._thread is not None:
            self._thread.join(timeout=10)


def children_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in found.read_text().split()] if found.is_file() else []


def _outside() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


@dataclass
class Site:
    """The web processes and the job worker, on a database, with whatever else settings say."""

    port: int
    settings: dict[str, str]
    folder: Path
    web: Kept
    worker: Kept

    def command(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run one of the site's own commands, to its end."""
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=ROOT, env=_outside() | self.settings,
            capture_output=True, text=True, timeout=timeout, check=False, preexec_fn=die_with_parent,
        )  # fmt: skip

    def answers(self, path: str = "/health/live", *, timeout: float = 5) -> int | None:
        """Return the status of a page, or None if nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers={"X-Forwarded-For": "10.9.9.9"})
            return connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def wait_for(self, path: str, *, seconds: float = 90) -> float:
        """
        Wait until a page is there, and return how many seconds that took.

        :raises TimeoutError: if it takes longer than so many seconds.
        """
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if self.answers(path) == 200:
                return time.monotonic() - begun
            time.sleep(0.1)
        raise TimeoutError(f"{path} did not answer within {seconds} seconds; see {self.folder}")

    def log(self) -> str:
        """Return all that the processes said."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


@contextmanager
def site(database: str, *, folder: Path, has_worker: bool = True, **settings: str) -> Iterator[Site]:
    """Keep a site running until the end of the block."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = SETTINGS | {
        "DATABASE_URL": database, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}",
        "MAIL_FOLDER": str(folder / "mail"), "PYTHONUNBUFFERED": "1",
    } | settings  # fmt: skip
    with (folder / "web.log").open("ab") as web_log, (folder / "worker.log").open("ab") as worker_log:
        it = Site(port, wanted, folder, Kept(WEB, wanted, web_log), Kept(WORKER, wanted, worker_log))
        try:
            it.web.start()
            it.wait_for("/health/live")
            if has_worker:
                it.worker.start()
            yield it
        finally:
            it.web.stop()
            it.worker.stop()


def measured(act: Callable[[], Any]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun
