"""Questions about the demo town: who to sign in as."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TOWN = Path(__file__).parent / "town"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody made up, whom a visitor may sign in as."""

    role: str
    name: str
    email: str
    about: str
    password: str


@cache
def sign_ins() -> tuple[SignIn, ...]:
    """Return whom a visitor may sign in as, one for each role."""
    told = yaml.safe_load((TOWN / "signins.yaml").read_text())
    return tuple(
        SignIn(
            role=one["role_label"],
            name=one["name"],
            email=one["email"],
            about=one["about"],
            password=told["password"],
        )
        for one in told["sign_ins"]
    )
