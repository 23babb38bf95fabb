"""What the town's files say, read strictly: a slip in them is found before anything is built."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from marketplace.accounts.rules import Role
from marketplace.catalogue.rules import AccessFact, OfferStatus, ProviderKind, Setting, Trade, Unit
from marketplace.demo.rules.briefs import WrittenBriefs
from marketplace.demo.rules.checks import WrittenChecks
from marketplace.demo.rules.clubs import WrittenClubs
from marketplace.demo.rules.facts import WrittenFacts
from marketplace.demo.rules.money import WrittenMoney
from marketplace.demo.rules.nation import WrittenNation
from marketplace.demo.rules.plans import WrittenPlans
from marketplace.demo.rules.voices import WrittenReview, WrittenVoices
from marketplace.kit.places import CouncilCode
from marketplace.purchasing.rules import ArrangementStatus


class Written(BaseModel):
    """One entry of a file. A word that we do not know is a slip."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenProvider(Written):
    """A provider. `board_share` is out of every hundred, for user-led organisations; `trade` for other providers."""

    key: str
    name: str
    kind: ProviderKind
    trade: Trade | None = None
    staff_fte: Decimal
    board_share: int | None = None
    postcode: str
    about: str


class WrittenOffer(Written):
    """An offer, and where it has got to on its way to the public."""

    key: str
    provider: str
    title: str
    category: str
    where: Setting
    description: str
    travels_miles: float | None = None
    address: str = ""
    postcode: str | None = None
    free: bool = False
    price_pence: int | None = None
    unit: Unit | None = None
    group_price_pence: int | None = None
    group_from: int | None = None
    access: tuple[AccessFact, ...] = ()
    state: OfferStatus = OfferStatus.LIVE
    reason: str | None = None


class WrittenFreshness(Written):
    """An offer that its provider has not confirmed for so many days."""

    offer: str
    confirmed_days_ago: int


class WrittenPerson(Written):
    """Somebody who buys. What they like is for whoever reads the file, and for pools to come."""

    key: str
    name: str
    postcode: str
    interests: tuple[str, ...] = ()


class WrittenSignIn(Written):
    """Somebody whom a visitor may sign in as."""

    key: str
    email: str
    name: str
    role_label: str
    role: Role
    postcode: str
    about: str
    provider: str | None = None
    council: CouncilCode | None = None
    pays_with: str | None = None


class WrittenPool(Written):
    """A pool. Days count from the day the town is built; `quantity` is each person's, in the offer's unit."""

    key: str
    offer: str
    title: str
    purpose: str
    minimum_people: int
    quantity: int
    opened_days_ago: int
    open_for_days: int
    starts_days_after_close: int
    joined: int
    state: Literal["forming", "nearly_there", "met", "lapsed", "withdrawn"]


class Trend(Written):
    """How much of one category is asked for: in the oldest quarter, times growth, times the season. Shares in 100."""

    first: float
    growth: float
    season: tuple[float, float, float, float]
    returning: int

    def asked_for(self, *, quarters_on: int, season: int) -> int:
        """Return how many arrangements are asked for in a quarter; `season` is 1 for January to March."""
        return round(self.first * self.growth**quarters_on * self.season[season - 1])


Ends = dict[ArrangementStatus, int]
"""Of every hundred arrangements, how many end how."""


class WrittenTrade(Written):
    """What is asked for, how it ends, and what people write meanwhile."""

    categories: dict[str, Trend]
    ends: Ends
    ends_now: Ends
    how_much: dict[str, tuple[int, int]]
    asks: dict[str, tuple[str, ...]]
    declines: tuple[str, ...]
    cancels: tuple[str, ...]


class WrittenSearch(Written):
    """A search that found nothing, and how often in each closed quarter. Its words are kept nowhere but in the file."""

    words: str
    category: str | None = None
    times: tuple[int, ...]


class FirstArrangement(Written):
    """One arrangement told in full. `days`: how many later it is answered, starts and ends."""

    person: str
    offer: str
    what: str
    quantity: int
    asked_days_ago: int
    days: tuple[int, ...] = Field(min_length=2, max_length=3)
    ends: ArrangementStatus
    reason: str | None = None


class FirstDays(Written):
    """What is in front of those whom a visitor may sign in as."""

    arrangements: tuple[FirstArrangement, ...]


class WrittenTown(Written):
    """Everything that is written about the town."""

    providers: tuple[WrittenProvider, ...]
    offers: tuple[WrittenOffer, ...]
    people: tuple[WrittenPerson, ...]
    reviews: dict[str, tuple[WrittenReview, ...]]
    pools: tuple[WrittenPool, ...]
    trade: WrittenTrade
    searches: tuple[WrittenSearch, ...]
    password: str
    sign_ins: tuple[WrittenSignIn, ...]
    first_days: FirstDays
    facts: WrittenFacts
    evidence: WrittenChecks = WrittenChecks()
    freshness: tuple[WrittenFreshness, ...] = ()
    voices: WrittenVoices = WrittenVoices()
    money: WrittenMoney = WrittenMoney()
    together: WrittenClubs = WrittenClubs()
    planning: WrittenPlans = WrittenPlans()
    asking: WrittenBriefs = WrittenBriefs()
    nation: WrittenNation = WrittenNation()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """:raises ValueError: if an entry names another that is not written."""
        live = {offer.key for offer in self.offers if offer.state is OfferStatus.LIVE}
        people = {person.key for person in self.people} | {one.key for one in self.sign_ins}
        _check("provider", [offer.provider for offer in self.offers], {one.key for one in self.providers})
        _check("live offer", [*self.reviews, *(pool.offer for pool in self.pools)], live)
        _check("live offer", [one.offer for one in self.first_days.arrangements], live)
        _check("person", [one.person for one in self.first_days.arrangements], people)
        self.money.check(people=people, live=live, providers={one.key for one in self.providers})
        providers, clubs = {one.key for one in self.providers}, {club.key for club in self.together.clubs}
        self.planning.check(people=people, live=live, providers=providers, clubs=clubs)
        self.nation.check()
        _check("provider", [one.provider for one in self.nation.alerts], {one.key for one in self.providers})
        self.asking.check(people=people, live=live, providers=providers)
        _check("person", list(self.together.people), people)
        _check("live offer", list(self.together.offers), live)
        _check("provider", [one.provider for one in self.evidence.checks], {one.key for one in self.providers})
        _check("offer", [one.offer for one in self.evidence.standings], {one.key for one in self.offers})
        _check("offer", [one.offer for one in self.freshness], {one.key for one in self.offers})
        _check("category", [offer.category for offer in self.offers], set(self.trade.categories))
        _check("category", [offer.category for offer in self.offers], set(self.facts.categories))
        _check("live offer", self.voices.offers, live)
        visits = [visit.provider for one in self.voices.checklists for visit in one.visits]
        makers = [*(one.by for one in self.voices.cards), *(one.by for one in self.voices.checklists)]
        _check("provider", [*makers, *visits], {one.key for one in self.providers})
        _check("provider", list(self.facts.providers), {one.key for one in self.providers})
        return self


def _check(what: str, named: list[str], written: set[str]) -> None:
    missing = sorted(set(named) - written)
    if missing:
        raise ValueError(f"no such {what}: {', '.join(missing)}")
