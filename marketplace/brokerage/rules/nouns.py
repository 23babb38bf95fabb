"""The nouns of brokerage: what things are called, and which states they can be in. Pure."""

import enum
import uuid
from typing import NewType

PlanId = NewType("PlanId", uuid.UUID)
LineId = NewType("LineId", uuid.UUID)
FileId = NewType("FileId", uuid.UUID)
ItemId = NewType("ItemId", uuid.UUID)
ReviewId = NewType("ReviewId", uuid.UUID)
ClashId = NewType("ClashId", uuid.UUID)
VersionId = NewType("VersionId", uuid.UUID)
LinkId = NewType("LinkId", uuid.UUID)
SupporterId = NewType("SupporterId", uuid.UUID)
RequestId = NewType("RequestId", uuid.UUID)
TaskId = NewType("TaskId", uuid.UUID)
BriefId = NewType("BriefId", uuid.UUID)
NeedId = NewType("NeedId", uuid.UUID)
CriterionId = NewType("CriterionId", uuid.UUID)
QuestionId = NewType("QuestionId", uuid.UUID)
QuoteId = NewType("QuoteId", uuid.UUID)
MeetingId = NewType("MeetingId", uuid.UUID)
PieceId = NewType("PieceId", uuid.UUID)
SignpostId = NewType("SignpostId", uuid.UUID)
OutcomeId = NewType("OutcomeId", str)
"""An outcome of any published list, as ratings keeps them: "lewisham.housing"."""


class Part(enum.StrEnum):
    """The parts of a plan that are told in one's own way, in the order they are asked."""

    ABOUT_ME = "about_me"
    WHAT_MATTERS = "what_matters"
    GOOD_WEEK = "good_week"
    RISKS = "risks"
    WHO_HELPS = "who_helps"


class FileKind(enum.StrEnum):
    """In which way a file tells something."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    DOCUMENT = "document"


class PartOfDay(enum.StrEnum):
    """When on a day of the week picture."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class CostedBy(enum.StrEnum):
    """What says what a line of a plan costs."""

    NOTHING_YET = "nothing_yet"
    OFFER = "offer"
    POOL = "pool"
    OWN_PRICE = "own_price"
    FREE = "free"  # a neighbour, a park, a place open to everyone


class HowOften(enum.StrEnum):
    """How often a line of a plan is had."""

    ONCE = "once"
    WEEKLY = "weekly"


class Circle(enum.StrEnum):
    """The five circles of help [001], from the nearest outwards."""

    FAMILY = "family"
    NEIGHBOURHOOD = "neighbourhood"
    USER_LED_ORGANISATION = "user_led_organisation"
    KEY_WORKER = "key_worker"
    PAID_ADVISER = "paid_adviser"


class Payer(enum.StrEnum):
    """Who pays an organisation that helps people plan."""

    PEOPLE = "people"
    COUNCIL = "council"
    NHS = "nhs"
    GRANTS = "grants"
    PROVIDERS = "providers"
    MEMBERS = "members"
    SOMEBODY_ELSE = "somebody_else"


class RequestStatus(enum.StrEnum):
    """How a request for help stands. What is accepted lives as a consent."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class BriefStatus(enum.StrEnum):
    """How a brief stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"  # the quotes are being looked at
    AWARDED = "awarded"
    NONE_CHOSEN = "none_chosen"
    WITHDRAWN = "withdrawn"


class AreaKind(enum.StrEnum):
    """How much a brief tells of where: never less than about 10,000 people."""

    COUNCIL = "council"
    DISTRICT = "district"  # the first part of a postcode


class QuoteStatus(enum.StrEnum):
    """How a quote stands."""

    DRAFT = "draft"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    AWARDED = "awarded"
    NOT_CHOSEN = "not_chosen"


class Fit(enum.StrEnum):
    """How far a quote meets one need."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class TrialOffer(enum.StrEnum):
    """What a quote offers for trying it out first."""

    NONE = "none"
    FREE = "free"
    PAID = "paid"


class MeetingKind(enum.StrEnum):
    """What somebody asks of one provider after reading its quote."""

    MEET = "meet"
    TRY_OUT = "try_out"
    ASK_AGAIN = "ask_again"


class NoBid(enum.StrEnum):
    """Why a provider does not quote. Only ever shown in figures."""

    NO_SPACE = "no_space"
    TOO_FAR = "too_far"
    NOT_WHAT_WE_DO = "not_what_we_do"
    BUDGET_TOO_SMALL = "budget_too_small"
    TIMES = "times"
    TOO_LITTLE_TOLD = "too_little_told"
    SOMETHING_ELSE = "something_else"


class WhyNot(enum.StrEnum):
    """Why a quote was not chosen, in kind words."""

    ANOTHER_FITTED_BETTER = "another_fitted_better"
    PRICE = "price"
    TIMES = "times"
    NO_LONGER_NEEDED = "no_longer_needed"
    OWN_WORDS = "own_words"


class PieceKind(enum.StrEnum):
    """What is in the library."""

    STORY = "story"
    EXAMPLE_PLAN = "example_plan"
    MODEL_DOCUMENT = "model_document"


class PieceStatus(enum.StrEnum):
    """How a piece of the library stands. Only what is shown is seen by others."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"
    HELD = "held"
    TAKEN_DOWN = "taken_down"


class SignpostKind(enum.StrEnum):
    """What free help a signpost leads to."""

    ASSESSMENT = "assessment"
    ADVOCACY = "advocacy"
    ADVICE = "advice"
    CARERS = "carers"
    COMPLAINTS = "complaints"
