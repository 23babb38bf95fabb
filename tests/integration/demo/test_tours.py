"""The demo's own pages: where there is a demo, and nowhere else."""

import pytest

from tests import pages

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def demo_app(new_app):
    """A site that may have a demo town, and has none yet."""
    return new_app(demo=True)


PAGES = ["/demo", "/demo/budget-holder"]


@pytest.mark.parametrize("address", PAGES)
def test_there_is_no_demo_where_people_are_real(client, address):
    assert client.get(address).status_code == 404
    assert "demo town" not in client.get("/").text


@pytest.mark.parametrize("address", PAGES)
def test_there_is_no_demo_in_production_whatever_else_is_set(demo_app, monkeypatch, address):
    monkeypatch.setitem(demo_app.config, "IS_PRODUCTION", True)
    assert demo_app.test_client().get(address).status_code == 404


def test_nobody_is_signed_in_by_one_press_where_people_are_real(client, app):
    page = client.get("/accounts/sign-in").text
    token = pages.read(page).xpath("//input[@name='csrf_token']/@value")[0]
    assert client.post("/demo/operator/be", data={"csrf_token": token}).status_code == 404


def test_the_front_page_says_that_it_is_a_demo(demo_app):
    assert 'href="/demo"' in demo_app.test_client().get("/").text


def test_before_the_town_is_built_it_says_how(demo_app):
    page = demo_app.test_client().get("/demo").text
    assert "flask demo build" in page
    assert "Be Nadine" not in page


def test_a_press_without_a_token_is_refused(demo_app):
    assert demo_app.test_client().post("/demo/operator/be").status_code == 400


def test_nobody_else_can_be_signed_in_as(demo_app):
    client = demo_app.test_client()
    token = pages.read(client.get("/accounts/sign-in").text).xpath("//input[@name='csrf_token']/@value")[0]
    assert client.post("/demo/nobody/be", data={"csrf_token": token}).status_code == 404
    assert client.post("/demo/operator/be", data={"csrf_token": token}).status_code == 404
