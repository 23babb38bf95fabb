"""Questions about the demo town: who to sign in as, and whether there is room for it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.catalogue.models import Offer
from marketplace.pooling.rules import PoolId
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId

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


def is_empty(session: Session) -> bool:
    """Test whether there is nobody and nothing here yet."""
    return all(session.scalar(select(one).limit(1)) is None for one in (Person.id, Offer.id))


def arrangements_of_pool(session: Session, *, pool_id: PoolId) -> tuple[ArrangementId, ...]:
    """Return the arrangements that a pool led to. For building the town, never for pages."""
    found = select(Arrangement.id).where(Arrangement.pool_key == pool_id).order_by(Arrangement.id)
    return tuple(session.scalars(found))
