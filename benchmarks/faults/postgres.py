"""A PostgreSQL server of one's own, to be killed, and a second one that copies it. Nothing is left behind."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.faults.processes import die_with_parent, free_port

OWNER = "postgres"
LIKE_A_COUNCILS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "wal_level": "replica",
    # Whatever is acknowledged is on the disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}


def programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed.")
    return found[-1].parent


@dataclass
class Postgres:
    """One server, with its folder."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/clubtogether"

    def make(self) -> None:
        """Make an empty server."""
        self._own()
        _run("initdb", "-D", self.folder, "-U", OWNER, "--auth", "trust", "-E", "UTF8", "--locale", "C.UTF-8")
        with (self.folder / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in LIKE_A_COUNCILS.items())

    def copy_of(self, other: "Postgres", *, name: str) -> None:
        """Make it a standby of another, which knows it by a name."""
        self._own()
        address = f"host=127.0.0.1 port={other.port} user={OWNER} application_name={name}"
        _run("pg_basebackup", "-D", self.folder, "-d", address, "-R", "-X", "stream", "-c", "fast")

    def _own(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER, OWNER)
        self.folder.chmod(0o700)

    def start(self, **settings: str) -> None:
        """Start it, and wait until it answers. After a kill it may have to wait for what the kill left."""
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = (self.folder.parent / f"postgres-{self.port}.log").open("ab")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            # Postmaster dies with the thread that began it, so that thread has to live on.
            self.process = _begun(
                [*_as_owner(), str(programs() / "postgres"), "-D", str(self.folder), "-p", str(self.port),
                 "-k", str(self.folder), *options], log,
            )  # fmt: skip
            while time.monotonic() < until and self.process.poll() is None:
                if self.answers():
                    return
                time.sleep(0.1)
            time.sleep(0.3)
        raise TimeoutError(f"PostgreSQL did not start; see {self.folder.parent}")

    def answers(self, database: str = "postgres") -> bool:
        with suppress(psycopg.Error):
            self.ask("SELECT 1", database=database)
            return True
        return False

    def ask(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        address = f"host=127.0.0.1 port={self.port} user={OWNER} dbname={database} connect_timeout=3"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]  # (our own statements)
            return list(cursor.fetchall()) if cursor.description else []

    def kill_backend(self) -> None:
        """Kill a process that serves a connection of the site's. All others are then stopped and begun anew."""
        with suppress(psycopg.Error):
            found = self.ask(
                "SELECT pid FROM pg_stat_activity WHERE datname = 'clubtogether'"
                " ORDER BY (state = 'active') DESC, random() LIMIT 1"
            )
            for (pid,) in found:
                with suppress(ProcessLookupError):
                    os.kill(int(str(pid)), signal.SIGKILL)

    def kill(self) -> None:
        """Kill the whole server, its postmaster and all that it began, with signal 9."""
        if (postmaster := self.postmaster()) is None:
            return
        family = [postmaster, *_children(postmaster)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)

    def postmaster(self) -> int | None:
        try:
            return int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def promote(self) -> None:
        self.ask("SELECT pg_promote(true, 30)")

    def stop(self) -> None:
        if (postmaster := self.postmaster()) is not None:
            with suppress(ProcessLookupError):
                os.kill(postmaster, signal.SIGQUIT)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in found.read_text().split()] if found.is_file() else []


def _begun(command: list[str], log: object) -> subprocess.Popen[bytes]:
    begun: list[subprocess.Popen[bytes]] = []
    is_begun = threading.Event()

    def keep() -> None:
        begun.append(
            subprocess.Popen(  # noqa: S603
                command,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",  # type: ignore[call-overload]
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        )
        is_begun.set()
        begun[0].wait()

    threading.Thread(target=keep, daemon=True).start()
    is_begun.wait()
    return begun[0]


def _as_owner() -> list[str]:
    # PostgreSQL will not run as root. Whoever changes who they are must ask once more to end with who began them.
    return (
        ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups", "--pdeathsig", "KILL"]
        if os.geteuid() == 0
        else []
    )


def _run(program: str, *words: object) -> None:
    subprocess.run(  # noqa: S603
        [*_as_owner(), str(programs() / program), *map(str, words)], check=True, stdout=subprocess.DEVNULL, cwd="/"
    )


@contextmanager
def server(folder: Path, *, start: bool = True) -> Iterator[Postgres]:
    """Make a server with an empty database called clubtogether."""
    it = Postgres(folder, free_port())
    try:
        if start:
            it.make()
            it.start()
            it.ask("CREATE DATABASE clubtogether")
        yield it
    finally:
        it.stop()
