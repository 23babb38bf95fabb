"""What we store of a pool's own room, which only its members enter. Constraints here are the last word."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, Time, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.keeping import Kept, Leaving, Moment, Why, nobodys
from marketplace.kit.model import Model
from marketplace.pooling.rules.nouns import (
    AgreementId,
    DocumentId,
    MessageId,
    PoolId,
    ProposalId,
    ProposalWay,
    TurnId,
    Voice,
)


class PoolMessage(Model):
    """What one member writes to the others."""

    __tablename__ = "pool_message"
    kept = Kept(
        what="What you said in your pool’s room",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="others in the pool joined, or decided, on it",
        blanks={"words": "", "removed_at": Moment.LEFT},
    )
    __table_args__ = (Index(None, "pool_id", "said_at"),)

    id: Mapped[MessageId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]
    # Taken back by whoever wrote it: the words are gone then.
    removed_at: Mapped[datetime | None]
    # Kept from view by a moderator since then.
    held_at: Mapped[datetime | None]


class PoolDocument(Model):
    """A file that members share. It is kept here and nowhere else, and served as a download only."""

    __tablename__ = "pool_document"
    kept = Kept(
        what="Papers you put in your pool’s room",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="others in the pool joined, or decided, on it",
        blanks={"name": "", "contents": None, "removed_at": Moment.LEFT},
        plain=("kind",),
    )
    __table_args__ = (CheckConstraint("size BETWEEN 1 AND 5000000", name="size_in_bounds"),)

    id: Mapped[DocumentId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    # Empty once it is removed.
    contents: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PoolTurn(Model):
    """One line of the rota: what is to be done on a day, and who has said they will."""

    __tablename__ = "pool_turn"
    kept = Kept(what="Your turns in your pool", whose="person_id", words=("what",))
    __table_args__ = (Index(None, "pool_id", "held_on"),)

    id: Mapped[TurnId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    held_on: Mapped[date]
    starts_at: Mapped[time | None] = mapped_column(Time)
    what: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    made_at: Mapped[datetime]


class PoolProposal(Model):
    """A question that the members decide together. Nothing of the answers shows before it is closed and quorate."""

    __tablename__ = "pool_proposal"
    kept = Kept(
        what="Questions you put to your pool",
        whose="asked_by",
        leaving=Leaving.STAYS,
        because="others in the pool joined, or decided, on it",
        words=("question", "options", "outcome"),
    )
    __table_args__ = (
        CheckConstraint("quorum >= 1", name="quorum_positive"),
        CheckConstraint("closes_at > asked_at", name="closes_after_it_is_asked"),
        Index(None, "pool_id", "asked_at"),
    )

    id: Mapped[ProposalId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    way: Mapped[ProposalWay]
    question: Mapped[str] = mapped_column(String(300))
    # What a ballot chooses between; empty for consent.
    options: Mapped[list[str]] = mapped_column(JSON)
    # How many must take part, and how many could when it was asked.
    quorum: Mapped[int]
    electorate: Mapped[int]
    asked_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # What came of it, in the words of the time.
    outcome: Mapped[str] = mapped_column(Text, default="", server_default="")


class PoolVoice(Model):
    """What one member says to a proposal that is decided by consent. Members see it; it can change until it closes."""

    __tablename__ = "pool_voice"
    kept = Kept(
        what="What you said to a proposal",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="others in the pool joined, or decided, on it",
        blanks={"words": ""},
    )

    proposal_id: Mapped[ProposalId] = mapped_column(Uuid, ForeignKey("pool_proposal.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    voice: Mapped[Voice]
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime]


class PoolTurnout(Model):
    """Somebody has voted in a secret ballot: that they did, and nothing else. No moment, which could be matched."""

    __tablename__ = "pool_turnout"
    kept = Kept(
        what="Votes in which you took part",
        whose="person_id",
        leaving=Leaving.STAYS,
        because="others in the pool joined, or decided, on it",
    )

    proposal_id: Mapped[ProposalId] = mapped_column(Uuid, ForeignKey("pool_proposal.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)


class PoolBallotPaper(Model):
    """One paper of a secret ballot: what it says, and the mark by which its voter, alone, can find it again."""

    __tablename__ = "pool_ballot_paper"
    kept = nobodys("Votes, that nobody can tell whose they are")

    # Random, so that no order tells who voted first.
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    proposal_id: Mapped[ProposalId] = mapped_column(Uuid, ForeignKey("pool_proposal.id"), index=True)
    option: Mapped[int]
    mark: Mapped[str] = mapped_column(String(20), unique=True)


class PoolAgreement(Model):
    """One version of what members agree among themselves: plain questions and their answers. Never changed."""

    __tablename__ = "pool_agreement"
    kept = nobodys("The agreements of pools", audited=True)
    __table_args__ = (
        UniqueConstraint("pool_id", "version"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[AgreementId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    version: Mapped[int]
    # By the name of the question.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    proposed_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    # When the last member accepted it: it holds from then on.
    in_force_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class PoolAcceptance(Model):
    """One member accepts one version of the agreement."""

    __tablename__ = "pool_acceptance"
    kept = Kept(
        what="Agreements of pools that you accepted",
        whose="person_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="others in the pool joined, or decided, on it",
        audited=True,
    )

    agreement_id: Mapped[AgreementId] = mapped_column(Uuid, ForeignKey("pool_agreement.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    accepted_at: Mapped[datetime]
