"""A browser just good enough to sign in, with the second proof where one is asked for, and to read a form's token."""

from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

import pyotp
from bs4 import BeautifulSoup

from benchmarks.serving.dice import PASSWORD, email
from benchmarks.serving.servers import HOST


class Browser:
    """Keeps cookies. Comes through a proxy, from an address of its own."""

    def __init__(self, port: int, number: int) -> None:
        self._port, self._from = port, f"10.9.{number // 250}.{number % 250 + 1}"
        self._jar: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._jar.items())

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return the address that the browser ends at, and its page."""
        for _ in range(6):
            connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
            headers = {
                "Host": HOST,
                "X-Forwarded-For": self._from,
                "X-Forwarded-Proto": "https",
                "Cookie": self.cookie,
                "Referer": f"https://{HOST}/",
            }
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("GET" if form is None else "POST", path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            page = answer.read().decode(errors="replace")
            for said in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = said.partition(";")[0].partition("=")
                self._jar[name] = value
            connection.close()
            if answer.status not in {302, 303}:
                if answer.status != 200:
                    raise RuntimeError(f"{path} answered {answer.status}")
                return path, page
            to = urlsplit(urljoin(f"https://{HOST}{path}", answer.headers["Location"]))
            path, form = f"{to.path}?{to.query}" if to.query else to.path, None
        raise RuntimeError(f"{path} leads round and round")

    def send(self, path: str, page: str, **answers: str) -> tuple[str, str]:
        """Send the form of a page that has these fields, with whatever else is in it."""
        form = next(
            it for it in BeautifulSoup(page, "lxml").select("form") if it.find(attrs={"name": next(iter(answers))})
        )
        hidden = {it["name"]: it.get("value", "") for it in form.select("input[type=hidden][name]")}
        return self.open(str(form.get("action") or path), hidden | answers)

    def token(self, path: str) -> str:
        """Return what a page's form proves with that it was opened in this browser."""
        _path, page = self.open(path)
        field = BeautifulSoup(page, "lxml").select_one("input[name=csrf_token]")
        if field is None:
            raise RuntimeError(f"there is no form at {path}")
        return str(field["value"])


def signed_in(port: int, number: int) -> Browser:
    """Return the browser of one of the people, signed in."""
    browser = Browser(port, number)
    path, page = browser.open("/accounts/sign-in")
    path, page = browser.send(path, page, email=email(number), password=PASSWORD)
    if "sign-in" in path:
        raise RuntimeError(f"{email(number)} was not let in")
    return browser


def proved(port: int, number: int) -> Browser:
    """Return the browser of somebody of whom a second proof is asked: they set up an app that makes codes."""
    browser = signed_in(port, number)
    path, page = browser.open("/accounts/phone/set-up")
    key = BeautifulSoup(page, "lxml").select_one(".code-key strong")
    if key is None:
        raise RuntimeError(f"{path} shows no key for an app")
    browser.send(path, page, code=pyotp.TOTP(key.get_text().replace(" ", "")).now())
    return browser
