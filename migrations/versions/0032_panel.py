"""A role for those who sit on the user-led panel: they decide about appeals and criteria."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

ROLES = ("person", "provider", "user_led_organisation", "moderator", "commissioner", "operator", "checker")


def upgrade() -> None:
    _let_roles_be(*ROLES, "panel_member")


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM role_grant WHERE role = 'panel_member'"))
    _let_roles_be(*ROLES)


def _let_roles_be(*roles: str) -> None:
    allowed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("role_grant") as table:
        table.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        table.create_check_constraint(op.f("ck_role_grant_role"), f"role IN ({allowed})")
