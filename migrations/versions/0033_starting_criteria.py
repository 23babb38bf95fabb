"""What people rate by from the first day: criteria in their own words, and two lists of outcomes. Data only."""

import uuid
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

FROM_THE_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)

TOGETHER = ("companionship", "day-opportunities", "peer-support", "learning-and-work", "sport-and-leisure")
PLACES = ("day-opportunities", "learning-and-work", "sport-and-leisure", "arts-and-music", "community-places")

# Drawn from what people in Barnsley said made them stay [003] and from the peer ratings site of [000, case study II].
# Each with its picture, and with the shelves it is for; without any it is for all. A shelf stands for those within it.
CRITERIA: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("They listen to me", "listen", ()),
    ("I am treated with respect", "respect", ()),
    ("They turn up when they say", "on_time", ("at-home", "getting-about", "companionship", "short-breaks")),
    ("The same people come", "same_people", ("at-home", "companionship", "short-breaks", "homes-and-housing")),
    ("I am in charge", "in_charge", ()),
    ("Worth the money", "money", ()),
    ("They understand", "understand", ()),
    ("They are good at what they do", "skill", ()),
    ("I feel safe", "safe", ()),
    ("They answer when I get in touch", "answer", ()),
    ("It feels like ordinary life", "ordinary", ("at-home", "out-and-about", "places-and-breaks")),
    ("My home is treated with care", "home", ("at-home",)),
    ("The food is good", "food", ("food-and-meals", "homes-and-housing", "short-breaks")),
    ("I get there in time", "travel", ("getting-about",)),
    ("I meet people I like", "meet", (*TOGETHER, "arts-and-music", "community-places", "short-breaks")),
    ("I enjoy it", "enjoy", ("out-and-about", "learning-and-work", "places-and-breaks")),
    ("I can get in and get around", "get_in", (*PLACES, "health-and-wellbeing", "short-breaks", "homes-and-housing")),
    ("It is calm enough for me", "calm", (*PLACES, "short-breaks", "homes-and-housing")),
    ("I learn something", "learn", ("learning-and-work", "arts-and-music", "peer-support")),
    ("They have been there themselves", "been_there", ("peer-support",)),
    ("They explain things clearly", "explain", ("people-and-advice", "well-and-equipped")),
    ("It works, and keeps working", "works", ("equipment",)),
    ("It feels like home", "feels_home", ("homes-and-housing", "short-breaks")),
)

# Care Act 2014, section 1(2): the nine parts of wellbeing, in shorter words.
CARE_ACT = (
    ("dignity", "Dignity and respect"),
    ("health", "Physical health, mental health and feeling well"),
    ("safety", "Being safe from abuse and neglect"),
    ("control", "Control over day-to-day life"),
    ("work-learning-leisure", "Work, learning and leisure"),
    ("living", "Money to live on, and taking part in society"),
    ("relationships", "Family, friends and relationships"),
    ("home", "A home that suits me"),
    ("contribution", "Giving something to others"),
)
# Lewisham's seven [004], each with what it means among the nine.
LEWISHAM = (
    ("employment", "Employment", ("work-learning-leisure", "living")),
    ("housing", "Housing", ("home",)),
    ("health", "Health", ("health",)),
    ("relationships", "Relationships", ("relationships",)),
    ("community-participation", "Community participation", ("living", "contribution")),
    ("learning-skills", "Learning skills (being safe)", ("safety", "work-learning-leisure")),
    ("personal-development", "Personal development", ("control", "work-learning-leisure")),
)

criterion = sa.table(
    "criterion",
    sa.column("id", sa.Uuid),
    sa.column("words", sa.String),
    sa.column("picture", sa.String),
    sa.column("status", sa.String),
    sa.column("proposed_at", sa.DateTime(timezone=True)),
    sa.column("why", sa.Text),
    sa.column("reason", sa.Text),
    sa.column("position", sa.Integer),
)
criterion_category = sa.table(
    "criterion_category", sa.column("criterion_id", sa.Uuid), sa.column("category", sa.String)
)
outcome_scheme = sa.table(
    "outcome_scheme",
    sa.column("code", sa.String),
    sa.column("name", sa.String),
    sa.column("council", sa.String),
    sa.column("source", sa.String),
)
outcome = sa.table(
    "outcome",
    sa.column("id", sa.String),
    sa.column("scheme", sa.String),
    sa.column("name", sa.String),
    sa.column("position", sa.Integer),
    sa.column("valid_from", sa.Date),
)
outcome_meaning = sa.table("outcome_meaning", sa.column("outcome_id", sa.String), sa.column("means", sa.String))


def upgrade() -> None:
    op.bulk_insert(
        criterion,
        [
            {
                "id": _id(n),
                "words": words,
                "picture": picture,
                "status": "adopted",
                "proposed_at": FROM_THE_FIRST_DAY,
                "why": "",
                "reason": "",
                "position": n,
            }
            for n, (words, picture, _) in enumerate(CRITERIA, start=1)
        ],
    )
    op.bulk_insert(
        criterion_category,
        [
            {"criterion_id": _id(n), "category": category}
            for n, (_, _, categories) in enumerate(CRITERIA, start=1)
            for category in categories
        ],
    )
    op.bulk_insert(
        outcome_scheme,
        [
            {
                "code": "care-act",
                "name": "The nine parts of wellbeing",
                "council": None,
                "source": "Care Act 2014, section 1(2)",
            },
            {
                "code": "lewisham",
                "name": "Lewisham’s seven outcomes",
                "council": "E09000023",
                "source": "Lewisham Council, Outcome Based Commissioning, 9 July 2013, 5.2",
            },
        ],
    )
    op.bulk_insert(
        outcome,
        [
            {
                "id": f"{scheme}.{code}",
                "scheme": scheme,
                "name": name,
                "position": n,
                "valid_from": since,
            }
            for scheme, since, its in (
                ("care-act", date(2015, 4, 1), CARE_ACT),
                ("lewisham", date(2013, 7, 9), LEWISHAM),
            )
            for n, (code, name, *_) in enumerate(its, start=1)
        ],
    )
    op.bulk_insert(
        outcome_meaning,
        [
            {"outcome_id": f"lewisham.{code}", "means": f"care-act.{meaning}"}
            for code, _, meanings in LEWISHAM
            for meaning in meanings
        ],
    )


def downgrade() -> None:
    # With the lists goes what hangs on them: without a criterion nothing says what was answered, or voted for.
    op.execute("DELETE FROM answer_rating")
    op.execute("DELETE FROM criterion_answer")
    op.execute("DELETE FROM outcome_answer")
    op.execute("DELETE FROM criterion_vote")
    op.execute("DELETE FROM criterion_category")
    op.execute("DELETE FROM criterion")
    op.execute("DELETE FROM outcome_meaning")
    op.execute("DELETE FROM outcome")
    op.execute("DELETE FROM outcome_scheme")


def _id(number: int) -> uuid.UUID:
    """Return the id of a criterion of the starting set: the same on every site, so that sites can be compared."""
    return uuid.UUID(f"c0000000-0000-4000-8000-{number:012d}")
