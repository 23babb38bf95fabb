"""A pool asks for quotes: its members see and score them, a champion chooses, and the pool opens on that price."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from marketplace.brokerage.models import Award, Brief, BriefScorer, Quote
from marketplace.brokerage.queries.choosing import choosing
from marketplace.brokerage.queries.pools import chosen_terms
from marketplace.brokerage.rules.choosing import KindReason
from marketplace.brokerage.rules.nouns import BriefStatus
from marketplace.brokerage.services import awarding, scoring
from marketplace.kit.money import Money
from marketplace.pooling.models import PoolAnswer
from marketplace.pooling.rules.nouns import MemberRole, PoolStatus
from marketplace.pooling.services import briefing, joining, parting
from marketplace.pooling.services.opening import SellerInsideError
from marketplace.purchasing.models import Arrangement
from tests.factories import accounts, finding, quotes
from tests.factories import choosing as worlds
from tests.races import in_transactions


def link(thing_id):
    return f"https://example.org/{thing_id}"


def club(session):
    """Return a pool of three with a closed brief and a quote on it: the pool, its people, the brief and the quote."""
    ada, bo, cy = (accounts.person(session, name=name) for name in ("Ada", "Bo", "Cy"))
    pool = finding.draft(session, ada, category="home-and-garden")
    finding.member(session, pool, bo, role=MemberRole.CHAMPION, called="Bobby")
    finding.member(session, pool, cy)
    by, about = quotes.provider(session)
    brief, quote_id = worlds.of_pool(session, pool_id=pool.id, champion=ada, by=by, about=about, people=3)
    return pool, (ada, bo, cy), brief, quote_id


def choose(session, pool, brief, quote_id, *, by):
    briefing.choose_quote(
        session, pool_id=pool.id, brief_id=brief.id, quote_id=quote_id, by=by.id, because="", why_not={}, address=link,
        quote_link=link, now=datetime.now(UTC),
    )  # fmt: skip


def test_members_and_nobody_else_see_quotes_while_they_are_in_the_pool(session):
    pool, (_ada, _bo, cy), brief, _quote_id = club(session)
    dee, now = accounts.person(session, name="Dee"), datetime.now(UTC)

    def sees(person):
        page = choosing(session, brief_id=brief.id, viewer=accounts.as_viewer(person), now=now)
        return page and (len(page.quotes), sorted(one.called for one in page.scorers), page.may_choose)

    assert sees(cy) == (1, ["A member", "A member", "Bobby"], False)
    assert sees(dee) is None
    joining.join_pool(session, pool_id=pool.id, by=dee.id, called="Dee", now=now)
    joining.leave_membership(session, pool_id=pool.id, person_id=cy.id, now=now)
    assert sees(dee) == (1, ["A member", "Bobby", "Dee"], False)
    assert sees(cy) is None
    helper = accounts.person(session)
    joining.join_pool(session, pool_id=pool.id, by=helper.id, called="", role=MemberRole.FACILITATOR, now=now)
    assert sees(helper) is None
    # Nobody chooses for a pool as if it were their own brief.
    with pytest.raises(awarding.BriefNotFoundError):
        awarding.choose_none(
            session, brief_id=brief.id, by=dee.id, because="", said=KindReason(), quote_link=link, now=now
        )
    scoring.finish_scoring(session, brief_id=brief.id, by=dee.id, now=now)


def test_a_champion_begins_a_brief_once_there_are_two_and_somebody_always_looks_after_it(session):
    ada, bo = accounts.person(session, name="Ada"), accounts.person(session, name="Bo")
    pool, now = finding.draft(session, ada), datetime.now(UTC)
    about = {"pool_id": pool.id, "now": now}
    with pytest.raises(briefing.TooFewForQuotesError):
        briefing.begin_brief_for_pool(session, by=ada.id, **about)
    finding.member(session, pool, bo)
    with pytest.raises(joining.NotChampionError):
        briefing.begin_brief_for_pool(session, by=bo.id, **about)
    brief_id = briefing.begin_brief_for_pool(session, by=ada.id, **about)
    with pytest.raises(briefing.AsksAlreadyError):
        briefing.begin_brief_for_pool(session, by=ada.id, **about)
    brief = session.get_one(Brief, brief_id)
    assert (brief.title, brief.people, brief.pool_key) == (pool.title, 2, pool.id)
    joining.leave_membership(session, pool_id=pool.id, person_id=ada.id, now=now)
    assert session.get_one(Brief, brief_id).person_id == bo.id
    # With the last of them gone the pool is over, and nobody is asked for quotes any more.
    assert parting.step_out(session, pool_id=pool.id, by=bo.id, now=now) is PoolStatus.WITHDRAWN
    assert session.get_one(Brief, brief_id).status is BriefStatus.WITHDRAWN


def test_who_sells_is_not_chosen_by_a_pool_they_are_in(session):
    pool, (ada, _bo, cy), brief, quote_id = club(session)
    (organisation_id,) = {it.organisation_id for it in session.scalars(select(Quote)).all()}
    finding.member(
        session, pool, accounts.person(session), role=MemberRole.FACILITATOR
    ).organisation_id = organisation_id
    session.flush()
    with pytest.raises(SellerInsideError), session.begin_nested():
        choose(session, pool, brief, quote_id, by=ada)
    with pytest.raises(joining.NotChampionError):
        choose(session, pool, brief, quote_id, by=cy)
    session.expire_all()
    assert session.get(Award, brief.id) is None


def test_of_two_champions_at_once_one_choice_counts_and_nobody_has_promised_anything(real_app, arrange):
    pool, (ada, bo, cy), brief, quote_id = arrange(club)
    outcomes = in_transactions(
        real_app,
        [
            lambda session: choose(session, pool, brief, quote_id, by=ada),
            lambda session: choose(session, pool, brief, quote_id, by=bo),
            lambda session: joining.leave_membership(session, pool_id=pool.id, person_id=cy.id, now=datetime.now(UTC)),
        ],
    )
    assert outcomes == [None, None, None]

    def look(session):
        answer = session.scalars(select(PoolAnswer).where(PoolAnswer.pool_id == pool.id)).one()
        award = session.get_one(Award, brief.id)
        left = session.scalars(select(BriefScorer.person_id).where(BriefScorer.left_at.is_not(None))).all()
        assert session.get_one(Brief, brief.id).status is BriefStatus.AWARDED
        assert session.scalar(select(func.count()).select_from(Arrangement)) == 0
        # What the pool opens with is what was quoted for.
        terms = chosen_terms(session, pool_key=pool.id, offer_id=answer.offer_id)
        assert (terms.quantity, terms.weeks) == (brief.quantity, brief.weeks)
        return answer.whole_price, answer.most_people, award.pool_answer_key == answer.id, award.arrangement_id, left

    price, most, is_it, arrangement_id, left = arrange(look)
    assert (price, most, is_it, arrangement_id) == (Money(15_00), 3, True, None)
    assert left in ([], [cy.id])
