"""The members' space, as members open it, and as nobody else does."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Role
from marketplace.kit.outbox import Message
from marketplace.pooling.models import PoolBallotPaper, PoolMember, PoolMessage, PoolTurn
from marketplace.pooling.rules.agreement import QUESTIONS
from marketplace.pooling.rules.nouns import ProposalWay
from tests import pages
from tests.factories import accounts, space


@pytest.fixture
def people(session):
    return [accounts.person(session, name=name) for name in ("Ada", "Ben", "Cy")]


@pytest.fixture
def pool(session, people):
    return space.draft(session, people=people)


@pytest.fixture
def ada(client, sign_in, people, pool):
    """Ada's browser."""
    return sign_in(people[0].id)


def ballot_now(session, pool, by):
    return space.proposal(session, pool, by, way=ProposalWay.BALLOT, asked_at=datetime.now(UTC) - timedelta(hours=1))


def day_in(days):
    day = datetime.now(UTC).date() + timedelta(days=days)
    return [str(day.day), str(day.month), str(day.year)]


class TestMessages:
    def test_what_one_writes_the_others_read(self, ada, session, pool, people, sign_in):
        response = ada.fill_in(f"/pools/{pool.id}/space", words="Hello <b>all</b>")
        assert response.status_code == 302
        page = sign_in(people[1].id).get(f"/pools/{pool.id}/space").text
        assert "Hello &lt;b&gt;all&lt;/b&gt;" in page
        assert "Report this message" in page

    def test_nothing_is_no_message(self, ada, pool):
        response = ada.fill_in(f"/pools/{pool.id}/space", words=" ")
        assert response.status_code == 422
        assert "Write something first." in response.text

    def test_one_takes_back_ones_own(self, ada, session, pool, people):
        space.message(session, pool, people[0], words="Oh no")
        session.commit()
        response = ada.press(f"/pools/{pool.id}/space", button_of(ada, pool, "Take it back"))
        assert response.status_code == 302
        assert "Oh no" not in ada.get(f"/pools/{pool.id}/space").text
        assert session.scalars(sa.select(PoolMessage.words)).one() == ""

    def test_who_wants_no_letters_says_so(self, ada, session, pool, people):
        ada.press(f"/pools/{pool.id}/space", "Do not write to me about what is new")
        mine = sa.select(PoolMember.wants_news).where(PoolMember.person_id == people[0].id)
        assert session.scalar(mine) is False
        ada.press(f"/pools/{pool.id}/space", "Write to me about what is new")
        assert session.scalar(mine) is True

    def test_what_is_reported_is_read_by_a_moderator_alone_and_held(self, ada, session, pool, people, sign_in):
        said = space.message(session, pool, people[1], words="You are all fools.")
        space.message(session, pool, people[1], words="Only for us")
        moderator = accounts.person(session, role=Role.MODERATOR)
        session.commit()
        ada.fill_in(f"/moderation/report/pool_message/{said.id}", reason="abusive", words="")

        looking = sign_in(moderator.id)
        assert "A message in a pool" in looking.get("/moderation").text
        hold = f"/pools/messages/{said.id}/hold"
        page = looking.get(hold).text
        assert "You are all fools." in page
        assert not any(private in page for private in ("Ben", "Swimming", "Only for us"))
        assert looking.fill_in(hold, reason=" ").status_code == 422
        looking.fill_in(hold, reason="It insults people.")
        letter = session.scalars(sa.select(Message).order_by(Message.created_at.desc()).limit(1)).one()
        assert letter.to == people[1].email
        assert "fools" not in letter.body

        assert "You are all fools." not in sign_in(people[0].id).get(f"/pools/{pool.id}/space").text
        assert "It insults people." in sign_in(people[1].id).get(f"/pools/{pool.id}/space").text
        sign_in(moderator.id).fill_in(f"/pools/messages/{said.id}/release", reason="It was a quotation.")
        assert "You are all fools." in sign_in(people[0].id).get(f"/pools/{pool.id}/space").text
        assert sign_in(moderator.id).get(hold).status_code == 404

    def test_who_is_not_in_the_pool_cannot_even_report(self, client, session, pool, people, sign_in):
        said = space.message(session, pool, people[1])
        stranger = accounts.person(session)
        session.commit()
        assert client.get(f"/moderation/report/pool_message/{said.id}").status_code == 404
        assert sign_in(stranger.id).get(f"/moderation/report/pool_message/{said.id}").status_code == 404


