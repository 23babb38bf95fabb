from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.accounts.rules import ANYONE
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.ratings.models import Criterion, CriterionAnswer
from marketplace.ratings.queries import dashboard as queries
from marketplace.ratings.rules.nouns import PointKind, ReviewStatus
from tests.factories import accounts, catalogue, ratings
from tests.factories import quality as made

TODAY = date(2026, 5, 25)
WORDS = "They were late, but they listened to me."


def said_by(session, offer, how_many, *, stars=4, words=WORDS, **differences):
    return [ratings.review(session, offer=offer, stars=stars, words=words, **differences) for _ in range(how_many)]


def answers(session, reviews, stars=4):
    criterion = session.scalars(select(Criterion).order_by(Criterion.position)).first()
    session.add_all(CriterionAnswer(review_id=it.id, criterion_id=criterion.id, stars=stars) for it in reviews)
    session.flush()
    return criterion.words


@pytest.fixture
def place(session):
    offer, speaker = catalogue.live(session)
    return offer, speaker


def page(session, place, viewer=None):
    offer, speaker = place
    return queries.dashboard(session, provider_id=offer.provider_id, viewer=viewer or speaker, on=TODAY)


def test_nobody_but_those_who_speak_for_a_provider_sees_it(session, place):
    assert page(session, place) is not None
    stranger = accounts.as_viewer(accounts.person(session))
    for viewer in (ANYONE, stranger):
        assert page(session, place, viewer) is None
        assert queries.points_of(session, provider_id=place[0].provider_id, viewer=viewer) == ()


def test_two_people_make_no_figure(session, place):
    two = said_by(session, place[0], 2)
    answers(session, two)
    it = page(session, place)
    assert it.stars.whole.people is None
    assert (it.criteria, it.themes) == ((), ())


def test_three_people_make_figures_of_the_quarter_in_which_they_were_shown(session, place):
    three = said_by(session, place[0], 3)
    words = answers(session, three)
    it = page(session, place)
    assert (it.stars.whole.people, str(it.stars.whole.average)) == (3, "4.0")
    assert [cell.people for cell in it.stars.cells] == [None] * 4 + [3]
    assert [(line.about, line.whole.people) for line in it.criteria] == [(words, 3)]
    assert {"late", "listened"} <= {theme.word for theme in it.themes}


def test_what_is_not_shown_is_in_no_figure(session, place):
    said_by(session, place[0], 2)
    for status in (ReviewStatus.WAITING, ReviewStatus.UNREAD, ReviewStatus.HELD):
        hidden = ratings.review(session, offer=place[0], stars=1, words="Secret words.", status=status)
        ratings.point(session, of=hidden, words="Secret point.")
    it = page(session, place)
    assert it.stars.whole.people is None
    assert "Secret" not in repr(it)
    assert it.to_do == queries.ToDo(reviews=2, points=0, reports=0)


def test_one_person_who_writes_often_is_one_person(session, place):
    person = accounts.person(session)
    for days in range(3):
        ratings.review_of_done(
            session,
            offer=place[0],
            organisation_id=next(iter(place[1].organisations)),
            stars=2,
            person=person,
            written_at=ratings.WRITTEN_AT + timedelta(days=days),
        )
    assert page(session, place).stars.whole.people is None


def test_a_merged_criterion_counts_for_what_it_became(session, place):
    three = said_by(session, place[0], 3)
    one, other = session.scalars(select(Criterion).order_by(Criterion.position).limit(2))
    one.status, one.merged_into, one.reason = "merged", other.id, "The same."
    session.add(CriterionAnswer(review_id=three[0].id, criterion_id=one.id, stars=5))
    session.add_all(CriterionAnswer(review_id=it.id, criterion_id=other.id, stars=5) for it in three[1:])
    session.flush()
    assert [(line.about, line.whole.people) for line in page(session, place).criteria] == [(other.words, 3)]


def test_what_has_no_answer_is_counted(session, place):
    offer, speaker = place
    first, second, _third = said_by(session, offer, 3)
    person = session.get_one(Person, speaker.person_id)
    ratings.reply(session, to=first, by=person)
    asked = ratings.point(session, of=first, words="Open on Saturdays.")
    ratings.point(session, of=second, words="Answer the telephone.", kind=PointKind.NOT_WORKING)
    ratings.point(session, of=second, words="The tea.", kind=PointKind.WORKING)
    ratings.change(session, about=asked, by=person)
    made.published(session, provider=session.get_one(Provider, offer.provider_id))
    it = page(session, place)
    assert it.to_do == queries.ToDo(reviews=2, points=1, reports=1)
    assert [(one.kind, one.answer) for one in it.points] == [
        (PointKind.WORKING, ""),
        (PointKind.NOT_WORKING, ""),
        (PointKind.SHOULD_CHANGE, "We open on Saturdays from June."),
    ]
    assert (it.told.asked, it.told.done) == (2, 1)


def test_the_page_and_its_files_say_no_more_than_the_reviews(client, session, sign_in, place):
    offer, speaker = place
    month = day_of(datetime.now(UTC)).replace(day=1)
    reviews = said_by(session, offer, 3, written_at=datetime(month.year, month.month, 1, 12, tzinfo=UTC))
    words = answers(session, reviews)
    ratings.point(session, of=reviews[0], words="=Open on Saturdays.")
    session.commit()
    sign_in(speaker.person_id)
    moved = client.get("/reviews/dashboard")
    url = moved.headers["Location"]
    shown = " ".join(BeautifulSoup(client.get(url).text, "html.parser").select_one("main").get_text(" ").split())
    assert "3 people gave you 4.0 out of 5 on average." in shown
    assert "4.0 from 3 people" in shown
    assert words in shown
    assert "3 reviews have no reply" in shown
    figures = list(csv.DictReader(io.StringIO(client.get(f"{url}/figures.csv").text)))
    assert {"what": "stars", "about": "All in all", "quarter": "all", "people": "3", "average": "4.0"} in figures
    points = list(csv.DictReader(io.StringIO(client.get(f"{url}/points.csv").text)))
    assert [one["words"] for one in points] == ["'=Open on Saturdays."]
    for it in reviews:
        assert str(it.person_id) not in client.get(url).text


def test_without_reviews_the_page_says_what_will_be_there(client, session, sign_in, place):
    _offer, speaker = place
    session.commit()
    sign_in(speaker.person_id)
    shown = client.get("/reviews/dashboard", follow_redirects=True).text
    assert "There are no figures yet" in shown
    assert "You have answered everything." in shown


def test_many_reviews_cost_as_many_queries_as_few(session, place, count_queries):
    def asked():
        session.flush()
        count_queries.clear()
        page(session, place)
        return len(count_queries)

    answers(session, said_by(session, place[0], 3))
    few = asked()
    more = said_by(session, place[0], 6)
    answers(session, more)
    for it in more:
        ratings.point(session, of=it)
    assert asked() == few <= 13
