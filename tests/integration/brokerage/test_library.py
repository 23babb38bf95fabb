"""Stories: told, read first by a moderator, shown, found, hidden, and forgotten. Examples and letters beside them."""

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import ANYONE, Role
from marketplace.brokerage.gateways.shelf import read_shelf
from marketplace.brokerage.models import LibraryPiece, PlanLine
from marketplace.brokerage.queries import library as queries
from marketplace.brokerage.queries.library_search import LibraryQuestion, library_list
from marketplace.brokerage.rules.nouns import PieceKind, PieceStatus
from marketplace.brokerage.services import stories as services
from marketplace.brokerage.services.examples import begin_from
from marketplace.brokerage.services.shelf import stock_library
from marketplace.brokerage.services.stories import ToldStory
from marketplace.kit.outbox import Message
from marketplace.moderation.rules import Outcome
from tests import pages
from tests.factories import accounts as make
from tests.factories import library

WORDS = "I was afraid of the water. Then somebody came with me every week, and waited until I was ready to go in."
TOLD = ToldStory(
    title="In the water", words=WORDS, pseudonym="Quiet Heron", outcome_id=None, category=None, keeps_names=False
)


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada Okonkwo")


@pytest.fixture
def mo(session):
    return make.person(session, name="Mo", role=Role.MODERATOR)


def letters(session):
    return sorted((to, subject) for to, subject in session.execute(sa.select(Message.to, Message.subject)))


def decide(session, piece_id, by, outcome, now, *, reason="", sent_at=None):
    session.flush()
    read = sent_at or session.get_one(LibraryPiece, piece_id).sent_at
    services.decide_piece(
        session, piece_id=piece_id, outcome=outcome, reason=reason, sent_at=read, by=by.id, address=str, now=now
    )


def found(session, words="", **question):
    page = library_list(session, asked=LibraryQuestion(words=words, **question), outcomes={})
    return [piece.title for piece in page.pieces], page.has_every_word


def test_everything_that_is_missing_from_a_story_is_said_at_once(client, ada, sign_in):
    sign_in(ada.id)
    page = client.fill_in("/library/tell", title="", words="", pseudonym="", category="", outcome="")
    assert page.status_code == 422
    asked = pages.read(page.text).xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href")
    assert asked == ["#title", "#words", "#pseudonym"]


def test_a_moderator_reads_a_letter_as_it_will_stand_on_paper(client, session, mo, sign_in):
    letter = library.document(session, words="## What happened\n\n- On [date]")
    session.flush()
    sign_in(mo.id)
    page = pages.read(client.get(f"/library/{letter.id}/decide").text)
    assert [pages.words(it) for it in page.xpath("//*[contains(@class, 'panel')]//h3")] == ["What happened"]
    assert [pages.words(it) for it in page.xpath("//*[contains(@class, 'panel')]//li")] == ["On [date]"]


def test_a_story_is_told_read_shown_and_taken_down(client, session, ada, mo, sign_in):
    sign_in(ada.id)
    told = {"title": "In the water", "words": WORDS + " Sarah drove.", "pseudonym": "Quiet Heron"}
    refused = client.fill_in("/library/tell", **told, category="", outcome="")
    assert refused.status_code == 422
    assert "Sarah" in refused.text
    assert WORDS in refused.text
    sent = client.fill_in("/library/tell", **told, category="", outcome="", keeps_names="y")
    assert sent.status_code == 302
    assert "Waits to be read" in client.get("/library/mine").text
    page = f"/library/{session.scalars(sa.select(LibraryPiece.id)).one()}"
    assert client.get(page).status_code == 200

    sign_in(make.person(session).id)
    assert client.get(page).status_code == 404
    assert client.get(page + "/change").status_code == 404

    sign_in(mo.id)
    assert "May name somebody" in client.get("/library/to-read").text
    unsaid = client.fill_in(page + "/decide", outcome="refused", reason="")
    assert unsaid.status_code == 422
    client.fill_in(page + "/decide", outcome="approved", reason="")

    sign_in(make.person(session).id)
    shown = client.get(page).text
    assert "Quiet Heron" in shown
    assert "Okonkwo" not in shown
    assert "In the water" in client.get("/library?q=swimming+water").text

    sign_in(ada.id)
    client.fill_in(page + "/take-down")
    session.expire_all()
    gone = session.scalars(sa.select(LibraryPiece)).one()
    assert (gone.status, gone.title, gone.words, gone.pseudonym) == (PieceStatus.TAKEN_DOWN, "", "", "")
    assert client.get(page).status_code == 404
    assert letters(session) == [(ada.email, "Your story is shown now")]


def test_a_moderator_decides_on_the_words_they_read_and_never_on_their_own(session, ada, mo, now):
    mine = services.tell_story(session, told=TOLD, by=ada.id, address=str, now=now)
    with pytest.raises(services.PieceMovedOnError):
        decide(session, mine, mo, Outcome.APPROVED, now, sent_at=library.WRITTEN)
    with pytest.raises(services.OwnPieceError):
        decide(session, mine, ada, Outcome.APPROVED, now)
    decide(session, mine, mo, Outcome.REFUSED, now, reason="It says who your neighbour is.")
    assert queries.my_stories(session, viewer=make.as_viewer(ada))[0].reason == "It says who your neighbour is."
    services.change_story(session, piece_id=mine, told=TOLD, by=ada.id, address=str, now=now)
    assert session.get_one(LibraryPiece, mine).status is PieceStatus.WAITING
    decide(session, mine, mo, Outcome.APPROVED, now)
    with pytest.raises(services.PieceMovedOnError):
        decide(session, mine, mo, Outcome.APPROVED, now)
    assert queries.piece_page(session, piece_id=mine, viewer=ANYONE) is not None


