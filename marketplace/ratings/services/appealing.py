"""Asking the user-led panel to look at a refusal again, and the panel's votes."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import Permission, PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Addition, Appeal, AppealVote, Reply, Review, Screening
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules import appeals as rules
from marketplace.ratings.rules.nouns import (
    AppealId,
    AppealOutcome,
    ReviewStatus,
    Screened,
    ScreeningId,
    ScreeningOutcome,
)
from marketplace.ratings.services import ledger
from marketplace.ratings.services.publishing import Address, publish
from marketplace.ratings.services.recording import count_decision

AppealAddress = Callable[[AppealId], str]
"""Turns an appeal into the address of its page."""


class NothingToAppealError(NotFoundError):
    """There is no such refusal of what this person wrote."""


class AppealNotFoundError(NotFoundError):
    """There is no such appeal."""


class AlreadyAppealedError(DomainError):
    """A refusal is appealed against once."""


class AppealDecidedError(DomainError):
    """The panel has decided."""


class AppealUnclearError(WrongAnswerError):
    """The words are missing or too long."""


class NotImpartialError(NotAllowedError):
    """Nobody judges their own words, their own organisation or their own refusal."""


class AlreadyVotedError(DomainError):
    """Each member of the panel votes once."""


def appeal(
    session: Session, *, screening_id: ScreeningId, by: PersonId, words: str, link: AppealAddress, now: datetime
) -> AppealId:
    """
    Ask the panel to look at a refusal of what one wrote. It stays from view until they have decided.

    :raises NothingToAppealError: if nothing of theirs was refused.
    :raises AlreadyAppealedError: if they have appealed against it.
    :raises AppealUnclearError: if they do not say why, or too much.
    """
    screening = session.get(Screening, screening_id, with_for_update=True, populate_existing=True)
    if screening is None or screening.outcome is not ScreeningOutcome.REFUSED:
        raise NothingToAppealError("We could not find anything of yours that was kept from view.")
    thing = _thing(session, screening)
    if _writer(session, thing) != by:
        raise NothingToAppealError("We could not find anything of yours that was kept from view.")
    if thing.status is not ReviewStatus.HELD:
        raise AppealDecidedError("This is not kept from view any more, so there is nothing for the panel to decide.")
    if session.scalar(select(Appeal.id).where(Appeal.screening_id == screening_id)) is not None:
        raise AlreadyAppealedError("You have asked the panel about this already. It looks at each refusal once.")
    words = text.tidy(words)
    problem = rules.words_problem(words)
    if problem:
        raise AppealUnclearError(problem, field="words")
    it = Appeal(
        id=AppealId(uuid.uuid4()),
        screening_id=screening_id,
        words=words,
        made_at=now,
        due_at=rules.appeal_due_at(now),
        told_at=now,
    )
    session.add(it)
    session.flush()
    if screening.subject_kind is Screened.REVIEW:
        ledger.note_appealed(session, screening.review_id, now=now)
    audit.record(session, by=by, did="appealed", to_kind="screening", to_id=screening_id, now=now)
    accounts.write_to_those_who_may(
        session,
        Permission.SIT_ON_PANEL,
        subject="An appeal waits for the panel",
        body=worded(
            "A moderator kept something from view, and whoever wrote it asks the panel to look again. "
            "Three of you decide:\n{link}",
            link=link(it.id),
        ),
        now=now,
    )
    return it.id


def vote(
    session: Session,
    *,
    appeal_id: AppealId,
    by: PersonId,
    outcome: AppealOutcome,
    reason: str,
    link: Address,
    now: datetime,
) -> AppealOutcome | None:
    """
    Say as a member of the panel what becomes of an appeal; return what the panel decided, once the third has voted.

    :raises AppealNotFoundError: if there is no such appeal.
    :raises AppealDecidedError: if the panel has decided.
    :raises NotImpartialError: if `by` refused it, wrote it, or speaks for the provider.
    :raises AlreadyVotedError: if they have voted.
    :raises AppealUnclearError: if the reason is missing or too long.
    """
    it = session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if it is None:
        raise AppealNotFoundError("We could not find that appeal.")
    if it.decided_at is not None:
        raise AppealDecidedError("The panel has decided about this already.")
    screening = session.get_one(Screening, it.screening_id, with_for_update=True)
    thing = _thing(session, screening)
    _require_impartial(session, screening, thing, by)
    votes = session.scalars(select(AppealVote).where(AppealVote.appeal_id == appeal_id)).all()
    if any(one.person_id == by for one in votes):
        raise AlreadyVotedError("You have voted about this already.")
    reason = text.tidy(reason)
    problem = rules.words_problem(reason)
    if problem:
        raise AppealUnclearError(problem, field="reason")
    session.add(AppealVote(appeal_id=appeal_id, person_id=by, outcome=outcome, reason=reason, voted_at=now))
    audit.record(session, by=by, did="voted", to_kind="appeal", to_id=appeal_id, now=now)
    decided = rules.panel_says([*(one.outcome for one in votes), outcome])
    if decided is not None:
        _settle(session, it, screening, thing, decided, link=link, now=now)
    session.flush()
    return decided


def _settle(
    session: Session,
    it: Appeal,
    screening: Screening,
    thing: Review | Reply | Addition,
    decided: AppealOutcome,
    *,
    link: Address,
    now: datetime,
) -> None:
    it.outcome, it.decided_at = decided, now
    audit.record(session, by=None, did=f"appeal {decided}", to_kind="screening", to_id=screening.id, now=now)
    if screening.subject_kind is Screened.REVIEW:
        ledger.note_appeal_decided(session, screening.review_id, outcome=decided)
    if decided is AppealOutcome.OVERTURNED:
        if isinstance(thing, Review):
            count_decision(session, thing, ScreeningOutcome.SHOWN, now=now)
            publish(session, thing, link=link, now=now)
        else:
            thing.status = ReviewStatus.SHOWN
    _tell(session, screening, thing, decided, address=link(screening.review_id), now=now)


def _require_impartial(session: Session, screening: Screening, thing: Review | Reply | Addition, by: PersonId) -> None:
    review = session.get_one(Review, screening.review_id)
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    if by in {screening.decided_by, review.person_id, review.typed_by, _writer(session, thing)} or speaks_for(
        session, person_id=by, organisation_id=about.organisation_id
    ):
        raise NotImpartialError("You have to do with this, so other members of the panel decide.")


def _thing(session: Session, screening: Screening) -> Review | Reply | Addition:
    models: dict[Screened, type[Any]] = {
        Screened.REVIEW: Review,
        Screened.REPLY: Reply,
        Screened.ADDITION: Addition,
    }
    found: Review | Reply | Addition | None = session.get(
        models[screening.subject_kind], screening.subject_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NothingToAppealError("It is gone: whoever wrote it has taken it back.")
    return found


def _writer(session: Session, thing: Review | Reply | Addition) -> PersonId | None:
    if isinstance(thing, Review):
        return thing.person_id
    if isinstance(thing, Reply):
        return thing.written_by
    return session.get_one(Review, thing.review_id).person_id


def _tell(
    session: Session,
    screening: Screening,
    thing: Review | Reply | Addition,
    decided: AppealOutcome,
    *,
    address: str,
    now: datetime,
) -> None:
    to = _writer(session, thing)
    if to is None:
        return
    what = {Screened.REVIEW: "your review", Screened.REPLY: "your reply", Screened.ADDITION: "what you added"}
    if decided is AppealOutcome.OVERTURNED:
        subject = "The panel has decided: it is shown"
        body = worded(
            "The panel disagrees with the moderator, and {what} is kept from view no longer",
            what=what[screening.subject_kind],
        )
    else:
        subject = "The panel has decided: it stays from view"
        body = worded(
            "The panel agrees with the moderator, and {what} stays from view", what=what[screening.subject_kind]
        )
    accounts.write_to_person(
        session,
        person_id=to,
        subject=subject,
        body=worded("{body}. You can read why here:\n{address}", body=body, address=address),
        now=now,
    )
