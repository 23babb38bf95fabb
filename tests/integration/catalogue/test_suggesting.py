"""Telling us of a missing place or a wrong fact, and what becomes of it."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Suggestion
from marketplace.catalogue.rules.suggestions import WrongFact
from marketplace.catalogue.services import (
    OfferNotFoundError,
    SuggestionClosedError,
    SuggestionNotFoundError,
    SuggestionUnclearError,
)
from marketplace.kit.outbox import Message
from tests.factories import accounts, moderation
from tests.factories import catalogue as make


def letters_about(session, words):
    return [letter for letter in session.scalars(select(Message)).all() if words in letter.subject]


def test_anybody_suggests_a_place_without_signing_in(client, session):
    page = client.fill_in(
        "/suggest-a-place", name="Card club", place="Church hall, M33 7ZF", words="Cards on Tuesdays."
    )
    assert page.headers["Location"] == "/offers"
    suggestion = session.scalars(select(Suggestion)).one()
    assert (suggestion.name, suggestion.council, suggestion.suggested_by) == ("Card club", "E08000009", None)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"name": ""}, "Tell us what the place is called."),
        ({"place": " "}, "Tell us where it is, as well as you can."),
        ({"words": ""}, "Tell us a little about it."),
        ({"words": "x" * 1001}, "Use at most 1,000 characters."),
        ({"words": "https://a.example and www.b.example"}, "Leave out all web addresses but one."),
    ],
)
def test_a_suggestion_that_is_unclear_comes_back_with_a_sentence(client, session, answers, sentence):
    plain = {"name": "Card club", "place": "Sale", "words": "Cards."}
    page = client.fill_in("/suggest-a-place", **plain | answers)
    assert page.status_code == 422
    assert sentence in page.text
    assert session.scalars(select(Suggestion)).all() == []


def test_a_wrong_fact_reaches_the_provider_without_who_said_it_or_their_words(client, session, sign_in):
    offer, speaker = make.live(session)
    ada = accounts.person(session, name="Ada")
    browser = sign_in(ada.id)
    browser.fill_in(f"/offers/{offer.id}/wrong-fact", fact="price", words="It costs £25 now.")
    [letter] = letters_about(session, "Is this wrong on “Gardening, an hour”?")
    assert "what it costs" in letter.body
    assert "£25" not in letter.body
    assert "Ada" not in letter.body
    assert f"/offers/{offer.id}/history" in letter.body
    provider = sign_in(speaker.person_id)
    assert "It costs £25 now." in provider.get(f"/offers/{offer.id}/history").text


def test_a_provider_gets_one_letter_a_day_about_an_offer(session):
    offer, _ = make.live(session)
    for hours in (0, 1, 23, 25, 49):
        make.wrong_fact(session, offer=offer, now=make.LISTED + timedelta(hours=hours))
    # The third day's is the first that comes a whole day after another.
    assert len(letters_about(session, "Is this wrong")) == 2


def test_the_same_form_sent_twice_is_one_suggestion(session, now):
    key = uuid.uuid4()
    offer, _ = make.live(session)
    for _ in range(2):
        services.suggest_wrong_fact(
            session,
            key=key,
            offer_id=offer.id,
            fact=WrongFact.TIMES,
            words="Mondays.",
            by=None,
            address="/",
            now=now,
        )
        services.suggest_place(
            session, key=uuid.UUID(int=1), name="A", place="B", words="C", council=None, by=None, now=now
        )
    assert len(session.scalars(select(Suggestion)).all()) == 2


def test_nothing_is_wrong_on_what_nobody_sees(client, session):
    draft, _ = make.draft(session)
    session.commit()
    with pytest.raises(OfferNotFoundError):
        make.wrong_fact(session, offer=draft)
    assert client.get(f"/offers/{draft.id}/wrong-fact").status_code == 404


def test_a_moderator_reads_the_oldest_first_and_answers(client, session, sign_in):
    ada = accounts.person(session, name="Ada")
    offer, _ = make.live(session)
    first = make.missing_place(session, by=ada.id)
    make.wrong_fact(session, offer=offer, now=make.LISTED + timedelta(days=1))
    moderator = sign_in(moderation.moderator(session).person_id)
    page = moderator.get("/moderation/suggestions")
    assert page.text.index("The Tuesday club") < page.text.index("Gardening, an hour")
    assert "Gardening" not in moderator.get("/moderation/suggestions?kind=missing_place").text
    assert "Suggestions to look at: 2" in moderator.get("/moderation").text
    moderator.fill_in(f"/moderation/suggestions/{first}", answer="It is on the site from today.")
    [letter] = letters_about(session, "What became of what you told us about “The Tuesday club”")
    assert "It is on the site from today." in letter.body
    assert "Ada" in letter.body
    again = moderator.get(f"/moderation/suggestions/{first}")
    assert "It is on the site from today." in again.text
    assert "Closed" in again.text


def test_only_a_moderator_closes_and_only_once(session, now):
    suggestion = make.missing_place(session)
    moderator = moderation.moderator(session)
    with pytest.raises(SuggestionNotFoundError):
        services.close_suggestion(session, suggestion_id=suggestion, answer="", by=make.somebody(session), now=now)
    with pytest.raises(SuggestionUnclearError):
        services.close_suggestion(session, suggestion_id=suggestion, answer="x" * 1001, by=moderator, now=now)
    assert services.close_suggestion(session, suggestion_id=suggestion, answer="Done.", by=moderator, now=now) is False
    with pytest.raises(SuggestionClosedError):
        services.close_suggestion(session, suggestion_id=suggestion, answer="", by=moderator, now=now)


def test_suggestions_are_for_moderators_and_of_its_own_offers_for_a_provider(session):
    offer, speaker = make.live(session)
    make.wrong_fact(session, offer=offer)
    _, other = make.draft(session)
    assert queries.open_suggestions(session, viewer=speaker).lines == ()
    assert session.scalar(select(queries.count_of_suggestions(speaker))) == 0
    assert len(queries.wrong_facts_about(session, offer_id=offer.id, viewer=speaker)) == 1
    assert queries.wrong_facts_about(session, offer_id=offer.id, viewer=other) == ()
