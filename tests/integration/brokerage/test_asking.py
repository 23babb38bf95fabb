"""A brief from its first word to its end: opened, asked about, called, closed, held, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import Act
from marketplace.accounts.rules import Scope
from marketplace.brokerage.models import BriefCall, BriefQuestion
from marketplace.brokerage.queries.briefs import brief_seen, called_brief
from marketplace.brokerage.queries.calls import calls, organisations_to_tell
from marketplace.brokerage.queries.reported_briefs import reported_brief
from marketplace.brokerage.rules.briefs import Page
from marketplace.brokerage.rules.nouns import AreaKind, BriefStatus, NoBid
from marketplace.brokerage.services import (
    asking,
    briefing,
    calling,
    ending_briefs,
    holding_briefs,
    writing_briefs,
)
from marketplace.brokerage.services.writing_briefs import Writing
from marketplace.kit.outbox import Message
from marketplace.moderation.rules import SubjectKind
from tests.factories import accounts, briefs, catalogue, moderation

NOW = briefs.BEGAN
LATER = NOW + timedelta(days=1)


@pytest.fixture
def world(session):
    """Return Ada, somebody who gardens, their organisation, and Ada's open brief."""
    ada = accounts.person(session, name="Ada Quillfeather")
    _offer, gardener = catalogue.live(session)
    (organisation_id,) = gardener.organisations
    return ada, gardener, organisation_id, briefs.open_brief(session, person=ada)


def letters(session, to):
    return [
        it.subject for it in session.scalars(sa.select(Message).where(Message.to == to).order_by(Message.created_at))
    ]


def address(brief_id):
    return f"/briefs/{brief_id}"


def test_what_leads_to_somebody_must_go_and_the_rest_is_read_first(session):
    ada = accounts.person(session, name="Ada Quillfeather")
    named = briefs.draft(session, person=ada, about="Ask for Quillfeather at the gate.")
    with pytest.raises(briefing.GuessableError, match="“Quillfeather”"):
        briefing.open_brief(session, brief_id=named.id, by=ada.id, kept=["name:quillfeather"], now=NOW)
    placed = briefs.draft(session, person=ada, about="A garden behind the church.")
    with pytest.raises(briefing.GuessableError, match="Read what we found"):
        briefing.open_brief(session, brief_id=placed.id, by=ada.id, now=NOW)
    briefing.open_brief(session, brief_id=placed.id, by=ada.id, kept=["landmark:behind the church"], now=NOW)
    assert placed.status is BriefStatus.OPEN
    assert placed.kept_despite == ["landmark:behind the church"]


def test_a_provider_that_is_named_is_neither_told_nor_may_quote(session):
    ada = accounts.person(session)
    _offer, gardener = catalogue.live(session, by=catalogue.somebody(session))
    (organisation_id,) = gardener.organisations
    brief = briefs.draft(session, person=ada, about="Boring Help have gone. I want somebody who stays.")
    kept = f"organisation:{organisation_id}"
    briefing.open_brief(session, brief_id=brief.id, by=ada.id, kept=[kept], now=NOW)
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=NOW) is None
    assert calls(session, viewer=gardener, now=NOW).calls == ()
    assert calling.call_providers(session, brief_id=brief.id, now=NOW) == 0


def test_two_who_write_one_page_at_once_are_noticed_and_other_pages_are_not_in_the_way(session):
    ada = accounts.person(session)
    helper, _ = accounts.friend(session, of=ada, scopes=[Scope.ASK_FOR_QUOTES], now=NOW)
    brief = briefs.draft(session, person=ada)
    viewer = accounts.as_viewer(ada)
    before = brief_seen(session, brief_id=brief.id, viewer=viewer, on=NOW.date())
    theirs = Writing(brief.id, helper.id, LATER, before.said_on(Page.NEEDS))
    writing_briefs.say_needs(session, theirs, needs=["Own tools"])
    mine = Writing(brief.id, ada.id, LATER, before.said_on(Page.NEEDS))
    with pytest.raises(writing_briefs.ChangedMeanwhileError):
        writing_briefs.say_needs(session, mine, needs=["Own spade"])
    writing_briefs.say_money(
        session, Writing(brief.id, ada.id, LATER, before.said_on(Page.MONEY)), budget=None, shows_budget=False
    )
    after = brief_seen(session, brief_id=brief.id, viewer=viewer, on=NOW.date())
    assert [need.words for need in after.wanted.needs] == ["Own tools"]
    [act] = session.scalars(sa.select(Act).where(Act.by_person_id == helper.id))
    assert act.did == "wrote what must be met in your brief"


