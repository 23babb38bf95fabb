"""By what could somebody be known, how do we say so, and what could they write instead? Pure."""

import enum
from dataclasses import dataclass

from marketplace.accounts.rules import OrganisationId
from marketplace.brokerage.rules.briefs import organisation_kept
from marketplace.kit.sentences import worded


class GuessKind(enum.StrEnum):
    """By what somebody could be known."""

    NAME = "name"
    CONTACT = "contact"
    NUMBER = "number"
    ADDRESS = "address"
    BIRTHDAY = "birthday"
    PROVIDER = "provider"
    PLACE = "place"
    LANDMARK = "landmark"
    DATE = "date"
    AGE = "age"
    RARE_CONDITION = "rare_condition"
    RARE_LANGUAGE = "rare_language"
    RARE_ROLE = "rare_role"
    UNUSUAL = "unusual"
    ONLY_ONE = "only_one"
    COMBINATION = "combination"

    @property
    def may_keep(self) -> bool:
        """Whether the writer may keep it all the same. Never what leads straight to them."""
        return self not in {
            GuessKind.NAME,
            GuessKind.CONTACT,
            GuessKind.NUMBER,
            GuessKind.ADDRESS,
            GuessKind.BIRTHDAY,
        }


@dataclass(frozen=True, slots=True)
class Guess:
    """Something by which somebody could guess, as it stands in the words, and what to write instead."""

    kind: GuessKind
    text: str
    organisation_id: OrganisationId | None = None
    parts: tuple[str, ...] = ()

    @property
    def may_keep(self) -> bool:
        """Whether the writer may keep it all the same."""
        return self.kind.may_keep

    @property
    def key(self) -> str:
        """How a brief remembers that its writer kept it."""
        if self.organisation_id is not None:
            return organisation_kept(self.organisation_id)
        return f"{self.kind}:{self.text.casefold()}"[:120]

    @property
    def sentence(self) -> str:
        """What was found, in plain words."""
        if self.kind is GuessKind.COMBINATION:
            return worded("Together these may fit one person only: {parts}.", parts=", ".join(self.parts))
        return _SENTENCES[self.kind].format(self.text)

    @property
    def suggestion(self) -> str:
        """What to write instead."""
        return _SUGGESTIONS[self.kind]


_SENTENCES = {
    GuessKind.NAME: "“{0}” looks like somebody’s name.",
    GuessKind.CONTACT: "“{0}” leads straight to you.",
    GuessKind.NUMBER: "“{0}” looks like a number that only you have.",
    GuessKind.ADDRESS: "“{0}” looks like an address.",
    GuessKind.BIRTHDAY: "“{0}” looks like a date of birth.",
    GuessKind.PROVIDER: "“{0}” looks like somebody who supports you, and they would know who you are.",
    GuessKind.PLACE: "“{0}” looks like the name of a place or of a person.",
    GuessKind.LANDMARK: "“{0}” tells people who know the place where you live.",
    GuessKind.DATE: "“{0}” is a day that others may remember too.",
    GuessKind.AGE: "“{0}” says exactly how old somebody is.",
    GuessKind.RARE_CONDITION: "Few people live with “{0}”, so it may tell who this is.",
    GuessKind.RARE_LANGUAGE: "In most places few people speak “{0}”, so it may tell who this is.",
    GuessKind.RARE_ROLE: "Not many people are “{0}”, so it may tell who this is.",
    GuessKind.UNUSUAL: "Neighbours may know somebody by “{0}”.",
    GuessKind.ONLY_ONE: "“{0}” says that there is nobody else like this.",
    GuessKind.COMBINATION: "Together these may fit one person only: {0}.",
}
_SUGGESTIONS = {
    GuessKind.NAME: "Say who they are to you instead: “my sister”, “my support worker”.",
    GuessKind.CONTACT: "Leave it out. Providers ask and answer here, and you tell your details to whoever you choose.",
    GuessKind.NUMBER: "Leave it out.",
    GuessKind.ADDRESS: "Leave it out. The brief says roughly where, and you tell your address to whoever you choose.",
    GuessKind.BIRTHDAY: "Leave it out, or say “in my thirties”.",
    GuessKind.PROVIDER: "Say “the agency I have now”. If you keep it, we do not ask them to quote.",
    GuessKind.PLACE: "Say what sort of place it is: “a college”, “the pool”, “a small town”.",
    GuessKind.LANDMARK: "Leave it out, or say “near the middle of town”.",
    GuessKind.DATE: "Say the month or the season, or leave it out.",
    GuessKind.AGE: "Say roughly: “in my thirties”, “over eighty”.",
    GuessKind.RARE_CONDITION: "Say what it means for the support: “my muscles are weak”, “I fall easily”.",
    GuessKind.RARE_LANGUAGE: "If they must speak it, keep it. Else say “I do not speak English at home”.",
    GuessKind.RARE_ROLE: "Say it more widely: “I worked with people”, “I am retired”.",
    GuessKind.UNUSUAL: "Say it more widely: “animals”, “a pet”.",
    GuessKind.ONLY_ONE: "Leave it out, or say it so that it is true of others too.",
    GuessKind.COMBINATION: "Leave one or two of them out. You can tell the rest to whoever you choose.",
}
