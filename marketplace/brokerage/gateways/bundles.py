"""All of a plan in one file to keep: a page that opens in any browser, its data, and every picture and recording."""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO

from markupsafe import Markup, escape

from marketplace.kit.said import day

_STYLE = (
    "body{font:1.2em/1.5 'Atkinson Hyperlegible Next',Verdana,sans-serif;max-width:40em;margin:2em auto;padding:0 1em;"
    "color:#1b2733;background:#fffaf2}img,video{max-width:100%}h2{margin-top:2em}li{margin-bottom:.5em}"
)


def write_bundle(
    into: IO[bytes],
    *,
    page: str,
    taken: Mapping[str, object],
    files: Iterable[tuple[str, bytes]],
) -> None:
    """Write a ZIP with the page, the data as JSON, and the files, each read only when its turn comes."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("plan.html", page)
        bundle.writestr("plan.json", as_json(taken))
        for name, contents in files:
            # Pictures and recordings are squeezed already.
            bundle.writestr(f"files/{name}", contents, compress_type=zipfile.ZIP_STORED)


def as_json(taken: Mapping[str, object]) -> str:
    """Return the data of a plan as a person can read it too."""
    return json.dumps(taken, ensure_ascii=False, indent=2) + "\n"


def as_page(
    *, title: str, made_at: datetime, sections: Sequence[tuple[str, Sequence[str]]], files: Sequence[tuple[str, str]]
) -> str:
    """Return a plan as one page that needs nothing else: headings, words, and the files beside it by what they show."""
    told = Markup("").join(
        Markup("<h2>{}</h2>").format(heading) + Markup("").join(_paragraph(words) for words in said)
        for heading, said in sections
        if said
    )
    if files:
        told += Markup("<h2>Pictures, sounds and papers</h2><ul>")
        told += Markup("").join(_file(name, words) for name, words in files) + Markup("</ul>")
    return Markup(
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        "<body><h1>{title}</h1><p>As it was on {day}.</p>{told}</body></html>"
    ).format(title=title, style=Markup(_STYLE), day=day(made_at), told=told)  # noqa: S704  (our own words)


def _paragraph(words: str) -> Markup:
    return Markup("<p>") + Markup("<br>").join(escape(line) for line in words.split("\n")) + Markup("</p>")


def _file(name: str, words: str) -> Markup:
    if name.endswith(".jpg"):
        return Markup('<li><img src="files/{}" alt="{}"><br>{}</li>').format(name, words, words)
    return Markup('<li><a href="files/{}">{}</a></li>').format(name, words or name)
