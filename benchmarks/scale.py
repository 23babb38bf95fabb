"""
What all of England would take, worked out from what was measured, and written into docs/scale.md.

How large a row is comes from the large database (script/bench large) where TEST_POSTGRESQL_URL names its server, else
from what it was when that was last looked at; how long a page takes comes from the last run of script/bench web. How
often people do what is supposed, and said in the note.
"""

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from benchmarks.large import NAME
from benchmarks.serving.servers import ROOT

NOTE = ROOT / "docs" / "scale.md"
BEGINS, ENDS = "<!-- figures -->", "<!-- end of figures -->"
MEASURED = Path(__file__).parent / "serving" / "rows.json"
WEB = ROOT / "var" / "bench" / "web.json"

PEOPLE, OFFERS, COUNCILS = 1_000_000, 500_000, 153

BUSY = 0.6
"""How much of a processor is planned to be used in the busiest hour: what is left is for its worst minutes."""
SEEN_AGAIN = 0.5
"""How many of the pages that strangers open are supposed to be kept already."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: how many there are for each of something, and how many years' worth are there."""

    tables: tuple[str, ...]
    each: float
    of: int
    years: float
    says: str


KINDS = (
    Kind(("person", "role_grant"), 1, PEOPLE, 1, "people"),
    Kind(("offer", "search_document", "price", "price", "offer_access", "offer_access", "offer_access",
          "offer_time", "offer_time", "offer_payment", "offer_payment", "offer_rating", "search_rating",
          "answer_rating", "answer_rating", "answer_rating"),
         1, OFFERS, 1, "offers, with prices, marks, ratings and the index"),
    Kind(("review", "criterion_answer", "criterion_answer", "reply"), 0.5, PEOPLE, 10, "reviews, of ten years"),
    Kind(("arrangement", "arrangement_terms"), 2, PEOPLE, 6, "arrangements, of six years"),
    Kind(("visit",), 13, PEOPLE, 6, "visits, of six years: one in four people has one each week"),
    Kind(("invoice", "invoice_line", "payment"), 3, PEOPLE, 6, "invoices and payments, of six years"),
    Kind(("entry",), 12, PEOPLE, 6, "entries of the ledger, of six years"),
    Kind(("audit_event",), 30, PEOPLE, 6, "lines of the audit trail, of six years"),
    Kind(("pool", "pool_tier", "pool_tier"), 0.03, PEOPLE, 6, "pools, of six years"),
    Kind(("pledge", "pool_member"), 0.2, PEOPLE, 6, "pledges, of six years"),
    Kind(("message",), 20, PEOPLE, 1, "letters, of one year (their words go after a month)"),
    Kind(("fact",), 7, PEOPLE, 0.5, "facts of the quarter that goes on, and of the one that is being released"),
)  # fmt: skip
FILES = (
    ("plans: one person in ten has one, with 3 MB of pictures and recordings", 0.1 * PEOPLE * 3e6),
    ("photographs: one in three offers, 300 KB", OFFERS / 3 * 3e5),
)

# In a week: two visits of each person, eight pages each, a fifth of them signed in.
PAGES_A_WEEK = PEOPLE * 2 * 8
BUSIEST_HOUR = 1 / 7 * 0.12
"""Which share of a week comes in its busiest hour."""
MIX = (("results", 0.35), ("offer", 0.35), ("pool", 0.1), ("dashboard", 0.2))
"""What is opened. The figures of a council stand for whatever is opened signed in, and is never kept."""
WRITES = 0.02
"""How many of a hundred requests change something; a pledge stands for them all."""


def run() -> dict[str, Any]:
    rows = _rows()
    stored = {kind.says: _bytes(kind, rows) for kind in KINDS}
    figures: dict[str, Any] = {
        "bytes of a row, with its indexes": rows,
        "GB of rows": round(sum(stored.values()) / 1e9),
        "GB of files": round(sum(size for _says, size in FILES) / 1e9),
    }
    lines = _sizes(stored)
    if WEB.is_file():
        rates = _rates(json.loads(WEB.read_text()))
        figures |= rates
        lines += _machines(rates)
    _write("\n".join(lines))
    return figures


