"""What the town's file of money says: whose budgets there are, what they buy, and who may look after it with them."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from marketplace.accounts.rules import Scope
from marketplace.budgets.rules import Holding, Stream
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenBudget(_Strict):
    """A budget that somebody has, or the next period of one that it `follows`. Amounts are pence."""

    key: str
    person: str
    name: str
    holding: Holding
    holder: str = ""
    holder_email: str = ""
    reference: str = ""
    carry_over_percent: int = 0
    began_months_ago: int
    lasts_months: int
    amounts: dict[Stream, int]
    follows: str | None = None


class WrittenShare(_Strict):
    """How much of what something costs one funding stream pays, in parts of all parts."""

    budget: str
    stream: Stream
    parts: int


class WrittenQuery(_Strict):
    """A visit that the person queries: which one, their words, and how long it was in truth."""

    visit: int
    words: str
    minutes: int


class WrittenVisits(_Strict):
    """Visits, one a week from the first day on. `banked` is the number of one called off, its hours put by."""

    at: time
    minutes: int
    miles: Decimal = Decimal(0)
    number: int
    queried: WrittenQuery | None = None
    banked: int | None = None


class WrittenChange(_Strict):
    """A change of terms that the provider proposes so many days ago. Nobody has answered it."""

    days_ago: int
    quantity: int
    reason: str


class WrittenRefund(_Strict):
    """What a provider gives back of the first payment, in pence, and why."""

    pence: int
    reason: str


class WrittenDispute(_Strict):
    """What went wrong, so many days ago, and what the person would like. After an answer, a moderator is asked."""

    days_ago: int
    words: str
    wanted: str
    answer: str = ""


class WrittenSupport(_Strict):
    """
    Something bought with a budget, told in full.

    `days`: how many days after it is asked for it is answered, starts and, if it has, is done. `paid_after`: how many
    days after an invoice the money arrives.
    """

    person: str
    offer: str
    kind: ArrangementKind
    what: str
    quantity: int
    weeks: int = 1
    trial_weeks: int = 0
    pay_by: PayBy = PayBy.BANK_TRANSFER
    shares: tuple[WrittenShare, ...] = ()
    asked_days_ago: int
    days: tuple[int, ...] = Field(min_length=2, max_length=3)
    visits: WrittenVisits | None = None
    paid_after: int = 6
    change: WrittenChange | None = None
    refund: WrittenRefund | None = None
    dispute: WrittenDispute | None = None


class WrittenWeighed(_Strict):
    """One offer that somebody looked at before they decided, and why they chose it or did not."""

    offer: str
    chosen: bool = False
    because: str


class WrittenPack(_Strict):
    """A decision that somebody wrote down, so many days ago."""

    person: str
    title: str
    reasons: str
    days_ago: int
    weighed: tuple[WrittenWeighed, ...]


class WrittenConsent(_Strict):
    """Somebody who lets another see to something, and since when."""

    person: str
    to: str
    scopes: tuple[Scope, ...]
    days_ago: int
    for_days: int


class WrittenMoney(_Strict):
    """Everything that is written about money."""

    budgets: tuple[WrittenBudget, ...] = ()
    support: tuple[WrittenSupport, ...] = ()
    consents: tuple[WrittenConsent, ...] = ()
    packs: tuple[WrittenPack, ...] = ()
    bank_details: Mapping[str, tuple[str, str]] = Field(default_factory=dict)

    @property
    def weighed(self) -> tuple[WrittenWeighed, ...]:
        """Every offer that somebody looked at before they decided."""
        return tuple(one for pack in self.packs for one in pack.weighed)

    @property
    def _people(self) -> set[str]:
        buys = {one.person for one in self.budgets} | {one.person for one in self.support}
        return buys | {one.person for one in self.consents} | {one.person for one in self.packs}

    def check(self, *, people: set[str], live: set[str], providers: set[str]) -> None:
        """:raises ValueError: if an entry names somebody, a live offer, a provider or a budget that is not written."""
        budgets = {one.key for one in self.budgets}
        named = (
            ("person", self._people, people),
            ("person", {one.to for one in self.consents}, people),
            ("live offer", {one.offer for one in self.support} | {one.offer for one in self.weighed}, live),
            ("provider", set(self.bank_details), providers),
            ("budget", {one.follows for one in self.budgets if one.follows}, budgets),
            ("budget", {share.budget for one in self.support for share in one.shares}, budgets),
        )
        for what, wanted, written in named:
            if missing := sorted(wanted - written):
                raise ValueError(f"no such {what}: {', '.join(missing)}")
