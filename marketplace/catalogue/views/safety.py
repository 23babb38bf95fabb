"""What an offer shows of who looks after what, and whom to tell when somebody is worried."""

from dataclasses import dataclass

from flask import current_app

from marketplace.catalogue.rules import CategorySlug, CqcStanding, ProviderKind
from marketplace.catalogue.rules.safety import Regulator, SafeguardingContact, regulators_of
from marketplace.catalogue.views.shown import council_name
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class Safety:
    """What `_safety.html` shows."""

    council: str
    contact: SafeguardingContact | None
    regulators: tuple[Regulator, ...]


def safety_shown(
    *,
    category: CategorySlug,
    provider: ProviderKind,
    council: CouncilCode | None,
    standing: CqcStanding | None = None,
) -> Safety:
    """Return who looks after an offer, and the safeguarding team where it is."""
    contacts: dict[CouncilCode, SafeguardingContact] = current_app.extensions["safeguarding"]
    return Safety(
        council=council_name(council),
        contact=contacts.get(council) if council else None,
        regulators=regulators_of(category, provider=provider, standing=standing),
    )


def safeguarding_shown(council: CouncilCode | None) -> Safety:
    """Return only the safeguarding team of a council's area: for pages where somebody may be being harmed."""
    contacts: dict[CouncilCode, SafeguardingContact] = current_app.extensions["safeguarding"]
    return Safety(council=council_name(council), contact=contacts.get(council) if council else None, regulators=())
