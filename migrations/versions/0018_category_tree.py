"""Shelves within shelves, and the ones that shop4support had and we had not [001]. Data only."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TREE = (
    ("at-home", "Help at home"),
    ("out-and-about", "Company, going out and things to do"),
    ("well-and-equipped", "Health, equipment and technology"),
    ("people-and-advice", "Peer support, advice and learning"),
    ("places-and-breaks", "Places to live, breaks and local places"),
)
ADDED = (
    ("personal-care", "Personal care: washing, dressing and eating", "at-home"),
    ("overnight-support", "Overnight and live-in support", "at-home"),
    ("managing-money", "Managing your budget and payroll", "people-and-advice"),
    ("homes-and-housing", "Care homes and supported housing", "places-and-breaks"),
)
PARENTS = {
    "personal-assistance": "at-home",
    "home-and-garden": "at-home",
    "food-and-meals": "at-home",
    "companionship": "out-and-about",
    "getting-about": "out-and-about",
    "day-opportunities": "out-and-about",
    "sport-and-leisure": "out-and-about",
    "arts-and-music": "out-and-about",
    "health-and-wellbeing": "well-and-equipped",
    "equipment": "well-and-equipped",
    "peer-support": "people-and-advice",
    "learning-and-work": "people-and-advice",
    "money-and-planning": "people-and-advice",
    "short-breaks": "places-and-breaks",
    "community-places": "places-and-breaks",
}
FIRST_OF_ADDED, FIRST_OF_TREE = 16, 101

category = sa.table(
    "category",
    sa.column("slug", sa.String),
    sa.column("name", sa.String),
    sa.column("parent", sa.String),
    sa.column("position", sa.Integer),
)


def upgrade() -> None:
    op.bulk_insert(
        category,
        [
            {"slug": slug, "name": name, "parent": None, "position": n}
            for n, (slug, name) in enumerate(TREE, start=FIRST_OF_TREE)
        ],
    )
    op.bulk_insert(
        category,
        [
            {"slug": slug, "name": name, "parent": parent, "position": n}
            for n, (slug, name, parent) in enumerate(ADDED, start=FIRST_OF_ADDED)
        ],
    )
    for slug, parent in PARENTS.items():
        op.execute(category.update().where(category.c.slug == slug).values(parent=parent))


def downgrade() -> None:
    op.execute(category.update().where(category.c.slug.in_(PARENTS)).values(parent=None))
    op.execute(category.delete().where(category.c.slug.in_([slug for slug, _name, _parent in ADDED])))
    op.execute(category.delete().where(category.c.slug.in_([slug for slug, _name in TREE])))
