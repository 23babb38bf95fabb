"""The careful client refuses each kind of bad page, also when it has read one much like it before."""

import html5lib
import pytest

from marketplace.kit.headers import EARLY_SCRIPT
from tests import careful

GOOD = f"""<!DOCTYPE html>
<html lang="en"><head><title>A page</title></head><body><main>
<h1 id="top">A page</h1>
<p class="lead">Some words, and “more” of them.</p>
<form method="post"><input type="hidden" name="csrf_token" value="abc">
<label for="name">Name</label><input type="text" id="name" name="name"></form>
<img src="/a.png" alt="A garden">
<script>{EARLY_SCRIPT}</script>
</main></body></html>"""
POLICY = {"Content-Security-Policy": ""}
FAULTS = {
    "exactly one h1": ("<h1", "<h1>Two</h1><h1"),
    "title has words": ("<title>A page", "<title> "),
    "an id is used once": ('class="lead"', 'id="top"'),
    "CSRF token": ("csrf_token", "token"),
    "has a label": ('for="name"', 'for="nobody"'),
    "has words": (' alt="A garden"', ""),
    "the policy knows": ("<script>", "<script>0;"),
    "style attributes": ('class="lead"', 'style="color: red"'),
    "inline handlers": ('class="lead"', 'onclick="go()"'),
    "a main part": ("main>", "div>"),
    "another way": ("Some words", "Service\n users"),
}
BROKEN = {
    "a tag that stays open": ("words, and", "words, <b>and"),
    "a tag that is closed twice": ("</p>", "</p></p>"),
    "a name that is given twice": ('class="lead"', 'class="lead" class="lead"'),
    "a character that means nothing": ("Some words", "Some & words &nothing;"),
    "a control character": ("Some words", "Some \x01 words"),
    "a paragraph straight in a table": ("<img", "<table><p>words</p></table><img"),
}


def test_a_good_page_is_good():
    careful.look_at(GOOD, POLICY)
    careful.read_strictly(GOOD)


@pytest.mark.parametrize("said", FAULTS)
def test_each_fault_of_a_page_is_seen(said):
    before, after = FAULTS[said]
    assert before in GOOD
    with pytest.raises(AssertionError, match=said):
        careful.look_at(GOOD.replace(before, after), POLICY)


def test_a_page_without_its_policy_is_seen():
    with pytest.raises(AssertionError, match="policy"):
        careful.look_at(GOOD, {})


@pytest.mark.parametrize("what", BROKEN)
def test_broken_grammar_is_seen_although_the_page_was_read_before_it_broke(what):
    careful.read_strictly(GOOD)
    before, after = BROKEN[what]
    assert before in GOOD
    with pytest.raises(html5lib.html5parser.ParseError):
        careful.read_strictly(GOOD.replace(before, after))


def test_other_words_and_values_are_not_read_again(monkeypatch):
    careful.read_strictly(GOOD)
    monkeypatch.setattr(careful, "html5lib", None)
    careful.read_strictly(GOOD.replace("Some words", "Other words: £4.50 &amp; 3").replace('"abc"', '"def-9"'))
