"""What is known of the town while it is being built: who is who, and where."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import PersonId, Role, Viewer
from marketplace.brokerage.rules.nouns import BriefId, LineId, PieceId, QuoteId, RequestId
from marketplace.budgets.rules import BudgetId
from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderId, Setting
from marketplace.demo.rules import Calendar, WrittenTown
from marketplace.demo.services.agenda import Agenda
from marketplace.kit.grid import MILE
from marketplace.kit.places import Gazetteer, Point
from marketplace.pooling.rules import PoolId
from marketplace.purchasing.rules import ArrangementId, InvoiceId
from marketplace.purchasing.rules.nouns import DisputeId
from marketplace.ratings.rules.nouns import (
    AppealId,
    CriterionId,
    FlagId,
    ObjectionId,
    OutcomeId,
    QualityCheckId,
    ReviewId,
)

Tell = Callable[[str, float], None]
"""Is told what is being done, and how much of it is done, from 0 to 1."""

_WITHIN_REACH = 9 * MILE
"""How far people go to a place, in metres."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Turns things into the addresses of their pages, for letters."""

    offer: Callable[[OfferId], str]
    arrangement: Callable[[ArrangementId], str]
    review: Callable[[ReviewId], str]
    pool: Callable[[PoolId], str]
    appeal: Callable[[AppealId], str]
    objection: Callable[[ObjectionId], str]
    flag: Callable[[FlagId], str]
    quality_check: Callable[[QualityCheckId], str]
    criteria: Callable[[], str]
    invoice: Callable[[InvoiceId], str]
    consent: Callable[[], str]
    dispute: Callable[[DisputeId], str]
    disputes: Callable[[], str]
    check_pack: Callable[[], str]
    bank_details: Callable[[], str]
    help_request: Callable[[RequestId], str]
    brief: Callable[[BriefId], str]
    calls: Callable[[], str]
    quote: Callable[[QuoteId], str]
    library_piece: Callable[[PieceId], str]


@dataclass
class Street:
    """The town as far as it is built. Everybody and everything in it goes by the key it is written under."""

    session: Session
    gazetteer: Gazetteer
    addresses: Addresses
    most_staff: Decimal
    town: WrittenTown
    calendar: Calendar
    agenda: Agenda = field(default_factory=Agenda)
    people: dict[str, PersonId] = field(default_factory=dict)
    speakers: dict[str, PersonId] = field(default_factory=dict)
    providers: dict[str, ProviderId] = field(default_factory=dict)
    offers: dict[str, OfferId] = field(default_factory=dict)
    budgets: dict[str, BudgetId] = field(default_factory=dict)
    pools: dict[str, PoolId] = field(default_factory=dict)
    """Those that are told in full."""
    lines: dict[tuple[str, str], LineId] = field(default_factory=dict)
    """Of plans, by whose it is and what they want."""
    panel: list[PersonId] = field(default_factory=list)
    criteria: dict[CategorySlug, tuple[CriterionId, ...]] = field(default_factory=dict)
    """What people are asked about, by category, as far as somebody was."""
    outcomes: tuple[OutcomeId, ...] = ()
    _viewers: dict[PersonId, Viewer] = field(default_factory=dict)

    def speaker(self, offer: str) -> PersonId:
        """Return who speaks for the provider of an offer."""
        return self.speakers[self._provider_of[offer]]

    def writer(self, key: str) -> PersonId:
        """Return a person, or whoever speaks for a provider, by the key of either."""
        return self.people.get(key) or self.speakers[key]

    @property
    def moderator(self) -> PersonId:
        """Whoever one signs in as to moderate."""
        return self.people[next(one.key for one in self.town.sign_ins if one.role is Role.MODERATOR)]

    @property
    def checker(self) -> PersonId:
        """Whoever one signs in as to check others, for a user-led organisation."""
        return self.people[next(one.key for one in self.town.sign_ins if one.role is Role.USER_LED_ORGANISATION)]

    def category(self, offer: str) -> str:
        """Return the category of an offer."""
        return self._categories[offer]

    def provider(self, offer: str) -> ProviderId:
        """Return the provider of an offer."""
        return self.providers[self._provider_of[offer]]

    def viewer(self, person_id: PersonId) -> Viewer:
        """
        Return somebody as they are when they look at the site. What they may do does not change once they are asked.

        :raises LookupError: if there is no such person.
        """
        if person_id in self._viewers:
            return self._viewers[person_id]
        stamp = accounts.session_stamp(self.session, person_id=person_id)
        found = accounts.viewer_with_id(self.session, person_id=person_id, stamp=stamp)
        if found is None:
            raise LookupError(f"nobody has the id {person_id}")
        self._viewers[person_id] = found
        return found

    def reaches(self, person: str, offer: str) -> bool:
        """Test whether somebody lives where an offer comes to, or near enough to go there."""
        metres = self._reach[offer]
        return metres is None or self._homes[person].distance_to(self._starts[offer]) <= metres

    @cached_property
    def _provider_of(self) -> dict[str, str]:
        return {offer.key: offer.provider for offer in self.town.offers}

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {offer.key: offer.category for offer in self.town.offers}

    @cached_property
    def _homes(self) -> dict[str, Point]:
        return {person.key: self.gazetteer.find(person.postcode).point for person in self.town.people}

    @cached_property
    def _starts(self) -> dict[str, Point]:
        of = {provider.key: provider.postcode for provider in self.town.providers}
        return {
            offer.key: self.gazetteer.find(offer.postcode or of[offer.provider]).point for offer in self.town.offers
        }

    @cached_property
    def _reach(self) -> dict[str, float | None]:
        far: dict[Setting, float | None] = {Setting.AT_PLACE: _WITHIN_REACH, Setting.ONLINE: None}
        return {
            offer.key: (offer.travels_miles or 0) * MILE if offer.where is Setting.AT_HOME else far[offer.where]
            for offer in self.town.offers
        }
