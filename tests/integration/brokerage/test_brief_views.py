"""The pages of briefs: written, checked, opened, asked about, decided about, and what becomes of words in between."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marketplace.accounts.rules import Scope
from marketplace.accounts.services import delegations
from marketplace.brokerage.models import Brief
from marketplace.brokerage.rules.nouns import BriefStatus
from marketplace.moderation.rules import SubjectKind
from tests.factories import accounts, briefs, catalogue, moderation

pytestmark = pytest.mark.once


def test_somebody_writes_a_brief_page_by_page_reads_what_was_found_and_opens_it(session, client, sign_in):
    ada = accounts.person(session, name="Ada")
    sign_in(ada.id)
    home = client.press("/briefs", "Begin a brief").headers["Location"]
    assert client.fill_in(f"{home}/what", title="Swimming").status_code == 422
    about = "I like warm water. My carer Sarah came with me, and we went to Sale Leisure Centre."
    client.fill_in(f"{home}/what", title="Swimming", about=about, category="sport-and-leisure")
    refused = client.fill_in(f"{home}/needs", need_1="A hoist", need_2="so " * 31)
    assert refused.status_code == 422
    assert "A hoist" in refused.text
    client.fill_in(f"{home}/needs", need_1="A hoist")
    shown = client.fill_in(f"{home}/matters", preset="essex")
    assert shown.status_code == 200
    assert 'value="60"' in shown.text
    assert "5 too few" in client.fill_in(f"{home}/matters", cost_weight="60", words_1="Fit", weight_1="35").text
    client.fill_in(f"{home}/matters", cost_weight="60", words_1="Fit", weight_1="40")
    client.fill_in(f"{home}/money", budget="600", shows_budget="no")
    assert client.fill_in(f"{home}/where", place="nowhere at all").status_code == 422
    client.fill_in(f"{home}/where", place="M33 7ZF")
    client.fill_in(f"{home}/when", kind="weekly", quantity="2", unit="hour", weeks="12", times="Any", days_open="7")
    page = client.get(f"{home}/check").text
    assert "“Sarah” looks like somebody’s name." in page
    assert "M33 (Trafford)" in page
    assert "£600" not in page
    assert client.fill_in(f"{home}/check", kept=["place:sale leisure centre"]).status_code == 422
    client.fill_in(f"{home}/what", title="Swimming", about=about.replace("Sarah ", ""), category="sport-and-leisure")
    assert client.fill_in(f"{home}/check").status_code == 422
    assert client.fill_in(f"{home}/check", kept=["place:sale leisure centre"]).status_code == 302
    assert "Open for quotes" in client.get(home).text
    # What is open is not written any more, and what was typed is given back.
    assert client.get(f"{home}/what").status_code == 404
    assert client.press(home, "Begin a new one from this").status_code == 302


def test_whoever_loses_consent_while_they_write_gets_their_words_back(session, client, sign_in):
    ada, now = accounts.person(session), datetime.now(UTC)
    helper, consent_id = accounts.friend(session, of=ada, scopes=[Scope.ASK_FOR_QUOTES], now=now)
    brief = briefs.draft(session, person=ada, now=now)
    sign_in(helper.id)
    url = f"/briefs/{brief.id}/what"
    sent = {"title": "A pond", "about": "With newts in it.", "category": "home-and-garden"}
    assert client.fill_in(url, **sent).status_code == 302
    page = client.get("/briefs")
    assert "Begin a brief for" in page.text
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    delegations.end_consent(session, delegation_id=consent_id, by=ada.id, link="/", now=now)
    session.commit()
    answer = client.post(url, data={**sent, "about": "With newts and frogs.", "csrf_token": token})
    assert answer.status_code == 404
    assert "With newts and frogs." in answer.text
    assert brief.about == "With newts in it."
    assert all(client.get(f"/briefs/{brief.id}{page}").status_code == 404 for page in ("", "/check", "/withdraw"))


def test_two_who_write_at_once_both_see_what_the_other_wrote(session, client, sign_in):
    ada = accounts.person(session)
    brief = briefs.draft(session, person=ada, now=datetime.now(UTC), starts_on=None)
    sign_in(ada.id)
    url = f"/briefs/{brief.id}/what"
    seen = client.get(url).text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    mine = {"title": "Mine", "about": "My words.", "category": "home-and-garden"}
    assert client.fill_in(url, **mine | {"title": "Theirs", "about": "Their words."}).status_code == 302
    clash = client.fill_in(url, **mine, seen=seen)
    assert clash.status_code == 422
    assert "Their words." in clash.text
    assert "My words." in clash.text
    again = clash.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert client.fill_in(url, **mine, seen=again).status_code == 302
    session.refresh(brief)
    assert brief.about == "My words."


def test_a_provider_asks_declines_and_reports_and_a_moderator_decides(session, client, sign_in):
    ada = accounts.person(session, name="Ada Quillfeather")
    _offer, gardener = catalogue.live(session)
    brief = briefs.open_brief(session, person=ada, now=datetime.now(UTC), starts_on=None)
    sign_in(gardener.person_id)
    url = f"/calls/{brief.id}"
    assert "Help in a garden" in client.get("/calls").text
    assert "Quillfeather" not in client.get(url).text
    assert client.fill_in(f"{url}/ask", words="Ring us on 0161 496 0000?").status_code == 422
    assert client.fill_in(f"{url}/ask", words="Is there a shed?").status_code == 302
    assert client.fill_in(f"{url}/decline").status_code == 422
    assert client.fill_in(f"{url}/decline", why_not="times").status_code == 302
    assert client.press(url, "Change your mind").status_code == 302
    reported = client.fill_in(f"/moderation/report/brief/{brief.id}", reason="private", words="A name.")
    assert reported.status_code == 302
    mo = moderation.moderator(session)
    session.commit()
    sign_in(mo.person_id)
    page = client.get(f"/briefs/{brief.id}/hold").text
    assert "Help in a garden" in page
    assert "Quillfeather" not in page
    assert client.fill_in(f"/briefs/{brief.id}/hold", reason="").status_code == 422
    assert client.fill_in(f"/briefs/{brief.id}/hold", reason="It names a street.").status_code == 302
    sign_in(gardener.person_id)
    assert client.get(url).status_code == 404
    sign_in(ada.id)
    assert "It names a street." in client.get(f"/briefs/{brief.id}").text
    assert session.get_one(Brief, brief.id).status is BriefStatus.OPEN
    assert client.fill_in(f"/briefs/{brief.id}/withdraw", why="I changed my mind.").status_code == 302


def test_the_report_of_a_brief_has_its_name_in_the_queue(session, client, sign_in):
    brief = briefs.open_brief(session, person=accounts.person(session), now=datetime.now(UTC), starts_on=None)
    moderation.report(session, subject_kind=SubjectKind.BRIEF, subject_id=brief.id)
    mo = moderation.moderator(session)
    session.commit()
    sign_in(mo.person_id)
    assert "Help in a garden" in client.get("/moderation").text
