"""What is true of alerts: what names one, and how many one organisation may have."""

from typing import NamedTuple

from marketplace.accounts.rules import OrganisationId
from marketplace.kit.places import CouncilCode

ANY = "any"
"""Stands for every kind of support."""
MOST_ALERTS = 30
"""More than anybody reads. One organisation can have so many."""


class AlertKey(NamedTuple):
    """What names one alert: an organisation, a council and a kind of support, or `ANY`."""

    organisation_id: OrganisationId
    council: CouncilCode
    category: str

    @property
    def wanted(self) -> str | None:
        """The kind of support, or None for every one."""
        return None if self.category == ANY else self.category
