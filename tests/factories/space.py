"""What members of a pool have in its own room, as boring as can be."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.pooling.models import (
    Pool,
    PoolAgreement,
    PoolDocument,
    PoolMember,
    PoolMessage,
    PoolProposal,
    PoolTurn,
)
from marketplace.pooling.rules.agreement import QUESTIONS, Answer, as_kept
from marketplace.pooling.rules.nouns import MemberRole, PoolOrigin, PoolStatus, ProposalWay
from tests.factories import accounts

BEGAN_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIRST_ANSWERS = {question.name: Answer(question.choices[0].name) for question in QUESTIONS}


def draft(session, *, people=(), **differences):
    """Add a pool that finds people, with some members: the first of them its champion."""
    opener = people[0] if people else accounts.person(session, name="Opener")
    plain = {
        "began_from": PoolOrigin.INTEREST,
        "title": "Swimming on Saturdays",
        "purpose": "We like the water.",
        "status": PoolStatus.DRAFT,
        "opened_at": BEGAN_AT,
    }
    pool = Pool(id=uuid.uuid4(), opened_by=opener.id, **plain | differences)
    session.add(pool)
    session.flush()
    for number, person in enumerate(people):
        member(session, pool, person, role=MemberRole.MEMBER if number else MemberRole.CHAMPION)
    return pool


def member(session, pool, person, *, role=MemberRole.MEMBER, joined_at=BEGAN_AT, called=None):
    """Let somebody belong to a pool, called by their name unless it is said otherwise."""
    it = PoolMember(
        id=uuid.uuid4(),
        pool_id=pool.id,
        person_id=person.id,
        role=role,
        called=person.name if called is None else called,
        joined_at=joined_at,
    )
    session.add(it)
    session.flush()
    return it


def message(session, pool, person, *, words="See you on Saturday.", said_at=BEGAN_AT):
    """Add a message."""
    it = PoolMessage(id=uuid.uuid4(), pool_id=pool.id, person_id=person.id, words=words, said_at=said_at)
    session.add(it)
    session.flush()
    return it


def reported(session, it):
    """Report a message."""
    report = Report(
        id=uuid.uuid4(),
        subject_kind=SubjectKind.POOL_MESSAGE,
        subject_id=it.id,
        reported_by=None,
        reason=ReportReason.ABUSIVE,
        words="",
        at=BEGAN_AT,
    )
    session.add(report)
    session.flush()
    return report


def proposal(session, pool, person, *, way=ProposalWay.CONSENT, asked_at=BEGAN_AT, quorum=3, **differences):
    """Ask the members of a pool something, for a week."""
    it = PoolProposal(
        id=uuid.uuid4(),
        pool_id=pool.id,
        way=way,
        question="We meet on Tuesdays",
        options=["Tuesdays", "Fridays"] if way is ProposalWay.BALLOT else [],
        quorum=quorum,
        electorate=3,
        asked_by=person.id,
        asked_at=asked_at,
        closes_at=asked_at + timedelta(days=7),
        **differences,
    )
    session.add(it)
    session.flush()
    return it


def document(session, pool, person):
    """Share a short text."""
    it = PoolDocument(
        id=uuid.uuid4(),
        pool_id=pool.id,
        person_id=person.id,
        name="timetable.txt",
        kind="text/plain",
        size=5,
        contents=b"Hello",
        added_at=BEGAN_AT,
    )
    session.add(it)
    session.flush()
    return it


def turn(session, pool, made_by, *, held_on=date(2027, 5, 8), done_by=None):
    """Put something on the rota."""
    it = PoolTurn(
        id=uuid.uuid4(),
        pool_id=pool.id,
        held_on=held_on,
        starts_at=time(14, 30),
        what="Bring the towels",
        person_id=done_by.id if done_by else None,
        made_by=made_by.id,
        made_at=BEGAN_AT,
    )
    session.add(it)
    session.flush()
    return it


def agreement(session, pool, person, *, version=1, answers=None, **differences):
    """Propose a version in which every question has its first answer. Nobody has said yes."""
    it = PoolAgreement(
        id=uuid.uuid4(),
        pool_id=pool.id,
        version=version,
        answers=as_kept(answers or FIRST_ANSWERS),
        proposed_by=person.id,
        proposed_at=BEGAN_AT,
        **differences,
    )
    session.add(it)
    session.flush()
    return it
