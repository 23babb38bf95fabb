from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE
from marketplace.kit.audit import AuditEvent
from marketplace.ratings.models import Likeness
from marketplace.ratings.queries.likeness import my_likeness, people_like_me
from marketplace.ratings.rules.likeness import ACCESS, AGES, FEWEST_ALIKE, INTERESTS, are_known, told_of
from marketplace.ratings.services.likeness import LikenessUnclearError, forget_likeness, say_likeness
from tests.factories import accounts, purchasing, ratings

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)
GARDENS, MUSIC, HOIST = "interest:outdoors", "interest:arts", "access:hoist"


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None, title="Sale Library")


def like(session, *facts, person=None):
    person = person or accounts.person(session)
    say_likeness(session, facts=facts, agrees=True, by=person.id, now=NOW)
    return person


def rate(session, offer, stars, *facts, **differences):
    return ratings.review(session, offer=offer, stars=stars, person=like(session, *facts), **differences)


def seen_by(session, person, offer):
    return people_like_me(session, offer_id=offer.id, viewer=accounts.as_viewer(person))


class TestRules:
    def test_fewer_than_five_tell_nothing(self):
        assert told_of([[5] * (FEWEST_ALIKE - 1), [1] * (FEWEST_ALIKE - 1)]) is None
        assert told_of([]) is None

    @pytest.mark.parametrize(
        ("groups", "told"),
        [([[5] * 5], "5"), ([[4, 4, 4, 4, 5]], "4"), ([[4, 4, 4, 5, 5]], "4.5"), ([[5] * 5, [1] * 5], "3")],
    )
    def test_it_is_told_to_half_a_star(self, groups, told):
        assert told_of(groups) == Decimal(told)

    def test_a_small_group_adds_nothing_to_a_big_one(self):
        assert told_of([[5] * 5, [1] * 4]) == told_of([[5] * 5])

    def test_one_says_only_what_can_be_said_and_one_age(self):
        assert are_known([*INTERESTS, *ACCESS, next(iter(AGES))])
        assert not are_known(["interest:money"])
        assert not are_known(list(AGES)[:2])


class TestSaying:
    def test_it_replaces_what_was_said_and_the_audit_does_not_repeat_it(self, session):
        person = like(session, GARDENS, HOIST)
        like(session, MUSIC, person=person)
        assert my_likeness(session, viewer=accounts.as_viewer(person)) == {MUSIC}
        events = session.scalars(select(AuditEvent).where(AuditEvent.to_kind == "likeness")).all()
        assert [event.did for event in events] == ["said", "said"]

    @pytest.mark.parametrize(
        ("facts", "agrees", "field"),
        [((), True, "interests"), (("interest:money",), True, "interests"), ((GARDENS,), False, "agrees")],
    )
    def test_it_is_refused_in_words(self, session, facts, agrees, field):
        person = accounts.person(session)
        with pytest.raises(LikenessUnclearError) as refused:
            say_likeness(session, facts=facts, agrees=agrees, by=person.id, now=NOW)
        assert refused.value.field == field
        assert not session.scalars(select(Likeness)).all()

    def test_it_can_be_taken_back(self, session):
        person, other = like(session, GARDENS), like(session, MUSIC)
        forget_likeness(session, by=person.id, now=NOW)
        assert set(session.scalars(select(Likeness.person_id))) == {other.id}


class TestSeeing:
    def test_five_others_who_share_something_tell(self, session, library):
        me = like(session, GARDENS, HOIST)
        ratings.review(session, offer=library, stars=1, person=me)
        for _ in range(FEWEST_ALIKE - 1):
            rate(session, library, 5, GARDENS)
        # I am not one of them, nor is somebody who likes other things.
        rate(session, library, 1, MUSIC)
        assert seen_by(session, me, library).stars is None
        rate(session, library, 3, GARDENS, MUSIC)
        assert seen_by(session, me, library).stars == Decimal("4.5")

    def test_who_shares_more_counts_more(self, session, library):
        me = like(session, GARDENS, HOIST)
        for _ in range(5):
            rate(session, library, 5, GARDENS)
        for _ in range(5):
            rate(session, library, 1, GARDENS, HOIST)
        assert seen_by(session, me, library).stars == Decimal("2.5")

    def test_nobody_is_found_out_by_changing_what_one_says(self, session, library):
        for _ in range(5):
            rate(session, library, 5, GARDENS)
        rate(session, library, 1, GARDENS, HOIST)
        me = like(session, GARDENS)
        with_one, found = seen_by(session, me, library), None
        for facts in ((GARDENS, HOIST), (HOIST,)):
            found = seen_by(session, like(session, *facts, person=me), library)
            assert found.stars in {with_one.stars, None}
        assert found.stars is None

    def test_what_does_not_count_is_not_seen(self, session, library):
        me = like(session, GARDENS)
        for n in range(5):
            rate(session, library, 5, GARDENS, is_set_aside=n == 0)
        assert seen_by(session, me, library).stars is None

    def test_whoever_said_nothing_sees_nothing(self, session, library, count_queries):
        assert seen_by(session, accounts.person(session), library) is None
        count_queries.clear()
        assert people_like_me(session, offer_id=library.id, viewer=ANYONE) is None
        assert count_queries == []
