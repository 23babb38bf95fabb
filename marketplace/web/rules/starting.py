"""What does somebody do first here, as what they are? Three steps each, told by what is so. Pure."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Kind(enum.StrEnum):
    """As what somebody takes their first steps: whoever works here first, for they have less to choose from."""

    OPERATOR = "operator"
    COMMISSIONER = "commissioner"
    MODERATOR = "moderator"
    PANEL_MEMBER = "panel_member"
    BROKER = "broker"
    USER_LED_ORGANISATION = "user_led_organisation"
    PROVIDER = "provider"
    HELPER = "helper"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a verb, a sentence, and the page on which it is taken."""

    done: str
    title: str
    words: str
    page: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step of somebody's: where it is taken, and whether it has been."""

    title: str
    words: str
    page: str
    at: Mapping[str, object]
    is_done: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody's first steps as one of the things they are, and the guide that goes with them."""

    kind: Kind
    guide: str
    steps: tuple[TakenStep, ...] = field(default_factory=tuple)

    @property
    def left(self) -> int:
        """How many are still to be taken."""
        return sum(not step.is_done for step in self.steps)


_SAFE = Step(
    "has_proof",
    "Set up your second proof",
    "A passkey or a code from your phone. Your pages open with it.",
    "accounts.safety",
)
_MAKE_SAFE = Step(
    "has_proof",
    "Make your account safer",
    "Add a passkey or a code from your phone: what you see here is somebody’s own affair.",
    "accounts.safety",
)
_OFFER = Step(
    "has_live_offer",
    "Publish your first offer",
    "It takes about ten minutes. A moderator reads it, most often within two days.",
    "catalogue.mine",
)
_ABOUT = Step(
    "has_told_who",
    "Say who you are",
    "A few plain sentences. People read them before they choose.",
    "catalogue.edit_provider",
    ("provider_id",),
)

STEPS: dict[Kind, tuple[str, tuple[Step, Step, Step]]] = {
    Kind.PERSON: (
        "finding-and-buying",
        (
            Step(
                "lives_somewhere",
                "Say where you live",
                "Your council is enough. No street, no number.",
                "accounts.where_you_live",
            ),
            Step(
                "has_found",
                "Find something you like",
                "Put it on your shortlist, save the search, or ask for it.",
                "catalogue.results",
            ),
            Step(
                "can_pay",
                "Set up a budget, or join a pool",
                "So you see what you have, and what others would share with you.",
                "budgets.index",
            ),
        ),
    ),
    Kind.HELPER: (
        "helping-somebody",
        (
            Step(
                "helps",
                "Say yes to helping",
                "Read what they let you do, and until when. You can say no.",
                "accounts.consent",
            ),
            _MAKE_SAFE,
            Step(
                "has_acted",
                "Do a first thing for them",
                "They read afterwards what you did, in words.",
                "brokerage.people",
            ),
        ),
    ),
    Kind.PROVIDER: (
        "providers",
        (
            _ABOUT,
            _OFFER,
            Step(
                "is_trusted",
                "Show that people can trust you",
                "Say which checks you have, or print cards that ask for reviews.",
                "catalogue.checks",
                ("provider_id",),
            ),
        ),
    ),
    Kind.USER_LED_ORGANISATION: (
        "user-led-organisations",
        (
            _ABOUT,
            _OFFER,
            Step(
                "hears_of_gaps",
                "Hear of what is missing",
                "Choose the letters you want about what people near you cannot find.",
                "demand.alerts",
            ),
        ),
    ),
    Kind.BROKER: (
        "brokers",
        (
            Step(
                "says_who_pays",
                "Say who pays you",
                "It stands on a public register, with what else you sell.",
                "brokerage.declare_independence",
                ("organisation_id",),
            ),
            _OFFER,
            Step(
                "helps_somebody",
                "Say yes to a first person",
                "Read what they ask, and answer them.",
                "brokerage.people",
            ),
        ),
    ),
    Kind.MODERATOR: (
        "moderators",
        (
            _SAFE,
            Step(
                "has_decided",
                "Decide about a first offer",
                "A refusal always has a reason that its writer can act on.",
                "moderation.queue",
            ),
            Step(
                "has_screened",
                "Read a first review",
                "You do not see the stars: good and bad are treated alike.",
                "ratings.queue",
            ),
        ),
    ),
    Kind.PANEL_MEMBER: (
        "moderators",
        (
            _MAKE_SAFE,
            Step(
                "has_voted",
                "Decide a first appeal",
                "You judge what a moderator refused, and say why.",
                "ratings.appeals",
            ),
            Step(
                "has_chosen",
                "Decide about a question",
                "Anybody may propose what people rate by. The panel decides.",
                "ratings.criteria",
            ),
        ),
    ),
    Kind.COMMISSIONER: (
        "commissioners",
        (
            _SAFE,
            Step(
                "took_figures",
                "Read your area’s figures",
                "Then take a quarter away, as a spreadsheet or a report.",
                "demand.downloads",
            ),
            Step(
                "has_signalled",
                "Tell people what you would like",
                "Post a signal, or answer what you were told.",
                "demand.own_signals",
            ),
        ),
    ),
    Kind.OPERATOR: (
        "operators",
        (
            _SAFE,
            Step(
                "jobs_run",
                "Let the jobs run",
                "Letters and closing days hang on them. The guide says how.",
                "web.guides",
            ),
            Step(
                "gave_roles",
                "Give a first role",
                "A site needs a moderator before anybody’s offer is shown.",
                "accounts.roles",
            ),
        ),
    ),
}
"""For each kind: the guide that goes with it, and its three steps."""


def start_as(kind: Kind, *, facts: Mapping[str, object]) -> Start:
    """Return somebody's first steps as one kind, from what is so about them. A step without its page leads to none."""
    guide, steps = STEPS[kind]
    return Start(
        kind,
        guide,
        tuple(
            TakenStep(
                step.title, step.words, step.page, {name: facts[name] for name in step.needs}, bool(facts[step.done])
            )
            for step in steps
            if all(facts.get(name) for name in step.needs)
        ),
    )
