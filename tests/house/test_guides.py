"""Do the guides still say what is so? Each failure says what to do instead."""

import re

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from marketplace.demo import queries as demo
from marketplace.kit.markdown import id_of
from marketplace.web.gateways.guidebook import FOLDER, PICTURES
from marketplace.web.rules.guidebook import SLUGS, WIDTHS, recipes_in
from marketplace.web.rules.starting import STEPS
from tests.house.codebase import PROJECT
from tests.house.test_docs import commands_of

GUIDES = sorted(FOLDER.glob("*.md"))
PEOPLE = {"anyone", *(one.email.partition("@")[0] for one in demo.sign_ins())}
each = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)


def addresses_in(words):
    found = re.findall(r"`(/[^`]*)`", words)
    opened = [what for recipe in recipes_in(words) for verb, what in recipe.steps if verb == "open"]
    return {one.partition("?")[0] for one in [*found, *opened]}


def test_every_guide_is_served_and_stands_in_the_contents():
    assert set(SLUGS) == {path.stem for path in GUIDES}, "name it in web/rules/guidebook.py"
    contents = (PROJECT / "docs" / "README.md").read_text()
    missing = [path.name for path in GUIDES if f"(guides/{path.name})" not in contents]
    assert not missing, f"put these in docs/README.md: {missing}"
    assert {guide for guide, _ in STEPS.values()} <= set(SLUGS)


@each
def test_every_address_in_a_guide_is_a_page(app, guide):
    routes = app.url_map.bind("localhost")
    for address in addresses_in(guide.read_text()):
        try:
            routes.match(address)
        except RequestRedirect:
            pass
        except NotFound:
            raise AssertionError(f"{guide.name} sends people to {address}, which is no page") from None


@each
def test_every_command_in_a_guide_can_be_typed(app, guide):
    known = set(commands_of(app.cli))
    for typed in re.findall(r"`(?:\.venv/bin/)?flask ([^`]+)`", guide.read_text()):
        words = [word for word in typed.split() if re.fullmatch(r"[a-z-]+", word)]
        assert any(" ".join(words[:many]) in known for many in range(1, len(words) + 1)), f"flask {typed} is no command"
    for typed in re.findall(r"`(script/[a-z-]+)", guide.read_text()):
        assert (PROJECT / typed).exists(), typed


@each
def test_every_picture_of_a_guide_can_be_taken_again(guide):
    words = guide.read_text()
    recipes = recipes_in(words)
    assert len(recipes) == words.count("!["), "say above each picture how it is taken: <!-- nadine: open /budgets -->"
    for recipe in recipes:
        assert recipe.who in PEOPLE, f"nobody of the demo town is called {recipe.who}"
        for width in WIDTHS:
            assert (PICTURES / f"{recipe.name}-{width}.png").exists(), f"take it: script/pictures (… {recipe.name})"


def test_no_picture_is_left_that_no_guide_shows():
    shown = {recipe.name for guide in GUIDES for recipe in recipes_in(guide.read_text())}
    left = {path.name.rpartition("-")[0] for path in PICTURES.glob("*.png")} - shown
    assert not left, f"remove these: {left}"


@each
def test_every_place_in_another_guide_is_there(guide):
    for name, place in re.findall(r"\]\(([a-z-]+\.md)#([^)]+)\)", guide.read_text()):
        headings = re.findall(r"^#+ (.+)$", (FOLDER / name).read_text(), re.MULTILINE)
        assert place in map(id_of, headings), f"{guide.name} sends people to {name}#{place}"
