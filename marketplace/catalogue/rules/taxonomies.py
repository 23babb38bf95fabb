"""The words by which we sort offers, as taxonomies that others can read: each term with an id that never changes."""

import enum
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.catalogue.rules.nouns import AccessFact, CategorySlug, ProviderKind, Setting, WayToPay
from marketplace.catalogue.rules.sharing import SharedOffer, derived_id


class Taxonomy(enum.StrEnum):
    """One way of sorting offers."""

    CATEGORY = "category"
    ACCESS = "access"
    SETTING = "setting"
    PROVIDER_KIND = "provider_kind"
    WAY_TO_PAY = "way_to_pay"

    @property
    def id(self) -> uuid.UUID:
        """What others know it by."""
        return derived_id("taxonomy", self.value)

    @property
    def words(self) -> str:
        """What it is called."""
        return {
            Taxonomy.CATEGORY: "Kind of support",
            Taxonomy.ACCESS: "Getting in and taking part",
            Taxonomy.SETTING: "Where it happens",
            Taxonomy.PROVIDER_KIND: "Who offers it",
            Taxonomy.WAY_TO_PAY: "Ways to pay",
        }[self]

    @property
    def sentence(self) -> str:
        """What it tells."""
        return {
            Taxonomy.CATEGORY: "What an offer is: company, help at home, food. Every offer has exactly one.",
            Taxonomy.ACCESS: "What is there for people who need it, as the provider tells: step-free, hearing loop.",
            Taxonomy.SETTING: "Whether it comes to people’s homes, they go to it, or it is online or by phone.",
            Taxonomy.PROVIDER_KIND: "What sort of body offers it, from five or fewer staff to open to everyone.",
            Taxonomy.WAY_TO_PAY: "Which money the provider takes, in the words of adult social care in England.",
        }[self]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a taxonomy. `parent` is the code of the wider one it belongs to."""

    taxonomy: Taxonomy
    code: str
    name: str
    parent: str | None = None

    @property
    def id(self) -> uuid.UUID:
        """What others know it by."""
        return term_id(self.taxonomy, self.code)

    @property
    def sentence(self) -> str:
        """What it means, for those who see it without the others."""
        return f"{self.taxonomy.words}: {self.name}."


def term_id(taxonomy: Taxonomy, code: str) -> uuid.UUID:
    """Return what others know a term by."""
    return derived_id("term", taxonomy, code)


def fixed_terms() -> tuple[Term, ...]:
    """Return the terms that do not come from the database."""
    return (
        *(Term(Taxonomy.ACCESS, fact, fact.words) for fact in AccessFact),
        *(Term(Taxonomy.SETTING, setting, setting.words) for setting in Setting),
        *(Term(Taxonomy.PROVIDER_KIND, kind, kind.words) for kind in ProviderKind),
        *(Term(Taxonomy.WAY_TO_PAY, way, way.words) for way in WayToPay),
    )


def terms_of(offer: SharedOffer, *, parents: Mapping[CategorySlug, CategorySlug | None]) -> Iterable[Term]:
    """Return the terms of an offer, its category first."""
    yield Term(Taxonomy.CATEGORY, offer.category, offer.category_name, parents.get(offer.category))
    yield Term(Taxonomy.SETTING, offer.setting, offer.setting.words)
    yield Term(Taxonomy.PROVIDER_KIND, offer.provider.kind, offer.provider.kind.words)
    yield from (Term(Taxonomy.ACCESS, fact, fact.words) for fact in offer.access)
    yield from (Term(Taxonomy.WAY_TO_PAY, way, way.words) for way in offer.ways)
