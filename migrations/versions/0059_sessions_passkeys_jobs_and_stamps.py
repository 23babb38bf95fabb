"""Browsers signed in, passkeys, changes of address; jobs that say how they ran; counts that all processes share."""

import sqlalchemy as sa
from alembic import op

# squawk allows require-concurrent-index-creation: audit_event is only added to, a million rows take a second or two,
# and whoever writes meanwhile waits that long. An index that is made beside the work could be left half made.

revision = "0059"
down_revision = "0058"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", MOMENT))
    op.add_column("audit_event", sa.Column("about_person_id", sa.Uuid()))
    op.create_index(op.f("ix_audit_event_about_person_id"), "audit_event", ["about_person_id"])
    op.execute("UPDATE audit_event SET about_person_id = to_id WHERE to_kind = 'person'")
    op.create_table(
        "browser_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("browser", sa.String(80), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_browser_session_person_id_person")),
    )
    op.create_index(op.f("ix_browser_session_person_id"), "browser_session", ["person_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("transports", sa.String(80), server_default="", nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "email_change",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("undo_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("old_email", sa.String(320), nullable=False),
        sa.Column("new_email", sa.String(320), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("undone_at", MOMENT),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_email_change")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_change_person_id_person")),
        sa.UniqueConstraint("undo_hash", name=op.f("uq_email_change_undo_hash")),
        sa.CheckConstraint("new_email = lower(new_email)", name=op.f("ck_email_change_email_is_lower_case")),
    )
    op.create_index(op.f("ix_email_change_person_id"), "email_change", ["person_id"])
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("taken_by", sa.String(80)),
        sa.Column("taken_until", MOMENT),
        sa.Column("began_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("did", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failed_at", MOMENT),
        sa.Column("failed_with", sa.String(80)),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "stamp",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_stamp")),
    )
    op.create_table(
        "tries",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tries")),
    )
    op.create_index(op.f("ix_tries_ends_at"), "tries", ["ends_at"])


def downgrade() -> None:
    for table in ("tries", "stamp", "job_run", "email_change", "passkey", "browser_session"):
        op.drop_table(table)
    op.drop_index(op.f("ix_audit_event_about_person_id"), table_name="audit_event")
    op.drop_column("audit_event", "about_person_id")
    op.drop_column("person", "erased_at")
