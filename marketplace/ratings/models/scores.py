"""What we store of how things are rated: kept with every change, and always equal to counting anew."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderId
from marketplace.kit.keeping import Kept, Why, nobodys
from marketplace.kit.model import Model
from marketplace.ratings.rules.nouns import Subject


class OfferRating(Model):
    """
    How an offer is rated: one row, so that reading it costs the same whatever was written.

    The sums are over the reviews that count and are not set aside, each weighed by how we know of its use and by its
    month, in whole numbers, so that adding and taking away in any order ends at the same row.
    """

    __tablename__ = "offer_rating"
    kept = nobodys("Sums of ratings")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"), index=True)
    category: Mapped[CategorySlug] = mapped_column(String(40), ForeignKey("category.slug"), index=True)
    ones: Mapped[int] = mapped_column(default=0)
    twos: Mapped[int] = mapped_column(default=0)
    threes: Mapped[int] = mapped_column(default=0)
    fours: Mapped[int] = mapped_column(default=0)
    fives: Mapped[int] = mapped_column(default=0)
    verified: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
    first_month: Mapped[date | None]
    last_month: Mapped[date | None]
    # Of those verified, and of those in people's own word: weights, weights times stars, weights times stars squared.
    weight: Mapped[int] = mapped_column(BigInteger, default=0)
    weight_stars: Mapped[int] = mapped_column(BigInteger, default=0)
    weight_squares: Mapped[int] = mapped_column(BigInteger, default=0)
    own_weight: Mapped[int] = mapped_column(BigInteger, default=0)
    own_weight_stars: Mapped[int] = mapped_column(BigInteger, default=0)
    own_weight_squares: Mapped[int] = mapped_column(BigInteger, default=0)


class AnswerRating(Model):
    """How an offer is rated by one criterion, or for one outcome."""

    __tablename__ = "answer_rating"
    kept = nobodys("Sums of ratings")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    subject: Mapped[Subject] = mapped_column(primary_key=True)
    # A criterion's id, or an outcome's.
    about: Mapped[str] = mapped_column(String(60), primary_key=True)
    ones: Mapped[int] = mapped_column(default=0)
    twos: Mapped[int] = mapped_column(default=0)
    threes: Mapped[int] = mapped_column(default=0)
    fours: Mapped[int] = mapped_column(default=0)
    fives: Mapped[int] = mapped_column(default=0)


class CategoryRating(Model):
    """How the offers of a category are rated together: what an offer with few ratings is compared with."""

    __tablename__ = "category_rating"
    kept = nobodys("Sums of ratings")

    category: Mapped[CategorySlug] = mapped_column(String(40), ForeignKey("category.slug"), primary_key=True)
    # The average in thousandths of a star, as last worked out.
    mean: Mapped[int]
    worked_out_at: Mapped[datetime]


class Likeness(Model):
    """One fact that somebody lets us compare them by: an interest, an access need, an age band. Theirs alone."""

    __tablename__ = "likeness"
    kept = Kept(
        what="What you said of yourself, to see reviews of people like you",
        whose="person_id",
        why=Why.AGREED,
        words=("fact",),
        audited=True,
    )
    __table_args__ = (Index(None, "fact", "person_id"),)

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    fact: Mapped[str] = mapped_column(String(60), primary_key=True)
    said_at: Mapped[datetime]
