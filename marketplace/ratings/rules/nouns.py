"""The words of ratings: what things are called, and what states they can be in. Pure."""

import enum
import uuid
from typing import NewType

ReviewId = NewType("ReviewId", uuid.UUID)
ReplyId = NewType("ReplyId", uuid.UUID)
AdditionId = NewType("AdditionId", uuid.UUID)
PointId = NewType("PointId", uuid.UUID)
CriterionId = NewType("CriterionId", uuid.UUID)
SchemeCode = NewType("SchemeCode", str)
OutcomeId = NewType("OutcomeId", str)
CardBatchId = NewType("CardBatchId", uuid.UUID)
CardId = NewType("CardId", uuid.UUID)
ScreeningId = NewType("ScreeningId", uuid.UUID)
AppealId = NewType("AppealId", uuid.UUID)
ObjectionId = NewType("ObjectionId", uuid.UUID)
FlagId = NewType("FlagId", uuid.UUID)
ChecklistId = NewType("ChecklistId", uuid.UUID)
ChecklistItemId = NewType("ChecklistItemId", uuid.UUID)
QualityCheckId = NewType("QualityCheckId", uuid.UUID)
QualityCorrectionId = NewType("QualityCorrectionId", uuid.UUID)


class Basis(enum.StrEnum):
    """How we know that the writer used what they review."""

    ARRANGEMENT = "arrangement"
    CARD = "card"  # A one-time code from the provider's own cards.
    ATTESTED = "attested"  # A one-time code from a user-led organisation, which so gives its word.
    INVOICE = "invoice"  # An invoice, looked at and then discarded.
    SAID_USED = "said_used"


class ReviewStatus(enum.StrEnum):
    """Whether a review or a reply is shown."""

    SHOWN = "shown"
    # Its writer chose to be shown together with others, and there are not enough of them yet.
    WAITING = "waiting"
    # A screen that cannot see the stars found something a person must read first.
    UNREAD = "unread"
    # A moderator refused it, with a reason that its writer reads and can appeal against.
    HELD = "held"


class WriterRole(enum.StrEnum):
    """In which role somebody writes [ANCHORS row 26]."""

    USED_IT = "used_it"
    CARES_FOR_USER = "cares_for_user"
    SUPPORTED_WRITER = "supported_writer"


class Help(enum.StrEnum):
    """Who helped somebody to write, if anybody. Shown, because a helper may have an interest."""

    NOBODY = "nobody"
    FAMILY_OR_FRIEND = "family_or_friend"
    PEER_SUPPORTER = "peer_supporter"
    ADVOCATE = "advocate"
    PROVIDER_STAFF = "provider_staff"


class Telling(enum.StrEnum):
    """By which way a review was told. Each makes the same record."""

    WORDS = "words"
    PICTURES = "pictures"
    VOICE = "voice"
    PAPER = "paper"


class Release(enum.StrEnum):
    """When a writer wants to be shown: at once, or together with others of the same provider."""

    NOW = "now"
    WITH_OTHERS = "with_others"


class PointKind(enum.StrEnum):
    """The three questions of working together for change [000]."""

    WORKING = "working"
    NOT_WORKING = "not_working"
    SHOULD_CHANGE = "should_change"


class ChangeState(enum.StrEnum):
    """What a provider says about something that should change."""

    PLANNED = "planned"
    DONE = "done"


class Verdict(enum.StrEnum):
    """What the reviewer says once a change is said to be done."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class CriterionStatus(enum.StrEnum):
    """Where a criterion stands. Only an adopted one is asked about."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    MERGED = "merged"
    RETIRED = "retired"
    REFUSED = "refused"


class ProofState(enum.StrEnum):
    """Where the look at an invoice stands. The file is deleted whichever way it ends."""

    TO_CHECK = "to_check"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class FileUse(enum.StrEnum):
    """For what somebody sends a file before their review."""

    INVOICE = "invoice"
    VOICE = "voice"


class Ground(enum.StrEnum):
    """Why something may be kept from view: the whole list. Being bad for the provider is not on it."""

    UNLAWFUL = "unlawful"
    SAFEGUARDING = "safeguarding"
    OFF_TOPIC = "off_topic"
    IDENTIFYING = "identifying"
    NOT_GENUINE = "not_genuine"
    OBJECTION = "objection"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            Ground.UNLAWFUL: "It may break the law",
            Ground.SAFEGUARDING: "It must go to a safeguarding team first",
            Ground.OFF_TOPIC: "It has nothing to do with what it is about",
            Ground.IDENTIFYING: "It shows who somebody is",
            Ground.NOT_GENUINE: "It was not written by somebody who used it",
            Ground.OBJECTION: "Somebody it is about objected",
        }[self]

    @property
    def suspicion(self) -> str:
        """What a screen says that it may be, before anybody has read it."""
        return {
            Ground.UNLAWFUL: "It may accuse somebody of a crime, threaten or insult",
            Ground.SAFEGUARDING: "Somebody may be being harmed",
            Ground.OFF_TOPIC: "It may be an advertisement, or has several links",
            Ground.IDENTIFYING: "It may say who somebody is, or how to reach them",
        }.get(self, self.words)


class ScreeningOutcome(enum.StrEnum):
    """What a moderator decided about something that waited to be read."""

    SHOWN = "shown"
    REFUSED = "refused"


class AppealOutcome(enum.StrEnum):
    """What the user-led panel decided about a refusal."""

    UPHELD = "upheld"  # The refusal stands.
    OVERTURNED = "overturned"  # It is shown after all.


class ObjectionOutcome(enum.StrEnum):
    """What became of an objection by somebody whom a review is about."""

    KEPT = "kept"
    TAKEN_DOWN = "taken_down"


class FlagKind(enum.StrEnum):
    """What about some reviews a person must look at."""

    BURST = "burst"
    RING = "ring"
    ONE_TARGET = "one_target"


class FlagOutcome(enum.StrEnum):
    """What a person decided about a flag."""

    NOTHING_WRONG = "nothing_wrong"
    NOT_GENUINE = "not_genuine"


class Finding(enum.StrEnum):
    """What a quality checker found about one item of a checklist."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_SEEN = "not_seen"


class Subject(enum.StrEnum):
    """What an answer with stars is about, besides the whole."""

    CRITERION = "criterion"
    OUTCOME = "outcome"


class Screened(enum.StrEnum):
    """What can wait to be read by a person."""

    REVIEW = "review"
    REPLY = "reply"
    ADDITION = "addition"

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return {
            Screened.REVIEW: "a review",
            Screened.REPLY: "a reply to a review",
            Screened.ADDITION: "something added to a review",
        }[self]
