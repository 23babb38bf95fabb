"""
How much of what people read would be said in another language.

A copy of the demo town is walked in a made-up language, in which each word that went through a catalogue has accents:
by a stranger, and by each of the people one can be there. Each kind of page is opened once. What somebody typed, names
and figures are left out; of the rest, the share with accents counts. BENCH_LIST=1 says what is left on each page.
DATABASE_URL says where the demo town is, if not in var.
"""

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Comment, Doctype
from flask import Flask

from benchmarks._demo_town import bring_to_head, flat, is_typed, pages, people, typed
from marketplace.app import create_app
from marketplace.config import load_config
from marketplace.kit.languages.catalogues import filled_in, gather, write
from marketplace.kit.languages.language import SOURCE, file_of
from marketplace.kit.languages.made_up import CODE, made_up

_PLAIN = re.compile(r"(?<![\w./-])[A-Za-z][A-Za-z’'-]+(?:[ ,]+[A-Za-z][A-Za-z’'-]+)*(?![\w/-])")
_ACCENTED = re.compile(r"[A-Za-z]*[À-ž][A-Za-zÀ-ž’'-]*")
_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
_NAMES = re.compile(r"Clubtogether|hello@example\.org|https?://\S+|\S+@example\.org")


@dataclass
class Walk:
    """What one visitor read."""

    pages: int = 0
    said: int = 0
    left: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of words that would be said in another language."""
        plain = sum(len(words.split()) * times for words, times in self.left.items())
        return self.said / (self.said + plain)


def run() -> dict[str, Any]:
    own = load_config().database_url.removeprefix("sqlite:///")
    with tempfile.TemporaryDirectory() as folder:
        database = shutil.copy(own, f"{folder}/words.sqlite")
        bring_to_head(f"sqlite:///{database}")
        app = _in_made_up(Path(folder), f"sqlite:///{database}")
        town = typed(app)
        walks = {who or "a stranger": _walk(app, who, town) for who in ("", *people(app))}
        app.extensions["engine"].dispose()
    every = Walk(
        sum(walk.pages for walk in walks.values()),
        sum(walk.said for walk in walks.values()),
        sum((walk.left for walk in walks.values()), Counter()),
    )
    if os.environ.get("BENCH_LIST"):
        print("\n".join(f"{times:5} {words}" for words, times in every.left.most_common()))
    figures: dict[str, Any] = {
        who: {"pages": walk.pages, "words": walk.said, "share": walk.share} for who, walk in walks.items()
    }
    return figures | {"all": {"pages": every.pages, "words": every.said, "share": every.share}}


def _in_made_up(folder: Path, url: str) -> Flask:
    settings: dict[str, Any] = {"env": "development", "database_url": url, "mail_folder": folder / "mail"}
    catalog = filled_in(gather(create_app(load_config(**settings))), CODE, made_up)
    write(catalog, file_of(CODE, folder))
    return create_app(load_config(**settings, languages=f"{SOURCE},{CODE}", translations_path=folder, keep_pages_mb=0))


def _walk(app: Flask, who: str, town: tuple[str, frozenset[str]]) -> Walk:
    walk = Walk()
    for _kind, answer in pages(app, who, CODE, ("/", "/accounts/me")):
        walk.pages += 1
        for text in _texts(BeautifulSoup(answer.text, "lxml")):
            walk.said += len(_ACCENTED.findall(text))
            walk.left.update(part for part in _plain_in(text) if not is_typed(part, town))
    return walk


def _texts(page: BeautifulSoup) -> Iterator[str]:
    for one in page.find_all(string=True):
        if (
            one.parent
            and one.parent.name not in {"script", "style", "textarea"}
            and type(one) not in {Comment, Doctype}
        ):
            yield _NAMES.sub("0", flat(str(one)))
    for tag in page.select("*"):
        yield from (_NAMES.sub("0", flat(str(tag[name]))) for name in _ATTRIBUTES if tag.get(name))


def _plain_in(text: str) -> Iterator[str]:
    yield from (found[0] for found in _PLAIN.finditer(_ACCENTED.sub("0", text)))
