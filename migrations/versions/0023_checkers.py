"""A role for those who check providers and decide about nothing else, such as a worker of a user-led organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ROLES = ("person", "provider", "user_led_organisation", "moderator", "commissioner", "operator")


def upgrade() -> None:
    _let_roles_be(*ROLES, "checker")


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM role_grant WHERE role = 'checker'"))
    _let_roles_be(*ROLES)


def _let_roles_be(*roles: str) -> None:
    allowed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("role_grant") as table:
        table.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        table.create_check_constraint(op.f("ck_role_grant_role"), f"role IN ({allowed})")
