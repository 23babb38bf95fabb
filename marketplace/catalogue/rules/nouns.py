"""The nouns of the catalogue: their ids, the values they may have, and what each is called on a page."""

import enum
import uuid
from typing import NewType

ProviderId = NewType("ProviderId", uuid.UUID)
OfferId = NewType("OfferId", uuid.UUID)
PriceId = NewType("PriceId", uuid.UUID)
CategorySlug = NewType("CategorySlug", str)
SourceKey = NewType("SourceKey", str)


class ProviderKind(enum.StrEnum):
    """What sort of body provides an offer."""

    MICRO_PROVIDER = "micro_provider"
    USER_LED_ORGANISATION = "user_led_organisation"
    UNIVERSAL_SERVICE = "universal_service"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            ProviderKind.MICRO_PROVIDER: "Micro-provider",
            ProviderKind.USER_LED_ORGANISATION: "User-led organisation",
            ProviderKind.UNIVERSAL_SERVICE: "Open to everyone",
        }[self]


class OfferStatus(enum.StrEnum):
    """Where an offer is on its way to the public. Only a live one is shown and found."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LIVE = "live"
    REFUSED = "refused"
    UNLISTED = "unlisted"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            OfferStatus.DRAFT: "Draft",
            OfferStatus.SUBMITTED: "Being checked",
            OfferStatus.LIVE: "On the site",
            OfferStatus.REFUSED: "Needs a change",
            OfferStatus.UNLISTED: "Taken down by you",
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

    @property
    def one(self) -> str:
        """One of them: `an hour`, `a day`."""
        return f"an {self}" if self in {Unit.HOUR, Unit.ITEM} else f"a {self}"

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
        return "each" if self is Unit.ITEM else f"{self.one} each"


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
            AccessFact.HOIST: "Hoist",
            AccessFact.HEARING_LOOP: "Hearing loop",
            AccessFact.QUIET_SPACE: "Quiet space",
            AccessFact.PARKING: "Parking for Blue Badge holders",
            AccessFact.BSL: "British Sign Language",
            AccessFact.EASY_READ: "Easy-read information",
        }[self]
