"""What is true of people and what they may do. Pure: no database, no web, no clock."""

import enum
import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NewType

from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded

PersonId = NewType("PersonId", uuid.UUID)
OrganisationId = NewType("OrganisationId", uuid.UUID)
DelegationId = NewType("DelegationId", uuid.UUID)
ActId = NewType("ActId", uuid.UUID)
InvitationId = NewType("InvitationId", uuid.UUID)
BrowserSessionId = NewType("BrowserSessionId", uuid.UUID)
PasskeyId = NewType("PasskeyId", uuid.UUID)
UnsentFormId = NewType("UnsentFormId", uuid.UUID)

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


class Role(enum.StrEnum):
    """What somebody is here as. One person may be several."""

    PERSON = "person"
    PROVIDER = "provider"
    USER_LED_ORGANISATION = "user_led_organisation"
    MODERATOR = "moderator"
    COMMISSIONER = "commissioner"
    OPERATOR = "operator"
    CHECKER = "checker"
    PANEL_MEMBER = "panel_member"


class Permission(enum.StrEnum):
    """One thing that somebody may be allowed to do."""

    BUY = "buy"
    PROVIDE = "provide"
    MODERATE = "moderate"
    CHECK = "check"
    SIT_ON_PANEL = "sit_on_panel"
    READ_DEMAND = "read_demand"
    OPERATE = "operate"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PERSON: frozenset({Permission.BUY}),
    Role.PROVIDER: frozenset({Permission.PROVIDE}),
    Role.USER_LED_ORGANISATION: frozenset({Permission.PROVIDE}),
    Role.MODERATOR: frozenset({Permission.MODERATE, Permission.CHECK}),
    # A commissioner is nothing else: they read figures and never see an individual [000].
    Role.COMMISSIONER: frozenset({Permission.READ_DEMAND}),
    Role.OPERATOR: frozenset({Permission.OPERATE}),
    # Somebody at a user-led organisation, say, who looks at certificates and decides about nothing.
    Role.CHECKER: frozenset({Permission.CHECK}),
    # Disabled and older people who judge what moderators refused, and which criteria matter [000, case study II].
    Role.PANEL_MEMBER: frozenset({Permission.SIT_ON_PANEL}),
}
"""Who may do what: the whole of it."""


TRUSTED_ROLES = (Role.MODERATOR, Role.CHECKER, Role.PANEL_MEMBER, Role.COMMISSIONER, Role.OPERATOR)
"""The roles that only an operator gives and takes away."""

SECOND_FACTOR_FOR = frozenset({Role.COMMISSIONER, Role.MODERATOR, Role.OPERATOR})
"""
The roles that count only once somebody has proved who they are a second time. To ask it of more roles, add them here.

Checkers and panel members see nobody’s private affairs. They may set it up, as anybody may, and need not.
"""

PROOF_LASTS = timedelta(hours=12)
"""A working day: then the browser is asked for a code again."""
MOST_WRONG_CODES, WRONG_CODES_WITHIN = 10, timedelta(hours=1)
"""So many wrong codes in such a time, then nobody may try for that person. At this pace a guess takes years."""
TOLD_AT_WRONG_CODE = 5
"""At the so-many-th wrong code the person hears of it: somebody may know their password."""

INVITATION_LASTS = timedelta(days=7)

LEFT = "Somebody who left"
"""What pages call whoever closed their account."""

MOST_WRONG_PASSWORDS = 10
OWN_TRIES_WITHIN, OTHER_TRIES_WITHIN = timedelta(minutes=15), timedelta(hours=1)
"""So many wrong passwords in such a time, in a browser of the account's owner and in all others together."""
MOST_PASSKEYS = 10

BROWSER_FORGOTTEN_AFTER = timedelta(days=30)
"""A browser in which nobody looked at a page for so long is signed out."""
SEEN_TO = timedelta(hours=1)
"""How exactly we note when a browser was last seen."""
HALF_WAY_LASTS = timedelta(minutes=10)
"""Between the password and the code. Also how long a password that was just given counts for what needs one again."""


class Scope(enum.StrEnum):
    """What somebody may do for another with their live consent. Each is given by itself."""

    SEE_BUDGETS = "see_budgets"
    CONFIRM_VISITS = "confirm_visits"
    SEE_PLAN = "see_plan"
    # Whoever may write it may see it: both are given then.
    WRITE_PLAN = "write_plan"
    # Write briefs, answer questions about them, see and score quotes. Choosing one stays the person's own [003].
    ASK_FOR_QUOTES = "ask_for_quotes"


WHOLE_PLANNING = frozenset({Scope.SEE_PLAN, Scope.WRITE_PLAN, Scope.ASK_FOR_QUOTES})
"""Everything about planning that one helper can hold. Whoever sells support must not hold it all [003]."""


class ConsentState(enum.StrEnum):
    """How a consent stands."""

    WAITING = "waiting"  # for whoever it was given to
    LIVE = "live"
    ENDED = "ended"  # by either of the two
    RUN_OUT = "run_out"


LONGEST_CONSENT = timedelta(days=366)
"""A year: then the two talk about it again. Consent nobody remembers is none."""


