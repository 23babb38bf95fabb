"""Scanners are installed each into a place of its own, exactly as locked: what they need never meets what we need."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "requirements" / "security"
PLACE = ROOT / "var" / "security"
NAMES = sorted(path.stem for path in LOCKS.glob("*.lock"))


class ToolError(RuntimeError):
    """A scanner could not be installed, or did not work. The message says what it said."""


def installed(name: str) -> Path:
    """
    Return the folder of a scanner's programs, installed now unless it is there already.

    :raises ToolError: if it cannot be installed.
    """
    lock, folder = LOCKS / f"{name}.lock", PLACE / name
    stamp, wanted = folder / ".lock", hashlib.sha256(lock.read_bytes()).hexdigest()
    programs = folder / "bin"
    if stamp.is_file() and stamp.read_text() == wanted and programs.is_dir():
        return programs
    print(f"   Installing {name} into {folder.relative_to(ROOT)}", flush=True)
    uv = Path(sys.executable).with_name("uv")
    _must([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder])
    python = programs / "python"
    _must([uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--no-deps", "-r", lock])
    stamp.write_text(wanted)
    return programs


def run(
    command: Sequence[str | Path], *, seconds: int, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """
    Run a scanner, for so many seconds at most, and return what it said.

    :raises ToolError: if it takes longer.
    """
    try:
        return subprocess.run(  # noqa: S603  (our own programs, with our own words)
            [str(part) for part in command],
            env=_environment() | dict(env or {}),
            cwd=cwd or ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{Path(command[0]).name} took longer than {seconds} seconds.") from error


def _environment() -> dict[str, str]:
    # Nothing of the shell's settings of the site, or of proxies, comes along.
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")
    return {name: value for name, value in os.environ.items() if name in kept}


def _must(command: Sequence[str | Path]) -> None:
    # Where packages come from, and what vouches for it, is the machine's business.
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ToolError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-800:]}")
