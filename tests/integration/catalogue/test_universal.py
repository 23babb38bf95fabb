"""Entries of published lists."""

import pytest
from sqlalchemy import func, select

from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Offer, Provider, Source
from marketplace.catalogue.rules import AccessFact
from marketplace.catalogue.services import Imported, WrongDetailError
from marketplace.search import queries as search
from marketplace.search.rules import Question
from tests.factories import catalogue as make
from tests.factories import moderation


def add(session, now, **differences):
    return services.add_universal_service(session, service=make.universal_service(**differences), now=now)


@pytest.fixture(autouse=True)
def _source(session):
    make.source(session)


def test_an_entry_comes_in_once_however_often_it_is_brought(session, now):
    assert [add(session, now), add(session, now)] == [Imported.ADDED, Imported.UNCHANGED]
    assert session.scalar(select(func.count()).select_from(Offer)) == 1
    assert session.scalar(select(func.count()).select_from(Provider)) == 1


def test_an_entry_that_changed_is_brought_up_to_date_and_found_by_its_new_words(session, now):
    add(session, now)
    assert add(session, now, title="Waterside Library", access=frozenset({AccessFact.STEP_FREE})) is Imported.CHANGED
    assert search.find(session, Question(words="waterside")).total == 1


def test_an_entry_thanks_its_publisher(session, now):
    add(session, now)
    page = queries.offer_page(
        session, offer_id=session.scalars(select(Offer.id)).one(), viewer=make.somebody(session), on=now.date()
    )
    assert (page.source.publisher, page.provider.takes_requests) == ("Trafford Council", False)


def test_what_a_moderator_took_down_stays_down(session, now):
    add(session, now)
    offer = session.scalars(select(Offer)).one()
    services.refuse_offer(
        session,
        offer_id=offer.id,
        reason="It has closed.",
        by=moderation.moderator(session),
        seen=None,
        address="",
        now=now,
    )
    assert add(session, now, title="Sale Library again") is Imported.CHANGED
    assert offer.status == "refused"
    assert search.find(session, Question(words="library")).total == 0


def test_several_places_of_one_provider_share_it(session, now):
    add(session, now, provider_key="trafford", provider_name="Trafford libraries")
    add(
        session,
        now,
        source_key="hale",
        title="Hale Library",
        provider_key="trafford",
        provider_name="Trafford libraries",
    )
    assert session.scalars(select(Provider.name)).all() == ["Trafford libraries"]


@pytest.mark.parametrize(
    ("differences", "field"),
    [({"title": " "}, "title"), ({"source": "nobody"}, "source"), ({"category": "x"}, "category")],
)
def test_an_entry_that_will_not_do_is_refused_in_words(session, now, differences, field):
    with pytest.raises(WrongDetailError) as refused:
        add(session, now, **differences)
    assert refused.value.field == field


def test_naming_a_source_again_corrects_it(session):
    services.add_source(
        session, key="trafford-libraries", publisher="Trafford Data Lab", licence="OGL", licence_url="x", url="y"
    )
    assert session.scalars(select(Source.publisher)).all() == ["Trafford Data Lab"]
