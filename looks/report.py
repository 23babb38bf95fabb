"""What a run found, in one table for people and one file for programs."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from looks.findings import Finding, Look

_LETTER = "its link is only in a letter"
_NO_PAGE = "it answers with a file or with figures, not with a page"
UNREACHED = {
    "accounts.accept_invitation": _LETTER,
    "accounts.confirm": _LETTER,
    "accounts.new_password": _LETTER,
    "accounts.take_email": _LETTER,
    "accounts.undo_email": _LETTER,
    "brokerage.shared_plan": "its link is shown once, to whoever shares the plan",
    "brokerage.shared_plan_easy": "its link is shown once, to whoever shares the plan",
    "brokerage.shared_plan_file": _NO_PAGE,
    "brokerage.small_plan_file": _NO_PAGE,
    "catalogue.photo_file": _NO_PAGE,
    "demand.stop_alert": _LETTER,
    "open_data.sitemap_offers": _NO_PAGE,
    "pooling.document": _NO_PAGE,
    "purchasing.calendar_feed": _NO_PAGE,
    "ratings.with_invoice": _LETTER,
    "web.guide_picture": _NO_PAGE,
    "web.read_metrics": _NO_PAGE,
}
"""Endpoints that no visitor gets to, each with its reason."""


def _reason(endpoint: str) -> str:
    is_api = endpoint.partition(".")[0] in {"demand_api", "open_referral"}
    return UNREACHED.get(endpoint, _NO_PAGE if is_api else "")


_ONE_PAGE = ({"ratings.ledger", "ratings.ledger_quarter"},)
"""Two addresses of one page: that of the newest quarter."""


def titles_shared(looks: Iterable[Look]) -> dict[str, list[Finding]]:
    """Return what to say of pages, by their keys, that are called the same as another page of the same visitor."""
    pages: dict[tuple[str, str], dict[str, Look]] = defaultdict(dict)
    for look in looks:
        if look.target.sends is None and look.status < 400:
            pages[look.target.visitor, look.title].setdefault(look.target.endpoint, look)
    found: dict[str, list[Finding]] = {}
    for (_, title), by_endpoint in pages.items():
        if len(by_endpoint) > 1 and set(by_endpoint) not in _ONE_PAGE:
            names = ", ".join(sorted(by_endpoint))
            for look in by_endpoint.values():
                found[look.target.key] = [Finding("a title used twice", f"“{title}”: {names}")]
    return found


def write(looks: list[Look], *, unreached: list[str], routes: int, modes: list[str], to: Path) -> int:
    """Write the report and print the table; return how many findings there are."""
    counts: Counter[str] = Counter()
    pages: dict[str, set[str]] = defaultdict(set)
    for look in looks:
        for finding in look.findings:
            counts[finding.check] += 1
            pages[finding.check].add(look.target.endpoint)
    lost = [name for name in unreached if not _reason(name)]
    told = {
        "routes": routes,
        "endpoints": len({look.target.endpoint for look in looks}),
        "pages": sum(look.target.sends is None for look in looks),
        "forms sent empty": sum(look.target.sends is not None and look.status == look.target.status for look in looks),
        "visitors": sorted({look.target.visitor for look in looks}),
        "modes": modes,
        "tab stops": sum(look.tab_stops for look in looks),
        "not reached": {name: _reason(name) for name in unreached},
        "findings": dict(sorted(counts.items())),
    }
    to.write_text(json.dumps(told | {"looks": [asdict(look) for look in looks if look.findings]}, indent=1))
    print("\n== In short")
    for name, figure in told.items():
        if isinstance(figure, int):
            print(f"{name:<40} {figure}")
    for check, count in counts.most_common():
        print(f"{check:<40} {count} on {len(pages[check])}: {', '.join(sorted(pages[check])[:4])}")
    for name in lost:
        print(f"not reached, for no known reason: {name}")
    return sum(counts.values()) + len(lost)
