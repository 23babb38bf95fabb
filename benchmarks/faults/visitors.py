"""A browser that speaks to a site over HTTP: it fills in forms, and writes down what it was promised."""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests import pages

PATIENCE = 40
MOVED = {302, 303}
AWAY = {502, 503, 504}


class NoAnswerError(Exception):
    """Nobody can say whether what was asked for was done."""


class NotTakenError(Exception):
    """The site said that it did not do it."""


@dataclass
class Journal:
    """What the site promised to keep, written down outside it, each line as soon as it was promised."""

    path: Path
    promised: list[dict[str, Any]] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0
    answered_at: float = 0
    kept_at: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def promise(self, kind: str, **what: Any) -> None:
        with self._lock:
            line = {"kind": kind, "at": time.time()} | what
            self.promised.append(line)
            self.kept_at = time.monotonic()
            with self.path.open("a") as book:
                book.write(json.dumps(line, default=str) + "\n")

    def note(self, method: str, path: str, status: int | None, *, took: float, page: str) -> None:
        with self._lock:
            self.said[
                "no answer" if status is None else f"{status // 100}xx" if status not in AWAY else str(status)
            ] += 1
            self.slowest = max(self.slowest, took)
            if status is not None and status < 500:
                self.answered_at = time.monotonic()
            if status == 500 or "Traceback (most recent call last)" in page:
                self.wrong.append(f"{method} {path}: {status}")


@dataclass
class Answer:
    """A page, or where to go instead."""

    status: int
    text: str
    location: str


class Browser:
    """One visitor: an address of their own, and cookies."""

    def __init__(self, port: int, journal: Journal) -> None:
        self.port, self.journal = port, journal
        self.cookies: dict[str, str] = {}
        self.address = f"10.{random.randint(1, 250)}.{random.randint(0, 250)}.{random.randint(1, 250)}"  # noqa: S311

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, said: dict[str, Any]) -> Answer:
        return self._ask("POST", path, urlencode(said, doseq=True))

    def fill_in(self, path: str, **answers: Any) -> Answer:
        """Open a page, fill its form in and send it. Whoever is led elsewhere, or not let in, has not sent it."""
        page = self.get(path)
        form = pages.form(pages.read(page.text)) if page.status == 200 else None
        if form is None:
            raise NotTakenError(f"{path} shows no form: {page.status} {page.location}")
        return self.post(form.get("action") or path, as_it_stands(form) | answers)

    def press(self, path: str, action: str) -> Answer:
        """Open a page and press the button whose form goes to an address."""
        page = self.get(path)
        for form in pages.read(page.text).xpath("//form[@method='post']") if page.status == 200 else ():
            if (form.get("action") or "").partition("?")[0] == action:
                return self.post(action, pages.hidden(form))
        raise NotTakenError(f"{path} has no button for {action}: {page.status} {page.location}")

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        begun = time.monotonic()
        status, text = None, ""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {
                "X-Forwarded-For": self.address,
                "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            }
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode(errors="replace")
            for line in answer.headers.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            location = answer.headers.get("Location") or ""
            if location.startswith("http"):
                parts = urlsplit(location)
                location = parts.path + (f"?{parts.query}" if parts.query else "")
        except (OSError, HTTPException) as error:
            raise NoAnswerError(type(error).__name__) from error
        else:
            return Answer(status, text, location)
        finally:
            connection.close()
            self.journal.note(method, path, status, took=time.monotonic() - begun, page=text)


def as_it_stands(form: Any) -> dict[str, str]:
    """Return what a form would send if nobody changed anything in it. Of radios without an answer, the first."""
    said = pages.hidden(form)
    for box in form.xpath(".//input[@type='text'] | .//input[not(@type)]"):
        said.setdefault(box.get("name"), box.get("value") or "")
    for box in form.xpath(".//textarea"):
        said.setdefault(box.get("name"), box.text or "")
    for box in form.xpath(".//input[@type='radio'][@checked]") + form.xpath(".//input[@type='radio']"):
        said.setdefault(box.get("name"), box.get("value") or "")
    return said


def taken(answer: Answer, *, by: set[int] = MOVED) -> Answer:
    """
    Return an answer that says that it was done.

    :raises NotTakenError: if it says anything else.
    """
    if answer.status not in by:
        raise NotTakenError(f"{answer.status}: {refusal(answer.text)}")
    return answer


def refusal(text: str) -> str:
    page = pages.read(text) if text.strip() else None
    found = page.xpath("//*[contains(@class,'error-summary')] | //h1") if page is not None else ()
    return pages.words(found[0])[:160] if found else ""
