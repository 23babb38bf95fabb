"""Ready-made reasons for asking a provider for a change, as they are written in one file."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FILE = Path(__file__).parents[1] / "decisions" / "reasons.yaml"


class ReadyReason(BaseModel):
    """One reason: what a moderator ticks, and what the provider reads."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    key: str = Field(pattern=r"^[a-z_]{1,40}$")
    label: str = Field(min_length=1, max_length=80)
    words: str = Field(min_length=1, max_length=500)


@cache
def ready_reasons() -> tuple[ReadyReason, ...]:
    """Return the ready-made reasons, in the order of the file."""
    return TypeAdapter(tuple[ReadyReason, ...]).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))
