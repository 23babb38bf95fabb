"""
Does somebody need to register with the Care Quality Commission? A few questions, and a table that answers.

From the Health and Social Care Act 2008 (Regulated Activities) Regulations 2014, schedule 1 paragraphs 1 and 2 and
schedule 2, and what the Commission says of them. It is no legal advice, and every page that uses it says so.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.catalogue.rules.nouns import CategorySlug, CqcLocationId, CqcStanding

PERSONAL_CARE = CategorySlug("personal-care")
ASKED = frozenset(
    {PERSONAL_CARE, *map(CategorySlug, ("personal-assistance", "overnight-support", "homes-and-housing"))}
)
"""The kinds of support that may be personal care: nobody offers them here before answering."""

# Nearly all are 1- and a number; hospitals have codes of letters and figures.
_LOCATION = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9-]{3,19}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is written, and the day from which that text is."""

    title: str
    href: str
    dated: str


SOURCES = (
    Source(
        "Health and Social Care Act 2008 (Regulated Activities) Regulations 2014, schedules 1 and 2",
        "https://www.legislation.gov.uk/uksi/2014/2936/contents",
        "in force since 1 April 2015",
    ),
    Source(
        "Care Quality Commission: personal care, ongoing role, introductory agencies and individual care workers",
        "https://www.cqc.org.uk/guidance-providers/registration/personal-care-ongoing-role-introductory-agencies-individual-care",
        "as of 26 May 2022",
    ),
    Source(
        "Care Quality Commission: scope of registration",
        "https://www.cqc.org.uk/guidance-regulation/providers/scope-registration-who-has-register",
        "as of 22 February 2024",
    ),
)


class Question(enum.StrEnum):
    """One thing we ask."""

    CARE = "care"
    WHERE = "where"
    WHO = "who"
    DIRECTS = "directs"
    ONGOING = "ongoing"

    @property
    def words(self) -> str:
        """The question as a page asks it."""
        return {
            Question.CARE: "Is any of it personal care?",
            Question.WHERE: "Where does the personal care happen?",
            Question.WHO: "Who gives the personal care?",
            Question.DIRECTS: "Who decides what you do, and how?",
            Question.ONGOING: "Once somebody has met their carer, do you go on having a part in it?",
        }[self]

    @property
    def hint(self) -> str:
        """What helps to answer it."""
        return {
            Question.CARE: (
                "Helping somebody, because of age, illness or disability, to eat or drink, use the toilet, wash or "
                "bathe, dress, or look after their mouth, skin, hair or nails. Or reminding and watching over somebody "
                "who could not decide to do one of those alone."
            ),
            Question.WHERE: "Where the person lives at that time counts as their home, even for a short stay.",
            Question.WHO: "Choose what is nearest to how you work.",
            Question.DIRECTS: (
                "Somebody else may decide for them if the law gives them the right to. That can be a child’s parent, a "
                "power of attorney, a deputy, or a trust set up for their care."
            ),
            Question.ONGOING: (
                "For example: you choose or change who comes, make the rota, or find somebody when they cannot come. "
                "You train them, or watch how it goes and have it done in another way."
            ),
        }[self]


class Outcome(enum.StrEnum):
    """What the table answers."""

    NOT_PERSONAL_CARE = "not_personal_care"
    NOT_AT_HOME = "not_at_home"
    FAMILY = "family"
    WORKS_FOR_ONE = "works_for_one"
    SUPPLIES_REGISTERED = "supplies_registered"
    INTRODUCES = "introduces"
    AGENCY_REGISTERS = "agency_registers"
    MUST_REGISTER = "must_register"
    MUST_REGISTER_HOME = "must_register_home"

    @property
    def standing(self) -> CqcStanding | None:
        """How an offer then stands, or None where only a registration will do."""
        return {
            Outcome.NOT_PERSONAL_CARE: CqcStanding.NOT_PERSONAL_CARE,
            Outcome.NOT_AT_HOME: CqcStanding.EXEMPT,
            Outcome.FAMILY: CqcStanding.EXEMPT,
            Outcome.WORKS_FOR_ONE: CqcStanding.EXEMPT,
            Outcome.SUPPLIES_REGISTERED: CqcStanding.EXEMPT,
            Outcome.INTRODUCES: CqcStanding.INTRODUCTORY,
        }.get(self)

    @property
    def words(self) -> str:
        """The answer in one sentence."""
        return {
            Outcome.NOT_PERSONAL_CARE: "You do not seem to need to register: this is not personal care.",
            Outcome.NOT_AT_HOME: "You do not seem to need to register for personal care.",
            Outcome.FAMILY: "You do not seem to need to register: you help as family or as a friend.",
            Outcome.WORKS_FOR_ONE: "You do not seem to need to register: you work directly for the person.",
            Outcome.SUPPLIES_REGISTERED: "You do not seem to need to register: the provider you send carers to does.",
            Outcome.INTRODUCES: "You do not seem to need to register: you only introduce people.",
            Outcome.AGENCY_REGISTERS: "The agency or business that directs the care must be registered.",
            Outcome.MUST_REGISTER: "You must register with the Care Quality Commission before you start.",
            Outcome.MUST_REGISTER_HOME: "You must register with the Care Quality Commission before you start.",
        }[self]

    @property
    def because(self) -> str:
        """Why, in a sentence that may stand beside an offer."""
        return {
            Outcome.NOT_PERSONAL_CARE: "It includes no personal care.",
            Outcome.NOT_AT_HOME: "The personal care is given at a place where the person does not live.",
            Outcome.FAMILY: "The personal care is given by family or a friend, and nobody is paid.",
            Outcome.WORKS_FOR_ONE: (
                "One carer works directly for the person. The person directs the care, or somebody does who has the "
                "legal right to. No agency has a part in it."
            ),
            Outcome.SUPPLIES_REGISTERED: "Carers are only supplied to a provider who is registered for the care.",
            Outcome.INTRODUCES: "Carers are introduced to people, with no part in directing the care afterwards.",
            Outcome.AGENCY_REGISTERS: "An agency or another business arranges or directs the personal care.",
            Outcome.MUST_REGISTER: "It is personal care in people’s homes, and no exception we know of fits.",
            Outcome.MUST_REGISTER_HOME: "It is a place to live together with personal or nursing care.",
        }[self]

    @property
    def rule(self) -> str:
        """Where the rule is written."""
        return {
            Outcome.NOT_PERSONAL_CARE: "regulation 2 and schedule 1, paragraph 1(1)",
            Outcome.NOT_AT_HOME: "schedule 1, paragraph 1(1)",
            Outcome.FAMILY: "schedule 2",
            Outcome.WORKS_FOR_ONE: "schedule 1, paragraph 1(3)(c)",
            Outcome.SUPPLIES_REGISTERED: "schedule 1, paragraph 1(3)(a)",
            Outcome.INTRODUCES: "schedule 1, paragraph 1(3)(b)",
            Outcome.AGENCY_REGISTERS: "schedule 1, paragraph 1(1) and 1(3)(c)",
            Outcome.MUST_REGISTER: "schedule 1, paragraph 1(1)",
            Outcome.MUST_REGISTER_HOME: "schedule 1, paragraph 2",
        }[self]