def button_of(client, pool, begins):
    """Return the whole words of the first button that begins so."""
    page = pages.read(client.get(f"/pools/{pool.id}/space").text)
    return next(words for words in map(pages.words, page.findall(".//button")) if words.startswith(begins))


class TestDeciding:
    def test_asking_leads_to_the_question(self, ada, pool):
        response = ada.fill_in(
            f"/pools/{pool.id}/proposals/ask", question="We meet on Tuesdays", way="consent", days="7"
        )
        page = ada.get(response.location).text
        assert "Nobody has said anything yet." in page

    def test_what_will_not_do_keeps_what_was_typed(self, ada, pool):
        response = ada.fill_in(
            f"/pools/{pool.id}/proposals/ask", question="Which day?", way="ballot", options="One", days="7"
        )
        assert response.status_code == 422
        assert "Write 2 to 6 choices" in response.text
        assert "Which day?" in response.text

    def test_an_answer_can_be_changed(self, ada, session, pool, people):
        asked = space.proposal(session, pool, people[1], asked_at=datetime.now(UTC) - timedelta(hours=1))
        session.commit()
        url = f"/pools/{pool.id}/proposals/{asked.id}"
        assert ada.fill_in(url, voice="object", words="").status_code == 422
        assert ada.fill_in(url, voice="object", words="I work then.").status_code == 302
        assert "I work then." in ada.get(url).text
        assert ada.fill_in(url, voice="consent", words="").status_code == 302

    def test_a_mark_is_shown_once_and_nothing_else_before_the_close(self, ada, session, pool, people, sign_in):
        asked = ballot_now(session, pool, people[1])
        session.commit()
        url = f"/pools/{pool.id}/proposals/{asked.id}"
        response = ada.fill_in(url, option="0")
        mark = session.scalars(sa.select(PoolBallotPaper.mark)).one()
        spoken = f"{mark[:4]} {mark[4:8]} {mark[8:]}"
        assert spoken in ada.get(response.location).text
        assert spoken not in ada.get(response.location).text
        assert "You have voted" in ada.get(url).text
        assert "You have answered" in ada.get(f"/pools/{pool.id}/proposals").text
        assert ada.post(url, data={"csrf_token": token(ada, pool), "option": "1"}).status_code == 422
        for person in people[1:]:
            sign_in(person.id).fill_in(url, option="1")
        result = sign_in(people[0].id).get(url).text
        assert spoken in result
        assert "3 members voted, and 3 papers are listed below: one for each, and no other." in " ".join(result.split())


def token(client, pool):
    return pages.hidden(pages.form(pages.read(client.get(f"/pools/{pool.id}/space").text)))["csrf_token"]


class TestAgreement:
    def test_everybody_says_yes_and_it_holds_and_goes_along(self, ada, session, pool, people, sign_in):
        answers = {question.name: question.choices[0].name for question in QUESTIONS}
        propose, shown = f"/pools/{pool.id}/agreement/propose", f"/pools/{pool.id}/agreement"
        assert "Nothing is agreed yet" in ada.get(shown).text
        refused = ada.fill_in(propose, **answers | {"keys": "own"})
        assert refused.status_code == 422
        assert "Say it in your own words" in refused.text
        assert ada.fill_in(propose, **answers, keys_words="Ask Ben.").status_code == 302
        for person in people[1:]:
            sign_in(person.id).press(shown, "Yes, I agree to all of this")
        page = ada.get(shown).text
        assert "Version 1 holds" in page
        assert "Ask Ben." in page
        assert ada.get(f"{shown}.pdf").data.startswith(b"%PDF")
        exported = ada.get(f"{shown}.json").json
        assert exported["answers"]["keys"] == {"choice": "none", "words": "Ask Ben."}
        assert exported["accepted_by"] == 3
        assert ada.fill_in(propose, **answers, keys_words="Ask Ben.").status_code == 422

    def test_one_no_takes_a_version_off_the_table(self, ada, session, pool, people):
        space.agreement(session, pool, people[1])
        session.commit()
        ada.press(f"/pools/{pool.id}/agreement", "No, take it off the table")
        assert "Nothing is agreed yet" in ada.get(f"/pools/{pool.id}/agreement").text


