"""The site in another language: a made-up one, in which each word that went through a catalogue has accents."""

import re

import pytest
from bs4 import BeautifulSoup, Comment, Doctype

from marketplace.kit.languages.catalogues import brought_up_to_date, filled_in, gather, write
from marketplace.kit.languages.language import file_of, read_language
from marketplace.kit.languages.made_up import CODE, made_up

pytestmark = pytest.mark.once

PAGES = [
    "/",
    "/offers",
    "/how-it-works",
    "/accounts/sign-in",
    "/accounts/join",
    "/pools",
    "/contact",
    "/reading",
    "/nowhere",
]
"""What people see first."""
NAMES = {"Clubtogether", "hello", "example", "org", "http", "com", "localhost", "CQC", "DBS", "NHS", "HMRC", "Trafford"}
MOST_PLAIN = 0.03
"""The share of words on those pages that may go past the catalogues: names of places and of other sites, mostly."""

_WORDS = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture(scope="module")
def catalogue(app):
    return gather(app)


@pytest.fixture(scope="module")
def folder(catalogue, tmp_path_factory):
    folder = tmp_path_factory.mktemp("translations")
    write(filled_in(catalogue, CODE, made_up), file_of(CODE, folder))
    write(filled_in(catalogue, "ar", lambda said: said), file_of("ar", folder))
    return folder


@pytest.fixture(scope="module")
def many(new_app, folder):
    return new_app(languages=f"en-GB,{CODE},ar", translations_path=folder, keep_pages_mb=1)


def _words_shown(page):
    for text in page.find_all(string=True):
        if text.parent.name not in {"script", "style", "textarea"} and not isinstance(text, Comment | Doctype):
            yield from _WORDS.findall(str(text))
    for tag in page.select("[alt], [title], [aria-label], [placeholder]"):
        for name in ("alt", "title", "aria-label", "placeholder"):
            yield from _WORDS.findall(tag.get(name, ""))


def test_what_people_see_first_goes_through_a_catalogue(many):
    client, plain, every = many.test_client(), [], 0
    for path in PAGES:
        page = BeautifulSoup(client.get(path, headers={"Accept-Language": CODE}).text, "lxml")
        assert page.html["lang"] == CODE
        words = [word for word in _words_shown(page) if word not in NAMES]
        every += len(words)
        plain += [word for word in words if word.isascii() and re.search("[aeiouyAEIOUY]", word)]
    assert len(plain) / every < MOST_PLAIN, sorted(set(plain))


def test_a_refused_form_says_why_in_that_language(many):
    client = many.test_client()
    page = client.post("/accounts/sign-in", data={"email": "me"}, headers={"Accept-Language": CODE})
    assert page.status_code in {400, 422}
    assert "[Érrõr" in page.text


def test_english_is_drawn_from_templates_of_its_own(app, many):
    bare = app.test_client().get("/how-it-works").text
    assert many.test_client().get("/how-it-works", headers={"Accept-Language": "en"}).text == bare


def test_a_page_says_its_language_and_which_way_it_is_read(many, app):
    client = many.test_client()
    answer = client.get("/how-it-works", headers={"Accept-Language": "ar, en;q=0.5"})
    html = BeautifulSoup(answer.text, "lxml").html
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    assert answer.headers["Content-Language"] == "ar"
    assert {"accept-language", "cookie"} <= {name.lower() for name in answer.vary}
    alone = app.test_client().get("/how-it-works", headers={"Accept-Language": "ar"})
    assert BeautifulSoup(alone.text, "lxml").html["lang"] == "en-GB"
    assert "accept-language" not in {name.lower() for name in alone.vary}


@pytest.mark.parametrize(
    ("asked", "code"), [("", "en-GB"), ("fr", "en-GB"), ("cy, ar;q=0.9", "ar"), ("ar-EG", "ar"), ("en-US", "en-GB")]
)
def test_a_browser_says_which_language_it_would_like(many, asked, code):
    answer = many.test_client().get("/how-it-works", headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"] == code


def test_whoever_chooses_a_language_keeps_it(many):
    client = many.test_client()
    page = BeautifulSoup(client.get("/reading").text, "lxml")
    assert [one["value"] for one in page.select("input[name=language]")] == ["en-GB", CODE, "ar"]
    chosen = {"words": "usual", "size": "normal", "spacing": "normal", "ground": "device", "motion": "device"}
    answer = client.post(
        "/reading", data={**chosen, "language": "ar", "submit": "yes"}, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 303
    assert client.get("/how-it-works", headers={"Accept-Language": CODE}).headers["Content-Language"] == "ar"


def test_nobody_is_asked_where_there_is_one_language(app):
    page = BeautifulSoup(app.test_client().get("/reading").text, "lxml")
    assert not page.select("input[name=language]")


def test_a_page_is_kept_for_each_language(many):
    english, made_up_one = (
        many.test_client().get("/how-it-works", headers={"Accept-Language": code}).text for code in ("en", CODE)
    )
    again = [many.test_client().get("/how-it-works", headers={"Accept-Language": code}).text for code in ("en", CODE)]
    assert again == [english, made_up_one]
    assert english != made_up_one


def test_a_cookie_for_a_language_that_is_not_there_makes_no_page_of_its_own(many):
    client = many.test_client()
    client.set_cookie("reading", "normal.normal.device.device.unasked.xx")
    assert client.get("/how-it-works").headers["Content-Language"] == "en-GB"


def test_letters_are_written_in_the_sites_own_language(new_app, folder):
    app = new_app(languages=f"{CODE},en-GB", translations_path=folder)
    with app.extensions["sessionmaker"]() as session:
        said = session.info["language of letters"].say("Your account is closed")
    assert said == made_up("Your account is closed")


def test_a_catalogue_keeps_what_was_translated_when_words_change(catalogue, tmp_path):
    file = file_of("cy", tmp_path)
    write(brought_up_to_date(catalogue, "cy", tmp_path), file)
    empty = 'msgid "Find support"\nmsgstr "'
    file.write_text(file.read_text().replace(empty, f"{empty}Dod o hyd i gymorth"))
    again = brought_up_to_date(catalogue, "cy", tmp_path)
    assert again["Find support"].string == "Dod o hyd i gymorth"
    assert again.num_plurals == 6
    write(again, file)
    assert read_language("cy", tmp_path).messages == {"Find support": "Dod o hyd i gymorth"}


def test_the_commands_write_and_check(many, catalogue, tmp_path, monkeypatch):
    monkeypatch.setattr("marketplace.web.commands.languages.gather", lambda app: catalogue)
    monkeypatch.setitem(many.config, "TRANSLATIONS_PATH", tmp_path)
    run = many.test_cli_runner().invoke
    assert (tmp_path / "messages.pot").name in run(args=["words", "extract"]).output
    assert "0 of" in run(args=["words", "update", "cy"]).output
    file = file_of("cy", tmp_path)
    file.write_text(
        file.read_text().replace('msgid "Find support"\nmsgstr ""', 'msgid "Find support"\nmsgstr "<0>Dod"')
    )
    checked = run(args=["words", "check"])
    assert checked.exit_code == 1
    assert "WRONG cy “Find support”: Its marks" in checked.output
    assert run(args=["words", "update", "en-GB"]).exit_code == 2
