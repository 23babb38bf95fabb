"""What the town's files of plans say: what a good life looks like to people, and who helps them with it."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from marketplace.accounts.rules import Scope
from marketplace.brokerage.rules.nouns import Circle, OutcomeId, Part, PartOfDay, Payer, SignpostKind


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenPicture(_Strict):
    """A picture of a part of a plan, by the name of its file, and what it shows."""

    part: Part
    picture: str
    said: str


class WrittenWeekItem(_Strict):
    """One thing in the picture of a good week. Monday is 1."""

    day: int
    part_of_day: PartOfDay
    words: str
    drawing: str


class WrittenSupporter(_Strict):
    """Somebody who helps, as the person says it."""

    circle: Circle
    called: str
    how: str


class WrittenLine(_Strict):
    """What somebody wants, what would help, and what says what that costs: at most one of the four."""

    outcome: OutcomeId
    wish: str
    what_would_help: str
    offer: str | None = None
    pool: str | None = None
    own_price: int | None = None
    free: bool = False
    quantity: int
    weeks: int


class WrittenReading(_Strict):
    """How life was in one outcome so many days ago, from 0 to 10."""

    outcome: OutcomeId
    days_ago: int
    score: int


class WrittenReview(_Strict):
    """A day on which the plan was looked at again, with what was said then, or one that is still to come."""

    days_ago: int | None = None
    in_days: int | None = None
    worked: str = ""
    not_worked: str = ""
    next: str = ""


class WrittenVersion(_Strict):
    """The plan was kept as it was so many days ago."""

    days_ago: int
    note: str


class WrittenLink(_Strict):
    """A link to the plan, for whom it was made, and for how many days it works."""

    days_ago: int
    called: str
    days: int
    with_money: bool


class WrittenPlan(_Strict):
    """One person's plan. `by`: who writes it down for them, with their consent."""

    person: str
    by: str | None = None
    begun_days_ago: int
    parts: Mapping[Part, str]
    pictures: tuple[WrittenPicture, ...] = ()
    week: tuple[WrittenWeekItem, ...] = ()
    supporters: tuple[WrittenSupporter, ...] = ()
    lines: tuple[WrittenLine, ...] = ()
    readings: tuple[WrittenReading, ...] = ()
    reviews: tuple[WrittenReview, ...] = ()
    versions: tuple[WrittenVersion, ...] = ()
    links: tuple[WrittenLink, ...] = ()


class WrittenPlanConsent(_Strict):
    """Somebody lets another, who can sign in, do something about their plan. Either may have ended it."""

    person: str
    to: str
    scopes: frozenset[Scope]
    days_ago: int
    for_days: int
    ended_days_ago: int | None = None

    @property
    def lasts(self) -> timedelta:
        """From the day it was given to its last."""
        return timedelta(days=self.for_days)


class WrittenRequest(_Strict):
    """Somebody asks an organisation for help. It was accepted, declined with an answer, or waits."""

    person: str
    provider: str
    offer: str | None = None
    words: str
    scopes: frozenset[Scope]
    days_ago: int
    for_days: int
    accepted_days_ago: int | None = None
    declined_days_ago: int | None = None
    answer: str = ""


class WrittenTask(_Strict):
    """Something that a helper is to do, by when, and when it was done."""

    person: str
    helper: str
    words: str
    days_ago: int = 3
    in_days: int | None = None
    done_days_ago: int | None = None


class WrittenDeclaration(_Strict):
    """What an organisation that helps with plans says about who pays it and what else it sells [003]."""

    provider: str
    days_ago: int
    payers: frozenset[Payer]
    who_pays: str
    also_sells: str
    ties: str


class WrittenTale(_Strict):
    """A story for the library, shown once a moderator had read it, or waiting for that."""

    person: str
    days_ago: int
    title: str
    words: str
    pseudonym: str
    outcome: OutcomeId
    shown_days_ago: int | None = None


class WrittenFreeHelp(_Strict):
    """Where free help is in the town."""

    kind: SignpostKind
    name: str
    words: str
    phone: str


class WrittenPlans(_Strict):
    """Everything that is written about plans and those who help with them."""

    plans: tuple[WrittenPlan, ...] = ()
    consents: tuple[WrittenPlanConsent, ...] = ()
    requests: tuple[WrittenRequest, ...] = ()
    tasks: tuple[WrittenTask, ...] = ()
    independence: tuple[WrittenDeclaration, ...] = ()
    stories: tuple[WrittenTale, ...] = ()
    signposts: tuple[WrittenFreeHelp, ...] = ()
    pictures: Mapping[str, bytes] = Field(default_factory=dict, repr=False)

    def check(self, *, people: set[str], live: set[str], providers: set[str], clubs: set[str]) -> None:
        """:raises ValueError: if an entry names somebody, an offer, a provider, a pool or a picture not written."""
        lines = [line for plan in self.plans for line in plan.lines]
        named: tuple[tuple[str, set[str], set[str]], ...] = (
            ("person", self.people, people),
            ("live offer", self.offers, live),
            ("provider", {it.provider for it in self.requests}, providers),
            ("provider", {it.provider for it in self.independence}, providers),
            ("pool", {line.pool for line in lines if line.pool}, clubs),
            ("picture", {it.picture for plan in self.plans for it in plan.pictures}, set(self.pictures)),
        )
        for what, wanted, written in named:
            if missing := sorted(wanted - written):
                raise ValueError(f"no such {what}: {', '.join(missing)}")

    @property
    def people(self) -> set[str]:
        """Everybody who is in any of it."""
        plans = {one for plan in self.plans for one in (plan.person, plan.by) if one}
        consents = {one for it in self.consents for one in (it.person, it.to)}
        tasks = {one for it in self.tasks for one in (it.person, it.helper)}
        return plans | consents | tasks | {it.person for it in self.requests} | {it.person for it in self.stories}

    @property
    def offers(self) -> set[str]:
        """Every offer that any of it is about."""
        lines = {line.offer for plan in self.plans for line in plan.lines if line.offer}
        return lines | {it.offer for it in self.requests if it.offer}
