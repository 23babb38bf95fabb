"""What reviews say about support in an area: stars and answers, never words."""

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Offer
from marketplace.kit.facts import Fact, FactKind
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings import services
from marketplace.ratings.models import Criterion, OutcomeMeaning, Review
from marketplace.ratings.rules import Written
from marketplace.ratings.rules.criteria import EVERYBODYS
from marketplace.ratings.rules.nouns import CriterionStatus, Ground, Screened, ScreeningOutcome
from marketplace.ratings.services import cards, holding
from marketplace.ratings.services.screening import Subject
from tests.factories import accounts, catalogue, proofs, purchasing
from tests.factories.facts import kinds, said

LEWISHAM, STOCKPORT = "E09000023", "E08000007"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session, lives_in=LEWISHAM)


@pytest.fixture
def review(session, sides, now):
    """Somebody's review of what they had, with an answer by a criterion and one by each of two lists of outcomes."""
    done = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE)
    written = Written(
        stars=4,
        words="They came when they said.",
        criteria={a_criterion(session): 5},
        outcomes={their_own(session): 3},
    )
    review_id = services.review_arrangement(
        session, arrangement_id=done.id, by=sides[0].id, link=str, now=now, written=written
    )
    return session.get_one(Review, review_id)


def a_criterion(session):
    return session.scalars(
        select(Criterion.id).where(Criterion.status == CriterionStatus.ADOPTED).order_by(Criterion.position)
    ).first()


def their_own(session):
    return session.scalars(select(OutcomeMeaning.outcome_id).order_by(OutcomeMeaning.outcome_id).limit(1)).one()


@pytest.fixture
def decide(session, now):
    moderator = accounts.person(session, role=Role.MODERATOR)

    def decide(review, outcome):
        it = Subject(Screened.REVIEW, review.id, review.id)
        ground = Ground.IDENTIFYING if outcome is ScreeningOutcome.REFUSED else None
        holding.decide(
            session, it, outcome=outcome, ground=ground, reason="It names a child.", by=moderator.id, link=str, now=now
        )
        session.flush()

    return decide


def test_a_review_counts_by_its_stars_by_each_criterion_and_by_everybodys_outcomes(session, review):
    means = session.scalars(
        select(OutcomeMeaning.means)
        .where(OutcomeMeaning.outcome_id == their_own(session))
        .order_by(OutcomeMeaning.means)
    ).all()
    assert means
    assert all(each.startswith(f"{EVERYBODYS}.") for each in means)
    category = session.get_one(Offer, review.offer_id).category
    assert said(session) == [
        (FactKind.RATED, category, "", 400),
        (FactKind.CRITERION_SCORED, category, str(a_criterion(session)), 500),
        *((FactKind.OUTCOME_SCORED, category, each, 300) for each in means),
    ]
    assert set(session.scalars(select(Fact.council))) == {LEWISHAM}


def test_what_a_moderator_keeps_from_view_counts_no_more_until_it_is_shown_again(session, review, decide):
    before = said(session)
    decide(review, ScreeningOutcome.REFUSED)
    category = before[0][1]
    assert said(session) == [(FactKind.MODERATED, category, "held", 0)]
    decide(review, ScreeningOutcome.SHOWN)
    decisions = [(FactKind.MODERATED, category, facet, 0) for facet in ("held", "released")]
    assert said(session) == [*decisions, *before]


def test_what_somebody_wrote_on_paper_counts_once_where_it_was_offered(session):
    offer, speaker = catalogue.live(session)
    offer.council = STOCKPORT
    checker = accounts.person(session, role=Role.CHECKER, lives_in=LEWISHAM)
    for code in proofs.made(session, offer=offer, by=speaker, number=2).codes:
        card_id = cards.card_with_code(session, code=code, by=checker.id, today=proofs.NOW.date())
        cards.type_in_paper(
            session, card_id=card_id, typed_by=checker.id, written=Written(stars=5), link=str, now=proofs.NOW
        )
    assert kinds(session) == [FactKind.RATED] * 2
    assert session.scalars(select(Fact.council)).all() == [STOCKPORT] * 2
    assert len(set(session.scalars(select(Fact.who)))) == 2, "each card is somebody else's"
