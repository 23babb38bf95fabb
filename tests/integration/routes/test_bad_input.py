"""Whatever arrives, in an address or in a form, from anyone: an answer in words, and nothing changed by a refusal."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marketplace.kit.text import tidy
from tests.integration.routes import hostile
from tests.integration.routes.world import VISITORS, rules, token_of

quick = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],  # what failed is short enough to read
    suppress_health_check=list(HealthCheck),
)


def check(response, kept_changes, said):
    assert response.status_code < 500, said
    assert "Traceback" not in response.text, said
    if response.status_code >= 400:
        assert not kept_changes, f"refused, and yet it changed something: {said}"


def check_kept(response, pairs, said):
    """Look at a refused form: the summary leads to its questions, and what was typed stands in them still."""
    page = BeautifulSoup(response.text, "html.parser")
    summary = page.select_one(".govuk-error-summary")
    assert summary, said
    for link in summary.select("a"):
        name = link["href"].removeprefix("#")
        # What the page itself has put into the form is nobody's answer to correct.
        is_hidden = page.select_one(f'main input[type=hidden][name="{name}"]')
        assert is_hidden or page.find(id=name), f"{link} leads nowhere: {said}"
    for name in {name for name, _ in pairs}:
        boxes = page.select(f'main input[type=text][name="{name}"], main textarea[name="{name}"]') if name else []
        sent = [one for one_name, one in pairs if one_name == name]
        for box, one in zip(boxes, sent, strict=False):
            if isinstance(one, str):
                shown = box.get("value", "") if box.name == "input" else box.get_text()
                assert shown.split() == tidy(one).split(), f"{name} was not kept: {said}"


@pytest.mark.parametrize("name", VISITORS)
def test_no_address_breaks_a_page(app, world, visit, kept_changes, name):
    client, _viewer = visit(name)

    @quick
    @given(st.data())
    def ask(data):
        for rule in rules(app, "GET"):
            url = world.url(app, rule) + "?" + data.draw(hostile.queries)
            kept_changes.clear()
            check(client.get(url), kept_changes, url)

    ask()


@pytest.mark.parametrize("name", VISITORS)
def test_no_form_breaks_on_what_is_sent(app, world, visit, connection, kept_changes, name):
    @quick
    @given(st.data())
    def send(data):
        for rule in rules(app, "POST"):
            client, _viewer = visit(name)
            url = world.url(app, rule)
            page = client.get(url) if "GET" in rule.methods else None
            asked = hostile.controls(page.text, url) if page is not None and page.status_code == 200 else None
            pairs, files = data.draw(hostile.answers(asked or ()))
            said = f"{name} sent {str(pairs)[:1000]} and the files {files} to {url}"
            before = connection.begin_nested()
            token = token_of(client)
            kept_changes.clear()
            response = hostile.post(client, url, token, pairs, files)
            check(response, kept_changes, said)
            if response.status_code == 422:
                check_kept(response, [pair for pair in pairs if pair[0] not in files], said)
            before.rollback()

    send()
