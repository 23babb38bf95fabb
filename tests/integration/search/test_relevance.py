"""
Does a handful of searches still find what was wanted? A great fall is noticed here; `script/bench relevance` measures.

The offers are of the demo town and the judgements are those of the benchmark, held to what is in these offers.
"""

import uuid
from statistics import fmean

import pytest

from benchmarks import judged
from marketplace.catalogue.rules import ProviderKind
from marketplace.demo.gateways import read_town
from marketplace.search import queries, services
from marketplace.search.rules import Question
from tests.factories.search import build_document

ASKED = (
    "befriending",
    "chiropody",
    "handyman",
    "BSL",
    "direct payments",
    "swiming lessons",
    "personel assistant",
    "dial a ride",
    "help in the garden",
    "can anyone cook with me",
    "someone to take mum to the shops on Tuesdays",
    "I keep falling over and want to be steadier",
    "a holiday by the sea for disabled people",
    "up the ramp",
    "Larkmoss",
    '"hearing voices"',
)
LEAST = 0.75


@pytest.fixture
def keys(session):
    """The offers of the demo town, findable, each with the key that the judgements know it by."""
    town = read_town()
    providers = {each.key: each for each in town.providers}
    documents = {
        each.key: build_document(
            each.title,
            id=uuid.uuid5(uuid.NAMESPACE_URL, each.key),
            category=each.category,
            category_name=each.category.replace("-", " "),
            provider_name=f"{providers[each.provider].name}\n{ProviderKind(providers[each.provider].kind).words}",
            description=each.description,
            place=f"{each.address or ''} {each.postcode or ''}",
        )
        for each in town.offers
        if each.state == "live"
    }
    services.rebuild(session, documents.values())
    return {document.id: key for key, document in documents.items()}


def test_people_find_what_they_want(session, keys):
    known = {each.query: each for each in judged.read()}
    scores = {}
    for query in ASKED:
        found = [keys[hit.id] for hit in queries.find(session, Question(query)).hits]
        scores[query] = judged.ndcg(found, known[query].graded(list(keys.values())))
    assert fmean(scores.values()) >= LEAST, scores


def test_the_judgements_are_many_and_name_each_query_once():
    read = judged.read()
    assert len({each.query for each in read}) == len(read) >= 80
    assert 3 * sum(each.is_held_out for each in read) == pytest.approx(len(read), rel=0.2)
    assert all(3 in each.grades.values() for each in read), "each query has something that is just what is wanted"


def test_what_is_judged_is_in_the_town():
    written = {each.key for each in read_town().offers}
    lost = {
        key for each in judged.read() for key in each.grades if not key.startswith("trafford-") and key not in written
    }
    assert not lost, "these offers have gone or changed their keys: judge the queries again"


@pytest.mark.parametrize(
    ("found", "score"),
    [(["a", "b"], 1), (["b", "a"], 0.8), (["c", "a"], 0.52), (["a"], 0.83), ([], 0), (["c"] * 10 + ["a"], 0)],
)
def test_a_ranking_is_judged_by_what_comes_first(found, score):
    assert judged.ndcg(found, {"a": 3, "b": 1}) == pytest.approx(score, abs=0.005)


def test_a_query_with_nothing_to_find_cannot_be_judged():
    with pytest.raises(ValueError, match="no offer"):
        judged.ndcg(["a"], {})
