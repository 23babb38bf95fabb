"""
How old somebody is who reads our pages, letters, errors and papers with ease: each on its own, the hardest first.

The demo town is walked by a stranger and by each of the people one can be there, and the words of each page are graded
by four formulas. So are the files that words come from: templates in every state, and the code that holds hints, errors
and letters, and the papers. The bar is a reading age of 11, and no sentence of more than 25 words. What stays over it
stands in benchmarks/plain/over.yaml with its reason; a reason that is missing, or no longer needed, is a problem, and
then the exit status is 1. DATABASE_URL says where the demo town is, if not in var. BENCH_LIST=1 prints every sentence
of more than 25 words.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._demo_town import bring_to_head, is_typed, pages, people, typed
from benchmarks.plain.bar import Reading, allowed, problems_of, reading_of
from benchmarks.plain.texts import sentences_by_file, sentences_in_paper, sentences_on
from marketplace.app import create_app
from marketplace.config import load_config
from marketplace.kit.languages.catalogues import gather

NOT_OURS = ("web/design/", "govuk_frontend", "migrations/", "kit/stationery/")
"""Files whose words are examples, others’, or names alone."""
_SHOWN = 3
"""Sentences of each page that is near the bar."""
_NEAR = 10.5


def run() -> dict[str, Any]:
    own = load_config().database_url.removeprefix("sqlite:///")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copy(own, f'{folder}/reading.sqlite')}"
        bring_to_head(url)
        app = create_app(load_config(env="development", database_url=url, mail_folder=Path(folder), keep_pages_mb=0))
        readings = [reading_of(where, said) for where, said in _on_pages(app).items()]
        said = sentences_by_file(gather(app), NOT_OURS)
        app.extensions["engine"].dispose()
    papers = {str(path.relative_to("marketplace")): path.read_text() for path in Path("marketplace").rglob("*.typ")}
    said |= {name: sentences_in_paper(text) for name, text in papers.items()}
    readings += [reading_of(where, sentences) for where, sentences in said.items()]
    readings.sort(key=lambda one: (-one.grades.age, one.where))
    if os.environ.get("BENCH_LIST"):
        print("\n".join(f"{one.where}: {sentence}" for one in readings for sentence in one.long))
    reasons = allowed()
    figures: dict[str, Any] = {
        one.where: _figures(one, reasons.get(one.where, "")) for one in readings if one.is_graded
    }
    return figures | {"problems": problems_of(readings, reasons)}


def _on_pages(app: Any) -> dict[str, list[str]]:
    """Return what each page says, to whoever sees most of it."""
    town, said = typed(app), dict[str, list[str]]()
    for who in ("", *people(app)):
        for kind, answer in pages(app, who, "en", ("/", "/accounts/me")):
            found = sentences_on(answer.text, lambda words: is_typed(words, town))
            said[f"page {kind}"] = max(said.get(f"page {kind}", []), found, key=len)
    return said


def _figures(one: Reading, reason: str) -> dict[str, Any]:
    grades = one.grades
    figures: dict[str, Any] = {
        "age": grades.age,
        "Flesch-Kincaid": grades.flesch_kincaid,
        "fog": grades.fog,
        "SMOG": grades.smog,
        "ARI": grades.ari,
        "words": grades.words,
    }
    if reason:
        figures["may be hard"] = reason
    if grades.age >= _NEAR or one.long:
        figures |= {f"hard {number}": words for number, words in enumerate(one.hardest[:_SHOWN], 1)}
    return figures
