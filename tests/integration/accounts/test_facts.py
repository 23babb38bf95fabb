"""Who says no to statistics is counted nowhere, and nothing else changes for them."""

import pytest
from sqlalchemy import select

from marketplace.accounts.services.counting import count_person, say_whether_counted
from marketplace.kit.audit import AuditEvent
from marketplace.kit.facts import Fact, FactKind
from marketplace.kit.quarters import Quarter
from marketplace.search.services import Searcher, count_search_in_vain
from tests.factories import accounts
from tests.factories.facts import kinds

TRAFFORD, STOCKPORT = "E08000009", "E08000007"


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam", lives_in=TRAFFORD)


@pytest.fixture
def count(session, now):
    def count(person, **differences):
        plain = {"person_id": person.id, "category": "equipment", "now": now}
        count_person(session, FactKind.ASKED, **plain | differences)
        session.flush()

    return count


def test_people_count_where_they_live_and_else_where_it_happens_and_else_nowhere(session, sam, count):
    nobody_knows_where = accounts.person(session)
    count(sam, council=STOCKPORT)
    count(nobody_knows_where)
    count(nobody_knows_where, council=STOCKPORT)
    assert session.scalars(select(Fact.council).order_by(Fact.id)).all() == [TRAFFORD, STOCKPORT]


def test_saying_no_forgets_every_quarter_that_is_not_released_and_nobody_else(session, sam, count, now):
    ada = accounts.person(session, name="Ada", lives_in=TRAFFORD)
    for moment in (now, Quarter.of(now).previous.starts_at):
        count(sam, now=moment)
    count(ada)
    for _ in range(2):
        say_whether_counted(session, person_id=sam.id, is_counted=False, now=now)
    count(sam)
    count_search_in_vain(session, by=Searcher(sam.id, "203.0.113.4"), council=TRAFFORD, category=None, now=now)
    assert kinds(session) == [FactKind.ASKED]
    say_whether_counted(session, person_id=sam.id, is_counted=True, now=now)
    count(sam)
    assert len(kinds(session)) == 2
    said = session.scalars(
        select(AuditEvent.did).where(AuditEvent.did.like("%statistics")).order_by(AuditEvent.at)
    ).all()
    assert sorted(said) == ["said no to statistics", "said yes to statistics"]


@pytest.mark.parametrize(
    ("lives_in", "address", "counted"),
    [(TRAFFORD, "", 1), (STOCKPORT, "", 0), (None, "", 1), ("visitor", "203.0.113.4", 1)],
)
def test_a_search_in_vain_counts_only_where_its_person_counts(session, now, lives_in, address, counted):
    is_person = lives_in != "visitor"
    person_id = accounts.person(session, lives_in=lives_in).id if is_person else None
    for council in (TRAFFORD, "E08000006"):
        count_search_in_vain(session, by=Searcher(person_id, address), council=council, category=None, now=now)
    assert session.scalars(select(Fact.council)).all() == [TRAFFORD] * counted


def test_neighbours_on_one_connection_are_one_visitor_and_others_are_others(session, now):
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "203.0.113.4", "::ffff:203.0.113.4"):
        count_search_in_vain(session, by=Searcher(None, address), council=TRAFFORD, category=None, now=now)
    assert len(set(session.scalars(select(Fact.who)))) == 4
