"""How letters look: the same words plain and as a page, and nothing in either that was not written."""

import re
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from bs4 import BeautifulSoup

from marketplace.kit.letterhead import Letterhead, Way
from marketplace.kit.mail import FilePostman, plain_words
from marketplace.kit.outbox import Letter

HEAD = Letterhead(
    "Clubtogether <no-reply@example.org>",
    "Clubtogether",
    "https://club.example",
    "hello@example.org",
    [Way("Email", "hello@example.org", "mailto:hello@example.org")],
)
BODY = """Hello Ada & Bob,

Your pool is open <for> pledges:
- say yes by Friday
- or say no

See the pool: https://club.example/pools/1?a=1&b=2

You can read why here:
https://club.example/why

Or look at https://club.example/help, which says more."""


def letter(body=BODY, subject="There is a price now: Tea & talk"):
    return Letter(id=uuid.uuid4(), to="ada@example.org", subject=subject, body=body)


def parsed(page):
    return BeautifulSoup(page, "html.parser")


@pytest.fixture
def page():
    return parsed(HEAD.page(letter()))


def test_a_line_with_an_address_becomes_a_button_that_says_where_it_leads(page):
    buttons = [(link.text, link.get("href")) for link in page.select("a.button")]
    assert buttons == [
        ("See the pool", "https://club.example/pools/1?a=1&b=2"),
        ("Open the page", "https://club.example/why"),
    ]
    # Whoever does not trust a button can read and copy the address.
    assert [link.text for link in page.select("p.address a")] == [href for _, href in buttons]


def test_an_address_within_a_sentence_is_a_link_without_the_comma(page):
    [link] = [link for link in page.select("p a") if link.text == "https://club.example/help"]
    assert link.next_sibling == ", which says more."


def test_lines_with_dashes_are_a_list(page):
    assert [item.text for item in page.select("ul li")] == ["say yes by Friday", "or say no"]


def test_what_was_written_is_shown_and_never_run(page):
    assert "Your pool is open <for> pledges:" in page.text
    assert not parsed(HEAD.page(letter(body="<script>alert(1)</script>"))).select("script")


@pytest.mark.parametrize("address", ['https://club.example/a"onclick=x', "https://club.example/<b>"])
def test_an_address_ends_where_it_could_do_harm(address):
    page = parsed(HEAD.page(letter(body=f"Look: {address}")))
    assert not page.select("b, [onclick]")


def test_a_page_says_its_language_its_title_and_fetches_nothing(page):
    assert page.html["lang"] == "en-GB"
    assert page.title.text == page.h1.text == "There is a price now: Tea & talk"
    assert not page.select("img, link, script, iframe")


def test_every_word_of_the_plain_letter_is_on_the_page_too(page):
    told = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"https?://\S+", "", BODY)))
    assert told <= set(re.findall(r"[A-Za-z]{2,}", page.text))


def test_an_e_mail_holds_both_and_can_be_answered(tmp_path):
    FilePostman(tmp_path, HEAD).deliver(letter())
    [path] = tmp_path.glob("*.eml")
    email = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]
    assert email["Reply-To"] == "hello@example.org"
    assert email["Auto-Submitted"] == "auto-generated"
    assert plain_words(email).startswith(BODY.partition("\n")[0])
    assert plain_words(email).rstrip().endswith("--\nClubtogether, https://club.example\nEmail: hello@example.org")
