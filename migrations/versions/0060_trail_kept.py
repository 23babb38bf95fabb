"""The audit trail is never changed and kept for six years; a decision pack may be emptied when its person leaves."""

from alembic import op

revision = "0060"
down_revision = "0059"

TRAIL = "the audit trail is never changed"
PACKS = "decision packs are never changed"
# Nothing else of it may differ: what remains says that there was a pack, when, and what its hash was.
EMPTIED = (
    "NEW.id = OLD.id AND NEW.person_id = OLD.person_id AND NEW.number = OLD.number AND NEW.made_at = OLD.made_at "
    "AND NEW.contents_hash = OLD.contents_hash AND NEW.title = '' AND NEW.reasons = '' AND NEW.contents = '' "
    "AND length(NEW.pdf) = 0 AND EXISTS (SELECT 1 FROM person WHERE id = OLD.person_id AND erased_at IS NOT NULL)"
)
SIX_YEARS_OF_DAYS = 2192


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
            f"BEGIN SELECT RAISE(ABORT, '{TRAIL}'); END"
        )
        op.execute(
            f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
            f"WHEN julianday(OLD.at) > julianday('now') - {SIX_YEARS_OF_DAYS} "
            f"BEGIN SELECT RAISE(ABORT, '{TRAIL}'); END"
        )
        op.execute("DROP TRIGGER decision_pack_no_update")
        op.execute(
            f"CREATE TRIGGER decision_pack_no_update BEFORE UPDATE ON decision_pack WHEN NOT ({EMPTIED}) "
            f"BEGIN SELECT RAISE(ABORT, '{PACKS}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{SIX_YEARS_OF_DAYS} days' THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{TRAIL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_is_kept()"
    )
    op.execute(
        "CREATE FUNCTION audit_event_is_whole() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TRAIL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_whole()"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION decision_pack_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {EMPTIED} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{PACKS}'; END $$"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_event_no_{change}")
        op.execute("DROP TRIGGER decision_pack_no_update")
        op.execute(
            f"CREATE TRIGGER decision_pack_no_update BEFORE UPDATE ON decision_pack "
            f"BEGIN SELECT RAISE(ABORT, '{PACKS}'); END"
        )
        return
    for trigger in ("change", "truncate"):
        op.execute(f"DROP TRIGGER audit_event_no_{trigger} ON audit_event")
    op.execute("DROP FUNCTION audit_event_is_kept()")
    op.execute("DROP FUNCTION audit_event_is_whole()")
    op.execute(
        "CREATE OR REPLACE FUNCTION decision_pack_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{PACKS}'; END $$"
    )
