"""Do the words of Easy Read stay easy, and does each stand beside a drawing? Each failure says which words to mend."""

import re
from html import unescape

import pytest

from marketplace.web.rules.guides import GUIDES
from tests.house.codebase import ROOT, TEMPLATES, template_name

HARDEST = 5
"""The grade of Flesch and Kincaid that no page may pass: about ten years old."""
MOST_WORDS = 15
"""In one sentence."""
COMPONENT = (ROOT / "templates/components/easy_drawing.html").read_text()
DRAWN = set(re.findall(r'^  "(\w+)": ', COMPONENT, re.MULTILINE))
EASY = [
    path for path in TEMPLATES if re.search(r"web/easy/[a-z]|/_\w+_easy\.html$|web/easy_guides", template_name(path))
]

_ROW = re.compile(r"{% call easy_row\((.+?)\) %}(.*?){% endcall %}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9£’']+")
_VOWELS = re.compile(r"[aeiouy]+")


def rows_of(path):
    """Return each row of a page: its drawing, and its sentences as somebody reads them."""
    return [(drawing, sentences_of(words)) for drawing, words in _ROW.findall(path.read_text())]


def sentences_of(words):
    # What a page puts in is a name or a number, not ours to make easy. Both sides of a choice are read.
    plain = re.sub(r"{%.*?%}", "", re.sub(r"{{.*?}}", "5", words))
    plain = unescape(re.sub(r"<[^>]+>", "", re.sub(r"</p>", "\n", plain)))
    return [one.strip() for one in re.split(r"[.!?:\n]+", plain) if re.search(r"[A-Za-z]", one)]


def syllables(word):
    plain = word.lower().rstrip("’'s")
    silent = plain.endswith("e") and not plain.endswith(("le", "ee"))
    return max(1, len(_VOWELS.findall(plain)) - silent)


def grade(sentences):
    said = [word for one in sentences for word in _WORD.findall(one)]
    return 0.39 * len(said) / len(sentences) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def test_a_hard_sentence_is_graded_hard():
    hard = "Prior authorisation from the commissioning organisation is required before expenditure is incurred"
    assert grade([hard]) > HARDEST > grade(["You can look at all of it", "You do not need to sign in"])


def test_each_key_page_has_easy_words():
    # With a shorter list than this one, somebody reads usual words where easy ones were promised.
    assert len(EASY) >= len(GUIDES) + 22
    assert {guide.template for guide in GUIDES} <= {template_name(path) for path in EASY}


@pytest.mark.parametrize("path", EASY, ids=template_name)
def test_easy_words_are_easy(path):
    rows = rows_of(path)
    assert rows, "say it in rows of easy words: see docs/design.md, Easy Read"
    sentences = [one for _drawing, said in rows for one in said]
    long = [one for one in sentences if len(_WORD.findall(one)) > MOST_WORDS]
    assert not long, f"make two sentences of each: {long}"
    crowded = [said for _drawing, said in rows if len(said) > 6]
    assert not crowded, f"make two rows of each: {crowded}"
    found = grade(sentences)
    hardest = max(sentences, key=lambda one: grade([one]))
    assert found <= HARDEST, f"grade {found:.1f}: say it in shorter words, first “{hardest}”"


@pytest.mark.parametrize("path", EASY, ids=template_name)
def test_each_easy_row_has_a_drawing_that_we_drew(path):
    named = {name for drawing, _words in rows_of(path) for name in re.findall(r'"([a-z_]+)"', drawing)}
    assert named <= DRAWN, f"draw these in easy_drawing.html: {named - DRAWN}"


def test_each_guide_and_each_drawing_is_used():
    assert {guide.drawing for guide in GUIDES} <= DRAWN
    used = "".join(path.read_text() for path in EASY) + (ROOT / "web/rules/guides.py").read_text()
    strays = [name for name in DRAWN if f'"{name}"' not in used]
    assert not strays, f"nobody sees these drawings: {strays}"