class TestDocuments:
    def test_a_document_is_shared_downloaded_and_deleted(self, ada, pool):
        url = f"/pools/{pool.id}/documents"
        sent = {"document": (io.BytesIO(b"Bus at nine"), "../Time table<1>.html"), "csrf_token": token(ada, pool)}
        assert ada.post(url, data=sent).status_code == 302
        page = pages.read(ada.get(url).text)
        link = next(a for a in page.findall(".//main//a") if pages.words(a) == "Time table 1.txt")
        response = ada.get(link.get("href"))
        assert response.data == b"Bus at nine"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.mimetype == "text/plain"
        assert ada.press(url, "Delete it for everybody Time table 1.txt").status_code == 302
        assert ada.get(link.get("href")).status_code == 404

    def test_nothing_and_programs_are_refused_in_words(self, ada, pool):
        url = f"/pools/{pool.id}/documents"
        assert "Choose a document." in ada.fill_in(url).text
        sent = {"document": (io.BytesIO(b"MZ\x00\x01"), "letter.pdf"), "csrf_token": token(ada, pool)}
        response = ada.post(url, data=sent)
        assert response.status_code == 422
        assert "We do not take files of that kind." in response.text


class TestRota:
    def test_what_is_put_down_can_be_taken_and_handed_back(self, ada, session, pool, people, sign_in):
        url = f"/pools/{pool.id}/rota"
        answers = {"what": "Drive there", "held_on": day_in(3), "starts_at": "2.30pm", "weeks": "2"}
        assert ada.fill_in(f"{url}/add", **answers).status_code == 302
        assert session.scalar(sa.select(sa.func.count()).select_from(PoolTurn)) == 2
        page = ada.get(url).text
        assert "2:30pm" in page
        ben = sign_in(people[1].id)
        first = next(words for words in buttons(ben, url) if words.startswith("I will do it"))
        ben.press(url, first)
        ben.press(url, next(words for words in buttons(ben, url) if words.startswith("Hand it back")))
        assert set(session.scalars(sa.select(PoolTurn.person_id))) == {None}

    def test_a_time_that_is_none_is_refused(self, ada, pool):
        answers = {"what": "Drive", "held_on": day_in(-3), "starts_at": "soon", "weeks": "1"}
        response = ada.fill_in(f"/pools/{pool.id}/rota/add", **answers)
        assert response.status_code == 422
        assert "Enter a time like 2pm or 14:30." in response.text
        response = ada.fill_in(f"/pools/{pool.id}/rota/add", **answers | {"starts_at": ""})
        assert "Choose today or a day after it." in response.text


def buttons(client, url):
    return [pages.words(button) for button in pages.read(client.get(url).text).findall(".//main//button")]


@pytest.mark.parametrize("room", ["space", "proposals", "proposals/ask", "agreement", "documents", "rota", "rota/add"])
def test_a_room_is_there_for_members_alone(client, session, pool, people, sign_in, room):
    stranger = accounts.person(session)
    session.commit()
    assert sign_in(people[2].id).get(f"/pools/{pool.id}/{room}").status_code == 200
    assert sign_in(stranger.id).get(f"/pools/{pool.id}/{room}").status_code == 404
    session.execute(sa.update(PoolMember).where(PoolMember.person_id == people[2].id).values(left_at=datetime.now(UTC)))
    session.commit()
    assert sign_in(people[2].id).get(f"/pools/{pool.id}/{room}").status_code == 404
