import uuid

import pytest
from bs4 import BeautifulSoup
from flask import flash, render_template_string

from marketplace.accounts.rules import PersonId, Role, Viewer
from marketplace.web.forms import GalleryForm
from tests.careful import look_at, read_strictly

pytestmark = pytest.mark.once

PAGE = """
{% extends "layout.html" %}
{% block title %}A page{% endblock %}
{% block content %}<h1>A page</h1>{% endblock %}
"""


@pytest.fixture
def draw(app, connection):
    """Draw a page that extends the layout, and look at it strictly."""

    def drawn(template=PAGE, path="/", **given):
        with app.test_request_context(path):
            for message in given.pop("messages", []):
                flash(message)
            html = render_template_string(template, **given)
        read_strictly(html)
        look_at(html, {"Content-Security-Policy": ""})
        return BeautifulSoup(html, "html.parser")

    return drawn


@pytest.fixture
def form(app):
    with app.test_request_context():
        yield GalleryForm(formdata=None)


def test_the_title_says_the_page_and_the_site(draw, app):
    assert draw().title.get_text() == "A page – Clubtogether"


def test_the_menu_says_where_you_are(draw):
    current = draw(path="/how-it-works").select("[aria-current]")
    assert [link.get_text() for link in current] == ["How it works"]


def test_the_menu_shows_what_the_viewer_may_do(draw):
    somebody = Viewer(person_id=PersonId(uuid.uuid4()), name="Amira", roles=frozenset(Role))
    menu = [item.get_text(strip=True) for item in draw(viewer=somebody).select("nav[aria-label=Main] li")]
    assert {"Your offers", "Arrangements", "Moderation", "Demand", "Amira", "Sign out"} <= set(menu)
    anyone = [item.get_text(strip=True) for item in draw().select("nav[aria-label=Main] li")]
    assert anyone == ["Find support", "Pools", "Shortlist", "How it works", "Sign in"]


def test_what_was_flashed_is_shown_once_and_read_out(draw):
    shown = draw(messages=["You have left this pool."]).select("[role=status]")
    assert [notice.get_text(strip=True) for notice in shown] == ["You have left this pool."]


def test_the_layout_sums_up_what_is_wrong_with_a_form(draw, form):
    form.form_errors.append("This pool closed on Tuesday.")
    form.show_mistakes({"name": "Tell us what to call you.", "starts_on": "Enter a day that is still to come."})
    page = draw(form=form)
    summary = page.select_one(".govuk-error-summary")
    assert page.title.get_text().startswith("Error: ")
    assert [li.get_text(strip=True) for li in summary.select("li")] == [
        "This pool closed on Tuesday.",
        "Tell us what to call you.",
        "Enter a day that is still to come.",
    ]
    assert [a["href"] for a in summary.select("a")] == ["#name", "#starts_on-day"]


def test_every_link_of_the_summary_leads_to_a_control(draw, form):
    form.show_mistakes(
        {name: f"Something about {name}." for name in form._fields if name not in {"submit", "csrf_token"}}
    )
    questions = """
    {% extends "layout.html" %}{% from "components/field.html" import field %}
    {% block title %}A form{% endblock %}
    {% block content %}<h1>A form</h1><form method="post">{{ form.csrf_token }}
    {% for question in form if question.name not in ("csrf_token", "submit") %}{{ field(question) }}{% endfor %}
    </form>{% endblock %}"""
    page = draw(questions, form=form)
    links = page.select(".govuk-error-summary a")
    assert len(links) == 13
    for link in links:
        control = page.select_one(link["href"])
        assert control, link
        assert control.name in {"input", "select", "textarea"}, link


def test_a_page_that_forgets_what_it_shows_fails(draw):
    with pytest.raises(Exception, match="'nobody' is undefined"):
        draw(PAGE.replace("<h1>A page", "<h1>{{ nobody }}"))