class Purpose(enum.StrEnum):
    """What an emailed link is for."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105  (a word, not a secret)


LINK_LASTS: dict[Purpose, timedelta] = {
    Purpose.CONFIRM_EMAIL: timedelta(days=3),
    Purpose.RESET_PASSWORD: timedelta(hours=2),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is looking: a signed-in person, or nobody in particular (`person_id` is None)."""

    person_id: PersonId | None = None
    name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    organisations: frozenset[OrganisationId] = field(default_factory=frozenset)
    # What those are called, for the line that says for whom one is here.
    speaks_as: tuple[str, ...] = ()
    council: CouncilCode | None = None
    # Roles they have, but not in this browser before they give a code from their phone.
    waiting: frozenset[Role] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        """Whether we know who is looking."""
        return self.person_id is not None

    def may(self, permission: Permission) -> bool:
        """Test whether any of the viewer's roles allows this."""
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def would_with_a_code(self, permission: Permission) -> bool:
        """Test whether a role that waits for a code from the viewer's phone would allow this."""
        return any(permission in PERMISSIONS[role] for role in self.waiting)

    def without_a_code(self) -> "Viewer":
        """Return the viewer as they are before they give a code: without the roles that need one, and their council."""
        held = self.roles & SECOND_FACTOR_FOR
        if not held:
            return self
        council = None if Role.COMMISSIONER in held else self.council
        return replace(self, roles=self.roles - held, council=council, waiting=held)

    def speaks_for(self, organisation_id: OrganisationId | None) -> bool:
        """Test whether the viewer speaks for an organisation. Nobody speaks for none."""
        return organisation_id is not None and organisation_id in self.organisations


ANYONE = Viewer()


def normal_email(typed: str) -> str:
    """Return an email address as we store and compare it."""
    return typed.strip().lower()


def token_hash(token: str) -> str:
    """Return what we keep of an emailed token: not the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_id(hashed_token: str) -> InvitationId:
    """Return by what an invitation is called where its token must not be told: half of what we keep of that."""
    return InvitationId(uuid.UUID(hex=hashed_token[:32]))


def link_is_live(*, expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Test whether an emailed link still works: once, and in time."""
    return used_at is None and now < expires_at


def proof_is_live(*, given_at: datetime | None, now: datetime) -> bool:
    """Test whether a code that was given in a browser still counts there."""
    return given_at is not None and timedelta(0) <= now - given_at < PROOF_LASTS


def is_lately(moment: datetime | None, *, now: datetime) -> bool:
    """Test whether something that must be done in one go was done just now."""
    return moment is not None and timedelta(0) <= now - moment < HALF_WAY_LASTS


_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "a Chromebook"), ("Macintosh", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_in_words(user_agent: str) -> str:
    """Return what its owner would call a browser, from what it says of itself: `Firefox on Windows`. Nothing finer."""
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "A browser")
    machine = next((words for sign, words in _MACHINES if sign in user_agent), None)
    return worded("{browser} on {machine}", browser=browser, machine=machine) if machine else browser


def may_be_commissioner(roles: Collection[Role]) -> bool:
    """Test whether somebody may be invited for a council: who sells, moderates or runs the site reads no demand."""
    return set(roles) <= {Role.PERSON}


def password_problem(*, password: str, email: str, name: str = "") -> str | None:
    """Return why a password will not do, as a sentence, or None if it will. Millions of known ones are asked apart."""
    if len(password) < SHORTEST_PASSWORD:
        return worded(
            "Use at least {shortest_password} characters. Three words in a row are easy to remember.",
            shortest_password=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        return worded("Use at most {longest_password} characters.", longest_password=LONGEST_PASSWORD)
    if len(set(password)) < 4 or _says_whose_it_is(password.lower(), email=email, name=name):  # noqa: PLR2004
        return "Choose a password that is harder to guess. Three words in a row are easy to remember."
    return None


def _says_whose_it_is(password: str, *, email: str, name: str) -> bool:
    """Test whether little is left of a password without the person’s name, their address and the name of the site."""
    local, _, domain = email.lower().partition("@")
    for told in sorted({email.lower(), local, domain, *name.lower().split(), "clubtogether"}, key=len, reverse=True):
        if len(told) > 2:  # noqa: PLR2004
            password = password.replace(told, "")
    return sum(letter.isalpha() for letter in password) < 4 and len(password) < SHORTEST_PASSWORD  # noqa: PLR2004


def called(name: str, *, of: str | None) -> str:
    """Return what pages call somebody who acts for an organisation: once, where the two have one name."""
    return worded("{name} of {of}", name=name, of=of) if of and of != name else name


def whole_scopes(scopes: Collection[Scope]) -> frozenset[Scope]:
    """Return what a consent allows in full: whoever may write in a plan may see it."""
    return frozenset(scopes) | ({Scope.SEE_PLAN} if Scope.WRITE_PLAN in scopes else frozenset())


def consent_lasts_soundly(*, ends_on: date, today: date) -> bool:
    """Test whether a consent given today ends today or later, and within a year. `ends_on` is its last day."""
    return today <= ends_on <= today + LONGEST_CONSENT


def consent_state(*, is_accepted: bool, is_ended: bool, ends_on: date, today: date) -> ConsentState:
    """Return how a consent stands. Only a live one lets anybody do anything."""
    if is_ended:
        return ConsentState.ENDED
    if ends_on < today:
        return ConsentState.RUN_OUT
    return ConsentState.LIVE if is_accepted else ConsentState.WAITING


def left_address(person_id: PersonId) -> str:
    """Return what stands for the address of somebody who left: no letter ever arrives there (RFC 2606)."""
    return f"{person_id}@left.invalid"