def test_an_answer_goes_to_all_without_who_asked_and_is_checked_too(session, world):
    ada, gardener, organisation_id, brief = world
    question_id = asking.ask_question(
        session, brief_id=brief.id, by=gardener, organisation_id=organisation_id, words="Is there a shed?", now=NOW
    )
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=NOW).wanted.questions == ()
    with pytest.raises(briefing.GuessableError):
        asking.answer_question(session, question_id=question_id, by=ada.id, answer="Ring 0161 496 0000.", now=LATER)
    asking.answer_question(session, question_id=question_id, by=ada.id, answer="Yes, a dry one.", now=LATER)
    [seen] = called_brief(session, brief_id=brief.id, viewer=gardener, now=LATER).wanted.questions
    assert (seen.words, seen.answer) == ("Is there a shed?", "Yes, a dry one.")
    assert str(organisation_id) not in repr(seen)
    with pytest.raises(asking.AnswerWordsError, match="already"):
        asking.answer_question(session, question_id=question_id, by=ada.id, answer="No.", now=LATER)


@pytest.mark.parametrize("words", ["Ring us on 0161 496 0000.", "Boring Help would like to know.", ""])
def test_a_question_does_not_say_who_asks(session, world, words):
    _ada, gardener, organisation_id, brief = world
    with pytest.raises(asking.QuestionWordsError):
        asking.ask_question(
            session, brief_id=brief.id, by=gardener, organisation_id=organisation_id, words=words, now=NOW
        )


def test_questions_end_before_answers_and_answers_before_quotes(session, world):
    ada, gardener, organisation_id, brief = world
    asked = {"brief_id": brief.id, "by": gardener, "organisation_id": organisation_id, "words": "Is there a shed?"}
    question_id = asking.ask_question(session, **asked, now=brief.questions_until - timedelta(seconds=1))
    with pytest.raises(asking.NoMoreQuestionsError):
        asking.ask_question(session, **asked, now=brief.questions_until)
    with pytest.raises(asking.AnswerWordsError, match="too late"):
        asking.answer_question(session, question_id=question_id, by=ada.id, answer="Yes.", now=brief.answers_by)
    with pytest.raises(asking.CallNotFoundError):
        asking.ask_question(session, **asked, now=brief.closes_at)
    stranger = accounts.person(session)
    with pytest.raises(asking.QuestionNotFoundError):
        asking.answer_question(session, question_id=question_id, by=stranger.id, answer="Yes.", now=LATER)


def test_providers_hear_of_all_new_briefs_once_a_day(session, world):
    ada, _gardener, organisation_id, brief = world
    other = briefs.open_brief(session, person=ada, title="A hedge", category="home-and-garden")
    for brief_id in (brief.id, other.id):
        assert calling.call_providers(session, brief_id=brief_id, now=LATER) == 1
        assert calling.call_providers(session, brief_id=brief_id, now=LATER) == 0
    assert organisations_to_tell(session, now=LATER) == [organisation_id]
    told = {"organisation_id": organisation_id, "address": lambda: "/calls"}
    assert calling.tell_of_briefs(session, **told, now=LATER)
    third = briefs.open_brief(session, person=ada, title="A pond", now=LATER)
    calling.call_providers(session, brief_id=third.id, now=LATER)
    assert not calling.tell_of_briefs(session, **told, now=LATER)
    assert calling.tell_of_briefs(session, **told, now=LATER + timedelta(days=1))
    [first, second] = session.scalars(
        sa.select(Message).where(Message.subject.contains("new brief")).order_by(Message.created_at)
    )
    assert "Help in a garden" in first.body
    assert "A hedge" in first.body
    assert "A pond" in second.body
    assert "A hedge" not in second.body
    assert "Quillfeather" not in first.body + second.body


def test_who_will_not_quote_hears_no_more_until_they_think_again(session, world):
    _ada, gardener, organisation_id, brief = world
    calling.call_providers(session, brief_id=brief.id, now=NOW)
    declined = {"brief_id": brief.id, "by": gardener, "organisation_id": organisation_id}
    asking.decline_brief(session, **declined, why_not=NoBid.TIMES, now=NOW)
    assert organisations_to_tell(session, now=NOW) == []
    [line] = calls(session, viewer=gardener, now=NOW).calls
    assert line.has_declined
    asking.think_again(session, **declined, now=NOW)
    assert session.get_one(BriefCall, (brief.id, organisation_id)).why_not is None


