import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from marketplace.kit.hosts import names_of, only_as, with_a_name

SITE = Client(only_as(Response("ours"), names_of("https://clubtogether.example", "www.clubtogether.example, .local")))
OURS = (
    "clubtogether.example", "CLUBTOGETHER.example:443", "www.clubtogether.example", "one.local", "127.0.0.1:8000",
    "localhost", "[::1]:8000",
)  # fmt: skip
THEIRS = (
    "evil.example", "clubtogether.example.evil.example", "evilclubtogether.example", "localhost.evil.example",
    "clubtogether.example@evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "[", "a b", "\r\n",
)  # fmt: skip


@pytest.mark.parametrize("host", OURS)
def test_the_site_answers_under_its_own_names(host):
    assert SITE.get("/", environ_overrides={"HTTP_HOST": host}).text == "ours"


@pytest.mark.parametrize("host", THEIRS)
def test_under_no_other_name_does_it_answer(host):
    response = SITE.get("/", environ_overrides={"HTTP_HOST": host})
    assert response.status_code == 421
    assert "ours" not in response.text


def test_its_health_is_told_to_who_knows_no_name():
    assert SITE.get("/health/ready", environ_overrides={"HTTP_HOST": "10.1.2.3:8000"}).text == "ours"


@pytest.mark.parametrize("host", ["a b", "[::1", "a:b", "x/y"])
def test_what_is_no_name_is_refused_before_any_page_is_made(host):
    response = Client(with_a_name(Response("ours"))).get("/", environ_overrides={"HTTP_HOST": host})
    assert response.status_code == 400
