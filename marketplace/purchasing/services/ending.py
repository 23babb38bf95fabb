"""Ending what was agreed, for either side: cancelled before it is done, or done."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.ending import cost_of_cancelling
from marketplace.purchasing.rules import Act, ArrangementId, Side
from marketplace.purchasing.rules.ending import CancelCost
from marketplace.purchasing.rules.nouns import TermsStatus
from marketplace.purchasing.services.answering import answer_terms, take_step
from marketplace.purchasing.services.calling_off import call_off_planned
from marketplace.purchasing.services.hours import close_account
from marketplace.purchasing.services.letters import Address, terms_of, write_to_person, write_to_provider
from marketplace.purchasing.services.promised import release_what_is_not_owed


class NotStartedError(DomainError):
    """It cannot be done before it begins."""


class CancelCostChangedError(DomainError):
    """Cancelling costs something else than what was shown."""


def cancel_arrangement(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    link: Address,
    now: datetime,
    agreed_owed: Money | None = None,
) -> CancelCost:
    """
    End what was agreed, for either side, before it is done. Return what it costs.

    What took place is owed, and what the person cancels later than the notice that was agreed; in a trial, only what
    took place. All else is let go. `agreed_owed` is what was shown to be owed; None if nothing was shown.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises ArrangementMovedOnError: if it is not agreed, or done already.
    :raises CancelCostChangedError: if something else is owed than was shown.
    """
    it, side = take_step(session, arrangement_id=arrangement_id, by=by, act=Act.CANCEL, now=now)
    it.ended_at, it.ended_by = now, by
    cost = cost_of_cancelling(session, it, side=side, now=now)
    if agreed_owed is not None and agreed_owed != cost.owed:
        raise CancelCostChangedError(
            worded(
                "What is owed has changed since you opened this page. It is now {owed} altogether. Look again.",
                owed=cost.owed,
            )
        )
    # A trial ends as if the provider had called everything off: at no cost.
    caller = Side.PROVIDER if cost.is_trial else side
    call_off_planned(session, it, by=by, side=caller, now=now)
    it.owed_at_end = cost.apart_from_visits
    _close(session, it, by=by, now=now)
    _tell_of_cancelling(session, it, cost, side=side, link=link, now=now)
    return cost


def mark_done(session: Session, *, arrangement_id: ArrangementId, by: PersonId, link: Address, now: datetime) -> None:
    """
    Say that what was agreed has been done, for either side, from the day it starts.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises ArrangementMovedOnError: if it is not agreed, or done already.
    :raises NotStartedError: if it begins on a later day.
    """
    it, side = take_step(session, arrangement_id=arrangement_id, by=by, act=Act.MARK_DONE, now=now)
    if not rules.has_started(starts_on=it.starts_on, today=day_of(now)):
        raise NotStartedError(
            worded("This starts on {starts_on}. From that day you can mark it as done.", starts_on=day(it.starts_on))
        )
    it.done_at, it.done_by = now, by
    call_off_planned(session, it, by=by, side=side, now=now)
    _close(session, it, by=by, now=now)
    if side is Side.PERSON:
        write_to_provider(
            session,
            it,
            subject=worded("Done: {title}", title=it.title),
            body=worded(
                "The person you agreed this with says that it is done:\n\n{terms_of}\n\n"
                "If you have not sent your invoice yet, you can do so here:\n{link}",
                terms_of=terms_of(it),
                link=link(it.id),
            ),
            now=now,
        )
        return
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("Done: {title}", title=it.title),
        body=worded(
            "{name} says that this is done:\n\n{terms_of}\n\n"
            "What happens next: you can tell others what it was like, here:\n{link}\n\n"
            "If it was not done, you can say so there too, and what you would like.",
            name=name,
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )


def _close(session: Session, it: Arrangement, *, by: PersonId, now: datetime) -> None:
    """Take back what waits for an answer, take unused hours off their account, let go of money that is not owed."""
    session.flush()
    answer_terms(session, it, status=TermsStatus.WITHDRAWN, by=by, now=now)
    close_account(session, it, by=by, now=now)
    release_what_is_not_owed(session, it, by=by, now=now)


def _tell_of_cancelling(
    session: Session, it: Arrangement, cost: CancelCost, *, side: Side, link: Address, now: datetime
) -> None:
    owed = (
        worded("By what you agreed, {owed} is owed for it altogether.\n\n", owed=cost.owed) if cost.owed > ZERO else ""
    )
    if side is Side.PERSON:
        write_to_provider(
            session,
            it,
            subject=worded("Cancelled: {title}", title=it.title),
            body=worded(
                "The person you agreed this with has cancelled it:\n\n{terms_of}\n\n{owed}"
                "If they have paid more than that already, give it back to them. You can see it here:\n"
                "{link}",
                terms_of=terms_of(it),
                owed=owed,
                link=link(it.id),
            ),
            now=now,
        )
        return
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("{name} has cancelled: {title}", name=name, title=it.title),
        body=worded(
            "{name} has cancelled this:\n\n{terms_of}\n\n{owed}"
            "What happens next: nothing more is owed for what was not done. If you have paid already, ask them for it "
            "back. You can see it here:\n{link}",
            name=name,
            terms_of=terms_of(it),
            owed=owed,
            link=link(it.id),
        ),
        now=now,
    )
