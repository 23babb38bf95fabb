"""What to send next: to which page, as whom, with which answers, and what is wrong with it. All from one seed."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from tests import pages
from tests.integration.routes import hostile
from tests.integration.routes.test_every_route import OWN
from tests.integration.routes.world import TOKEN, VISITORS

MOST_FORMS = 3_000
HUGE = 10 * 1024 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", "")
TYPES = (
    "application/json", "application/xml", "text/plain", "text/plain; charset=utf-16", "text/plain; charset=nonsense",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-7", "application/octet-stream", "image/svg+xml", "/", "\u00e9", "",
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"null", b'{"a": 1e999}', b"[" * 5_000, b'{"email": {"$gt": ""}}',
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"--x\r\n", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
    b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--",
    b"a=%ff%fe&b=%", b"&&&==&", b"a" * 70_000, b"\xff\xfe\x00", b"csrf_token=1;x=2",
)  # fmt: skip
FILES = (
    b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\0", b"GIF89a" + b"\0" * 20, b"%PDF-1.7\n%%EOF",
    b"\xff\xd8\xff\xe0" + b"\0" * 64, b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90",
    b"PK\x03\x04" + b"\0" * 40, b"\x1a\x45\xdf\xa3",
    b"\0\0\0\x18ftypmp42" + b"\0" * 64, b"RIFF\0\0\0\0WAVEfmt ", b"OggS" + b"\xff" * 100, b"ID3" + b"\x7f" * 100,
    b"a,b\n1,2\n", b"\xef\xbb\xbf=cmd()", gzip.compress(b"\0" * 100_000),
)  # fmt: skip
NAMES = (
    "a.png", "a.jpg", "a.pdf", "../../a.png", "a\0.png", "", ".", "a.php.png", "\u202egnp.exe", "\U0001f600.png",
    "x" * 300, "a.mp4", "a.csv", "con.wav", 'a"; b="c.png',
)  # fmt: skip
HEADERS = (
    ("Accept", ("", "*/*;q=nonsense", "application/json", "text/html;q=0", "x" * 3_000)),
    ("Accept-Encoding", ("", "br;q=2", "identity;q=0", "*", "gzip, br, zstd, \u00e9")),
    ("Accept-Language", ("cy", "\u0661", "en;q=-1", "x" * 1_000)),
    ("Authorization", ("", "Bearer", "Bearer " + "a" * 500, "Bearer \u00e9", "Basic !!!", "Digest a", "Bearer a.b.c")),
    ("Cookie", ("session", "session=", "=;=;=", "session=a; session=b", "\u00ff=\u00fe", "a" * 9_000)),
    ("Host", ("", "evil.example", "[::1", "a:99999", "a b", "\u00e9.example", "x" * 300)),
    ("X-Forwarded-For", ("", "not an address", "1.2.3.4, 5.6.7.8", "::ffff:1", "x" * 2_000)),
    ("X-Forwarded-Proto", ("", "https, http", "javascript")),
    ("X-Request-Id", ("", "a b", "x" * 4_000, "\u00e9", "{}", "9f1c" * 8)),
    ("X-HTTP-Method-Override", ("DELETE", "\0")),
    ("Referer", ("", "http://evil.example", "not an address", "//[", "x" * 5_000)),
    ("Origin", ("null", "http://evil.example", "")),
    ("Range", ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-" + "9" * 400, "lines=1-2", "bytes=0-1,4-5,9-9")),
    ("If-None-Match", ("*", '""', 'W/"a"', "\u00e9", '"' + "x" * 2_000)),
    ("If-Modified-Since", ("", "yesterday", "Sun, 06 Nov 99999 08:49:37 GMT", "Thu, 01 Jan 0001 00:00:00 GMT")),
    ("Content-Encoding", ("gzip", "br", "nonsense")),
    ("Transfer-Encoding", ("chunked", "identity", "gzip, chunked")),
    ("Expect", ("100-continue", "nonsense")),
    ("User-Agent", ("", "x" * 5_000, "\u00e9\u00ff", "Mozilla/5.0 (X11; Linux x86_64; rv:1.0) \U0001f600"[:40])),
    ("Content-Length", ("", "-1", "abc", "9" * 30, "1", "\u0661")),
)  # fmt: skip


@dataclass
class Asked:
    """One request, as it is sent."""

    role: str
    method: str
    path: str
    about: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    kind: str | None = None


@dataclass(frozen=True)
class Form:
    """A form that a page showed to somebody: where it is sent, what it asks, and with which token."""

    role: str
    path: str
    asked: tuple[hostile.Control, ...]
    token: str


class Drawer:
    """Draws request after request for one site, and learns forms and addresses from what it is shown."""

    def __init__(self, random, app, world, viewers):
        self.random = random
        self.viewers = viewers
        # What the world has nothing of cannot be reached.
        self.rules = [
            rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint != "static" and rule.arguments <= world.objects.keys()
        ]
        self.urls = {id(rule): world.url(app, rule) for rule in self.rules}
        self.access = {id(rule): app.view_functions[rule.endpoint].access for rule in self.rules}
        self.forms, self._places = [], {}
        self.found = []

    # ------------------------------------------------------------ what to send

    def draw(self):
        """Return the next request."""
        ways = (
            (self._form, 46), (self._page, 16), (self._path, 9), (self._headers, 8), (self._body, 9), (self._method, 5),
            (self._found, 5), (self._cookie, 2),
        )  # fmt: skip
        (way,) = self.random.choices([way for way, _ in ways], [weight for _, weight in ways])
        asked = way()
        if self.random.random() < 0.03:
            self._spoil_headers(asked)
        return asked

    def _rule(self, method=None):
        rules = [rule for rule in self.rules if method is None or method in rule.methods]
        return self.random.choice(rules)

    def _role(self, rule):
        if self.random.random() < 0.2:
            return self.random.choice(VISITORS)
        own = [name for name in VISITORS if name in OWN.get(rule.endpoint, ())]
        allowed = [name for name in VISITORS if self.access[id(rule)].allows(self.viewers[name])]
        return self.random.choice(own or allowed or VISITORS)

    def _anything(self):
        return self.random.choice(self.random.choice((hostile.WORDS, hostile.NUMBERS, hostile.ANYTHING)))

    def _query(self):
        return hostile.query(
            [
                (self.random.choice(hostile.PARAMETERS), self._anything())
                for _ in range(self.random.choice((0, 1, 1, 2, 3, 9)))
            ]
        )

    def _page(self):
        rule = self._rule("GET")
        query = self._query()
        return Asked(self._role(rule), "GET", self.urls[id(rule)] + ("?" + query if query else ""), "page")

    def _found(self):
        if not self.found:
            return self._page()
        role, path = self.random.choice(self.found)
        return Asked(role, "GET", path, "found")

    def _path(self):
        rule = self._rule()
        parts = self.urls[id(rule)].split("/")
        for place in self.random.sample(range(1, len(parts)), k=1 if len(parts) < 4 else 2):
            bad = self._anything() if self.random.random() < 0.8 else self.random.choice(parts)
            parts[place] = quote(bad[:6_000], safe="") or "%00"
        method = self.random.choice(sorted(rule.methods))
        return Asked(
            self._role(rule), method, "/".join(parts) + self.random.choice(("", "", "/", "//", "%2f..")), "path"
        )

    def _headers(self):
        asked = self.random.choice((self._page, self._form))()
        for _ in range(self.random.choice((1, 1, 2, 4))):
            self._spoil_headers(asked)
        asked.about += " headers"
        return asked

    def _spoil_headers(self, asked):
        name, values = self.random.choice(HEADERS)
        asked.headers.append((name, self.random.choice(values)))

    def _method(self):
        rule = self._rule()
        return Asked(self._role(rule), self.random.choice(METHODS), self.urls[id(rule)], "method")

    def _cookie(self):
        asked = self._page()
        asked.headers.append(("Cookie", "session=" + self.random.choice(("eyJ", "x", ".eJw", "null", ".")) * 20))
        asked.about = "cookie"
        return asked

    def _body(self):
        rule = self._rule("POST")
        asked = Asked(self._role(rule), "POST", self.urls[id(rule)], "body", kind=self.random.choice(TYPES))
        form = self._places.get((asked.role, urlsplit(asked.path).path))
        choice = self.random.random()
        if choice < 0.01:
            asked.body = b"x" * HUGE
        elif choice < 0.4 or form is None:
            asked.body = self.random.choice(BODIES)
        else:
            form = self.forms[form]
            answers = {control.name: self.random.choice((5, [], {}, None, True, "x", 1e308)) for control in form.asked}
            asked.body = json.dumps(answers).encode()
            asked.kind = "application/json"
        if form is not None and self.random.random() < 0.7:
            token = (self.forms[form] if isinstance(form, int) else form).token
            asked.headers.append(("X-CSRFToken", token))
        return asked

    def _form(self):
        if not self.forms or self.random.random() < 0.15:
            rule = self._rule("GET")
            return Asked(self._role(rule), "GET", self.urls[id(rule)], "look")
        form = self.random.choice(self.forms)
        pairs = [(control.name, one) for control in form.asked for one in control.answer]
        files = [control.name for control in form.asked if control.kind == "file"]
        pairs = [pair for pair in pairs if pair[0] not in files]
        if self.random.random() < 0.7 and form.asked:
            pairs, files = self._spoiled(form, pairs, files)
        if self.random.random() < 0.04:
            pairs.append(self.random.choice((("is_admin", "1"), ("id", "\0"), ("csrf_token", "again"), ("", "x"))))
        token = form.token if self.random.random() < 0.97 else self.random.choice(("", "stale", "\0", "x" * 5_000))
        pairs = [("csrf_token", token), *pairs]
        role = form.role if self.random.random() < 0.95 else self.random.choice(VISITORS)
        body, kind = self._written(pairs, files)
        return Asked(role, "POST", form.path, "form", body=body, kind=kind)

    def _spoiled(self, form, pairs, files):
        """Put something else in the place of one or a few answers."""
        for control in self.random.sample(form.asked, k=min(len(form.asked), self.random.choice((1, 1, 1, 2, 4)))):
            others = [(name, one) for name, one in pairs if name != control.name]
            kept = [pair for pair in pairs if pair[0] == control.name]
            harm = self.random.choice(("other", "other", "other", "other", "dropped", "repeated", "file"))
            if harm == "dropped":
                pairs, files = others, [name for name in files if name != control.name]
            elif harm == "file":
                pairs, files = others, [*files, control.name]
            elif control.kind == "day":
                pairs = others + [(control.name, box) for box in self.random.choice(hostile.DAYS)]
            else:
                pairs = [*others, (control.name, self._anything()), *(kept if harm == "repeated" else [])]
        return pairs, files

    def _written(self, pairs, files):
        if not files:
            return urlencode(pairs, quote_via=quote).encode(), "application/x-www-form-urlencoded"
        edge, lines = b"edge", []
        for name, value in pairs:
            words = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
            lines += [b"--" + edge, b'Content-Disposition: form-data; name="' + name.encode() + b'"', b"", words]
        for name in files:
            called = self.random.choice(NAMES).encode("utf-8", "surrogatepass")
            about = b'Content-Disposition: form-data; name="' + name.encode() + b'"; filename="' + called + b'"'
            kind = self.random.choice((b"image/png", b"text/html", b"video/mp4", b"nonsense", b""))
            lines += [b"--" + edge, about, b"Content-Type: " + kind, b"", self.random.choice(FILES)]
        return b"\r\n".join([*lines, b"--" + edge + b"--", b""]), "multipart/form-data; boundary=edge"

    # ------------------------------------------------------------ what it learns

    def learn(self, asked, response, body):
        """Learn addresses from where one is sent, and forms from pages."""
        location = response.headers.get("Location", "")
        if location.startswith("/") and not location.startswith("/accounts/sign-in") and len(location) < 300:
            self._keep(self.found, (asked.role, location))
        is_page = response.status_code == 200 and response.mimetype == "text/html"
        if asked.method != "GET" or not is_page or "Content-Encoding" in response.headers:
            return
        if asked.about not in {"look", "found"} and self.random.random() < 0.9:
            return
        page = body.decode()
        if not TOKEN.search(page):
            return
        for tag in pages.read(page).xpath("//form[@method='post']"):
            self._learn_form(asked, tag)

    def _learn_form(self, asked, tag):
        token = tag.xpath(".//input[@name='csrf_token']/@value")
        path = tag.get("action") or asked.path
        if not token or not path.startswith("/") or path.startswith("/accounts/sign-out"):
            return
        form = Form(asked.role, path, tuple(_controls(tag)), token[0])
        place = self._places.get((asked.role, urlsplit(path).path))
        if place is not None and self.forms[place].path == path:
            self.forms[place] = form
        elif len(self.forms) < MOST_FORMS:
            self._places[asked.role, urlsplit(path).path] = len(self.forms)
            self.forms.append(form)

    def _keep(self, kept, one):
        if len(kept) < MOST_FORMS:
            kept.append(one)
        else:
            kept[self.random.randrange(len(kept))] = one


def _controls(form):
    found = {}
    for tag in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = tag.get("name"), tag.get("type", tag.tag)
        if name in {"csrf_token", "submit"}:
            continue
        if name in found and kind == "text":
            found[name] = hostile.Control(name, "day", ("6", "10", "2026"))
        elif name not in found:
            found[name] = hostile.Control(name, kind, (hostile._answer(tag, name, kind),))  # noqa: SLF001
    return found.values()
