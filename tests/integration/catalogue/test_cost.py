"""What the two pages that everybody opens may cost."""

import pytest

from marketplace.catalogue.models import Offer
from tests.factories import catalogue as make
from tests.factories import ratings


@pytest.fixture
def offer_id(session):
    body, speaker = make.provider(session)
    offers = [make.live(session, of=body, by=speaker, title=f"Gardening {n}")[0] for n in range(5)]
    for _ in range(12):
        ratings.review(session, offer=offers[0], stars=4)
    session.commit()
    return offers[0].id


@pytest.mark.parametrize("address", ["/offers?q=gardening&near=M33&kind=micro_provider&sort=distance", "/offers"])
def test_a_page_of_results_takes_seven_queries_at_most(client, offer_id, count_queries, address):
    count_queries.clear()
    assert client.get(address).text.count('<article class="card">') == 5
    assert len(count_queries) <= 7, count_queries


def test_the_page_of_an_offer_takes_thirteen_queries_at_most(client, offer_id, count_queries):
    count_queries.clear()
    page = client.get(f"/offers/{offer_id}")
    assert page.text.count('<article class="review">') == 10
    assert len(count_queries) <= 13, count_queries


def test_the_page_of_a_provider_takes_eight_queries_at_most(client, session, offer_id, count_queries):
    provider_id = session.get_one(Offer, offer_id).provider_id
    count_queries.clear()
    assert client.get(f"/providers/{provider_id}").text.count('<article class="card">') == 5
    assert len(count_queries) <= 8, count_queries


@pytest.mark.parametrize("address", ["/offers?q=gardening&near=M33", "/offers/{}"])
def test_somebody_who_only_looks_is_given_no_cookie(client, offer_id, address):
    assert "Set-Cookie" not in client.get(address.format(offer_id)).headers
