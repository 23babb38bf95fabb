"""A test client that refuses to return a bad page."""

import re

import html5lib
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

BANNED = re.compile(
    r"service users?\b|\bsuccessfully\b|\bclick here\b|\boops\b|\bplease note\b|suffers? from", re.IGNORECASE
)


# What differs between two drawings of one page: nonces, tokens and keys. None of it changes what `look_at` finds.
ONCE_ONLY = re.compile(r'(nonce|value)="[\w.-]{16,}"')
_seen = set()


class CarefulClient(FlaskClient):
    """Fetches pages as a browser would, and looks at each as a strict reader would."""

    def open(self, *args, **kwargs):
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 307, 308}:
            html = response.get_data(as_text=True)
            mark = hash((ONCE_ONLY.sub("", html), "Content-Security-Policy" in response.headers))
            if mark not in _seen:
                look_at(html, response.headers)
                _seen.add(mark)
        return response

    def fill_in(self, url, **answers):
        """Open a page, fill in its form and send it, as a person would. CSRF stays on."""
        page = BeautifulSoup(self.get(url).text, "html.parser")
        form = page.select_one("main form[method=post]:not(.button-form)")
        assert form, f"{url} has no form to fill in"
        hidden = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]")}
        return self.post(form.get("action") or url, data=hidden | answers)

    def press(self, url, button):
        """Open a page and press one of its buttons, by its words."""
        page = BeautifulSoup(self.get(url).text, "html.parser")
        for form in page.select("form[method=post]"):
            pressed = form.select_one("button")
            if pressed and pressed.get_text(" ", strip=True) == button:
                hidden = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]")}
                return self.post(form.get("action") or url, data=hidden)
        raise AssertionError(f"{url} has no button that says {button!r}")


def look_at(html, headers):
    """Fail on anything in a page that a strict reader, or a screen reader, would stumble over."""
    html5lib.HTMLParser(strict=True).parse(html)
    page = BeautifulSoup(html, "html.parser")
    assert len(page.select("h1")) == 1, "a page has exactly one h1"
    assert page.title, "a page has a title"
    assert page.title.get_text(strip=True), "a title has words"
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), f"an id is used once: {sorted(i for i in ids if ids.count(i) > 1)}"
    for form in page.select("form[method=post]"):
        assert form.select_one("input[name=csrf_token]"), "a form that posts carries a CSRF token"
    labelled = {label.get("for") for label in page.find_all("label")}
    for control in page.select("input:not([type=hidden]):not([type=submit]), select, textarea"):
        assert control.get("aria-label") or control.get("id", "") in labelled, f"{control} has a label"
    for image in page.select("img"):
        assert image.has_attr("alt"), f"{image} has words"
    for script in page.select("script:not([src])"):
        data_block = script.get("type") in {"application/ld+json", "application/json"}
        assert data_block or script.get("nonce"), "a script of ours carries the nonce"
    assert not page.select("[style]"), "the policy forbids style attributes: use a class"
    assert not page.select("[onclick], [onchange], [onsubmit]"), "no inline handlers"
    assert "Content-Security-Policy" in headers, "every page has its policy"
    main = page.select_one("main")
    assert main, "a page has a main part"
    words = main.get_text(" ", strip=True)
    assert not BANNED.search(words), f"say it another way: {BANNED.search(words)}"
