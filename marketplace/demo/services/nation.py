"""What people all over England did in the closed quarters: invented in bulk, so that there are figures to look at."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from random import Random

from sqlalchemy import insert

from marketplace.catalogue import queries as catalogue
from marketplace.demand.rules.shapes import FRESHNESS, NO_BIDS, POOL_ENDINGS, SPACE, STREAMS
from marketplace.demo.services.street import Street
from marketplace.kit.facts import Fact, FactKind, number_of
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import region_of_councils
from marketplace.ratings.queries import criteria as criteria_of

PEOPLE_AT_HOME = 420
"""People of the town's own council who do something in a quarter, besides those who have a name in the town."""
PEOPLE_ELSEWHERE = (4, 60)
"""The fewest and the most people of any other council."""
_LARGEST = 2**62

_UNITS = ("hour", "hour", "hour", "session", "session", "day", "night", "week")
_PRICES = {"hour": 16_00, "session": 12_00, "day": 62_00, "night": 110_00, "week": 480_00}

Row = dict[str, object]


def expect_nation(draw: Random, street: Street) -> None:
    """Put on the agenda what people all over England did in each closed quarter, shortly before it closes."""
    [(home, _)] = Counter(street.gazetteer.find(one.postcode).council for one in street.town.people).most_common(1)
    for number, quarter in enumerate(street.calendar.quarters):
        seed = draw.randrange(_LARGEST)
        street.agenda.add(quarter.ends_at, partial(_live, street, quarter, seed=seed, growth=number, home=home))


def _live(street: Street, quarter: Quarter, *, seed: int, growth: int, home: CouncilCode, now: object) -> None:
    draw = Random(seed)  # noqa: S311  (nobody is to be surprised)
    lists = _Lists(street)
    rows: list[Row] = []
    for council in region_of_councils():
        people = PEOPLE_AT_HOME if council == home else draw.randint(*PEOPLE_ELSEWHERE)
        for _ in range(people * (10 + growth) // 10):
            rows.extend(_doings(draw, lists, quarter, council))
        for _ in range(max(3, people // 6)):
            rows.extend(_providing(draw, lists, quarter, council))
    street.session.execute(insert(Fact), rows)


class _Lists:
    """What people choose from: kinds of support, the first of them the likeliest, and what they are asked about."""

    def __init__(self, street: Street) -> None:
        self.categories = [shelf.slug for shelf in catalogue.categories(street.session)]
        self.likely = [1 / (place + 1.5) for place in range(len(self.categories))]
        self.criteria = [str(one.id) for one in criteria_of.adopted_criteria(street.session)]
        self.outcomes = [str(one.id) for one in criteria_of.outcomes_for(street.session, None)]

    def some(self, draw: Random) -> str:
        """Return a kind of support."""
        return draw.choices(self.categories, self.likely)[0]


def _doings(draw: Random, lists: _Lists, quarter: Quarter, council: CouncilCode) -> Iterator[Row]:
    who, category, provider = draw.randint(1, _LARGEST), lists.some(draw), draw.randint(1, 14)
    row = partial(_row, quarter, council, who)
    if _by_chance(draw, 0.28):
        yield row(FactKind.SEARCHED_IN_VAIN, lists.some(draw))
    if _by_chance(draw, 0.35):
        yield row(FactKind.SHORTLISTED, category)
    if _by_chance(draw, 0.1):
        yield row(FactKind.WAITING, category, provider=provider)
    if _by_chance(draw, 0.12):
        yield row(draw.choice((FactKind.BRIEF_OPENED, FactKind.BRIEF_AWARDED, FactKind.BRIEF_UNANSWERED)), category)
    if _by_chance(draw, 0.2):
        yield from _pooling(draw, row, category)
    if _by_chance(draw, 0.6):
        yield from _buying(draw, lists, row, category, provider)


def _pooling(draw: Random, row: partial[Row], category: str) -> Iterator[Row]:
    yield row(FactKind.POOL_OPENED, category)
    if _by_chance(draw, 0.6):
        yield row(FactKind.POOL_MET, category)
    else:
        yield row(FactKind.POOL_FAILED, category, facet=draw.choice(POOL_ENDINGS)[0])


def _buying(draw: Random, lists: _Lists, row: partial[Row], category: str, provider: int) -> Iterator[Row]:
    unit = draw.choice(_UNITS)
    price = int(_PRICES[unit] * draw.uniform(0.8, 1.3)) // 25 * 25
    yield row(FactKind.ASKED, category, provider=provider)
    yield row(FactKind.AGREED, category, provider=provider, amount=price * 12)
    yield row(FactKind.PRICED, category, provider=provider, facet=unit, amount=price)
    yield row(FactKind.VISITED, category, provider=provider)
    stream = draw.choices(STREAMS, (6, 2, 1, 3, 1))[0][0]
    yield row(FactKind.BOUGHT, category, provider=provider, facet=stream, amount=price * draw.randint(3, 12))
    if _by_chance(draw, 0.5):
        stars = draw.choices((2, 3, 4, 5), (1, 2, 5, 6))[0]
        yield row(FactKind.RATED, category, provider=provider, amount=stars * 100)
        yield row(FactKind.CRITERION_SCORED, category, facet=draw.choice(lists.criteria), amount=stars * 100)
        yield row(FactKind.OUTCOME_SCORED, category, facet=draw.choice(lists.outcomes), amount=stars * 100)
        yield row(FactKind.MODERATED, category, facet=draw.choices(("approved", "refused", "held"), (18, 1, 1))[0])


def _providing(draw: Random, lists: _Lists, quarter: Quarter, council: CouncilCode) -> Iterator[Row]:
    row = partial(_row, quarter, council, draw.randint(1, _LARGEST))
    category = lists.some(draw)
    yield row(FactKind.OFFERED, category, facet=draw.choice(SPACE)[0])
    yield row(FactKind.CONFIRMED, category, facet=draw.choices(FRESHNESS, (7, 2, 1))[0][0])
    if _by_chance(draw, 0.4):
        yield row(FactKind.NO_QUOTE, category, facet=draw.choice(NO_BIDS)[0])


def _by_chance(draw: Random, share: float) -> bool:
    return draw.random() < share


def _row(
    quarter: Quarter,
    council: CouncilCode,
    who: int,
    kind: FactKind,
    category: str,
    *,
    provider: int = 0,
    facet: str = "",
    amount: int = 0,
) -> Row:
    return {
        "quarter": number_of(quarter),
        "kind": kind,
        "council": council,
        "category": category,
        "facet": facet,
        "who": who,
        "provider": provider,
        "amount": amount,
    }
