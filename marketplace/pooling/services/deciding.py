"""Deciding together: asking, speaking, voting in secret, and closing."""

import secrets
import uuid
from collections import Counter
from datetime import datetime

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.pooling.models import PoolBallotPaper, PoolMember, PoolProposal, PoolTurnout, PoolVoice
from marketplace.pooling.rules import deciding as rules
from marketplace.pooling.rules.deciding import NewProposal
from marketplace.pooling.rules.nouns import MemberRole, PoolId, ProposalId, ProposalWay, Voice
from marketplace.pooling.rules.space import SAME_AGAIN
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.locking import locked


class ProposalUnclearError(WrongAnswerError):
    """The others could not answer the question as it stands."""


class TooManyOpenError(DomainError):
    """There is enough to decide as it is."""


class ProposalNotFoundError(NotFoundError):
    """The pool has no such proposal."""


class ProposalClosedError(DomainError):
    """It is too late to answer."""


class NotAskedError(NotAllowedError):
    """Those are asked who could decide when it was asked."""


class AlreadyVotedError(DomainError):
    """Everybody has one paper."""


class WrongWayError(DomainError):
    """A ballot takes papers, and consent takes voices."""


class OptionError(WrongAnswerError):
    """The ballot has no such choice."""

    field = "option"


class VoiceUnclearError(WrongAnswerError):
    """Somebody objects and does not say why, or says too much."""

    field = "words"


def ask_members(session: Session, *, pool_id: PoolId, by: PersonId, asked: NewProposal, now: datetime) -> ProposalId:
    """
    Ask the members of a pool to decide something. Who can decide is who belongs to it now and does not only help.

    The same question sent twice in a row is asked once.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises TooManyOpenError: if too much is being decided already.
    :raises ProposalUnclearError: if the question, the choices, the days or the quorum will not do.
    """
    locked(session, pool_id=pool_id, even_held=True)
    the_member(session, pool_id=pool_id, person_id=by)
    if _open_ones(session, pool_id) >= rules.MOST_OPEN:
        raise TooManyOpenError(
            worded(
                "{most_open} questions are open already. Wait until some of them are closed.", most_open=rules.MOST_OPEN
            )
        )
    question, options = text.tidy_line(asked.question), _options(asked)
    electorate = len(session.scalars(_electors(pool_id, asked_at=now)).all())
    quorum = rules.usual_quorum(electorate) if asked.quorum is None else asked.quorum
    sent_before = _sent_before(session, pool_id, by=by, question=question, now=now)
    if sent_before is not None:
        return sent_before
    _refuse("question", rules.question_problem(question))
    _refuse("way", rules.electorate_problem(way=asked.way, electorate=electorate))
    _refuse("options", rules.options_problem(way=asked.way, options=options))
    _refuse("days", rules.days_problem(asked.days))
    _refuse("quorum", rules.quorum_problem(way=asked.way, quorum=quorum, electorate=electorate))
    proposal = PoolProposal(
        id=ProposalId(uuid.uuid4()),
        pool_id=pool_id,
        way=asked.way,
        question=question,
        options=list(options),
        quorum=quorum,
        electorate=electorate,
        asked_by=by,
        asked_at=now,
        closes_at=rules.closing_moment(asked_at=now, days=asked.days),
    )
    session.add(proposal)
    session.flush()
    audit.record(session, by=by, did="asked", to_kind="pool_proposal", to_id=proposal.id, now=now)
    return proposal.id


def speak(
    session: Session, *, pool_id: PoolId, proposal_id: ProposalId, by: PersonId, voice: Voice, words: str, now: datetime
) -> bool:
    """
    Consent to a proposal, stand aside, or object; or change what one has said. Return whether that settles it.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises ProposalNotFoundError: if the pool has no such proposal.
    :raises WrongWayError: if it is a ballot.
    :raises ProposalClosedError: if it is closed.
    :raises NotAskedError: if `by` joined later, or only helps.
    :raises VoiceUnclearError: if they object without saying why, or say too much.
    """
    the_member(session, pool_id=pool_id, person_id=by)
    proposal = _to_answer(session, pool_id=pool_id, proposal_id=proposal_id, by=by, now=now)
    if proposal.way is not ProposalWay.CONSENT:
        raise WrongWayError("This is a secret ballot, so nobody speaks to it here.")
    words = text.tidy(words)
    problem = rules.voice_problem(voice=voice, words=words)
    if problem:
        raise VoiceUnclearError(problem)
    said = session.get(PoolVoice, (proposal_id, by))
    if said is None:
        session.add(PoolVoice(proposal_id=proposal_id, person_id=by, voice=voice, words=words, at=now))
    else:
        said.voice, said.words, said.at = voice, words, now
    session.flush()
    electors = session.scalars(_electors(pool_id, asked_at=proposal.asked_at)).all()
    if rules.is_settled(voices=_voices(session, proposal), electors=len(electors)):
        _close(session, proposal, now=now)
        return True
    return False


