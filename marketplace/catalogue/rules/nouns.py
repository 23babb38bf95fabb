"""The nouns of the catalogue: their ids, the values they may have, and what each is called on a page."""

import enum
import uuid
from typing import NewType

from marketplace.kit.sentences import one_word, worded

ProviderId = NewType("ProviderId", uuid.UUID)
OfferId = NewType("OfferId", uuid.UUID)
PriceId = NewType("PriceId", uuid.UUID)
CategorySlug = NewType("CategorySlug", str)
SourceKey = NewType("SourceKey", str)
ListingId = NewType("ListingId", uuid.UUID)
SafetyCheckId = NewType("SafetyCheckId", uuid.UUID)
VersionId = NewType("VersionId", uuid.UUID)
SuggestionId = NewType("SuggestionId", uuid.UUID)
PhotoId = NewType("PhotoId", uuid.UUID)
SavedSearchId = NewType("SavedSearchId", uuid.UUID)
CqcLocationId = NewType("CqcLocationId", str)


class ProviderKind(enum.StrEnum):
    """What sort of body provides an offer."""

    MICRO_PROVIDER = "micro_provider"
    USER_LED_ORGANISATION = "user_led_organisation"
    OTHER_PROVIDER = "other_provider"
    UNIVERSAL_SERVICE = "universal_service"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            ProviderKind.MICRO_PROVIDER: one_word("Micro-provider"),
            ProviderKind.USER_LED_ORGANISATION: "User-led organisation",
            ProviderKind.OTHER_PROVIDER: "Other provider",
            ProviderKind.UNIVERSAL_SERVICE: "Open to everyone",
        }[self]


class Trade(enum.StrEnum):
    """What a provider that is neither micro nor user-led does: what shop4support listed besides [001]."""

    AGENCY = "agency"
    RESIDENTIAL = "residential"
    EQUIPMENT = "equipment"
    MONEY_MANAGEMENT = "money_management"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            Trade.AGENCY: "Home care agency",
            Trade.RESIDENTIAL: "Care home or supported housing",
            Trade.EQUIPMENT: "Equipment supplier",
            Trade.MONEY_MANAGEMENT: "Money management service",
        }[self]


class OfferStatus(enum.StrEnum):
    """Where an offer is on its way to the public. Only a live one is shown and found."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LIVE = "live"
    REFUSED = "refused"
    UNLISTED = "unlisted"
    LAPSED = "lapsed"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            OfferStatus.DRAFT: one_word("Draft"),
            OfferStatus.SUBMITTED: "Being checked",
            OfferStatus.LIVE: "On the site",
            OfferStatus.REFUSED: "Needs a change",
            OfferStatus.UNLISTED: "Taken down by you",
            OfferStatus.LAPSED: "Hidden until you confirm it",
        }[self]


class Setting(enum.StrEnum):
    """Where an offer happens."""

    AT_HOME = "at_home"
    AT_PLACE = "at_place"
    ONLINE = "online"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            Setting.AT_HOME: "Comes to you",
            Setting.AT_PLACE: "You go there",
            Setting.ONLINE: "Online or by phone",
        }[self]


class Unit(enum.StrEnum):
    """What one price buys."""

    HOUR = "hour"
    SESSION = "session"
    DAY = "day"
    NIGHT = "night"
    WEEK = "week"
    MILE = "mile"
    ITEM = "item"
    PACKAGE = "package"

    @property
    def one(self) -> str:
        """One of them: `an hour`, `a day`."""
        return worded("an {self}", self=self) if self in {Unit.HOUR, Unit.ITEM} else f"a {self}"

    @property
    def many(self) -> str:
        """More than one of them: `hours`."""
        return f"{self}s"

    @property
    def each(self) -> str:
        """What follows an amount: `£14.50 an hour`, `£5 each`."""
        return "each" if self is Unit.ITEM else self.one

    @property
    def each_person(self) -> str:
        """What follows an amount that everybody in a group pays: `£11 an hour each`, `£4 each`."""
        return "each" if self is Unit.ITEM else worded("{one} each", one=self.one)


class Rate(enum.StrEnum):
    """When a price holds. Barnsley found one hourly price was not enough [003]."""

    STANDARD = "standard"
    EVENING = "evening"
    WEEKEND = "weekend"
    BANK_HOLIDAY = "bank_holiday"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            Rate.STANDARD: "Usual rate",
            Rate.EVENING: "Evenings and nights",
            Rate.WEEKEND: one_word("Weekends"),
            Rate.BANK_HOLIDAY: "Bank holidays",
        }[self]

    @property
    def at(self) -> str:
        """What follows what is bought at it: `4 hours at weekends`. Nothing for the usual rate."""
        return {
            Rate.STANDARD: "",
            Rate.EVENING: "in the evening or at night",
            Rate.WEEKEND: "at weekends",
            Rate.BANK_HOLIDAY: "on bank holidays",
        }[self]


class Day(enum.IntEnum):
    """A day of the week, numbered as in ISO 8601: Monday is 1."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return self.name.capitalize()


