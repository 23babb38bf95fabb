"""What the town's file of clubs says: who likes what, who looks for whom, and how those who found each other go on."""

from collections.abc import Mapping
from datetime import time

from pydantic import BaseModel, ConfigDict, Field

from marketplace.budgets.rules import Stream
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.pooling.rules.nouns import EndReason, InterestSlug, Measure, PoolOrigin, ProposalWay, Voice


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenMember(_Strict):
    """Somebody who joins, what the others call them, and since when. Without a budget they pay by themselves."""

    person: str
    called: str
    days_ago: int = 0
    budget: str | None = None
    stream: Stream | None = None


class WrittenWords(_Strict):
    """What somebody writes to the others."""

    person: str
    days_ago: int
    words: str


class WrittenAnswer(_Strict):
    """What a provider answers to a wish: an offer, and maybe a price for the whole group in pence."""

    offer: str
    days_ago: int
    words: str
    whole_price: int | None = None
    unit: Unit | None = None
    people_from: int | None = None
    most_people: int | None = None


class WrittenEnd(_Strict):
    """Why people who looked for each other stopped, and when."""

    days_ago: int
    reason: EndReason
    words: str


class WrittenDraft(_Strict):
    """People who look for each other: nothing is pledged."""

    key: str
    began_from: PoolOrigin
    interest: InterestSlug
    category: CategorySlug | None = None
    title: str
    purpose: str
    area: str
    by: WrittenMember
    begun_days_ago: int
    joins: tuple[WrittenMember, ...] = ()
    says: tuple[WrittenWords, ...] = ()
    answers: tuple[WrittenAnswer, ...] = ()
    ended: WrittenEnd | None = None


class WrittenRule(_Strict):
    """The answer to one question of an agreement."""

    choice: str
    words: str = ""


class WrittenAgreement(_Strict):
    """What members agree on, proposed by one and accepted by all in the days after."""

    by: str
    days_ago: int
    answers: Mapping[str, WrittenRule]


class WrittenVoice(_Strict):
    """What one member says to a proposal."""

    person: str
    voice: Voice
    days_ago: int
    words: str = ""


class WrittenVote(_Strict):
    """What one member puts on a paper: the number of an option."""

    person: str
    option: int
    days_ago: int


class WrittenProposal(_Strict):
    """Something that members decide, by consent or by ballot."""

    way: ProposalWay
    by: str
    days_ago: int
    days: int
    question: str
    options: tuple[str, ...] = ()
    voices: tuple[WrittenVoice, ...] = ()
    votes: tuple[WrittenVote, ...] = ()


class WrittenTurn(_Strict):
    """One line of the rota, and who has taken it."""

    what: str
    in_days: int
    person: str | None = None


class WrittenAway(_Strict):
    """Somebody who was not at one visit, and whether they had said so in time."""

    visit: int
    person: str
    told: bool


class WrittenSharedVisits(_Strict):
    """Visits to the whole pool, one a week from the first day on."""

    at: time
    minutes: int
    away: tuple[WrittenAway, ...] = ()


class WrittenMeasure(_Strict):
    """What members look at, and what each said in each round: the figures by person, and `days_ago`."""

    measure: Measure
    words: str = ""
    readings: tuple[Mapping[str, int], ...] = ()


class WrittenStory(_Strict):
    """What a pool tells everybody, once all of its members agree."""

    by: str
    days_ago: int
    title: str
    words: str
    with_figures: bool = False


class WrittenClub(_Strict):
    """A pool told in full. `weeks`: for how long it goes on; 1 is bought once, and done `done_days_ago`."""

    key: str
    offer: str
    title: str
    purpose: str
    minimum_people: int
    most_people: int
    quantity: int
    weeks: int = 1
    opened_days_ago: int
    open_for_days: int
    starts_days_after_close: int
    done_days_ago: int | None = None
    members: tuple[WrittenMember, ...] = Field(min_length=2)
    facilitator: WrittenMember | None = None
    says: tuple[WrittenWords, ...] = ()
    agreement: WrittenAgreement | None = None
    decides: tuple[WrittenProposal, ...] = ()
    turns: tuple[WrittenTurn, ...] = ()
    visits: WrittenSharedVisits | None = None
    measures: tuple[WrittenMeasure, ...] = ()
    story: WrittenStory | None = None

    @property
    def everybody(self) -> tuple[WrittenMember, ...]:
        """Those who buy, and whoever helps from outside."""
        return (*self.members, *((self.facilitator,) if self.facilitator else ()))


class WrittenClubs(_Strict):
    """
    Everything that is written about clubbing together in full.

    `likes` says under which name what people like is on the site's list; `metres` how far they would go for it.
    """

    likes: Mapping[str, InterestSlug] = Field(default_factory=dict)
    metres: int = 8000
    finding: tuple[WrittenDraft, ...] = ()
    clubs: tuple[WrittenClub, ...] = ()

    @property
    def people(self) -> set[str]:
        """Everybody who is in any of it."""
        drafts = {one.person for draft in self.finding for one in (draft.by, *draft.joins)}
        return drafts | {one.person for club in self.clubs for one in club.everybody}

    @property
    def offers(self) -> set[str]:
        """Every offer that any of it is about."""
        answers = {answer.offer for draft in self.finding for answer in draft.answers}
        return answers | {club.offer for club in self.clubs}
