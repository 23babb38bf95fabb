"""When something goes wrong: one side says so, the other answers, they settle, or a moderator decides."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count, day
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, Dispute
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.disputes import is_side_of, standing_of
from marketplace.purchasing.queries.owed import invoiced
from marketplace.purchasing.rules import ArrangementId, Side, words_problem
from marketplace.purchasing.rules.disputes import (
    DECIDED,
    MAY_BE_DISPUTED,
    REMIND_EVERY,
    DisputeAct,
    acts_on_dispute,
    refund_problem,
)
from marketplace.purchasing.rules.nouns import DisputeId, DisputeOutcome
from marketplace.purchasing.services.answering import ArrangementMovedOnError, locked_arrangement, side_of
from marketplace.purchasing.services.letters import write_to_person, write_to_provider

DisputeAddress = Callable[[DisputeId], str]
"""Turns a dispute into the address of its page."""

_TOO_LATE = "This has moved on since you opened the page. Open it again to see what you can do now."


class DisputeNotFoundError(NotFoundError):
    """There is no such dispute, or the person is neither side of it."""


class DisputeOpenError(DomainError):
    """Something is being put right about this arrangement already."""


class DisputeUnclearError(WrongAnswerError):
    """An answer will not do."""


class DisputeMovedOnError(DomainError):
    """The dispute no longer stands where this could be done, or does not yet."""


class OwnDisputeError(NotAllowedError):
    """A moderator who is one of its sides decides nothing."""


def open_dispute(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    words: str,
    wanted: str,
    link: DisputeAddress,
    now: datetime,
) -> DisputeId:
    """
    Say what is wrong and what one would like, and write to the other side, who has five working days to answer.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises ArrangementMovedOnError: if it was never agreed.
    :raises DisputeUnclearError: if words are missing or too long; `field` says which.
    :raises DisputeOpenError: if one is open about it already.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    side = side_of(session, it, by=by)
    if it.status not in MAY_BE_DISPUTED:
        raise ArrangementMovedOnError("This was never agreed, so there is nothing to put right. You can withdraw it.")
    dispute = Dispute(
        id=DisputeId(uuid.uuid4()),
        arrangement_id=it.id,
        opened_by=by,
        side=side,
        words=_checked(words, field="words"),
        wanted=_checked(wanted, field="wanted"),
        opened_at=now,
    )
    session.add(dispute)
    try:
        session.flush()
    except IntegrityError as error:
        raise DisputeOpenError("Something is being put right about this already. Go on there.") from error
    audit.record(session, by=by, did="opened a dispute about", to_kind="arrangement", to_id=it.id, now=now)
    due = day(standing_of(dispute).answer_due_at)
    _tell(
        session,
        it,
        to=_other(side),
        subject=worded("Something is not right: {title}", title=it.title),
        said=worded(
            "says that something is not right:\n\n{title}\n\n"
            "What happens next: read what it is and what they would like, and answer by {due}. Most things "
            "are put right "
            "between the two of you:\n{link}",
            title=it.title,
            due=due,
            link=link(dispute.id),
        ),
        now=now,
    )
    return dispute.id


def answer_dispute(
    session: Session, *, dispute_id: DisputeId, by: PersonId, answer: str, link: DisputeAddress, now: datetime
) -> None:
    """
    Answer what the other side says is wrong.

    :raises DisputeNotFoundError: if `by` is neither side.
    :raises DisputeMovedOnError: if it is answered or over, or they opened it themselves.
    :raises DisputeUnclearError: if there are no words, or too many.
    """
    it, dispute, side = _take(session, dispute_id=dispute_id, by=by, act=DisputeAct.ANSWER, now=now)
    dispute.answer, dispute.answered_by, dispute.answered_at = _checked(answer, field="answer"), by, now
    audit.record(session, by=by, did="answered", to_kind="dispute", to_id=dispute.id, now=now)
    _tell(
        session,
        it,
        to=_other(side),
        subject=worded("An answer: {title}", title=it.title),
        said=worded(
            "has answered what you said is not right:\n\n{title}\n\n"
            "What happens next: if it is put right, say so. If the two of you do not agree, ask a moderator "
            "to decide:\n"
            "{link}",
            title=it.title,
            link=link(dispute.id),
        ),
        now=now,
    )


def settle_dispute(
    session: Session, *, dispute_id: DisputeId, by: PersonId, link: DisputeAddress, now: datetime
) -> None:
    """
    Say that it is put right: for the side that said that something is wrong.

    :raises DisputeNotFoundError: if `by` is neither side.
    :raises DisputeMovedOnError: if it is over, or the other side opened it.
    """
    _close(session, dispute_id=dispute_id, by=by, act=DisputeAct.SETTLE, link=link, now=now)