def _rows() -> dict[str, float]:
    """Return the bytes of one row of each table, with its share of all indexes."""
    rows: dict[str, float] = json.loads(MEASURED.read_text())
    server = os.environ.get("TEST_POSTGRESQL_URL")
    if server is None:
        return rows
    engine = create_engine(make_url(server).set(database=NAME))
    with engine.connect() as connection:
        rows |= dict(
            connection.execute(
                text(
                    "SELECT relname, round(pg_total_relation_size(oid) / reltuples) FROM pg_class WHERE relkind = 'r'"
                    " AND relnamespace = 'public'::regnamespace AND reltuples > 1000"
                )
            ).all()
        )
    engine.dispose()
    rows = {name: int(size) for name, size in sorted(rows.items()) if not name.startswith("bench")}
    MEASURED.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _bytes(kind: Kind, rows: dict[str, float]) -> float:
    return sum(rows[table] for table in kind.tables) * kind.each * kind.of * kind.years


def _sizes(stored: dict[str, float]) -> list[str]:
    lines = ["| what | rows of it | bytes each, with indexes | GB |", "| --- | --- | --- | --- |"]
    for kind in KINDS:
        many = kind.each * kind.of * kind.years
        size = stored[kind.says]
        lines.append(f"| {kind.says} | {many / 1e6:,.1f} million | {size / many:,.0f} | {size / 1e9:,.1f} |")
    lines += [f"| files of {says} | | | {size / 1e9:,.0f} |" for says, size in FILES]
    whole = sum(stored.values()) + sum(size for _says, size in FILES)
    return [*lines, f"| **together** | | | **{whole / 1e9:,.0f}** |", ""]


def _rates(web: dict[str, Any]) -> dict[str, Any]:
    """Return what the busiest hour asks for, and how many processors that is."""
    on_postgresql = "postgresql" in web
    pages = web["postgresql" if on_postgresql else "sqlite"]
    a_second = PAGES_A_WEEK * BUSIEST_HOUR / 3600
    site = database = 0.0
    for page, share in MIX:
        kept, drawn = pages[page]["site"], _large(pages[page])
        again = 0.0 if page == "dashboard" else SEEN_AGAIN
        site += share * (again * _ms(kept) + (1 - again) * _ms(drawn))
        database += share * (1 - again) * _ms_of_database(drawn)
    pledge = pages["pledge"]["site"]
    site += WRITES * _ms(pledge)
    database += WRITES * _ms_of_database(pledge)
    of_database = {
        "of the database’s processors, ms a page": round(database, 1),
        "processors for the database": math.ceil(a_second * database / 1000 / BUSY),
    }
    return {
        "pages a second": round(a_second),
        "of the site’s processors, ms a page": round(site, 1),
        "processors for the site": math.ceil(a_second * site / 1000 / BUSY),
        **(of_database if on_postgresql else {}),
        "MB for each web process": round(max(page["site"]["memory of each process, MB"] for page in pages.values())),
    }


def _large(page: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a page drawn anew, of the large world if that was asked too."""
    found: dict[str, Any] = page.get("large site, drawn anew") or page["site, drawn anew"]
    return found


def _ms(figures: dict[str, Any]) -> float:
    return float(figures["processor ms a request"] or 0)


def _ms_of_database(figures: dict[str, Any]) -> float:
    return float(figures["database’s processor ms a request"] or 0)


def _machines(rates: dict[str, Any]) -> list[str]:
    return [
        "| in the busiest hour of a week | |",
        "| --- | --- |",
        *(f"| {name} | {n:,} |" for name, n in rates.items()),
        "",
    ]


def _write(lines: str) -> None:
    if not NOTE.is_file():
        return
    before, _, rest = NOTE.read_text().partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    NOTE.write_text(f"{before}{BEGINS}\n\n{lines}\n{ENDS}{after}")
