"""Two processes that serve an application as in production, on a port of their own, for as long as it is asked."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKERS = 2
_PATIENCE = 60

# What a real site sets. Nothing is ever sent to the addresses here.
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": "only for measuring, on this machine, for a minute",
    "SITE_URL": "https://clubtogether.test",
    "CONTACT_EMAIL": "hello@clubtogether.test",
    "MAIL_ROUTE": "smtp",
    "SMTP_HOST": "127.0.0.1",
    # Visitors come through a proxy, so each has an address of their own and none is told to wait.
    "TRUSTED_PROXIES": "1",
}


class ServerStoppedError(RuntimeError):
    """A server did not start, or stopped by itself."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where an application is served, and by which process."""

    port: int
    process: int

    def worked(self) -> float | None:
        """Return how many seconds of a processor its workers have used, or None where the system does not say."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        if not children.is_file():
            return None
        ticks = [_ticks(int(child)) for child in children.read_text().split()]
        return sum(ticks) / os.sysconf("SC_CLK_TCK")


def _ticks(process: int) -> int:
    # What stands between brackets is a name, and may hold anything.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def serving(app: str, *, ready: str, settings: dict[str, str]) -> Iterator[Server]:
    """
    Serve an application from when it answers at `ready` until the end of the block.

    :raises ServerStoppedError: with what it said, if it does not answer in a minute.
    """
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    server = subprocess.Popen(  # noqa: S603 - our own program
        # Two processes each count rate limits alone here; said on the command line because the settings refuse it.
        [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), app],
        cwd=ROOT,
        env=kept | PRODUCTION | {"PORT": str(port)} | settings,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(server, port, ready)
        yield Server(port, server.pid)
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, ready: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise ServerStoppedError("The server stopped before it answered. The lines above say why.")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", ready)
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise ServerStoppedError(f"The server did not answer at {ready} within {_PATIENCE} seconds.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
