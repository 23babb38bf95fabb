"""Who looks after what is offered, and whom do people tell when they are worried? Plain words, and links."""

from dataclasses import dataclass

from marketplace.catalogue.rules.nouns import CategorySlug, CqcStanding, ProviderKind
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class Regulator:
    """A body outside this site that looks after something."""

    name: str
    href: str
    looks_after: str


@dataclass(frozen=True, slots=True)
class SafeguardingContact:
    """Whom to tell in one council's area when an adult may be hurt or neglected, as the operator wrote it down."""

    council: CouncilCode
    name: str
    phone: str = ""
    out_of_hours: str = ""
    href: str = ""


CQC = Regulator(
    "Care Quality Commission",
    "https://www.cqc.org.uk/give-feedback-on-care",
    "personal care and care homes. Tell them if something is wrong there.",
)
HYGIENE = Regulator(
    "Food Standards Agency",
    "https://ratings.food.gov.uk",
    "food hygiene. The council inspects every kitchen, and you can look up its rating.",
)
TRADING_STANDARDS = Regulator(
    "Trading Standards",
    "https://www.citizensadvice.org.uk/consumer/get-more-help/report-to-trading-standards/",
    "things and work you pay for that are unsafe or not as promised. You reach them through Citizens Advice.",
)
LICENSING = Regulator(
    "The council’s licensing team",
    "https://www.gov.uk/find-local-council",
    "taxis and private hire: each driver and car has a licence you can ask to see.",
)
FINANCE = Regulator(
    "Financial Conduct Authority",
    "https://register.fca.org.uk",
    "advice on debts, savings and insurance. Whoever gives it must be on its register.",
)
GUARDIAN = Regulator(
    "Office of the Public Guardian",
    "https://www.gov.uk/report-concern-about-attorney-deputy-guardian",
    "people who look after somebody else’s money with a power of attorney or as a deputy.",
)
PROFESSIONS = Regulator(
    "Health and Care Professions Council",
    "https://www.hcpc-uk.org/check-the-register/",
    "physiotherapists, occupational therapists and some others. Look a name up before you pay.",
)
MEDICAL_DEVICES = Regulator(
    "Medicines and Healthcare products Regulatory Agency",
    "https://yellowcard.mhra.gov.uk",
    "equipment that fails or does harm. Tell them there.",
)
CHARITIES = Regulator(
    "Charity Commission",
    "https://www.gov.uk/find-charity-information",
    "charities. Look up who runs one, and where its money goes.",
)

REGULATORS: dict[CategorySlug, tuple[Regulator, ...]] = {
    CategorySlug(slug): bodies
    for slug, bodies in {
        "personal-care": (CQC,),
        "personal-assistance": (CQC,),
        "overnight-support": (CQC,),
        "homes-and-housing": (CQC, HYGIENE),
        "short-breaks": (CQC, HYGIENE),
        "food-and-meals": (HYGIENE,),
        "getting-about": (LICENSING,),
        "managing-money": (FINANCE, GUARDIAN),
        "money-and-planning": (FINANCE, GUARDIAN),
        "health-and-wellbeing": (PROFESSIONS,),
        "equipment": (MEDICAL_DEVICES,),
    }.items()
}
"""Who looks after a kind of support. Where nobody does in particular, only those who look after everything sold."""


def regulators_of(
    category: CategorySlug, *, provider: ProviderKind, standing: CqcStanding | None = None
) -> tuple[Regulator, ...]:
    """Return who looks after an offer, the most particular first."""
    found = list(REGULATORS.get(category, ()))
    if standing is CqcStanding.REGISTERED and CQC not in found:
        found.insert(0, CQC)
    found.append(CHARITIES if provider is ProviderKind.UNIVERSAL_SERVICE else TRADING_STANDARDS)
    return tuple(found)
