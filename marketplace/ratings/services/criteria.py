"""Saying what people rate by: anyone who uses support proposes and votes, and a user-led panel decides."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats
from marketplace.ratings.models import Criterion, CriterionCategory, CriterionVote
from marketplace.ratings.queries.criteria import known_categories
from marketplace.ratings.rules import criteria as rules
from marketplace.ratings.rules.criteria import Ruling
from marketplace.ratings.rules.nouns import CriterionId, CriterionStatus
from marketplace.ratings.services.counting import count_criterion_again

_THERE_ALREADY = "That is there already. You can vote for it, if it has not been decided yet."


class CriterionNotFoundError(NotFoundError):
    """There is no such criterion, or it is no longer to be voted for."""


class CriterionUnclearError(WrongAnswerError):
    """We could not take a proposal, or a ruling, as it stands."""


class TooManyProposedError(DomainError):
    """The panel has enough from this person to read."""


class OwnProposalError(NotAllowedError):
    """Nobody decides about what they proposed."""


class NotOnPanelError(NotAllowedError):
    """Only the panel decides."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the panel says of a criterion. `categories` and `picture` matter when it is adopted, `into` when merged."""

    ruling: Ruling
    reason: str
    categories: Collection[CategorySlug] = ()
    picture: str = ""
    into: CriterionId | None = None


def propose_criterion(
    session: Session, *, words: str, why: str, category: CategorySlug | None, by: PersonId, link: str, now: datetime
) -> CriterionId:
    """
    Propose something that people should be asked about. Whoever proposes it has voted for it. The panel hears of it.

    :raises CriterionUnclearError: if the words will not do, or are there already.
    :raises TooManyProposedError: if enough of this person's proposals wait.
    """
    words, why = text.tidy_line(words).rstrip(".").rstrip(), text.tidy(why)
    for field, problem in (("words", rules.words_problem(words)), ("why", rules.why_problem(why))):
        if problem:
            raise CriterionUnclearError(problem, field=field)
    accounts.take_turns(session, person_id=by)
    if _count_of(session, Criterion.proposed_by == by, Criterion.status == CriterionStatus.PROPOSED) >= (
        rules.MOST_PROPOSED
    ):
        raise TooManyProposedError(
            worded(
                "The panel is reading {most_proposed} of yours. You can propose more once it has decided.",
                most_proposed=rules.MOST_PROPOSED,
            )
        )
    if _count_of(session, func.lower(Criterion.words) == words.lower()):
        raise CriterionUnclearError(_THERE_ALREADY, field="words")
    it = Criterion(
        id=CriterionId(uuid.uuid4()),
        words=words,
        picture="",
        status=CriterionStatus.PROPOSED,
        proposed_by=by,
        proposed_at=now,
        why=why,
        position=_next_position(session),
    )
    session.add(it)
    try:
        session.flush()
    except IntegrityError as error:
        if not repeats(error, constraint="uq_criterion_words", columns=("criterion.words",)):
            raise
        raise CriterionUnclearError(_THERE_ALREADY, field="words") from error
    _keep_to(session, it, [category] if category else [])
    session.add(CriterionVote(criterion_id=it.id, person_id=by, voted_at=now))
    audit.record(session, by=by, did="proposed", to_kind="criterion", to_id=it.id, now=now)
    accounts.write_to_those_who_may(
        session,
        Permission.SIT_ON_PANEL,
        subject="Somebody proposes something to ask about",
        body=worded(
            "Somebody who uses support thinks that people should be asked about this:\n\n{words}\n\n"
            "Others can vote for it. The panel decides here:\n{link}",
            words=words,
            link=link,
        ),
        now=now,
    )
    session.flush()
    return it.id


def vote_for_criterion(session: Session, *, criterion_id: CriterionId, by: PersonId, now: datetime) -> None:
    """
    Say that a proposed criterion matters to oneself too. Saying it twice is saying it once.

    :raises CriterionNotFoundError: if it is not there, or has been decided about.
    """
    _proposed(session, criterion_id)
    if session.get(CriterionVote, (criterion_id, by)) is None:
        session.add(CriterionVote(criterion_id=criterion_id, person_id=by, voted_at=now))
        session.flush()


def take_vote_back(session: Session, *, criterion_id: CriterionId, by: PersonId) -> None:
    """
    Take back one's vote for a proposed criterion.

    :raises CriterionNotFoundError: if it is not there, or has been decided about.
    """
    _proposed(session, criterion_id)
    session.execute(
        delete(CriterionVote).where(CriterionVote.criterion_id == criterion_id, CriterionVote.person_id == by)
    )


