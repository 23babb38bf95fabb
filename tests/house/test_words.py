"""Do we write as docs/content-guide.md says? Each failure says which words to change."""

import re
from functools import cache

from benchmarks.plain.bar import OVER, allowed, problems_of, reading_of
from benchmarks.plain.grades import BAR, grades_of, syllables
from benchmarks.plain.texts import sentences_by_file, sentences_in, sentences_on
from marketplace.app import create_app
from marketplace.config import load_config
from marketplace.kit.languages.catalogues import catalogue_of
from marketplace.kit.languages.extracting import in_code, in_templates
from tests.house.codebase import PROJECT, ROOT, TEMPLATES

INSTEAD = {
    r"success(?:ful|fully)": "say what was done: “Saved”, “Sent”",
    r"please note": "say it",
    r"click (?:here|on)": "say where the link leads, or “choose”",
    r"oops|whoops": "say what went wrong and what to do",
    r"invalid": "say what to type",
    r"you (?:have )?failed": "say what to do now",
    r"service[- ]users?": "person, people",
    r"clients?": "person, people; or customer, of a firm",
    r"vulnerable": "say at risk of what",
    r"suffer(?:s|ing)? from": "has",
    r"wheelchair[- ]bound": "uses a wheelchair",
    r"(?:confined|restricted) to a wheelchair": "uses a wheelchair",
    r"the (?:elderly|disabled|handicapped)": "older people, disabled people",
    r"mental age|special needs|high[- ]functioning|low[- ]functioning": "say what somebody needs",
    r"(?:non-?)?compliant": "say what is done, or not",
    r"utili[sz]e[sd]?": "use",
    r"prior to": "before",
    r"in order to": "to",
    r"with regard to|in respect of": "about",
    r"commence[sd]?": "begin, start",
    r"terminate[sd]?": "end",
    r"in the event (?:of|that)": "if",
    r"e-mails?": "email, which no line breaks in two",
    r"log ?in|log ?out|sign ?up": "sign in, sign out, open an account",
}
BANNED = {re.compile(rf"\b(?:{words})\b", re.IGNORECASE): better for words, better in INSTEAD.items()}
SAID_OF_WORDS = {
    # Where such words are the point, or a standard's own.
    "docs/content-guide.md",
    "docs/glossary.md",
    "docs/security.md",
    "accounts/services/passwords.py",
    "brokerage/rules/reading.py",
}
FOR_ALL = [
    path
    for pattern in ("README.md", "docs/*.md", "docs/guides/*.md")
    for path in sorted(PROJECT.glob(pattern))
    if str(path.relative_to(PROJECT)) not in SAID_OF_WORDS
]
ONES_OF_MACHINES = re.compile(
    r"\b(?:open source |http |mail |api |command.line )clients?|`[^`]*`|```.*?```|https?://\S+|"
    r"sign.up(?:s|\.html)|clients? (?:credentials|hints?)|\bclient_\w+|\[[^\]]*\]\([^)]*\)",
    re.IGNORECASE | re.DOTALL,
)
"""A client that is a program, and names in code."""
KEY_PAGES = (
    "web/home.html",
    "web/how_it_works.html",
    "web/contact.html",
    "web/privacy.html",
    "web/cookies.html",
    "catalogue/results.html",
    "catalogue/offer.html",
    "purchasing/ask.html",
    "purchasing/check.html",
    "purchasing/basket.html",
    "pooling/index.html",
    "pooling/show.html",
    "pooling/pledge.html",
    "pooling/pledge_check.html",
    "budgets/index.html",
    "budgets/show.html",
    "ratings/write.html",
    "ratings/policy.html",
    "accounts/sign_in.html",
    "accounts/sign_up.html",
    "accounts/me.html",
)


@cache
def environment():
    return create_app(load_config(env="test", database_url="sqlite:///:memory:")).jinja_env


def found_in(text):
    return [f"“{found[0]}”: {better}" for words, better in BANNED.items() for found in words.finditer(text)]


def plain(template):
    """Return what a template says, without what is written for programs."""
    text = re.sub(r"{#.*?#}|{%.*?%}|<!--.*?-->|<code.*?</code>", " ", template, flags=re.DOTALL)
    text = re.sub(r"\burl_for\([^)]*\)|\b(?:class|id|for|name|href|action|src)=\"[^\"]*\"", " ", text)
    return ONES_OF_MACHINES.sub(" ", text)


def test_a_banned_word_is_found():
    assert found_in("You have successfully signed up. Click here.")
    assert not found_in("You have an account now. Open it.")


def test_templates_use_our_words():
    wrong = [f"{path.name} {problem}" for path in TEMPLATES for problem in found_in(plain(path.read_text()))]
    assert not wrong, f"docs/content-guide.md has better words: {wrong}"


def test_the_code_uses_our_words():
    said = [one for one in in_code(ROOT) if one.file not in SAID_OF_WORDS]
    wrong = [f"{one.file}:{one.line} {problem}" for one in said for problem in found_in(plain(one.message))]
    assert not wrong, f"docs/content-guide.md has better words: {wrong}"


def test_the_docs_use_our_words():
    wrong = [f"{path.name} {problem}" for path in FOR_ALL for problem in found_in(plain(path.read_text()))]
    assert not wrong, f"docs/content-guide.md has better words: {wrong}"


def test_key_pages_are_read_with_ease_at_eleven():
    # The others are graded by `script/bench reading`: all of them would take long here.
    said = sentences_by_file(catalogue_of(in_templates(environment(), KEY_PAGES), name="Ours"))
    reasons = {where: why for where, why in allowed().items() if where in KEY_PAGES}
    problems = problems_of([reading_of(where, words) for where, words in said.items()], reasons)
    assert set(said) == set(KEY_PAGES)
    assert not problems, f"make it easier, or give a reason in {OVER}: {problems}"


def test_a_page_over_the_bar_says_why_and_only_then():
    hard = reading_of("a.html", ["Prior authorisation from the commissioning organisation is required."] * 6)
    easy = reading_of("b.html", ["You can look at all of it.", "You do not need to sign in."] * 6)
    assert hard.grades.age > BAR > easy.grades.age
    assert [problem.partition(" ")[0] for problem in problems_of([hard, easy], {})] == ["a.html"]
    assert not problems_of([hard, easy], {"a.html": "The law’s own words."})
    assert problems_of([hard, easy], {"a.html": "The law’s.", "b.html": "None."}) == [
        "b.html needs no reason any more."
    ]
    assert problems_of([easy], {"c.html": "None."}) == ["c.html is not there any more; its reason can go."]


def test_a_long_sentence_is_over_the_bar_on_any_page():
    assert reading_of("a.html", ["You can " + "go on and " * 9 + "stop."]).is_over


def test_what_is_typed_and_what_is_no_sentence_does_not_count():
    page = "<main><h1>Arrangements</h1><p>You can end it.</p><p>Authorisation of Ada.</p><li>Saved</li></main>"
    assert sentences_on(page, lambda words: "Ada" in words) == ["You can end it."]
    assert sentences_in("Write to <0>{address}</0>. We answer {day}.") == ["Write to it.", "We answer it."]
    assert sentences_in("Save") == []


def test_syllables_are_counted_as_spoken():
    assert [syllables(word) for word in ("pool", "money", "organisation", "clubbed", "25")] == [1, 2, 5, 1, 1]
    assert grades_of(["You can look at all of it."]).flesch_kincaid < 2
