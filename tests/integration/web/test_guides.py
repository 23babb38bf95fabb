"""The guides as people read them; and every command of the guide for programs, run against the site."""

import re
import shlex
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from marketplace.accounts.rules import Role
from marketplace.demand.services import tokens
from marketplace.kit.facts import FactKind
from marketplace.web.gateways.guidebook import FOLDER, PICTURES
from marketplace.web.rules.guidebook import SLUGS
from tests import pages
from tests.factories import accounts, demand

COMMANDS = re.findall(r"^curl .+$", (FOLDER / "api.md").read_text(), re.MULTILINE)


def test_the_contents_name_every_guide(client):
    page = client.get("/guides")
    assert page.status_code == 200
    assert all(f'href="/guides/{slug}"' in page.text for slug in SLUGS)


@pytest.mark.once
@pytest.mark.parametrize("slug", SLUGS)
def test_every_guide_opens_and_so_do_its_pictures(client, slug):
    page = client.get(f"/guides/{slug}")
    assert page.status_code == 200
    tree = pages.read(page.text)
    ids = set(tree.xpath("//@id"))
    assert set(tree.xpath("//nav[@aria-labelledby='on-this-page']//a/@href")) <= {f"#{one}" for one in ids}
    for address in tree.xpath("//article//img/@src | //article//source/@srcset"):
        answer = client.get(address, buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, "image/png"), address
        assert "max-age" in answer.headers["Cache-Control"]
    assert all(tree.xpath("//article//img/@alt"))


def test_what_is_no_guide_is_not_there(client):
    assert client.get("/guides/no-such-guide").status_code == 404
    assert client.get("/guides/pictures/no-such-1280.png").status_code == 404
    assert client.get("/guides/pictures/..%2f..%2freadme.md").status_code == 404


def test_guides_are_found_from_every_page(client):
    assert 'href="/guides"' in client.get("/privacy").text


def test_pictures_are_small(app):
    assert sum(path.stat().st_size for path in PICTURES.glob("*.png")) < 6_000_000


@pytest.fixture
def token(session, gazetteer):
    """A token of Trafford's commissioner, with a quarter released."""
    demand.facts(session, FactKind.CONFIRMED, people=14, facet="under_90_days")
    demand.release(session, gazetteer)
    reader = accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL)
    viewer = accounts.as_viewer(reader, role=Role.COMMISSIONER, council=demand.COUNCIL)
    made = tokens.make_token(session, viewer=viewer, name="Our tool", days=30, now=datetime.now(UTC))
    session.commit()
    return made


def test_every_command_of_the_guide_for_programs_works(client, token):
    assert len(COMMANDS) > 10
    for command in COMMANDS:
        *said, address = shlex.split(command.replace("$TOKEN", token.token))
        headers = dict([said[said.index("-H") + 1].split(": ", 1)]) if "-H" in said else {}
        parts = urlsplit(address)
        answer = client.get(f"{parts.path}?{parts.query}", headers=headers, buffered=True)
        assert answer.status_code == 200, command
        assert answer.data, command
