"""Find a decision pack by its hash, and refuse to change or delete one."""

from alembic import op

revision = "0047"
down_revision = "0046"

WORDS = "decision packs are never changed"


def upgrade() -> None:
    op.create_index(op.f("ix_decision_pack_contents_hash"), "decision_pack", ["contents_hash"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER decision_pack_no_{change.lower()} BEFORE {change} ON decision_pack "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION decision_pack_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER decision_pack_no_change BEFORE UPDATE OR DELETE ON decision_pack "
        "FOR EACH ROW EXECUTE FUNCTION decision_pack_is_kept()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER decision_pack_no_{change}")
    else:
        op.execute("DROP TRIGGER decision_pack_no_change ON decision_pack")
        op.execute("DROP FUNCTION decision_pack_is_kept()")
    op.drop_index(op.f("ix_decision_pack_contents_hash"), table_name="decision_pack")
