"""What we store about pools, their people and their pledges. Constraints here are the last word."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text, true
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import CategorySlug, OfferId, Unit
from marketplace.kit.keeping import Kept, Leaving, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import ZERO, Money
from marketplace.kit.places import CouncilCode
from marketplace.pooling.rules import FEWEST_PEOPLE, MOST_PEOPLE, PledgeId, PoolId, PoolStatus
from marketplace.pooling.rules.nouns import (
    Counts,
    EndReason,
    InterestSlug,
    MemberId,
    MemberRole,
    PledgePart,
    PoolOrigin,
)
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy

_BEFORE_PLEDGES = "status IN ('draft', 'withdrawn', 'expired')"


class Pool(Model):
    """
    Some people who would like to do or buy something together.

    In draft it may be as little as an interest. Before anybody can pledge it has an offer, a ladder of prices (frozen
    then, so what people were told stays true), a least number of people, a first day and a last day to join.
    """

    __tablename__ = "pool"
    kept = Kept(
        what="Pools you opened",
        whose="opened_by",
        leaving=Leaving.EMPTIED,
        because="others in the pool joined, or decided, on it",
        words=("title", "purpose", "place_name", "end_words"),
        blanks={"council": None},
        plain=("interest",),
    )
    __table_args__ = (
        CheckConstraint(
            f"minimum_people BETWEEN {FEWEST_PEOPLE} AND {MOST_PEOPLE}", name="minimum_people_within_bounds"
        ),
        CheckConstraint("most_people >= minimum_people", name="most_people_reach_the_minimum"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        CheckConstraint("price_alone IS NULL OR unit_price < price_alone", name="cheaper_together"),
        CheckConstraint("closes_at > opened_at", name="closes_after_it_opens"),
        CheckConstraint("(status IN ('draft', 'open')) = (closed_at IS NULL)", name="closed_when_no_longer_open"),
        CheckConstraint("(status IN ('confirmed', 'running', 'ended')) = (confirmed_at IS NOT NULL)", name="confirmed"),
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended_has_a_moment"),
        CheckConstraint(
            f"{_BEFORE_PLEDGES} OR (offer_id IS NOT NULL AND category IS NOT NULL AND minimum_people IS NOT NULL "
            "AND unit_price IS NOT NULL AND quantity IS NOT NULL AND starts_on IS NOT NULL AND closes_at IS NOT NULL)",
            name="complete_before_anybody_pledges",
        ),
        CheckConstraint("(easting IS NULL) = (northing IS NULL)", name="place_has_both_numbers"),
        Index(None, "status", "closes_at"),
        Index(None, "status", "opened_at"),
        # What demand counts by.
        Index(None, "council", "opened_at"),
        Index(None, "interest", "status"),
    )

    id: Mapped[PoolId] = mapped_column(Uuid, primary_key=True)
    began_from: Mapped[PoolOrigin] = mapped_column(default=PoolOrigin.OFFER, server_default=PoolOrigin.OFFER.value)
    opened_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    interest: Mapped[InterestSlug | None] = mapped_column(String(40))
    offer_id: Mapped[OfferId | None] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    category: Mapped[CategorySlug | None] = mapped_column(String(40), ForeignKey("category.slug"), index=True)
    # Where they would meet: a town or a postcode district, and its middle. Without one, where the offer is.
    place_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    # Where the person who opened it lives: never shown, only counted.
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    # Whether people who were not invited can find it.
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Part of the link that invites: made anew whenever a champion likes.
    invite_key: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, default=uuid.uuid4)
    counts: Mapped[Counts] = mapped_column(default=Counts.PEOPLE, server_default=Counts.PEOPLE.value)
    minimum_people: Mapped[int | None]
    # How many the provider can take.
    most_people: Mapped[int | None]
    # What each pays for a unit: while it is open, at the least number of people; once it tips, on the step it reached.
    unit_price: Mapped[Money | None]
    price_alone: Mapped[Money | None]
    unit: Mapped[Unit | None]
    # What each gets unless their pledge says otherwise: of weekly support, in each week.
    quantity: Mapped[int | None]
    kind: Mapped[ArrangementKind] = mapped_column(
        default=ArrangementKind.ONE_OFF, server_default=ArrangementKind.ONE_OFF.value
    )
    weeks: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    starts_on: Mapped[date | None]
    status: Mapped[PoolStatus] = mapped_column(default=PoolStatus.OPEN)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    # The last day was moved: once, and nobody pledges again.
    extended_at: Mapped[datetime | None]
    # No longer open: nobody joins from then on.
    closed_at: Mapped[datetime | None]
    # Until then whoever is not ready can put it right.
    repair_until: Mapped[datetime | None]
    # Until then everybody can say yes to a dearer price.
    reconsent_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    # Since then a confirmed pool has fewer people than it needs.
    short_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]
    end_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    # When the champions were last told that it has gone quiet.
    nudged_at: Mapped[datetime | None]
    # Kept from view by a moderator since then; what it says is its opener's own words.
    held_at: Mapped[datetime | None]


class PoolTier(Model):
    """
    One step of a pool's price ladder, as it was when the pool opened.

    From so many people, or so much together, each pays `unit_price` for a unit; or all of them share `whole_price`.
    """

    __tablename__ = "pool_tier"
    kept = nobodys("Prices of a pool")
    __table_args__ = (
        CheckConstraint("counted_from > 0", name="counted_from_positive"),
        CheckConstraint("(unit_price IS NULL) <> (whole_price IS NULL)", name="one_price"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        CheckConstraint("whole_price >= 0", name="whole_price_not_negative"),
    )

    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), primary_key=True)
    counted_from: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_price: Mapped[Money | None]
    whole_price: Mapped[Money | None]


class PoolMember(Model):
    """One person who belongs to a pool, whether or not they have pledged. Leaving keeps the row."""

    __tablename__ = "pool_member"
    kept = Kept(
        what="Pools you belong to, and what the others call you",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="others in the pool joined, or decided, on it",
        blanks={"called": "Somebody who left"},
    )
    __table_args__ = (
        Index(
            "uq_pool_member_live",
            "pool_id",
            "person_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        CheckConstraint("left_at >= joined_at", name="left_after_joined"),
    )

    id: Mapped[MemberId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(default=MemberRole.MEMBER, server_default=MemberRole.MEMBER.value)
    # The user-led organisation an outside facilitator comes from.
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Uuid, ForeignKey("organisation.id"))
    # What the others in the pool call them: their own choice, and all the others ever see.
    called: Mapped[str] = mapped_column(String(40), default="", server_default="")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    # When they were last written to about what is new in the pool, and whether they want to be.
    told_at: Mapped[datetime | None]
    wants_news: Mapped[bool] = mapped_column(default=True, server_default=true())


class Pledge(Model):
    """
    One person's word: between a least and a most, at a price of at most, paid in this way.

    Taking it back keeps the row, so that joining and leaving can be told apart.
    """

    __tablename__ = "pledge"
    kept = Kept(
        what="What you pledged to pools",
        whose="person_id",
        leaving=Leaving.STAYS,
        because="the books must add up, for everybody, for six years",
        audited=True,
        unaudited=("remind_at", "ready_at", "failed_at"),
    )
    __table_args__ = (
        Index(
            "uq_pledge_live",
            "pool_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("withdrawn_at >= pledged_at", name="withdrawn_after_pledged"),
        CheckConstraint("least >= 1 AND most >= least", name="least_and_most"),
        CheckConstraint("most_price >= 0", name="most_price_not_negative"),
        CheckConstraint("quantity BETWEEN least AND most", name="quantity_as_pledged"),
        CheckConstraint("amount >= 0 AND amount <= most_price * quantity", name="never_more_than_pledged"),
        CheckConstraint("part <> 'kept' OR arrangement_id IS NOT NULL", name="kept_is_arranged"),
    )

    id: Mapped[PledgeId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # In the pool's unit: of weekly support, in each week.
    least: Mapped[int]
    most: Mapped[int]
    # The most they would pay for a unit.
    most_price: Mapped[Money]
    pay_by: Mapped[PayBy] = mapped_column(default=PayBy.BANK_TRANSFER, server_default=PayBy.BANK_TRANSFER.value)
    # What they were told it costs at worst, in all weeks. Promised in the ledger if budgets pay, for Purpose(id).
    at_worst: Mapped[Money] = mapped_column(default=ZERO, server_default=text("0"))
    part: Mapped[PledgePart] = mapped_column(default=PledgePart.WAITING, server_default=PledgePart.WAITING.value)
    # What came out of it when the pool tipped: how much they get, and their share of one week (or of the whole).
    quantity: Mapped[int | None]
    amount: Mapped[Money | None]
    arrangement_id: Mapped[ArrangementId | None] = mapped_column(Uuid, ForeignKey("arrangement.id"), unique=True)
    # Since when their way to pay is ready; since when it is not, and when they are next written to about it.
    ready_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    # The dearer price they are asked about, and what they said.
    asked_price: Mapped[Money | None]
    agreed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    pledged_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
