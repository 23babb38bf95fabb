"""What is known of the town's providers, as it is written: what was checked, and how offers stand to registration."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from marketplace.catalogue.rules import CheckKind, CqcStanding


class WrittenStanding(BaseModel):
    """How an offer that may be personal care stands to registration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offer: str
    standing: CqcStanding
    because: str = ""


class WrittenCheck(BaseModel):
    """One check. It was looked at, or said, so many days before the town is built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    kind: CheckKind
    state: Literal["checked", "declared"]
    by: str = ""
    level: str = ""
    detail: str = ""
    days_ago: int
    lasts_days: int | None = None


class WrittenChecks(BaseModel):
    """Everything that is known of providers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standings: tuple[WrittenStanding, ...] = ()
    checks: tuple[WrittenCheck, ...] = ()