def test_a_story_sent_twice_is_one_and_a_few_wait_at_most(session, ada, now):
    send = [ToldStory(**{**_fields(TOLD), "title": title}) for title in ("One", "One", "Two", "Three", "Four", "Five")]
    assert len({services.tell_story(session, told=it, by=ada.id, address=str, now=now) for it in send}) == 5
    with pytest.raises(services.TooManyWaitError):
        services.tell_story(session, told=TOLD, by=ada.id, address=str, now=now)


def test_what_sounds_like_harm_is_told_at_once(session, ada, mo, now):
    operator = make.person(session, role=Role.OPERATOR)
    harm = ToldStory(**{**_fields(TOLD), "words": WORDS + " Before that they left me on the floor for hours."})
    services.tell_story(session, told=harm, by=ada.id, address=str, now=now)
    subject = "Read this now: somebody may be being harmed"
    assert letters(session) == sorted([(mo.email, subject), (operator.email, subject)])
    assert services.remind_of_stories(session, address="/", now=now) == 0


def test_moderators_are_reminded_once_of_what_is_due(session, ada, mo, now):
    services.tell_story(session, told=TOLD, by=ada.id, address=str, now=now)
    due = session.scalars(sa.select(LibraryPiece.due_at)).one()
    assert [services.remind_of_stories(session, address="/", now=at) for at in (now, due, due)] == [0, 1, 0]
    assert letters(session) == [(mo.email, "1 story waits to be read, 1 of them late")]


def test_a_reported_story_is_held_and_shown_again(client, session, mo, sign_in):
    story, stranger = library.piece(session), make.person(session)
    sign_in(stranger.id)
    client.fill_in(f"/moderation/report/library_piece/{story.id}", reason="private", words="It names my road.")
    sign_in(mo.id)
    client.fill_in(f"/library/{story.id}/decide", outcome="held", reason="It names a road.")
    sign_in(stranger.id)
    assert client.get(f"/library/{story.id}").status_code == 404
    sign_in(mo.id)
    client.fill_in(f"/library/{story.id}/decide", outcome="released", reason="")
    sign_in(stranger.id)
    assert client.get(f"/library/{story.id}").status_code == 200


def test_the_library_is_found_by_words_kind_and_support(session):
    library.piece(session)
    library.piece(session, title="A dog of my own", words="We go for walks.", summary="", category="companionship")
    library.piece(session, title="My PA", words="I employ three people.", summary="")
    library.example_plan(session, title="On the rails", words="x", summary="y")
    library.piece(session, title="Nobody sees this swim", status=PieceStatus.WAITING)
    assert found(session, "swimming learn") == (["How I learned to swim"], True)
    assert found(session, "walking dogs") == (["A dog of my own"], True)
    assert found(session, "personal assistant") == (["My PA"], True)
    assert found(session, "train") == (["On the rails"], True)
    assert found(session, "dog spaceship") == (["A dog of my own"], False)
    assert found(session, "spaceship") == ([], False)
    assert found(session, kind=PieceKind.EXAMPLE_PLAN) == (["On the rails"], True)
    assert found(session, category="companionship") == (["A dog of my own"], True)


def test_what_comes_with_the_site_is_put_in_once_and_what_was_hidden_stays_hidden(session, mo, now):
    pieces = read_shelf()
    assert stock_library(session, pieces=pieces, now=now).added == len(pieces)
    decide(session, pieces[0].id, mo, Outcome.HELD, now, reason="It is out of date.")
    session.get_one(LibraryPiece, pieces[1].id).words = "Somebody else's words."
    again = stock_library(session, pieces=pieces, now=now)
    assert (again.added, again.changed, again.same) == (0, 1, len(pieces) - 1)
    assert session.get_one(LibraryPiece, pieces[0].id).status is PieceStatus.HELD


def test_a_plan_begins_from_any_example_whole(session, now):
    for piece in read_shelf():
        if piece.plan is None:
            continue
        begun = begin_from(session, example=piece.plan, by=make.person(session).id, now=now)
        assert (begun.parts, begun.lines, begun.things_in_week) == (
            len(piece.plan["parts"]),
            len(piece.plan["lines"]),
            len(piece.plan["week"]),
        ), piece.title


def test_somebody_begins_their_plan_from_an_example_in_the_browser(client, session, ada, sign_in):
    example = library.example_plan(session)
    sign_in(ada.id)
    client.press(f"/library/{example.id}", "Begin my plan from this")
    assert session.scalars(sa.select(PlanLine.wish)).all() == ["Ride a train"]


@pytest.mark.once
def test_a_letter_is_taken_away_as_a_document_and_as_text(client, session):
    letter = library.document(session, words="[Your name]\n\n## Please\n\n- look at this")
    file = client.get(f"/library/{letter.id}/file")
    assert (file.data, file.headers["X-Content-Type-Options"]) == (b"a file", "nosniff")
    assert file.headers["Content-Disposition"] == 'attachment; filename="letter.odt"'
    assert "- look at this" in client.get(f"/library/{letter.id}/text").text
    assert client.get(f"/library/{library.piece(session).id}/file").status_code == 404


def _fields(told):
    return {name: getattr(told, name) for name in ToldStory.__slots__}
