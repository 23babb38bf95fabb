"""What an organisation that helps people plan says of itself: who pays it, what else it sells, whom it is tied to."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.brokerage.models import Independence
from marketplace.brokerage.rules import independence as rules
from marketplace.brokerage.rules.nouns import Payer
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.uniqueness import repeats


class OrganisationNotFoundError(NotFoundError):
    """There is no such organisation, or one does not speak for it."""


class DeclarationUnclearError(WrongAnswerError):
    """An answer is missing, or too long."""


class SaidAtOnceError(DomainError):
    """Two people of one organisation said it at the same moment."""


def declare_independence(
    session: Session,
    *,
    organisation_id: OrganisationId,
    payers: Collection[Payer],
    who_pays: str,
    also_sells: str,
    ties: str,
    by: Viewer,
    now: datetime,
) -> uuid.UUID:
    """
    Say who pays an organisation, what else it sells and whom it is tied to. What it said before stays readable.

    :raises OrganisationNotFoundError: if `by` does not speak for it.
    :raises DeclarationUnclearError: if nobody pays, or an answer is missing or too long.
    :raises SaidAtOnceError: if another of its people says it at this very moment.
    """
    who_pays, also_sells, ties = (text.tidy(words) for words in (who_pays, also_sells, ties))
    if by.person_id is None or not by.speaks_for(organisation_id):
        raise OrganisationNotFoundError("We could not find that organisation.")
    problem = rules.declaration_problem(payers=payers, who_pays=who_pays, also_sells=also_sells, ties=ties)
    if problem:
        raise DeclarationUnclearError(problem[1], field=problem[0])
    in_force = session.scalars(
        select(Independence)
        .where(Independence.organisation_id == organisation_id, Independence.superseded_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if in_force is not None:
        in_force.superseded_at = now
        session.flush()
    said = Independence(
        id=uuid.uuid4(),
        organisation_id=organisation_id,
        payers=[payer.value for payer in Payer if payer in payers],
        who_pays=who_pays,
        also_sells=also_sells,
        ties=ties,
        declared_by=by.person_id,
        declared_at=now,
    )
    try:
        with session.begin_nested():
            session.add(said)
    except IntegrityError as error:
        if not repeats(error, constraint="uq_independence_in_force", columns=("independence.organisation_id",)):
            raise
        raise SaidAtOnceError(
            "Somebody else of your organisation has said this a moment ago. Open the page again to read it."
        ) from error
    audit.record(session, by=by.person_id, did="declared independence", to_kind="independence", to_id=said.id, now=now)
    return said.id
