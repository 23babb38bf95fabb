"""Letters about what is new in saved searches."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue import services
from marketplace.catalogue.jobs import tell_of_new_offers
from marketplace.catalogue.models import SavedSearch
from marketplace.catalogue.rules import AlertEvery
from marketplace.kit.outbox import Message
from tests.factories import accounts
from tests.factories import catalogue as make

TOMORROW = timedelta(days=1, hours=1)


@pytest.fixture
def letters(app, session, now):
    """Return a function that runs the job a day later, and gives what was written to those who saved a search."""

    def run(later=TOMORROW):
        session.commit()
        with app.app_context():
            tell_of_new_offers(now + later)
        session.expire_all()
        return session.scalars(select(Message).where(Message.subject.contains("new offer"))).all()

    return run


@pytest.fixture
def ada(session, now):
    person = accounts.person(session, name="Ada", email="ada@example.org")
    save(session, person, now)
    return person


def save(session, person, now, *, asked="q=gardening&near=M33", name="Gardens", every=AlertEvery.DAY):
    services.save_search(session, name=name, asked=asked, every=every, by=person.id, now=now)


def list_one(session, now, *, title="Gardening, an hour", after=timedelta(hours=5), **differences):
    return make.live(session, title=title, now=now + after, price=make.asking(begins_on=now.date()), **differences)[0]


def test_what_is_new_and_fits_is_told_and_what_is_old_is_not(session, now, ada, letters):
    list_one(session, now, title="Gardening of old", after=-timedelta(hours=1))
    new = list_one(session, now, title="Gardening anew")
    (letter,) = letters()
    assert letter.to == "ada@example.org"
    assert letter.subject == "1 new offer for you"
    assert "Gardening anew" in letter.body
    assert f"/offers/{new.id}" in letter.body
    assert "of old" not in letter.body
    assert "/searches" in letter.body


def test_nobody_is_told_twice(session, now, ada, letters):
    list_one(session, now)
    assert len(letters()) == 1
    assert len(letters()) == 1
    assert len(letters(TOMORROW * 2)) == 1


def test_all_of_somebodys_searches_are_one_letter(session, now, ada, letters):
    save(session, ada, now, asked="q=painting&near=M33", name="Paint")
    list_one(session, now)
    list_one(session, now, title="Painting a wall", description="I paint.")
    (letter,) = letters()
    assert letter.subject == "2 new offers for you"
    assert "Gardens" in letter.body
    assert "Paint" in letter.body


def test_what_does_not_fit_is_not_told(session, now, ada, letters):
    list_one(session, now, title="Painting a wall", description="I paint.", category="arts-and-music")
    assert letters() == []
    assert session.scalars(select(SavedSearch.told_at)).one() == now + TOMORROW


def test_a_place_that_is_gone_finds_nothing(session, now, letters):
    save(session, accounts.person(session), now, asked="q=gardening&near=Atlantis")
    list_one(session, now)
    assert letters() == []


def test_who_wants_no_letters_gets_none(session, now, letters):
    save(session, accounts.person(session), now, every=AlertEvery.NEVER)
    list_one(session, now)
    assert letters(timedelta(days=400)) == []


def test_everybody_hears_of_their_own(session, now, ada, letters):
    save(session, accounts.person(session, email="bo@example.org"), now, asked="q=gardening")
    list_one(session, now)
    assert sorted(letter.to for letter in letters()) == ["ada@example.org", "bo@example.org"]