def test_a_brief_closes_on_its_day_and_tells_its_person(session, world):
    ada, _gardener, _organisation_id, brief = world
    assert not ending_briefs.close_brief(
        session, brief_id=brief.id, address=address, now=brief.closes_at - timedelta(seconds=1)
    )
    assert ending_briefs.close_brief(session, brief_id=brief.id, address=address, now=brief.closes_at)
    assert not ending_briefs.close_brief(session, brief_id=brief.id, address=address, now=brief.closes_at)
    assert brief.status is BriefStatus.CLOSED
    assert letters(session, ada.email) == ["Your brief has closed: Help in a garden"]


def test_the_person_is_told_of_questions_that_wait_once_a_day(session, world):
    _ada, gardener, organisation_id, brief = world
    for words in ("Is there a shed?", "Is there a tap?"):
        asking.ask_question(
            session, brief_id=brief.id, by=gardener, organisation_id=organisation_id, words=words, now=NOW
        )
    assert calling.tell_of_questions(session, brief_id=brief.id, address=address, now=NOW)
    assert not calling.tell_of_questions(session, brief_id=brief.id, address=address, now=NOW + timedelta(hours=1))
    assert not calling.tell_of_questions(session, brief_id=brief.id, address=address, now=LATER)
    assert calling.tell_of_questions(session, brief_id=brief.id, address=address, now=brief.questions_until)
    assert session.scalars(sa.select(BriefQuestion.told_at)).all() == [brief.questions_until] * 2


def test_a_brief_taken_back_is_gone_for_providers_and_begins_again_as_a_draft(session, world):
    ada, gardener, organisation_id, brief = world
    calling.call_providers(session, brief_id=brief.id, now=NOW)
    calling.tell_of_briefs(session, organisation_id=organisation_id, address=lambda: "/calls", now=NOW)
    with pytest.raises(briefing.GuessableError):
        ending_briefs.withdraw_brief(session, brief_id=brief.id, by=ada.id, why="Write to ada@example.org", now=LATER)
    ending_briefs.withdraw_brief(session, brief_id=brief.id, by=ada.id, why="I found somebody.", now=LATER)
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=LATER) is None
    assert session.scalar(sa.select(Message.body).where(Message.subject.startswith("A brief was taken back")))
    with pytest.raises(ending_briefs.BriefOverError):
        ending_briefs.withdraw_brief(session, brief_id=brief.id, by=ada.id, why="", now=LATER)
    copied = briefing.copy_brief(session, brief_id=brief.id, by=ada.id, now=LATER)
    seen = brief_seen(session, brief_id=copied, viewer=accounts.as_viewer(ada), on=LATER.date())
    assert (seen.status, seen.wanted.title) == (BriefStatus.DRAFT, "Help in a garden")
    assert tuple(need.words for need in seen.wanted.needs) == briefs.NEEDS


def test_moderators_read_what_was_reported_and_never_whose_it_is(session, world):
    ada, gardener, _organisation_id, brief = world
    mo = moderation.moderator(session)
    assert reported_brief(session, brief_id=brief.id, viewer=mo) is None
    hold = {"brief_id": brief.id, "reason": "It names a street.", "address": address, "now": LATER}
    with pytest.raises(briefing.BriefNotFoundError):
        holding_briefs.hold_brief(session, by=mo.person_id, **hold)
    moderation.report(session, subject_kind=SubjectKind.BRIEF, subject_id=brief.id)
    seen = reported_brief(session, brief_id=brief.id, viewer=mo)
    assert str(ada.id) not in repr(seen)
    with pytest.raises(holding_briefs.OwnBriefDecisionError):
        holding_briefs.hold_brief(session, by=ada.id, **hold)
    holding_briefs.hold_brief(session, by=mo.person_id, **hold)
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=LATER) is None
    holding_briefs.release_brief(session, by=mo.person_id, **hold)
    assert called_brief(session, brief_id=brief.id, viewer=gardener, now=LATER) is not None


AREAS = [
    ("m33 7zf", AreaKind.DISTRICT, "M33 (Trafford)"),
    ("M31", AreaKind.COUNCIL, "Trafford"),
    ("TR21 0LL", AreaKind.COUNCIL, "Isles of Scilly and Cornwall"),
    ("City of London", AreaKind.COUNCIL, "City of London and Tower Hamlets"),
    ("Sheffield", AreaKind.COUNCIL, "Sheffield"),
]


@pytest.mark.once
def test_of_a_postcode_no_more_is_kept_than_a_large_area(gazetteer):
    for typed, kind, name in AREAS:
        area = writing_briefs.area_of(typed, gazetteer=gazetteer)
        assert (area.kind, area.name) == (kind, name)
        # The middle of the area, unless that is what was typed.
        assert area.point != gazetteer.find(typed).point or typed == "Sheffield"