class PartOfDay(enum.StrEnum):
    """A part of a day in which an offer can be had."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return self.capitalize()


class WayToPay(enum.StrEnum):
    """What a provider takes payment from. The words are the field's own."""

    OWN_MONEY = "own_money"
    DIRECT_PAYMENT = "direct_payment"
    COUNCIL_MANAGED = "council_managed"
    INDIVIDUAL_SERVICE_FUND = "individual_service_fund"
    PERSONAL_HEALTH_BUDGET = "personal_health_budget"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            WayToPay.OWN_MONEY: "Your own money",
            WayToPay.DIRECT_PAYMENT: "Direct payment",
            WayToPay.COUNCIL_MANAGED: "Council-managed budget",
            WayToPay.INDIVIDUAL_SERVICE_FUND: "Individual service fund (ISF)",
            WayToPay.PERSONAL_HEALTH_BUDGET: "NHS personal health budget",
        }[self]


class Capacity(enum.StrEnum):
    """Whether there is room, on the day the provider last said so."""

    SPACE_NOW = "space_now"
    WAITING_LIST = "waiting_list"
    FULL = "full"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            Capacity.SPACE_NOW: "Has space now",
            Capacity.WAITING_LIST: "Has a waiting list",
            Capacity.FULL: "Full for now",
        }[self]


class CqcStanding(enum.StrEnum):
    """How an offer stands to the rule that personal care is registered with the Care Quality Commission."""

    NOT_PERSONAL_CARE = "not_personal_care"
    REGISTERED = "registered"
    EXEMPT = "exempt"
    INTRODUCTORY = "introductory"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            CqcStanding.NOT_PERSONAL_CARE: "No personal care, so no registration needed",
            CqcStanding.REGISTERED: "Registered with the Care Quality Commission",
            CqcStanding.EXEMPT: "Does not need to register",
            CqcStanding.INTRODUCTORY: "Only introduces people, so does not need to register",
        }[self]


class CheckKind(enum.StrEnum):
    """What can be checked about a provider."""

    IDENTITY = "identity"
    DBS = "dbs"
    INSURANCE = "insurance"
    REFERENCES = "references"
    TRAINING = "training"
    FOOD_HYGIENE = "food_hygiene"
    CQC_REGISTRATION = "cqc_registration"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            CheckKind.IDENTITY: one_word("Identity"),
            CheckKind.DBS: "Criminal record (DBS)",
            CheckKind.INSURANCE: one_word("Insurance"),
            CheckKind.REFERENCES: one_word("References"),
            CheckKind.TRAINING: one_word("Training"),
            CheckKind.FOOD_HYGIENE: "Food hygiene",
            CheckKind.CQC_REGISTRATION: "Registered with the Care Quality Commission",
        }[self]


class CheckState(enum.StrEnum):
    """How sure anybody can be: somebody looked, the provider says so, nobody looked, or it does not apply."""

    CHECKED = "checked"
    DECLARED = "declared"
    NOT_CHECKED = "not_checked"
    NOT_NEEDED = "not_needed"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            CheckState.CHECKED: one_word("Checked"),
            CheckState.DECLARED: "Declared by the provider",
            CheckState.NOT_CHECKED: "Not checked",
            CheckState.NOT_NEEDED: "Not needed",
        }[self]


class SuggestionKind(enum.StrEnum):
    """What somebody tells us about the catalogue."""

    MISSING_PLACE = "missing_place"
    WRONG_FACT = "wrong_fact"


class AlertEvery(enum.StrEnum):
    """How often somebody hears of new offers that a saved search finds."""

    DAY = "day"
    WEEK = "week"
    NEVER = "never"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            AlertEvery.DAY: "Every day",
            AlertEvery.WEEK: "Every week",
            AlertEvery.NEVER: one_word("Never"),
        }[self]


class AccessFact(enum.StrEnum):
    """One thing about getting in and taking part that is there or is not."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    CHANGING_PLACE = "changing_place"
    HOIST = "hoist"
    HEARING_LOOP = "hearing_loop"
    QUIET_SPACE = "quiet_space"
    PARKING = "parking"
    BSL = "bsl"
    EASY_READ = "easy_read"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            AccessFact.STEP_FREE: "Step-free way in",
            AccessFact.ACCESSIBLE_TOILET: "Accessible toilet",
            AccessFact.CHANGING_PLACE: "Changing Places toilet",
            AccessFact.HOIST: one_word("Hoist"),
            AccessFact.HEARING_LOOP: "Hearing loop",
            AccessFact.QUIET_SPACE: "Quiet space",
            AccessFact.PARKING: "Parking for Blue Badge holders",
            AccessFact.BSL: "British Sign Language",
            AccessFact.EASY_READ: "Easy-read information",
        }[self]