def vote(
    session: Session, *, pool_id: PoolId, proposal_id: ProposalId, by: PersonId, option: int, now: datetime
) -> str:
    """
    Put one paper into a secret ballot, and return its mark: whoever voted finds their paper by it, and nobody else.

    That somebody voted is kept apart from every paper, with no moment and no number that both have.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises ProposalNotFoundError: if the pool has no such proposal.
    :raises WrongWayError: if it is no ballot.
    :raises ProposalClosedError: if it is closed.
    :raises NotAskedError: if `by` joined later, or only helps.
    :raises AlreadyVotedError: if they have voted.
    :raises OptionError: if there is no such choice.
    """
    the_member(session, pool_id=pool_id, person_id=by)
    proposal = _to_answer(session, pool_id=pool_id, proposal_id=proposal_id, by=by, now=now)
    if proposal.way is not ProposalWay.BALLOT:
        raise WrongWayError("This is decided by consent, so there is nothing to vote on.")
    if session.get(PoolTurnout, (proposal_id, by)) is not None:
        raise AlreadyVotedError("You have voted. Everybody has one vote, and it cannot be changed.")
    if not 0 <= option < len(proposal.options):
        raise OptionError("Choose one answer.")
    session.add(PoolTurnout(proposal_id=proposal_id, person_id=by))
    session.flush()
    mark = "".join(secrets.choice(rules.MARK_LETTERS) for _ in range(rules.MARK_LENGTH))
    _shuffle_in(session, proposal_id, option=option, mark=mark)
    voted = session.scalars(select(PoolTurnout.person_id).where(PoolTurnout.proposal_id == proposal_id))
    if set(voted).issuperset(session.scalars(_electors(pool_id, asked_at=proposal.asked_at))):
        _close(session, proposal, now=now)
    return mark


def close_proposal(session: Session, *, proposal_id: ProposalId, now: datetime) -> bool:
    """Close a proposal whose last day has passed, and say what came of it; return whether that was now."""
    proposal = session.get(PoolProposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None or proposal.closed_at is not None or now < proposal.closes_at:
        return False
    _close(session, proposal, now=now)
    return True


def _options(asked: NewProposal) -> tuple[str, ...]:
    if asked.way is ProposalWay.CONSENT:
        return ()
    return tuple(option for option in (text.tidy_line(each) for each in asked.options) if option)


def _refuse(field: str, problem: str | None) -> None:
    if problem:
        raise ProposalUnclearError(problem, field=field)


def _sent_before(session: Session, pool_id: PoolId, *, by: PersonId, question: str, now: datetime) -> ProposalId | None:
    return session.scalars(
        select(PoolProposal.id).where(
            PoolProposal.pool_id == pool_id,
            PoolProposal.asked_by == by,
            PoolProposal.question == question,
            PoolProposal.closed_at.is_(None),
            PoolProposal.asked_at > now - SAME_AGAIN,
        )
    ).first()


def _open_ones(session: Session, pool_id: PoolId) -> int:
    still = select(func.count()).where(PoolProposal.pool_id == pool_id, PoolProposal.closed_at.is_(None))
    return session.scalar(still) or 0


def _electors(pool_id: PoolId, *, asked_at: datetime) -> Select[PersonId]:
    return select(PoolMember.person_id).where(
        PoolMember.pool_id == pool_id,
        PoolMember.left_at.is_(None),
        PoolMember.role != MemberRole.FACILITATOR,
        PoolMember.joined_at <= asked_at,
    )


def _to_answer(
    session: Session, *, pool_id: PoolId, proposal_id: ProposalId, by: PersonId, now: datetime
) -> PoolProposal:
    proposal = session.get(PoolProposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None or proposal.pool_id != pool_id:
        raise ProposalNotFoundError("We could not find that question.")
    if proposal.closed_at is not None or now >= proposal.closes_at:
        raise ProposalClosedError("This question is closed, so it cannot be answered any more.")
    if by not in session.scalars(_electors(pool_id, asked_at=proposal.asked_at)).all():
        raise NotAskedError("You were not yet a member when this was asked, or you help from outside.")
    return proposal


def _shuffle_in(session: Session, proposal_id: ProposalId, *, option: int, mark: str) -> None:
    """Lay all papers down anew, in the order of fresh random numbers: no order of rows tells who voted first."""
    papers = session.execute(
        select(PoolBallotPaper.option, PoolBallotPaper.mark).where(PoolBallotPaper.proposal_id == proposal_id)
    ).all()
    session.execute(delete(PoolBallotPaper).where(PoolBallotPaper.proposal_id == proposal_id))
    laid_down = [
        {"id": uuid.uuid4(), "proposal_id": proposal_id, "option": each.option, "mark": each.mark} for each in papers
    ]
    laid_down.append({"id": uuid.uuid4(), "proposal_id": proposal_id, "option": option, "mark": mark})
    session.execute(insert(PoolBallotPaper), sorted(laid_down, key=lambda paper: str(paper["id"])))


def _voices(session: Session, proposal: PoolProposal) -> list[Voice]:
    """Return what those have said who could decide then and belong to the pool still."""
    return list(
        session.scalars(
            select(PoolVoice.voice).where(
                PoolVoice.proposal_id == proposal.id,
                PoolVoice.person_id.in_(_electors(proposal.pool_id, asked_at=proposal.asked_at)),
            )
        )
    )


def _close(session: Session, proposal: PoolProposal, *, now: datetime) -> None:
    if proposal.way is ProposalWay.CONSENT:
        proposal.outcome = rules.came_of_consent(voices=_voices(session, proposal), quorum=proposal.quorum)
    else:
        papers = Counter(
            session.scalars(select(PoolBallotPaper.option).where(PoolBallotPaper.proposal_id == proposal.id))
        )
        proposal.outcome = rules.came_of_ballot(
            options=proposal.options,
            counts=[papers[number] for number in range(len(proposal.options))],
            quorum=proposal.quorum,
        )
    proposal.closed_at = now
    session.flush()
    audit.record(session, by=None, did="closed", to_kind="pool_proposal", to_id=proposal.id, now=now)
