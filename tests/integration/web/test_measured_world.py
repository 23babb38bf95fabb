"""Does the world that benchmarks draw still fit the tables, and is it what the site would have written itself?"""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.serving.dice import PLEDGERS, Size
from benchmarks.serving.writing import build
from marketplace.catalogue.services.indexing import documents
from marketplace.kit.days import day_of
from marketplace.kit.db import open_engine
from marketplace.pooling.models import Pledge
from marketplace.ratings.models import OfferRating, Review
from marketplace.ratings.queries.checking import wrong_of
from marketplace.search import services as search

SIZE = Size(offers=40, reviews=120, people=PLEDGERS + 40, pools=5)


def test_a_drawn_world_is_what_the_site_would_have_written(new_database):
    url = new_database()
    build(url, SIZE)
    build(url, SIZE)  # Stopped and begun again, it does nothing twice.
    engine = open_engine(url)
    with Session(engine, info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        assert session.scalar(select(func.count()).select_from(Review)) == SIZE.reviews
        assert session.scalar(select(func.count()).select_from(Pledge)) == SIZE.pools * 3
        rated = session.scalars(select(OfferRating.offer_id)).all()
        assert rated
        assert wrong_of(session, offer_ids=rated) == {}
        assert search.put_documents(session, documents(session, today=day_of(datetime.now(UTC)))) == 0
    engine.dispose()
