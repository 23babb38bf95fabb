"""The figures of the web benchmark as tables, for a document that says what was reached and what was not."""

import os
import platform
import sqlite3
import time
from pathlib import Path
from typing import Any

BEGINS, ENDS = "<!-- figures of script/bench web -->", "<!-- end of figures -->"

BARS = (
    ("results", "site to bare", "requests", 0.5, "half of the bare page’s requests a second"),
    ("results", "site to bare", "p95", -2.0, "less than twice its p95"),
    ("offer", "site to bare", "requests", 0.6, "six tenths of the bare page’s requests a second"),
    ("offer", "site to bare", "p95", -2.0, "less than twice its p95"),
    ("results", "site to oscar’s search", "requests", 100.0, "a hundred times the shop’s search"),
    ("offer", "site to oscar’s product", "requests", 12.0, "twelve times the shop’s product page"),
    ("pledge", "site to oscar’s basket", "requests", 3.0, "three times the shop’s basket"),
    *(
        (page, "site to large site", "requests", -1.25, "small town’s to the large one’s: at most 1.25")
        for page in ("results", "offer", "pool", "dashboard", "pledge")
    ),
)
"""What is wanted: of which page, of which ratio, at least so much; below nothing: at most so much."""


def told(figures: dict[str, Any]) -> str:
    """Return everything as Markdown: rates first, then each bar with whether it was reached."""
    load = ", ".join(f"{it:.1f}" for it in os.getloadavg())
    lines = [
        (
            f"Measured on {time.strftime('%-d %B %Y')}, {os.cpu_count()} processors{_named()}, Python"
            f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load at the end {load}."
        ),
        "",
    ]
    for database, pages in figures.items():
        lines += [
            f"| {database} | a second | p50 ms | p95 ms | processor, database’s, ms | errors | MB a process |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        for page, found in pages.items():
            lines += [_row(page, name, it) for name, it in found.items() if name != "ratios"]
        lines += ["", "| wanted | least of turns | middle | most | by processor time | |"]
        lines.append("| --- | --- | --- | --- | --- | --- |")
        lines += [line for bar in BARS if (line := _bar(pages, bar))]
        lines.append("")
    return "\n".join(lines)


def write(figures: dict[str, Any], note: Path) -> None:
    """Put the tables where the document has room for them."""
    before, _, rest = note.read_text().partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    note.write_text(f"{before}{BEGINS}\n\n{told(figures)}\n{ENDS}{after}")


def _named() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return f" ({names[0]})" if names else ""


def _row(page: str, name: str, it: dict[str, Any]) -> str:
    database = it["database’s processor ms a request"]
    stored = f"; stored {it['stored of those answered']}" if "stored of those answered" in it else ""
    return (
        f"| {page}, {name} | {it['requests a second']:,.0f} | {it['p50 ms']:,.0f} | {it['p95 ms']:,.0f}"
        f" | {it['processor ms a request']:.1f}{'' if database is None else f', {database:.1f}'}"
        f" | {it['errors of']}{stored} | {it['memory of each process, MB']:.0f} |"
    )


def _bar(pages: dict[str, Any], bar: tuple[str, str, str, float, str]) -> str:
    page, pair, what, wanted, says = bar
    ratio = pages.get(page, {}).get("ratios", {}).get(pair)
    if ratio is None:
        return ""
    is_reached = ratio[what] >= wanted if wanted > 0 else ratio[what] <= -wanted
    rates = (ratio["least"], ratio["requests"], ratio["most"]) if what == "requests" else ("", ratio["p95"], "")
    least, middle, most = rates
    by_time = ratio["by processor time"] if what == "requests" else ""
    end = "reached" if is_reached else "**not reached**"
    return f"| {page}: {says} | {least} | {middle} | {most} | {by_time} | {end} |"
