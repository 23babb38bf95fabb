"""
How well searches find what was wanted, on each database: nDCG@10 over judged queries, beside the bare engine's BM25.

The catalogue is the demo town with the lists of Trafford. Two of the lists hold other people's sentences and do not
come with the site: TRAFFORD_LISTS names the folder they are in. It is made once and kept in var/relevance until the
town or the lists change. The judgements, and how they came about, are in `judged`. The worst queries are named so
that they can be made better, so only those that are not held out. PostgreSQL is asked as well when TEST_POSTGRESQL_URL
names a server; a database is made on it, and dropped again.
"""

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from benchmarks.judged import DEPTH, Judged, ndcg, read
from benchmarks.search import _empty, _postgresql
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.services.indexing import documents
from marketplace.demo.gateways import read_town
from marketplace.kit.db import open_engine
from marketplace.search import queries, services
from marketplace.search.language.words import WORD
from marketplace.search.rules import Document, DocumentId, Question

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "relevance"
LISTS = {
    "charities.csv": "trafford-charities",
    "mental_health_services.csv": "trafford-mental-health-services",
}
WORST = 10

Ranking = Callable[[str], Sequence[DocumentId]]


def run() -> dict[str, Any]:
    """Judge each database there is, and the bare engine in it."""
    kept = catalogue()
    engine = open_engine(f"sqlite:///{kept}")
    with Session(engine) as session:
        there, keys = list(documents(session, today=datetime.now(UTC).date())), _keys(session)
    engine.dispose()
    judged, missing = _judgeable(read(), sorted(keys.values()))
    _say(f"{len(judged)} queries over {len(there):,} offers; {missing} queries have nothing to find here")
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        figures["sqlite"] = measure(f"sqlite:///{folder}/relevance.sqlite", there, keys, judged)
    if server := os.environ.get("TEST_POSTGRESQL_URL"):
        with _postgresql(server) as url:
            figures["postgresql"] = measure(url, there, keys, judged)
    return figures


def measure(
    url: str, there: Sequence[Document], keys: Mapping[DocumentId, str], judged: Sequence[Judged]
) -> dict[str, Any]:
    """Return how well one database does, whole and in parts, and its worst queries."""
    engine = _empty(url)
    with Session(engine, info={"writing": True}) as session:
        services.rebuild(session, there)
        session.commit()
    with Session(engine) as session:
        ours = _judge(judged, keys, lambda query: [hit.id for hit in queries.find(session, Question(query)).hits])
    bare = _judge(judged, keys, _bare(engine, there))
    engine.dispose()
    worst = sorted((each for each in judged if not each.is_held_out), key=lambda each: ours[each.query])[:WORST]
    return {
        "nDCG@10": _parts(judged, ours),
        "bare engine": _parts(judged, bare),
        "by sort": {
            sort: _mean(ours[each.query] for each in judged if each.sort == sort)
            for sort in sorted({each.sort for each in judged})
        },
        "worst": {each.query: ours[each.query] for each in worst},
    }


def catalogue() -> Path:
    """Return the database of the town and the lists, made if there is none that is as they are now."""
    lists = Path(os.environ.get("TRAFFORD_LISTS", ROOT.parent / "shared" / "data" / "trafford"))
    there = {lists / name: mapping for name, mapping in LISTS.items() if (lists / name).exists()}
    if len(there) < len(LISTS):
        _say(f"{len(LISTS) - len(there)} of the lists of Trafford are not in {lists}: what they hold is not judged")
    kept = KEPT / f"{_digest(there)}.sqlite"
    if kept.exists():
        return kept
    _say("Building the demo town with the lists of Trafford: this takes a minute, once")
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.iterdir():
        old.unlink()
    made = KEPT / "being-made.sqlite"
    _flask(made, "alembic", "upgrade", "head")
    _flask(made, "flask", "--app", "wsgi", "demo", "build")
    for path, mapping in there.items():
        _flask(made, "flask", "--app", "wsgi", "catalogue", "import", str(path), "--mapping", mapping)
    return made.rename(kept)


