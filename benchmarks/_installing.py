"""What only a benchmark needs, in folders of its own under var/bench: made from lock files, anew when they change."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "bench"
LIGHTHOUSE = Path(__file__).parent / "lighthouse"


def shop() -> Path:
    """Return the Python that has the shop the site is compared with, locked in requirements/bench.lock."""
    lock = ROOT / "requirements" / "bench.lock"
    folder = FOLDER / "shop"
    python = folder / "bin" / "python"

    def install() -> None:
        _run([sys.executable, "-m", "venv", str(folder)])
        exactly = ["--require-hashes", "--no-deps", "--requirement", str(lock)]
        _run([str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *exactly])

    _once("the shop to compare with", folder, lock.read_bytes(), install)
    return python


def lighthouse() -> Path:
    """Return the program of Lighthouse, locked in benchmarks/lighthouse."""
    folder = FOLDER / "lighthouse"
    files = [LIGHTHOUSE / "package.json", LIGHTHOUSE / "package-lock.json"]

    def install() -> None:
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        npm = shutil.which("npm", path=f"{os.environ.get('PATH', '')}:{ROOT / '.venv' / 'bin'}")
        if npm is None:
            raise RuntimeError("Lighthouse needs npm, and there is none. script/setup says how to get one.")
        _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], at=folder)

    _once("Lighthouse", folder, b"".join(file.read_bytes() for file in files), install)
    return folder / "node_modules" / "lighthouse" / "cli" / "index.js"


def _once(name: str, folder: Path, made_from: bytes, install: Callable[[], None]) -> None:
    stamp, wanted = folder / ".made", hashlib.sha256(made_from).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"{time.strftime('%H:%M:%S')} Installing {name} into {folder.relative_to(ROOT)}", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    install()
    stamp.write_text(wanted)


def _run(command: list[str], at: Path = ROOT) -> None:
    subprocess.run(command, cwd=at, check=True, stdout=sys.stderr)  # noqa: S603 - our own lock files
