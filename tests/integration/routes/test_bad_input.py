"""Whatever arrives, in an address or in a form, from anyone: an answer in words, and nothing changed by a refusal."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marketplace.kit.text import tidy
from tests import pages
from tests.integration.routes import hostile
from tests.integration.routes.test_every_route import OWN
from tests.integration.routes.world import rules, token_of

# Databases differ in what they make of odd characters and numbers, not in who sent them.
KINDS = (
    "anyone",
    "ada",
    *(pytest.param(name, marks=pytest.mark.once) for name in ("provider", "moderator", "commissioner", "operator")),
)

FIRST = ("anyone", "ada")
"""Whoever tries every address. What others may open besides is tried by those."""

quick = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=2,
    phases=[Phase.generate],  # what failed is short enough to read
    suppress_health_check=list(HealthCheck),
)


def theirs(app, name, viewer, method):
    """Return the addresses to try as somebody: for most visitors only those that are open to few others."""
    for rule in rules(app, method):
        permission = app.view_functions[rule.endpoint].access.permission
        if name in FIRST or name in OWN.get(rule.endpoint, ()) or (permission and viewer.may(permission)):
            yield rule


def check(response, kept_changes, said):
    # Whether the site is ready is told by a 503 with sentences: nobody has indexed this world.
    assert response.status_code < 500 or response.request.path == "/health/ready", said
    assert b"Traceback" not in response.data, said
    if response.status_code >= 400:
        assert not kept_changes, f"refused, and yet it changed something: {said}"


def check_kept(response, pairs, said):
    """Look at a refused form: its summary leads to its questions in their order, and what was typed stands there."""
    page = pages.read(response.text)
    summary = page.find_class("govuk-error-summary")
    assert summary, said
    # What the page itself has put into the form is nobody's answer to correct.
    places = [*page.xpath("//@id"), *page.xpath("//main//input[@type='hidden']/@name")]
    leads_to = [href.removeprefix("#") for href in summary[0].xpath(".//a/@href")]
    assert set(leads_to) <= set(places), f"{leads_to} leads nowhere: {said}"
    assert leads_to == sorted(leads_to, key=places.index), f"the page asks in another order: {said}"
    boxes = page.xpath("//main//input[@type='text'] | //main//textarea")
    for name in {name for name, _ in pairs if name}:
        sent = [one for one_name, one in pairs if one_name == name]
        for box, one in zip((box for box in boxes if box.get("name") == name), sent, strict=False):
            if isinstance(one, str):
                shown = box.get("value", "") if box.tag == "input" else box.text_content()
                assert shown.split() == tidy(one).split(), f"{name} was not kept: {said}"


def form_of(app, world, client, rule):
    """Return where a form is sent, what it asks, and a good token for it."""
    url = world.url(app, rule)
    page = client.get(url) if "GET" in rule.methods else None
    asked = hostile.controls(page.text, url) if page is not None and page.status_code == 200 else None
    return url, asked, token_of(client, page if asked is not None else None)


@pytest.mark.parametrize("name", KINDS)
def test_no_address_breaks_a_page(app, world, visit, kept_changes, name):
    client, viewer = visit(name)
    tried = list(theirs(app, name, viewer, "GET"))

    @quick
    @given(st.data())
    def ask(data):
        for rule in tried:
            url = world.url(app, rule) + "?" + data.draw(hostile.queries)
            kept_changes.clear()
            check(client.get(url), kept_changes, url)

    ask()


def test_no_word_breaks_a_search_or_a_path(client, kept_changes):
    for word in hostile.ANYTHING:
        query = hostile.query([(parameter, word) for parameter in hostile.PARAMETERS])
        for path in ("/offers", "/pools", "/accounts/sign-in"):
            check(client.get(f"{path}?{query}"), kept_changes, f"{path}?{query}")
        # The feed refuses the first thing that it cannot read, so each is asked by itself.
        for parameter in hostile.PARAMETERS:
            path = f"/open-referral/service_at_locations?{hostile.query([(parameter, word)])}"
            check(client.get(path), kept_changes, path)
        part = quote(word, safe="") or "%00"
        for path in ("/", "/offers/", "/static/", "/accounts/confirm/", "/accounts/reset/", "/moderation/report/"):
            check(client.get(path + part), kept_changes, path + part)


def test_no_word_breaks_an_export(world, visit, kept_changes):
    client, _viewer = visit("commissioner")
    for word in hostile.ANYTHING:
        part = quote(word, safe="") or "%00"
        for path in (
            f"/demand/files/demand-{part}-2026-q1.csv",
            f"/demand/files/demand-E08000009-{part}.csv",
            f"/demand?quarter={part}",
        ):
            response = client.get(path)
            check(response, kept_changes, path)
            # 308: to the same address with one slash for several.
            assert response.status_code in {308, 404}, path


@pytest.mark.parametrize("name", KINDS)
def test_no_form_breaks_on_what_is_sent(app, world, visit, connection, kept_changes, name):
    # Nothing that is sent is kept, so forms stay as they were opened, each in a browser of its own.
    forms = []
    _client, viewer = visit(name)
    for rule in theirs(app, name, viewer, "POST"):
        client, _viewer = visit(name)
        forms.append((client, *form_of(app, world, client, rule), client.get_cookie("session").value))

    @quick
    @given(st.data())
    def send(data):
        for client, url, asked, token, cookie in forms:
            client.set_cookie("session", cookie)
            pairs, files = data.draw(hostile.answers(asked or ()))
            said = f"{name} sent {str(pairs)[:1000]} and the files {files} to {url}"
            before = connection.begin_nested()
            kept_changes.clear()
            try:
                with hostile.post(client, url, token, pairs, files) as response:
                    check(response, kept_changes, said)
                    if response.status_code == 422:
                        check_kept(response, [pair for pair in pairs if pair[0] not in files], said)
            finally:
                before.rollback()

    send()


@pytest.mark.once
@pytest.mark.parametrize("name", KINDS)
def test_every_expired_form_comes_back_with_what_was_typed_and_what_is_missing(app, world, visit, kept_changes, name):
    _client, viewer = visit(name)
    for rule in theirs(app, name, viewer, "POST"):
        client, _viewer = visit(name)
        url, asked, _token = form_of(app, world, client, rule)
        if asked is None:
            continue
        kept_changes.clear()
        pairs = [(control.name, one) for control in asked for one in control.answer]
        response = hostile.post(client, url, "stale", pairs)
        assert response.status_code == 422, url
        assert "This page was open for a long time" in response.text, url
        check(response, kept_changes, url)
        check_kept(response, pairs, url)
        # Nobody has answered anything: it lists all that is missing.
        hidden = [(control.name, *control.answer) for control in asked if control.kind == "hidden"]
        check_kept(hostile.post(client, url, "stale", hidden), hidden, url)
