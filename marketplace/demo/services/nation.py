"""What people all over England did in the closed quarters: invented in bulk, so that there are figures to look at."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from random import Random
from typing import cast

from sqlalchemy import Table, insert

from marketplace.demand.rules.shapes import FRESHNESS, NO_BIDS, POOL_ENDINGS, STREAMS
from marketplace.demo.rules.nation import WrittenKind, WrittenNation
from marketplace.demo.services.street import Street
from marketplace.kit.facts import Fact, FactKind, number_of
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import region_of_councils
from marketplace.ratings.queries import criteria as criteria_of

_LARGEST = 2**62
_PEOPLE_FOR_A_PROVIDER = 7
_PROVIDERS_PAID = 9
"""How many providers share the trade of one kind in one council."""
_STREAMS_OFTEN = (6, 2, 1, 4, 1)
_ENDINGS_OFTEN = (9, 4, 2, 1, 1, 1, 1, 1)
_BRIEFS_END = ((FactKind.BRIEF_AWARDED, 6), (FactKind.BRIEF_UNANSWERED, 3))
_STARS = ((-1, 2), (0, 6), (1, 3))

Row = dict[str, object]


def expect_nation(draw: Random, street: Street) -> None:
    """Put on the agenda what people all over England did in each closed quarter, shortly before it closes."""
    if not street.town.nation.kinds:
        return
    [(home, _)] = Counter(street.gazetteer.find(one.postcode).council for one in street.town.people).most_common(1)
    for number, quarter in enumerate(street.calendar.quarters):
        seed = draw.randrange(_LARGEST)
        street.agenda.add(quarter.ends_at, partial(_live, street, quarter, seed=seed, number=number, home=home))


def _live(street: Street, quarter: Quarter, *, seed: int, number: int, home: CouncilCode, now: object) -> None:
    nation, draw = street.town.nation, Random(seed)  # noqa: S311  (nobody is to be surprised)
    lists = _Lists(street, number)
    rows: list[Row] = []
    for council in region_of_councils():
        people = _people(draw, nation, council, home=home) * (100 + nation.growth * number) // 100
        for _ in range(people):
            rows.extend(_doings(draw, lists, quarter, council))
        for _ in range(max(2, people // _PEOPLE_FOR_A_PROVIDER)):
            rows.extend(_providing(draw, lists, quarter, council))
        if council != home and council not in nation.neighbours:
            rows.extend(_filling_the_map(draw, lists, quarter, council))
    # Rows are written as they are: there are tens of thousands, and nobody looks at one again.
    street.session.execute(insert(cast("Table", Fact.__table__)), rows)


def _people(draw: Random, nation: WrittenNation, council: CouncilCode, *, home: CouncilCode) -> int:
    if council == home:
        return nation.at_home
    return nation.neighbours.get(council) or draw.randint(*nation.elsewhere)


class _Lists:
    """What people choose from in one quarter, and how often each is chosen."""

    def __init__(self, street: Street, number: int) -> None:
        self.number = number
        self.nation = street.town.nation
        self.kinds = street.town.nation.kinds
        self._slugs = list(self.kinds)
        self._often = {
            "bought": list(accumulate(kind.bought for kind in self.kinds.values())),
            "missed": list(accumulate(kind.missed[number] for kind in self.kinds.values())),
            "offered": list(accumulate(kind.offered for kind in self.kinds.values())),
        }
        self.criteria = [str(one.id) for one in criteria_of.adopted_criteria(street.session)]
        self.outcomes = [str(one.id) for one in criteria_of.outcomes_for(street.session, None)]

    def some(self, draw: Random, what: str) -> str:
        """Return a kind of support, as often as it is bought, missed or offered."""
        return draw.choices(self._slugs, cum_weights=self._often[what])[0]


def _filling_the_map(draw: Random, lists: _Lists, quarter: Quarter, council: CouncilCode) -> Iterator[Row]:
    for _ in range(draw.randint(*lists.nation.searching)):
        row = partial(_row, quarter, council, draw.randint(1, _LARGEST))
        yield row(FactKind.SEARCHED_IN_VAIN, lists.some(draw, "missed"))
    for _ in range(draw.randint(*lists.nation.providing)):
        yield from _providing(draw, lists, quarter, council)


def _doings(draw: Random, lists: _Lists, quarter: Quarter, council: CouncilCode) -> Iterator[Row]:
    row = partial(_row, quarter, council, draw.randint(1, _LARGEST))
    missed = lists.some(draw, "missed")
    if _by_chance(draw, 0.42):
        yield row(FactKind.SEARCHED_IN_VAIN, missed)
        if _by_chance(draw, 0.3):
            yield row(FactKind.WAITING, missed, provider=draw.randint(1, _PROVIDERS_PAID))
    if _by_chance(draw, 0.14):
        yield row(FactKind.BRIEF_OPENED, missed)
        for kind, often in _BRIEFS_END:
            if _by_chance(draw, often / 10):
                yield row(kind, missed)
                break
    if _by_chance(draw, 0.58):
        yield from _buying(draw, lists, row)


def _buying(draw: Random, lists: _Lists, row: partial[Row]) -> Iterator[Row]:
    category, provider = lists.some(draw, "bought"), draw.randint(1, _PROVIDERS_PAID)
    kind = lists.kinds[category]
    about = partial(row, category=category, provider=provider)
    yield row(FactKind.SHORTLISTED, category)
    yield about(FactKind.ASKED)
    if not _by_chance(draw, 0.9):
        return
    price, times = _price(draw, kind, lists.number), draw.randint(4, 12) if kind.unit != "week" else 1
    yield about(FactKind.AGREED, amount=price * times)
    yield about(FactKind.PRICED, facet=kind.unit, amount=price)
    yield about(FactKind.VISITED)
    yield about(FactKind.BOUGHT, facet=draw.choices(STREAMS, _STREAMS_OFTEN)[0][0], amount=price * times)
    if _by_chance(draw, kind.pooled / 100):
        yield from _pooling(draw, row, category)
    if _by_chance(draw, 0.45):
        yield from _rating(draw, lists, row, category)


def _price(draw: Random, kind: WrittenKind, number: int) -> int:
    return int(kind.price * (100 + kind.rise * number) / 100 * draw.uniform(0.86, 1.16)) // 25 * 25


def _pooling(draw: Random, row: partial[Row], category: str) -> Iterator[Row]:
    yield row(FactKind.POOL_OPENED, category)
    if _by_chance(draw, 0.62):
        yield row(FactKind.POOL_MET, category)
    else:
        yield row(FactKind.POOL_FAILED, category, facet=draw.choices(POOL_ENDINGS, _ENDINGS_OFTEN)[0][0])


def _rating(draw: Random, lists: _Lists, row: partial[Row], category: str) -> Iterator[Row]:
    step = draw.choices([by for by, _ in _STARS], [often for _, often in _STARS])[0]
    stars = min(5, max(1, lists.kinds[category].stars + step))
    yield row(FactKind.RATED, category, amount=stars * 100)
    for criterion in draw.sample(lists.criteria, min(2, len(lists.criteria))):
        yield row(FactKind.CRITERION_SCORED, category, facet=criterion, amount=stars * 100)
    for outcome in draw.sample(lists.outcomes, min(2, len(lists.outcomes))):
        points = min(5, max(1, stars + draw.choice((-1, 0, 0))))
        yield row(FactKind.OUTCOME_SCORED, category, facet=outcome, amount=points * 100)
    decided = draw.choices(("approved", "refused", "held", "released"), (40, 3, 2, 1))[0]
    yield row(FactKind.MODERATED, category, facet=decided)


def _providing(draw: Random, lists: _Lists, quarter: Quarter, council: CouncilCode) -> Iterator[Row]:
    row = partial(_row, quarter, council, draw.randint(1, _LARGEST))
    for category in {lists.some(draw, "offered"): None for _ in range(3)}:
        full = _by_chance(draw, lists.kinds[category].full / 100)
        facet = draw.choice(("waiting_list", "full")) if full else draw.choices(("space", "not_said"), (4, 1))[0]
        yield row(FactKind.OFFERED, category, facet=facet)
    yield row(FactKind.CONFIRMED, category, facet=draw.choices(FRESHNESS, (7, 2, 1))[0][0])
    if _by_chance(draw, 0.4):
        yield row(FactKind.NO_QUOTE, category, facet=draw.choices(NO_BIDS, (6, 3, 2, 3, 4, 2, 1))[0][0])


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
