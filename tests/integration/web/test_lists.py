"""A page of a list asks the database as little for many rows as for one."""

from datetime import date

import pytest

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.budgets import services as budgets
from marketplace.budgets.rules import Holding, Stream
from marketplace.kit.money import Money
from marketplace.moderation.rules import SubjectKind
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, catalogue, moderation, pooling, purchasing, ratings

PAGES = [
    "/",
    "/pools",
    "/pools/mine",
    "/arrangements",
    "/arrangements/for-my-organisation",
    "/offers/mine",
    "/reviews/mine",
    "/reviews/for-my-organisation",
    "/budgets",
    "/moderation",
    "/accounts/roles",
]


@pytest.fixture
def add(session, now):
    """Return a function that adds one more of everything to the lists of somebody who is here as everything."""
    somebody = accounts.person(session)
    provider, viewer = catalogue.provider(session, by=accounts.as_viewer(somebody))
    session.add_all(RoleGrant(person_id=somebody.id, role=role) for role in (Role.MODERATOR, Role.OPERATOR))

    def one_more():
        offer, _ = catalogue.submitted(session, by=viewer, of=provider)
        other = accounts.person(session)
        purchasing.arrangement(session, person=other, organisation_id=provider.organisation_id, about=offer)
        body, _speaker = accounts.organisation(session)
        about = purchasing.offer(session, organisation_id=body.id)
        done = purchasing.arrangement(
            session, person=somebody, organisation_id=body.id, about=about, status=ArrangementStatus.DONE
        )
        ratings.review(session, offer=about, stars=4, person=somebody, arrangement=done)
        of_mine = ratings.review(session, offer=offer, stars=2, person=other)
        ratings.reply(session, to=of_mine, by=somebody)
        pooling.pool_open_now(session, people=[somebody])
        moderation.report(session, subject_kind=SubjectKind.REVIEW, subject_id=of_mine.id)
        accounts.person(session, role=Role.MODERATOR)
        budgets.set_up_budget(
            session,
            by=somebody.id,
            name="My budget",
            holding=Holding.OWN_MONEY,
            begins_on=date(2026, 4, 6),
            ends_on=date(2027, 4, 5),
            amounts={Stream.OWN_MONEY: Money(1)},
            now=now,
        )
        return somebody

    return one_more


@pytest.mark.parametrize("path", PAGES)
def test_a_list_costs_the_same_however_long_it_is(client, sign_in, add, count_queries, path):
    def cost(rows):
        for _ in range(rows):
            somebody = add()
        sign_in(somebody.id)
        count_queries.clear()
        page = client.get(path)
        assert page.status_code == 200
        return len(count_queries), len(page.data)

    (first, short), (second, long) = cost(1), cost(3)
    assert long > short, "the list did not grow"
    assert second == first <= 10
