"""The shelves of the catalogue. Data only."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

CATEGORIES = (
    ("personal-assistance", "Personal assistants and help at home"),
    ("companionship", "Company and befriending"),
    ("getting-about", "Going out and getting about"),
    ("day-opportunities", "Things to do in the day"),
    ("peer-support", "Peer support"),
    ("home-and-garden", "Home, garden and repairs"),
    ("food-and-meals", "Food and meals"),
    ("learning-and-work", "Learning and work"),
    ("sport-and-leisure", "Sport and keeping active"),
    ("arts-and-music", "Arts, music and crafts"),
    ("health-and-wellbeing", "Health and wellbeing"),
    ("short-breaks", "Short breaks and holidays"),
    ("equipment", "Equipment and technology"),
    ("money-and-planning", "Money, advice and planning"),
    ("community-places", "Libraries and community places"),
)

category = sa.table(
    "category", sa.column("slug", sa.String), sa.column("name", sa.String), sa.column("position", sa.Integer)
)


def upgrade() -> None:
    op.bulk_insert(
        category,
        [{"slug": slug, "name": name, "position": n} for n, (slug, name) in enumerate(CATEGORIES, start=1)],
    )


def downgrade() -> None:
    op.execute(category.delete().where(category.c.slug.in_([slug for slug, _ in CATEGORIES])))
