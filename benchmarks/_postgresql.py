"""A PostgreSQL server for a benchmark: the one that is named, or one of its own that is gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"


@contextmanager
def server() -> Iterator[str | None]:
    """Yield the address of a server on which databases may be made; None if there is none and none can be started."""
    if named := os.environ.get("TEST_POSTGRESQL_URL"):
        yield named
        return
    programs = _programs()
    if programs is None:
        print("PostgreSQL is not installed, so it is left out.")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        # PostgreSQL will not run as root.
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        if as_owner:
            shutil.chown(folder, OWNER)
        made = ["-D", data, "-U", OWNER, "--auth", "trust", "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8"]
        _run([*as_owner, programs / "initdb", *made])
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        _run([*as_owner, programs / "pg_ctl", "-D", data, "-o", options, "-l", data / "log", "--wait", "start"])
        try:
            yield f"postgresql+psycopg://{OWNER}@/postgres?host={folder}"
        finally:
            _run([*as_owner, programs / "pg_ctl", "-D", data, "--mode", "immediate", "stop"])


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def _run(command: list[str | Path]) -> None:
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)  # noqa: S603
