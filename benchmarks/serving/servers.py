"""Two processes that serve an application as in production, on a port of their own, for as long as it is asked."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKERS = 2
HOST = "clubtogether.test"
"""What visitors take the site to be called. It answers under no other name."""
_PATIENCE = 90
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")

# What a real site sets. Nothing is ever sent to the addresses here.
PRODUCTION = {
    "ENV": "production",
    "WEB_WORKERS": str(WORKERS),
    "MALLOC_ARENA_MAX": "2",
    "SECRET_KEY": "only for measuring, on this machine, for a minute",
    "SITE_URL": f"https://{HOST}",
    "CONTACT_EMAIL": f"hello@{HOST}",
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
        workers = self._workers()
        return sum(map(ticks, workers)) / TICKS_A_SECOND if workers else None

    def memory(self) -> list[float]:
        """Return the memory of each worker in MB, what they share divided between them."""
        return sorted(_memory(worker) for worker in self._workers())

    def _workers(self) -> list[int]:
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        return [int(child) for child in children.read_text().split()] if children.is_file() else []


def ticks(process: int) -> int:
    """Return how much of a processor a process has used."""
    # What stands between brackets is a name, and may hold anything.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _memory(process: int) -> float:
    """Return the proportional set size of a process, in MB."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def serving(
    app: str, *, ready: str, settings: dict[str, str], python: Path = Path(sys.executable), at: Path = ROOT
) -> Iterator[Server]:
    """
    Serve an application from when it answers at `ready` until the end of the block.

    :param python: which Python serves it, from the folder `at`.
    :raises ServerStoppedError: with what it said, if it does not answer in a minute.
    """
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(  # noqa: S603 - our own program
            [str(python), "-m", "gunicorn", app],
            cwd=at,
            env=kept | PRODUCTION | {"PORT": str(port)} | settings,
            stdout=subprocess.DEVNULL,
            # A line for each request, as in production; shown only if it does not start.
            stderr=said,
            start_new_session=True,
        )
        try:
            _wait(server, port, ready)
            yield Server(port, server.pid)
        except ServerStoppedError as error:
            said.seek(0)
            error.add_note(said.read()[-4_000:].decode(errors="replace"))
            raise
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
            connection.request("GET", ready, headers={"Host": HOST})
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
