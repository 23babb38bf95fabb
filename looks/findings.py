"""What was found, on which page, as whom, and in which mode; kept page by page, so that a run can go on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "looks"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with a page. `check`: what was asked."""

    check: str
    words: str
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A page to look at. `sends`: its form, of that number, is sent empty first, and what comes back is looked at."""

    site: str
    visitor: str
    endpoint: str
    path: str
    sends: int | None = None
    status: int = 200

    @property
    def key(self) -> str:
        """A short name for this page in file names."""
        told = f"{self.site} {self.visitor} {self.path} {self.sends}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def package(self) -> str:
        """Which part of the site it belongs to."""
        return self.endpoint.partition(".")[0]


@dataclass(slots=True)
class Look:
    """A page that was looked at."""

    target: Target
    status: int
    title: str = ""
    modes: list[str] = field(default_factory=list)
    tab_stops: int = 0
    findings: list[Finding] = field(default_factory=list)


class Kept:
    """Looks that are on the disk already."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        for name in ("seen", "html", "shots"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def has(self, target: Target, modes: Iterable[str]) -> bool:
        """Test whether a page was looked at in these modes."""
        path = self._path(target)
        return path.is_file() and set(modes) <= set(json.loads(path.read_text())["modes"])

    def keep(self, look: Look) -> None:
        """Write down a look: whole, or not at all."""
        path = self._path(look.target)
        path.with_suffix(".part").write_text(json.dumps(asdict(look)))
        path.with_suffix(".part").replace(path)

    def forget(self, target: Target) -> None:
        """Forget what was seen of a page, so that it is looked at again."""
        self._path(target).unlink(missing_ok=True)

    def look_at(self, target: Target) -> Look:
        """Return what was seen of a page."""
        return _read(json.loads(self._path(target).read_text()))

    def _path(self, target: Target) -> Path:
        return self.folder / "seen" / f"{target.key}.json"


def _read(told: dict[str, Any]) -> Look:
    return Look(
        target=Target(**told["target"]),
        status=told["status"],
        title=told["title"],
        modes=told["modes"],
        tab_stops=told["tab_stops"],
        findings=[Finding(**one) for one in told["findings"]],
    )
