"""A council's figures as its commissioner reads them."""

import re

import pytest

from marketplace.accounts.rules import Role
from marketplace.demand.rules.chapters import CHAPTERS
from marketplace.kit.quarters import Quarter
from tests.factories import accounts, frozen

COUNCILS = 153
AUTUMN, SPRING = Quarter(2025, 4), Quarter(2026, 1)


@pytest.fixture
def town(session):
    """Two quarters: about 15 and then 40 people paid for exercise in Trafford. How many looked in vain is hidden."""
    for quarter, people, spend in ((AUTUMN, 15, 1_700_00), (SPRING, 40, 4_200_00)):
        shown = {
            ("support", measure, row): value
            for measure, value in (("bought", people), ("spend", spend))
            for row in ("sport-and-leisure", "all")
        }
        frozen.release(session, {frozen.HOME: shown}, quarter=quarter)
    session.commit()


@pytest.fixture
def commissioner(session, town, sign_in):
    """A client signed in as Trafford's commissioner."""
    return sign_in(accounts.person(session, role=Role.COMMISSIONER, council=frozen.HOME).id)


def test_a_commissioner_reads_every_page_of_a_quarter(commissioner):
    """One world for all of them: to build two releases takes longer than to read every page."""
    page = commissioner.get("/demand").text
    assert "Up from 15" in page
    assert "About 40 people paid for support, up from about 15 in October to December 2025." in page
    assert '<span class="headline__figure headline__figure--hidden">Not shown</span>' in page
    pages = {one.slug: commissioner.get(f"/demand/figures/{one.slug}") for one in CHAPTERS}
    assert {answer.status_code for answer in pages.values()} == {200}
    assert pages["supply"].text.count('<th scope="row">') >= COUNCILS
    assert bars_of(pages["buying"].text) == {"40", "£4,200"}
    earlier = commissioner.get("/demand/figures/buying?quarter=2025-q4")
    assert bars_of(earlier.text) == {"15", "£1,700"}
    assert commissioner.get("/demand/figures/wards").status_code == 404
    assert commissioner.get("/demand/figures/buying?quarter=2030-q1").status_code == 404


def bars_of(page):
    return set(re.findall(r'<td class="bars__number">(.*?)</td>', page))


def test_before_the_first_release_the_page_says_when_figures_come(session, client, sign_in):
    sign_in(accounts.person(session, role=Role.COMMISSIONER, council=frozen.HOME).id)
    assert "There are no figures yet" in client.get("/demand").text
    assert "There are no figures yet" in client.get("/demand/figures/supply").text


@pytest.mark.parametrize("role", [Role.PERSON, Role.MODERATOR, Role.OPERATOR])
def test_nobody_else_reads_a_chapter(client, session, sign_in, role):
    sign_in(accounts.person(session, role=role, lives_in=frozen.HOME).id)
    assert client.get("/demand/figures/buying").status_code == 403