NEXT: dict[Question, dict[str, tuple[str, Question | Outcome]]] = {
    Question.CARE: {
        "yes": ("Yes", Question.WHERE),
        "no": ("No", Outcome.NOT_PERSONAL_CARE),
    },
    Question.WHERE: {
        "home": ("Where the person lives", Question.WHO),
        "elsewhere": ("Only somewhere else, like a day centre", Outcome.NOT_AT_HOME),
        "with_us": ("In a place to live that comes with the care, like a care home", Outcome.MUST_REGISTER_HOME),
    },
    Question.WHO: {
        "alone": ("I do, by myself and in my own name, not through a company", Question.DIRECTS),
        "staff": ("People who work for us or with us, or for my company", Outcome.MUST_REGISTER),
        "introduce": ("A carer whom we introduce to the person", Question.ONGOING),
        "supply": ("Carers whom we send to a provider that is registered for it", Outcome.SUPPLIES_REGISTERED),
        "family": ("Family or a friend, and nobody is paid", Outcome.FAMILY),
    },
    Question.DIRECTS: {
        "person": ("The person, or somebody with the legal right to decide for them", Outcome.WORKS_FOR_ONE),
        "agency": ("An agency or another business has a part in it", Outcome.AGENCY_REGISTERS),
        "self": ("I do", Outcome.MUST_REGISTER),
    },
    Question.ONGOING: {
        "no": ("No, what follows is between the two of them", Outcome.INTRODUCES),
        "yes": ("Yes", Outcome.MUST_REGISTER),
    },
}
"""The whole table: each question, its answers in order, and where each leads."""


@dataclass(frozen=True, slots=True)
class Way:
    """The questions answered so far, in order, and what comes then."""

    answered: tuple[tuple[Question, str], ...]
    then: Question | Outcome


def way_through(answers: Mapping[str, str]) -> Way:
    """Follow somebody's answers through the table. What is no answer to a question counts as not yet given."""
    step: Question | Outcome = Question.CARE
    answered: list[tuple[Question, str]] = []
    while isinstance(step, Question):
        given = answers.get(step, "")
        if given not in NEXT[step]:
            break
        answered.append((step, given))
        step = NEXT[step][given][1]
    return Way(tuple(answered), step)


def location_number(typed: str) -> CqcLocationId | None:
    """Return a location's number as the register writes it, such as 1-123456789, or None if it is none."""
    tidy = "".join(typed.split()).replace("–", "-").replace("—", "-").upper()
    tidy = tidy.rstrip("/").rpartition("/")[2]
    return CqcLocationId(tidy) if _LOCATION.fullmatch(tidy) else None


def may_be_personal_care(category: CategorySlug) -> bool:
    """Test whether a kind of support may be personal care, so that its offers say how they stand to registration."""
    return category in ASKED


def cqc_problem(*, category: CategorySlug, standing: CqcStanding | None, location_id: str) -> str | None:
    """Return why an offer cannot be sent or shown yet, as a sentence, or None if it can."""
    if not may_be_personal_care(category):
        return None
    if standing is None:
        return "Answer “Do I need to register with CQC?” first: this kind of support may be personal care."
    if standing is CqcStanding.NOT_PERSONAL_CARE and category == PERSONAL_CARE:
        return "You say that it is no personal care. Choose another kind of support for it, or change that answer."
    if standing is CqcStanding.REGISTERED and not location_id:
        return "You say that you are registered. Give the number of your location on the page “Your checks” first."
    return None