def _flask(database: Path, *command: str) -> None:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "ENV": "development", "DEMO": "true"}
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)  # noqa: S603  (our own programs)


def _digest(lists: Mapping[Path, str]) -> str:
    catalogue = ROOT / "marketplace" / "catalogue"
    parts = [ROOT / "migrations", ROOT / "marketplace" / "demo", catalogue / "mappings", catalogue / "gateways"]
    seen = hashlib.sha256()
    paths = [path for part in parts for path in part.rglob("*") if path.suffix in {".py", ".yaml", ".csv"}]
    for path in [*sorted(paths), *sorted(lists)]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _keys(session: Session) -> dict[DocumentId, str]:
    """Return what the judgements call each offer: the town's own key, or its source and the key it has there."""
    written = {each.title: each.key for each in read_town().offers}
    rows = session.execute(
        select(Offer.id, Offer.title, Offer.source, Offer.source_key).join(Provider, Provider.id == Offer.provider_id)
    )
    return {
        DocumentId(row.id): f"{row.source}/{row.source_key}" if row.source else written.get(row.title, str(row.id))
        for row in rows
    }


def _judgeable(judged: Sequence[Judged], keys: Sequence[str]) -> tuple[list[Judged], int]:
    """Return those queries for which something is there to be found, and how many others there are."""
    known = [each for each in judged if each.graded(keys)]
    return known, len(judged) - len(known)


def _judge(judged: Sequence[Judged], keys: Mapping[DocumentId, str], ranking: Ranking) -> dict[str, float]:
    every = sorted(keys.values())
    return {
        each.query: round(ndcg([keys[found] for found in ranking(each.query)[:DEPTH]], each.graded(every)), 3)
        for each in judged
    }


def _parts(judged: Sequence[Judged], scores: Mapping[str, float]) -> dict[str, float]:
    return {
        "all": _mean(scores.values()),
        "tuned on": _mean(scores[each.query] for each in judged if not each.is_held_out),
        "held out": _mean(scores[each.query] for each in judged if each.is_held_out),
    }


def _mean(scores: Iterable[float]) -> float:
    return round(statistics.fmean(scores), 3)


def _bare(engine: Engine, there: Sequence[Document]) -> Ranking:
    """Return the ranking of the engine alone: its own stemmer and its own weight of words, any of which will do."""
    texts = [
        {
            "n": n,
            "words": f"{each.title}\n{each.category_name}\n{each.provider_name}\n{each.description}\n{each.place}",
        }
        for n, each in enumerate(there, start=1)
    ]
    make, fill, ask = _BARE[engine.dialect.name]
    with engine.begin() as connection:
        connection.execute(text(make))
        connection.execute(text(fill), texts)

    def ranked(query: str) -> list[DocumentId]:
        words = " OR ".join(f'"{word}"' for word in WORD.findall(query.lower()))
        with engine.connect() as connection:
            numbers = connection.scalars(text(ask), {"words": words, "most": DEPTH})
            return [there[number - 1].id for number in numbers]

    return ranked


_BARE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE bare USING fts5(words, tokenize = 'porter unicode61')",
        "INSERT INTO bare (rowid, words) VALUES (:n, :words)",
        "SELECT rowid FROM bare WHERE bare MATCH :words ORDER BY bm25(bare), rowid LIMIT :most",
    ),
    "postgresql": (
        "CREATE TABLE bare (n integer PRIMARY KEY, words tsvector)",
        "INSERT INTO bare VALUES (:n, to_tsvector('english', :words))",
        """
        SELECT n FROM bare, websearch_to_tsquery('english', :words) AS asked WHERE words @@ asked
        ORDER BY ts_rank_cd(words, asked, 1) DESC, n LIMIT :most
        """,
    ),
}


def _say(words: str) -> None:
    print(words, flush=True)