def withdraw_dispute(
    session: Session, *, dispute_id: DisputeId, by: PersonId, link: DisputeAddress, now: datetime
) -> None:
    """
    Let it rest: for the side that said that something is wrong.

    :raises DisputeNotFoundError, DisputeMovedOnError: as `settle_dispute`.
    """
    _close(session, dispute_id=dispute_id, by=by, act=DisputeAct.WITHDRAW, link=link, now=now)


def refer_dispute(
    session: Session,
    *,
    dispute_id: DisputeId,
    by: PersonId,
    link: DisputeAddress,
    queue: str,
    now: datetime,
) -> None:
    """
    Ask a moderator to decide: for either side once there is an answer, or for who opened it once that is late.

    `queue` is the page on which moderators find it.

    :raises DisputeNotFoundError: if `by` is neither side.
    :raises DisputeMovedOnError: if it is over, with a moderator already, or has to wait for an answer.
    """
    it, dispute, side = _take(session, dispute_id=dispute_id, by=by, act=DisputeAct.REFER, now=now)
    dispute.referred_at, dispute.told_at = now, None
    session.flush()
    audit.record(session, by=by, did="asked a moderator about", to_kind="dispute", to_id=dispute.id, now=now)
    due = standing_of(dispute).decision_due_at
    by_when = worded(" by {due}", due=day(due)) if due else ""
    _tell(
        session,
        it,
        to=_other(side),
        subject=worded("A moderator is asked: {title}", title=it.title),
        said=worded(
            "has asked one of our moderators to decide:\n\n{title}\n\n"
            "They read what both of you wrote and decide{by_when}. You can read it here:\n{link}",
            title=it.title,
            by_when=by_when,
            link=link(dispute.id),
        ),
        now=now,
    )
    accounts.write_to_those_who_may(
        session,
        Permission.MODERATE,
        subject="A dispute waits for a decision",
        body=worded(
            "Two sides of an arrangement do not agree, and ask for a decision{by_when}. It is here:\n{queue}",
            by_when=by_when,
            queue=queue,
        ),
        now=now,
    )


def decide_dispute(
    session: Session,
    *,
    dispute_id: DisputeId,
    by: PersonId,
    outcome: DisputeOutcome,
    reason: str,
    refund: Money | None,
    link: DisputeAddress,
    now: datetime,
) -> None:
    """
    Decide, for a moderator, with a reason that both sides read, and what should be given back.

    We hold no money: the provider gives it back, and the person can show the decision to whoever holds their budget.

    :raises DisputeNotFoundError: if there is none.
    :raises OwnDisputeError: if the moderator is one of its sides.
    :raises DisputeMovedOnError: if nobody asked for a decision, or it is over.
    :raises DisputeUnclearError: if the outcome, the reason or the refund will not do; `field` says which.
    """
    dispute = _locked(session, dispute_id)
    it = locked_arrangement(session, arrangement_id=dispute.arrangement_id)
    if is_side_of(session, it, person_id=by):
        raise OwnDisputeError("You are one side of this, so somebody else has to decide.")
    if dispute.closed_at is not None or dispute.referred_at is None:
        raise DisputeMovedOnError(_TOO_LATE)
    if outcome not in DECIDED:
        raise DisputeUnclearError("Choose who is right.", field="outcome")
    reason = _checked(reason, field="reason")
    problem = refund_problem(outcome=outcome, refund=refund, opened_by=dispute.side, invoiced=invoiced(session, it))
    if problem:
        raise DisputeUnclearError(problem, field="refund")
    dispute.outcome, dispute.decision, dispute.refund = outcome, reason, refund or ZERO
    dispute.closed_at, dispute.closed_by = now, by
    audit.record(session, by=by, did="decided", to_kind="dispute", to_id=dispute.id, now=now)
    for side in Side:
        body = worded(
            "One of our moderators has decided about this:\n\n{title}\n\n"
            "Read what they decided and why, and what you can do if you think it is wrong:\n{link}",
            title=it.title,
            link=link(dispute.id),
        )
        write = write_to_person if side is Side.PERSON else write_to_provider
        write(session, it, subject=worded("Decided: {title}", title=it.title), body=body, now=now)


