"""What becomes of briefs: facts that name neither who asked nor who did not answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.brokerage.models import Quote
from marketplace.brokerage.rules.nouns import NoBid
from marketplace.brokerage.services import asking, awarding, calling, ending_briefs
from marketplace.kit.facts import Fact, FactKind
from marketplace.purchasing.rules.nouns import PayBy
from tests.factories import accounts, briefs, budgets, catalogue, choosing, quotes
from tests.factories.facts import kinds, said

GARDEN = "home-and-garden"
STOCKPORT, TRAFFORD = "E08000007", "E08000009"
LATER = briefs.BEGAN + timedelta(days=1)


def test_a_brief_that_is_chosen_from_is_opened_and_awarded(session):
    world = choosing.closed(session)
    assert kinds(session) == [FactKind.BRIEF_OPENED]
    it = session.get_one(Quote, world.quotes[0])
    awarding.award_quote(
        session,
        brief_id=world.brief.id,
        quote_id=it.id,
        by=world.person.id,
        because="",
        pay_by=PayBy.BANK_TRANSFER,
        shares={next(iter(budgets.streams(session, world.budget_id).values())): it.total},
        why_not={},
        starts_on=None,
        link=str,
        quote_link=str,
        now=choosing.CLOSED,
    )
    assert kinds(session)[1:] == [FactKind.ASKED, FactKind.AGREED, FactKind.PRICED, FactKind.BRIEF_AWARDED]


@pytest.mark.parametrize("is_quoted", [True, False])
def test_only_a_brief_without_any_quote_is_unanswered(session, is_quoted):
    ada = accounts.person(session, name="Ada", lives_in=TRAFFORD)
    brief = briefs.open_brief(session, person=ada)
    if is_quoted:
        by, about = quotes.provider(session)
        quotes.sent(session, brief=brief, by=by, about=about)
    ending_briefs.close_brief(session, brief_id=brief.id, address=str, now=choosing.CLOSED)
    assert said(session) == [
        (FactKind.BRIEF_OPENED, GARDEN, "", 0),
        *([] if is_quoted else [(FactKind.BRIEF_UNANSWERED, GARDEN, "", 0)]),
    ]


def test_a_provider_who_does_not_quote_counts_by_its_last_reason_where_the_brief_is(session):
    ada = accounts.person(session, name="Ada", lives_in=STOCKPORT)
    about, by = catalogue.live(session)
    brief = briefs.open_brief(session, person=ada)
    calling.call_providers(session, brief_id=brief.id, now=briefs.BEGAN)
    ours = {"brief_id": brief.id, "by": by, "organisation_id": about_whom(by), "now": LATER}

    def no_quotes():
        session.flush()
        asked = select(Fact.council, Fact.facet).where(Fact.kind == FactKind.NO_QUOTE)
        return [tuple(row) for row in session.execute(asked)]

    for why in (NoBid.TIMES, NoBid.NO_SPACE):
        asking.decline_brief(session, **ours, why_not=why)
    assert no_quotes() == [(TRAFFORD, NoBid.NO_SPACE)]
    asking.think_again(session, **ours)
    assert not no_quotes()
    asking.decline_brief(session, **ours, why_not=NoBid.TOO_FAR)
    quotes.sent(session, brief=brief, by=by, about=about, now=LATER)
    assert not no_quotes()
    assert session.scalars(select(Fact.council).where(Fact.kind == FactKind.BRIEF_OPENED)).one() == STOCKPORT


def about_whom(by):
    (organisation_id,) = by.organisations
    return organisation_id
