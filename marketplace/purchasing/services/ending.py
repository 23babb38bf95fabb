"""Ending what was agreed before it is done, for either side."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.rules import Act, ArrangementId, Side
from marketplace.purchasing.rules.nouns import TermsStatus
from marketplace.purchasing.services.answering import answer_terms, take_step
from marketplace.purchasing.services.letters import Address, terms_of, write_to_person, write_to_provider
from marketplace.purchasing.services.promised import release_what_is_not_owed


def cancel_arrangement(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, link: Address, now: datetime
) -> None:
    """
    End what was agreed, for either side, before it is done.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises ArrangementMovedOnError: if it is not agreed, or done already.
    """
    it, side = take_step(session, arrangement_id=arrangement_id, by=by, act=Act.CANCEL, now=now)
    it.ended_at, it.ended_by = now, by
    answer_terms(session, it, status=TermsStatus.WITHDRAWN, by=by, now=now)
    release_what_is_not_owed(session, it, by=by, now=now)
    if side is Side.PERSON:
        write_to_provider(
            session,
            it,
            subject=f"Cancelled: {it.title}",
            body=f"The person you agreed this with has cancelled it:\n\n{terms_of(it)}\n\n"
            f"If something has been done or paid already, agree with them what is fair. You can see it here:\n"
            f"{link(it.id)}",
            now=now,
        )
        return
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=f"{name} has cancelled: {it.title}",
        body=f"{name} has cancelled this:\n\n{terms_of(it)}\n\n"
        "What happens next: nothing more is owed for what was not done. If you have paid already, ask them for it "
        f"back. You can see it here:\n{link(it.id)}",
        now=now,
    )
