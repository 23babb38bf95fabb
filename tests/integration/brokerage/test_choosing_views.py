"""The pages on which quotes are read, scored and chosen: what they say, to whom, and what they do."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.services import delegations
from marketplace.brokerage.models import Award, Quote, QuoteMeeting
from marketplace.purchasing.models import Arrangement, DecisionPack
from tests.factories import budgets
from tests.factories import choosing as worlds
from tests.integration.routes.world import token_of


@pytest.fixture
def world(session):
    return worlds.closed(session, began=datetime.now(UTC) - timedelta(days=15))


def test_somebody_reads_scores_and_chooses_and_all_of_it_is_kept(session, client, world, sign_in):
    sign_in(world.person.id)
    home = f"/briefs/{world.brief.id}/quotes"
    chosen, other = (f"{home}/{it}" for it in world.quotes[:2])
    page = client.get(home)
    assert page.status_code == 200
    assert all(f"Provider {number}" in page.text for number in range(3))
    assert "drawn by lot" in page.text
    criterion = next(name for name in _fields(client.get(f"{chosen}/score").text) if name.startswith("points_"))
    assert client.fill_in(f"{chosen}/score", **{criterion: "4"}).status_code == 302
    assert client.fill_in(f"{other}/ask", kind="meet", words="").status_code == 422
    assert client.fill_in(f"{other}/ask", kind="meet", words="May I come by?").status_code == 302
    (stream,) = budgets.streams(session, world.budget_id).values()
    refused = client.fill_in(f"{chosen}/choose", because="They laugh.")
    assert refused.status_code == 422
    # Nothing that was typed is lost.
    assert "They laugh." in refused.text
    day = world.brief.starts_on
    paid = {
        "starts_on": [str(day.day), str(day.month), str(day.year)],
        "first": str(stream),
        "pay_by": "bank_transfer",
        "because": "They laugh.",
        **{f"why_{it}": "times" for it in world.quotes[1:]},
    }
    assert client.fill_in(f"{chosen}/choose", **paid).status_code == 302
    assert client.get(f"{chosen}/choose").status_code == 302
    page = client.get(home).text
    arrangement = session.scalars(select(Arrangement)).one()
    assert f"/arrangements/{arrangement.id}" in page
    pack = session.scalars(select(DecisionPack)).one()
    assert f"/packs/{pack.id}" in page
    assert all(f"Provider {number}" in pack.contents for number in range(3))
    assert session.get_one(Award, world.brief.id).pack_id == pack.id
    trail = client.get(f"/briefs/{world.brief.id}/trail").text
    assert "Chose Provider 0" in trail
    assert "Asked Provider 1 to meet" in trail


def test_a_helper_does_everything_but_choose(client, world, sign_in):
    sign_in(world.helper.id)
    home = f"/briefs/{world.brief.id}/quotes"
    page = client.get(home)
    assert "Choose this" not in page.text
    assert "you cannot choose for them" in page.text
    assert client.get(f"{home}/{world.quotes[0]}/choose").status_code == 404
    assert client.get(f"{home}/none").status_code == 302
    assert client.get(f"{home}/{world.quotes[0]}/score").status_code == 200
    assert client.get(f"{home}/{uuid.uuid4()}").status_code == 404


def test_consent_that_ends_while_a_helper_writes_closes_every_page_and_gives_the_words_back(
    session, client, world, sign_in
):
    sign_in(world.helper.id)
    home = f"/briefs/{world.brief.id}/quotes"
    token = token_of(client, client.get(f"{home}/{world.quotes[0]}/ask"))
    delegations.end_consent(
        session, delegation_id=world.consent_id, by=world.person.id, link="/", now=datetime.now(UTC)
    )
    session.commit()
    pages = ["", f"/{world.quotes[0]}", *(f"/{world.quotes[0]}/{act}" for act in ("score", "agree", "ask", "choose"))]
    assert {client.get(f"{home}{page}").status_code for page in [*pages, "/none"]} == {404}
    assert client.get(f"/briefs/{world.brief.id}/trail").status_code == 404
    typed = {"csrf_token": token, "kind": "meet", "words": "May I come on Friday?"}
    refused = client.post(f"{home}/{world.quotes[0]}/ask", data=typed)
    assert (refused.status_code, "May I come on Friday?" in refused.text) == (404, True)
    assert session.scalars(select(QuoteMeeting)).all() == []


def test_choosing_none_thanks_everybody_and_shows_free_help(session, client, world, sign_in):
    sign_in(world.person.id)
    home = f"/briefs/{world.brief.id}/quotes"
    assert client.fill_in(f"{home}/none", why="own_words", kind_words="").status_code == 422
    assert client.fill_in(f"{home}/none", why="own_words", kind_words="Thank you all.").status_code == 302
    page = client.get(home).text
    assert "None was chosen" in page
    assert "Free help" in page
    assert {it.why_not_words for it in session.scalars(select(Quote))} == {"Thank you all."}


def _fields(page):
    return [part.split('"')[0] for part in page.split('name="')[1:]]