def rule_on_criterion(
    session: Session, *, criterion_id: CriterionId, ruled: Ruled, by: Viewer, now: datetime
) -> CriterionStatus:
    """
    Decide for the panel: adopt a criterion, merge it into another, retire it or refuse it. Return where it stands now.

    What was answered by a merged one counts for the other from now on; of a retired one it stays in the reviews.

    :raises NotOnPanelError: if the viewer does not sit on the panel.
    :raises CriterionNotFoundError: if there is no such criterion.
    :raises OwnProposalError: if they proposed it.
    :raises CriterionUnclearError: if there is no reason, or this cannot be done with it, or not so.
    """
    it = _to_rule_on(session, criterion_id, by)
    reason = text.tidy(ruled.reason)
    after = rules.status_after(it.status, ruled.ruling)
    if after is None:
        raise CriterionUnclearError("Somebody has decided about this meanwhile. Look at it again.", field="ruling")
    problem = rules.reason_problem(reason)
    if problem:
        raise CriterionUnclearError(problem, field="reason")
    was_proposed = it.status is CriterionStatus.PROPOSED
    it.reason = reason
    if after is CriterionStatus.MERGED:
        _merge(session, it, into=ruled.into)
    if after is CriterionStatus.ADOPTED:
        it.picture = ruled.picture if ruled.picture in rules.PICTURES else ""
        it.position = _next_position(session)
        _keep_to(session, it, ruled.categories)
    it.status, it.decided_by, it.decided_at = after, by.person_id, now
    audit.record(session, by=by.person_id, did=after.value, to_kind="criterion", to_id=it.id, now=now)
    if was_proposed and it.proposed_by:
        _tell_proposer(session, it, to=it.proposed_by, now=now)
    session.flush()
    return after


def _to_rule_on(session: Session, criterion_id: CriterionId, by: Viewer) -> Criterion:
    if not by.may(Permission.SIT_ON_PANEL):
        raise NotOnPanelError("Only members of the panel decide about this.")
    it = session.get(Criterion, criterion_id, with_for_update=True, populate_existing=True)
    if it is None:
        raise CriterionNotFoundError("We could not find that. It may have been changed.")
    if by.is_signed_in and it.proposed_by == by.person_id:
        raise OwnProposalError("You proposed this, so somebody else on the panel decides about it.")
    return it


def _merge(session: Session, it: Criterion, *, into: CriterionId | None) -> None:
    other = session.get(Criterion, into, with_for_update=True, populate_existing=True) if into else None
    if other is None or other.id == it.id or other.status is not CriterionStatus.ADOPTED:
        raise CriterionUnclearError("Choose one that people are asked about, and that is another.", field="into")
    session.execute(update(Criterion).where(Criterion.merged_into == it.id).values(merged_into=other.id))
    # What people answered stays as they said it, and counts for the other from now on.
    it.merged_into, it.status = other.id, CriterionStatus.MERGED
    session.flush()
    merged = session.scalars(select(Criterion.id).where(Criterion.merged_into == other.id)).all()
    count_criterion_again(session, criterion_ids=[other.id, *merged])


def _tell_proposer(session: Session, it: Criterion, *, to: PersonId, now: datetime) -> None:
    became = {
        CriterionStatus.ADOPTED: "People are asked about it from now on",
        CriterionStatus.MERGED: "People are asked about something already that means the same, so it counts there",
        CriterionStatus.REFUSED: "People will not be asked about it",
    }[it.status]
    accounts.write_to_person(
        session,
        person_id=to,
        subject="The panel has decided about what you proposed",
        body=worded(
            "You proposed that people should be asked about this:\n\n{it}\n\n{became}. "
            "The panel’s reason:\n\n{reason}\n\nThank you: the list is people’s own.",
            it=it.words,
            became=became,
            reason=it.reason,
        ),
        now=now,
    )


def _proposed(session: Session, criterion_id: CriterionId) -> Criterion:
    it = session.get(Criterion, criterion_id, with_for_update=True, populate_existing=True)
    if it is None or it.status is not CriterionStatus.PROPOSED:
        raise CriterionNotFoundError("That can no longer be voted for. The panel may have decided about it.")
    return it


def _keep_to(session: Session, it: Criterion, categories: Collection[CategorySlug]) -> None:
    """Keep a criterion to some shelves; without any it is for all."""
    known = known_categories(session, categories)
    if known != set(categories):
        raise CriterionUnclearError("Choose from the kinds of support that we have.", field="categories")
    session.execute(delete(CriterionCategory).where(CriterionCategory.criterion_id == it.id))
    session.add_all(CriterionCategory(criterion_id=it.id, category=slug) for slug in sorted(known))
    session.flush()


def _next_position(session: Session) -> int:
    return (session.scalar(select(func.max(Criterion.position))) or 0) + 1


def _count_of(session: Session, *these: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Criterion).where(*these)) or 0
