"""What a scanner found, and which findings somebody has looked at and accepted, for a reason and for a time."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

ACCEPTED = Path(__file__).with_name("accepted.yml")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a scanner found. `where` is a path of the project, with or without a line, or one of the site."""

    scan: str
    what: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings that somebody looked at. `where` is a pattern; after `until` they are findings again."""

    scan: str
    what: str
    where: str
    why: str
    until: date

    def covers(self, found: Finding) -> bool:
        """Test whether a finding is one of these."""
        return self.scan == found.scan and fnmatch(found.what, self.what) and fnmatch(found.where, self.where)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was found, parted."""

    open: list[Finding]
    accepted: list[Finding]
    unused: list[Accepted]


def accepted_findings(said: Any = None) -> list[Accepted]:
    """
    Return what was accepted, as it is written down.

    :raises ValueError: if one has no reason.
    """
    rows = [Accepted(**row) for row in (said if said is not None else yaml.safe_load(ACCEPTED.read_text()) or [])]
    for row in rows:
        if not row.why.strip().endswith("."):
            raise ValueError(f"Say in a sentence why this is accepted: {row.scan} {row.what} {row.where}")
    return rows


def sort_out(found: list[Finding], accepted: list[Accepted], *, on: date, scans: set[str]) -> Sorted:
    """Part findings into those that stand and those that are accepted. What nothing was found for is named too."""
    holding = [one for one in accepted if one.until >= on]
    standing = [one for one in found if not any(known.covers(one) for known in holding)]
    return Sorted(
        open=standing,
        accepted=[one for one in found if one not in standing],
        unused=[one for one in accepted if one.scan in scans and not any(one.covers(it) for it in found)],
    )
