"""What may arrive in place of an answer, and how to send it. Bytes stand for what is no text at all."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from tests import pages

WORDS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\x01\x1b[31m",
    "\ufffe\uffff",
    "\ue000",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    "👩🏽‍🦽",
    "\u202egnirts\u200f",
    "\u200b",
    "\u0958" * 80,  # which Unicode takes for two characters each
    "ﷺ" * 100,
    "x" * 10_000,
    "word " * 4_000,
    "one\r\ntwo\ttwo\u2028three",
    "'; DROP TABLE offer; --",
    '" OR 1=1',
    "title: a AND NOT NEAR(b c) OR * ^",
    "((((",
    "a:b & !c | <-> :*",
    "%_\\",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "../../etc/passwd",
    "//evil.example",
    "a\r\nSet-Cookie: a=b",
    "[]",
    "null",
)
NUMBERS = (
    "-1",
    "0",
    "-0",
    "9999",
    "2147483648",
    "9223372036854775808",
    "9" * 400,
    "9" * 5_000,
    "1_000",
    "0x10",
    "1.005",
    "١٢",
    "£١٢",
    "²",
    "1e30",
    "1e999",
    "1e999999",
    "NaN",
    "sNaN",
    "Infinity",
    "£",
)
PLACES = ("M33", "M33 7ZF", "ZZ99 9ZZ", "EH1 1AA", "London", "M33 7ZF" * 50)
DAYS = (
    ("31", "2", "2027"),
    ("31/2", "", ""),
    ("0", "0", "0"),
    ("99999999", "1", "1"),
    ("1", "1", "10000"),
    ("31", "12", "9999"),
    ("1", "1", "1"),
    ("-1", "-1", "-1"),
    ("9" * 5_000, "1", "2027"),
    ("١", "٢", "٢٠٢٧"),  # noqa: RUF001  (figures of another script)
    ("a", "\0", "👩🏽‍🦽"),
    ("1",),
    ("1", "1", "2027", "1", "2027"),
)
ANYTHING = WORDS + NUMBERS + PLACES
PARAMETERS = (
    "q", "near", "within", "kind", "category", "cost", "sort", "page", "quarter", "offers", "reports", "provider",
    "access", "day", "part", "pay", "check", "price", "rated", "by", "space", "group",
    "search", "per_page", "modified_after", "taxonomy_term_id", "postcode", "proximity", "start_time", "council",
    "next", "care", "asked", "answer", "listing", "q[]", "near[0]", "constructor", "",
)  # fmt: skip


def query(pairs):
    """Return an address's query string."""
    return urlencode(pairs, quote_via=quote)


queries = st.lists(st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(ANYTHING)), max_size=5).map(query)


@dataclass(frozen=True)
class Control:
    """One question of a form, and an answer that may pass. A day has three boxes, and so three answers."""

    name: str
    kind: str
    answer: tuple[str, ...]


PASSING = {
    "email": "somebody@example.org",
    "password": "three words in a row",
    "place": "M33 7ZF",
    "amount": "5",
    "group_amount": "4",
    "group_from": "3",
    "quantity": "3",
    "days": "14",
    "minimum_people": "3",
    "staff_fte": "2",
    "board_share": "80",
    "travels_miles": "4",
    "website": "www.example.org",
    "council": "Trafford",
    "agreed_pence": "4350",
}


def controls(page, url):
    """Return every question that a page's form asks, and what it hides; or None if it has no form of its own."""
    form = pages.form(pages.read(page))
    if form is None or (form.get("action") or url) != url:
        return None
    found = {}
    for tag in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = tag.get("name"), tag.get("type", tag.tag)
        if name in {"csrf_token", "submit"}:
            continue
        if name in found and kind == "text":
            found[name] = Control(name, "day", ("6", "10", "2026"))
        elif name not in found:
            found[name] = Control(name, kind, (_answer(tag, name, kind),))
    return list(found.values())


def _answer(tag, name, kind):
    if kind in {"radio", "checkbox", "hidden"}:
        return tag.get("value", "")
    if kind == "select":
        return [option.get("value", "") for option in tag.iter("option")][-1]
    return PASSING.get(name, tag.get("value") or tag.text_content().strip() or "Something long enough to say.")


@st.composite
def answers(draw, asked):
    """Draw what is sent for a form: mostly what may pass, with one or two answers that may not, and some files."""
    sent = [(control.name, one) for control in asked for one in control.answer]
    files = []
    for control in draw(st.lists(st.sampled_from(asked), min_size=1, max_size=2)) if asked else ():
        others = [(name, one) for name, one in sent if name != control.name]
        harm = draw(st.sampled_from(("other", "other", "other", "dropped", "repeated", "file")))
        if harm == "file":
            sent = others
            files.append(control.name)
        elif harm == "dropped":
            sent = others
        elif control.kind == "day":
            sent = others + [(control.name, box) for box in draw(st.sampled_from(DAYS))]
        else:
            bad = draw(st.sampled_from(NUMBERS if draw(st.booleans()) else ANYTHING))
            kept = [(control.name, one) for one in control.answer] if harm == "repeated" else []
            sent = [*others, (control.name, bad), *kept]
    extra = draw(st.sampled_from(((), (("is_admin", "1"),), (("id", "\0"), ("csrf_token", "again")), (("", "x"),))))
    return [*sent, *extra], files


def post(client, url, token, pairs, files=()):
    """Send a form with a good token, and with whatever else."""
    pairs = [("csrf_token", token), *pairs]
    if not files:
        body = urlencode(pairs, quote_via=quote)
        return client.post(url, data=body, content_type="application/x-www-form-urlencoded")
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value.decode("latin-1") if isinstance(value, bytes) else value)
    for name in files:
        data[name] = [(BytesIO(b"\x89PNG\0"), "picture.png")]
    return client.post(url, data=data, content_type="multipart/form-data")