def remind_of_disputes(session: Session, *, link: DisputeAddress, queue: str, now: datetime) -> int:
    """
    Write to who waits for an answer that is late, once, and to moderators about late decisions. Return of how many.

    Safe to run twice.
    """
    still_open = session.scalars(
        select(Dispute).where(Dispute.closed_at.is_(None)).order_by(Dispute.opened_at).with_for_update()
    ).all()
    unanswered = [one for one in still_open if _is_unanswered(one, now=now)]
    for dispute in unanswered:
        _tell_that_it_is_late(session, dispute, link=link, now=now)
    late = [one for one in still_open if _is_undecided(one, now=now)]
    news = [one for one in late if one.told_at is None or now - one.told_at >= REMIND_EVERY]
    if news:
        what = count(
            len(late), "dispute waits for a decision that is late", "disputes wait for decisions that are late"
        )
        body = worded("{what}. What is due first is at the top:\n{queue}", what=what, queue=queue)
        accounts.write_to_those_who_may(session, Permission.MODERATE, subject=what, body=body, now=now)
        accounts.write_to_those_who_may(session, Permission.OPERATE, subject=what, body=body, now=now)
    for dispute in (*unanswered, *news):
        dispute.told_at = now
    return len(unanswered) + len(news)


def _is_unanswered(dispute: Dispute, *, now: datetime) -> bool:
    standing = standing_of(dispute)
    waits = not standing.is_answered and standing.referred_at is None and dispute.told_at is None
    return waits and now >= standing.answer_due_at


def _is_undecided(dispute: Dispute, *, now: datetime) -> bool:
    due = standing_of(dispute).decision_due_at
    return due is not None and now >= due


def _tell_that_it_is_late(session: Session, dispute: Dispute, *, link: DisputeAddress, now: datetime) -> None:
    it = session.get_one(Arrangement, dispute.arrangement_id)
    said = {
        dispute.side: worded(
            "The other side has not answered what you said is not right:\n\n"
            "{title}\n\nYou can now ask one of our moderators to decide:\n{link}",
            title=it.title,
            link=link(dispute.id),
        ),
        _other(dispute.side): worded(
            "You have not answered yet what the other side says is not right:\n\n"
            "{title}\n\nPlease answer. They can now ask one of our moderators to decide:\n{link}",
            title=it.title,
            link=link(dispute.id),
        ),
    }
    for side, body in said.items():
        write = write_to_person if side is Side.PERSON else write_to_provider
        write(session, it, subject=worded("No answer yet: {title}", title=it.title), body=body, now=now)


def _close(
    session: Session, *, dispute_id: DisputeId, by: PersonId, act: DisputeAct, link: DisputeAddress, now: datetime
) -> None:
    it, dispute, side = _take(session, dispute_id=dispute_id, by=by, act=act, now=now)
    is_settled = act is DisputeAct.SETTLE
    dispute.outcome = DisputeOutcome.SETTLED if is_settled else DisputeOutcome.WITHDRAWN
    dispute.closed_at, dispute.closed_by = now, by
    did = "settled" if is_settled else "withdrew"
    audit.record(session, by=by, did=did, to_kind="dispute", to_id=dispute.id, now=now)
    _tell(
        session,
        it,
        to=_other(side),
        subject=f"{'Put right' if is_settled else 'Left at that'}: {it.title}",
        said=worded(
            "says that {more}:\n\n{title}\n\nYou need do nothing more. You can read it here:\n{link}",
            more="it is put right" if is_settled else "they leave it at that",
            title=it.title,
            link=link(dispute.id),
        ),
        now=now,
    )


def _take(
    session: Session, *, dispute_id: DisputeId, by: PersonId, act: DisputeAct, now: datetime
) -> tuple[Arrangement, Dispute, Side]:
    # The lock makes two who act at once queue, so that the second sees what the first has done.
    dispute = _locked(session, dispute_id)
    it = session.get_one(Arrangement, dispute.arrangement_id)
    if not is_side_of(session, it, person_id=by):
        raise DisputeNotFoundError("We could not find that.")
    side = side_of(session, it, by=by)
    if act not in acts_on_dispute(standing_of(dispute), side=side, now=now):
        raise DisputeMovedOnError(_TOO_LATE)
    return it, dispute, side


def _locked(session: Session, dispute_id: DisputeId) -> Dispute:
    dispute = session.get(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    if dispute is None:
        raise DisputeNotFoundError("We could not find that.")
    return dispute


def _checked(words: str, *, field: str) -> str:
    words = text.tidy(words)
    problem = words_problem(words)
    if problem:
        raise DisputeUnclearError(problem, field=field)
    return words


def _other(side: Side) -> Side:
    return Side.PROVIDER if side is Side.PERSON else Side.PERSON


def _tell(session: Session, it: Arrangement, *, to: Side, subject: str, said: str, now: datetime) -> None:
    """Write to one side of what the other did. `said` follows who did it; the words themselves stay on the page."""
    if to is Side.PROVIDER:
        body = worded("The person you agreed this with {said}", said=said)
        write_to_provider(session, it, subject=subject, body=body, now=now)
    else:
        body = f"{provider_name(session, provider_id=it.provider_id)} {said}"
        write_to_person(session, it, subject=subject, body=body, now=now)
