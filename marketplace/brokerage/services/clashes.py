"""Making one of what two people wrote at the same time."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import PlanClash, PlanPart
from marketplace.brokerage.rules.nouns import ClashId, PlanId
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.services.plans import plan_to_write, write_part
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.sentences import worded


class ClashNotFoundError(NotFoundError):
    """Nothing like it waits in this plan."""


class WrittenAgainError(DomainError):
    """Somebody wrote the part once more while it was being decided."""


def settle_clash(
    session: Session, *, plan_id: PlanId, clash_id: ClashId, words: str, edition: int, by: PersonId, now: datetime
) -> None:
    """
    Write what a part shall say, of the two that were written at once. Sent twice in a row, it is done once.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises ClashNotFoundError: if there is none like it, or somebody else has settled it.
    :raises WrittenAgainError: if the part is not as they saw it any more: nothing is changed.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    clash = session.get(PlanClash, clash_id)
    if clash is None or clash.plan_id != plan.id:
        raise ClashNotFoundError("There is nothing to put together here.")
    it = session.get(PlanPart, (plan.id, clash.part))
    if clash.resolved_at is not None:
        if it is not None and it.words == words:
            return
        raise ClashNotFoundError("Somebody has put these two together already.")
    if (it.edition if it else 0) != edition:
        raise WrittenAgainError("Somebody wrote here once more. Look at the newest words, then choose again.")
    write_part(session, plan_id=plan.id, part=clash.part, words=words, edition=edition, by=by, now=now)
    clash.resolved_at, clash.resolved_by = now, by
    did = worded("made one of what was written twice in “{titles}” of your plan", titles=TITLES[clash.part])
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    session.flush()
