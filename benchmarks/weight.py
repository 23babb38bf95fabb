"""
How many bytes the main pages bring to a browser: on a first visit with all they need, and afterwards alone.

A page and whatever it names (style sheets, scripts, typefaces, pictures) is asked for as a browser asks, with brotli
and gzip, of a site with a small town on SQLite. What style sheets name counts too. Wanted: under 60 KB on a first
visit, and 15 KB after it. BENCH_OFFERS says how large the town is.
"""

import gzip
import os
import re
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
from bs4 import BeautifulSoup

from benchmarks.serving.browsing import Browser, proved, signed_in
from benchmarks.serving.dice import Size, id_of
from benchmarks.serving.servers import HOST, serving
from benchmarks.serving.writing import build

FIRST, AFTER = 60_000, 15_000
OFFERS = "600"
_NAMED = re.compile(r"""url\(["']?([^"')]+)["']?\)""")


def run() -> dict[str, Any]:
    offers = int(os.environ.get("BENCH_OFFERS", OFFERS))
    size = Size(offers, offers * 5, max(offers, 400), 60)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/weight.sqlite"
        build(url, size)
        with serving("wsgi:app", ready="/health/live", settings={"DATABASE_URL": url}) as site:
            somebody = signed_in(site.port, 0)
            pages: dict[str, tuple[str, Browser | None]] = {
                "home": ("/", None),
                "results": ("/offers?q=garden&near=M33", None),
                "offer": (f"/offers/{_rated(site.port)}", None),
                "reviews": (f"/reviews/about/{_rated(site.port)}", None),
                "pools": ("/pools", None),
                "pool": (f"/pools/{id_of('pool', 0)}", None),
                "figures": ("/demand", proved(site.port, size.people - 1)),
                "sign in": ("/accounts/sign-in", None),
                "my account": ("/accounts/me", somebody),
                "my budgets": ("/budgets", somebody),
                "pledge": (f"/pools/{id_of('pool', 0)}/pledge", somebody),
                "help": ("/help", None),
            }
            return {name: _weight(site.port, path, who) for name, (path, who) in pages.items()}


def _rated(port: int) -> str:
    """Return the offer that stands first in a full page of results."""
    page = BeautifulSoup(_unpacked(*_asked(port, "/offers?q=garden&near=M33", "")), "lxml")
    return str(page.select_one(".card a[href^='/offers/']")["href"]).split("/")[2].partition("?")[0]  # type: ignore[index]


def _weight(port: int, path: str, who: Browser | None) -> dict[str, Any]:
    cookie = who.cookie if who else ""
    sent, encoding = _asked(port, path, cookie)
    page = BeautifulSoup(_unpacked(sent, encoding), "lxml")
    wanted = [str(it["href"]) for it in page.select("link[href]") if _is_fetched(it.get("rel") or [])]
    wanted += [str(it["src"]) for it in page.select("script[src], img[src]") if it.get("loading") != "lazy"]
    fetched: dict[str, int] = {}
    while wanted:
        address = urlsplit(urljoin(path, wanted.pop())).path
        if address in fetched or address.startswith("data:"):
            continue
        body, packed = _asked(port, address, cookie)
        fetched[address] = len(body)
        if address.endswith(".css"):
            named = _NAMED.findall(_unpacked(body, packed).decode())
            # Of several faces a browser takes what it needs: the first of each sheet, as ours are cut.
            wanted += [urljoin(address, it) for it in named if not it.startswith("data:")]
    first, after = len(sent) + sum(fetched.values()), len(sent)
    return {
        "first visit, bytes": first,
        "after it, bytes": after,
        "is within": "yes" if first < FIRST and after < AFTER else "NO",
        **{f"with {Path(name).name}": size for name, size in sorted(fetched.items(), key=lambda it: -it[1])[:4]},
    }


def _is_fetched(rel: Any) -> bool:
    return bool({"stylesheet", "preload", "icon", "modulepreload", "manifest"} & set(rel))


def _asked(port: int, path: str, cookie: str) -> tuple[bytes, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Host": HOST,
        "X-Forwarded-For": "10.1.1.1",
        "X-Forwarded-Proto": "https",
        "Accept-Encoding": "br, gzip",
        "Cookie": cookie,
    }
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body, answer.headers.get("Content-Encoding", "")


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.decompress(body))
    if encoding == "gzip":
        return gzip.decompress(body)
    return body
