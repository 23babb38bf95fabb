from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from marketplace.catalogue.models import Offer
from marketplace.ratings.jobs.ordering import put_in_order
from marketplace.ratings.models import AnswerRating, CategoryRating, OfferRating, Review
from marketplace.ratings.queries import summaries_for
from marketplace.ratings.queries.scores import scores_for
from marketplace.ratings.rules.scoring import FIRST_MEAN
from marketplace.search.queries import ratings_known
from tests.factories import purchasing, ratings

NOW = datetime(2026, 6, 3, 3, tzinfo=UTC)


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None, title="Sale Library")


@pytest.fixture
def run(app, session):
    def command(*args):
        session.commit()
        ran = app.test_cli_runner().invoke(args=["ratings", *args])
        session.expire_all()
        return ran

    return command


def rate(session, offer, *stars, **differences):
    for n in stars:
        ratings.review(session, offer=offer, stars=n, **differences)


def known(session, offer):
    return ratings_known(session, [offer.id]).get(offer.id)


def test_search_orders_by_worth_and_filters_by_the_average(session, library):
    rate(session, library, 5, 5)
    assert known(session, library) is None
    rate(session, library, 4)
    score, people, worth = known(session, library)
    assert (score, people) == (466, 3)
    assert worth == scores_for(session, offer_ids=[library.id])[library.id].working.worth < 4_660_000


def test_what_is_usual_is_worked_out_by_night_and_moves_the_order(session, app, library):
    rate(session, library, 5, 5, 5)
    before = known(session, library)[2]
    session.commit()
    with app.app_context():
        assert put_in_order(NOW) == 1
    session.expire_all()
    [own, *others] = session.scalars(
        select(CategoryRating.mean).order_by(CategoryRating.category != library.category)
    ).all()
    assert own > others[0] >= FIRST_MEAN // 1000
    assert known(session, library)[2] > before


def test_a_month_later_it_has_faded(session, app, library):
    rate(session, library, 1, 1, 1)
    session.commit()
    worths = []
    for month in (6, 7):
        with app.app_context():
            put_in_order(NOW.replace(month=month))
        session.expire_all()
        worths.append(known(session, library)[2])
    assert worths[1] > worths[0]


def test_a_site_that_kept_nothing_is_put_right(session, run, library):
    rate(session, library, 5, 4, 3)
    session.execute(delete(OfferRating))
    session.execute(update(Review).values(counts=False))
    checked = run("check")
    assert checked.exit_code == 1
    assert f"offer {library.id}: 3 reviews are not marked as they count; ones" not in checked.output
    assert "3 reviews are not marked as they count" in checked.output
    assert "fives is 0, counted anew 1" in checked.output
    assert "The search knows how 1 offer is rated." in run("index").output
    assert summaries_for(session, offer_ids=[library.id])[library.id].spread == (0, 0, 1, 1, 1)
    assert run("check").output == "What is kept of 1 offer is what people said.\n"


def test_every_difference_is_named_and_mended(session, run, library):
    rate(session, library, 5, 4, 3)
    session.execute(update(OfferRating).values(fives=7, weight=1))
    session.add(AnswerRating(offer_id=library.id, subject="outcome", about="nothing", ones=2))
    checked = run("check", "--mend")
    for words in ("fives is 7, counted anew 1", "weight is 1, counted anew 0", "outcome nothing is (2, 0, 0, 0, 0)"):
        assert words in checked.output
    assert checked.exit_code == 0
    assert "1 offer put right. What is kept of 1 offer is what people said." in checked.output
    assert run("check").exit_code == 0


def test_what_search_knows_otherwise_is_found_too(session, run, library):
    rate(session, library, 5, 4, 3)
    row = session.get(CategoryRating, library.category)
    assert row is None
    session.add(CategoryRating(category=library.category, mean=2000, worked_out_at=NOW))
    assert "search knows (400, 3," in run("check").output
    run("check", "--mend")
    assert run("check").exit_code == 0


def test_an_offer_is_compared_with_the_category_it_moved_to(session, app, library):
    rate(session, library, 5)
    session.execute(update(Offer).values(category="personal-care"))
    session.commit()
    with app.app_context():
        put_in_order(NOW)
    session.expire_all()
    assert session.get(OfferRating, library.id).category == "personal-care"
