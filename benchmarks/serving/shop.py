"""The shop to compare with: made, filled with the same words, and served like the site, but for what is its own."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import make_url

from benchmarks import _installing
from benchmarks.search import QUESTIONS_ASKED
from benchmarks.serving.dice import PLEDGERS, Size, documents
from benchmarks.serving.servers import ROOT, Server, serving
from benchmarks.serving.world import World
from benchmarks.serving.writing import say

CODE = ROOT / "benchmarks" / "oscar"


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that is served: where its products are, where they are put into baskets, and who is signed in."""

    server: Server
    products: list[str]
    baskets: list[str]
    sessions: list[str]
    environment: dict[str, str]
    python: Path

    @property
    def searches(self) -> list[str]:
        return [f"/search/?{urlencode({'q': words})}" for words in ("garden", *QUESTIONS_ASKED)]

    @property
    def lists(self) -> list[dict[str, str]]:
        return [{"path": f"/catalogue/?page={n}"} for n in range(1, 21)]

    @property
    def adding(self) -> list[dict[str, Any]]:
        """What puts each product into each basket once, the baskets in turn."""
        token = "a" * 32
        return [
            {
                "path": path,
                "cookie": f"sessionid={session}; csrftoken={token}",
                "form": {"csrfmiddlewaretoken": token, "quantity": "1"},
            }
            for path in self.baskets
            for session in self.sessions
        ]

    def in_baskets(self) -> int:
        """Return how many things are in baskets."""
        return int(_run(self.python, self.environment, ["count"], ""))


@contextmanager
def shop(url: str, folder: Path, index: Path, size: Size, pages: int) -> Iterator[Shop]:
    """
    Make a shop in a database that is empty, as large as the site, and serve it until the end of the block.

    :param index: where its search engine keeps its files, made if they are not there.
    """
    python = _installing.shop()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "SHOP_FOLDER": str(folder),
        "SHOP_INDEX": str(index),
        "SHOP_DATABASE": json.dumps(_database(url, folder)),
        "PYTHONPATH": str(CODE),
        "DJANGO_SETTINGS_MODULE": "settings",
    }
    say(f"Making a shop of {size.offers:,} products and {size.reviews:,} reviews")
    made = json.loads(_run(python, environment, ["fill"], json.dumps(_told(size, pages))))
    with serving("wsgi:application", ready="/catalogue/", settings=environment, python=python, at=CODE) as server:
        yield Shop(server, made["products"], made["baskets"], made["sessions"], environment, python)


def _database(url: str, folder: Path) -> dict[str, Any]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "shop.sqlite")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parsed.database,
        "USER": parsed.username or "",
        "PASSWORD": parsed.password or "",
        "HOST": parsed.host or parsed.query.get("host", ""),
        "PORT": str(parsed.port or ""),
        "CONN_MAX_AGE": 60,
    }


def _told(size: Size, pages: int) -> dict[str, Any]:
    said = list(documents(size.offers))
    world = World(size, ("any",), (), "", today=datetime.now(UTC).date())
    return {
        "people": size.people,
        "signed in": PLEDGERS,
        "pages": pages,
        "categories": sorted({it.category_name for it in said}),
        "products": [
            {
                "title": it.title,
                "description": it.description,
                "category": it.category_name,
                "pence": it.hourly or 1_000,
            }
            for it in said
        ],
        "reviews": [
            {"product": it.offer, "person": it.person, "stars": it.stars, "words": words} for it, words in world.said()
        ],
    }


def _run(python: Path, environment: dict[str, str], arguments: list[str], told: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    done = subprocess.run(  # noqa: S603 - our own program
        [str(python), "filling.py", *arguments],
        input=told,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CODE,
        env=kept | environment,
        check=True,
    )
    return done.stdout
