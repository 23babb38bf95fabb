"""Facts to count from, releases for all of England, and how their figures are taken away; what councils say back."""

import hashlib
import uuid
import zlib
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"

MOMENT = sa.DateTime(timezone=True)
EARLY = 2
"""The last method by which each council had a release of its own."""

early_release = sa.table(
    "release",
    sa.column("id", sa.Uuid()),
    sa.column("council", sa.String()),
    sa.column("year", sa.Integer()),
    sa.column("quarter", sa.Integer()),
    sa.column("built_at", MOMENT),
    sa.column("method", sa.Integer()),
    sa.column("content", sa.LargeBinary()),
    sa.column("sha256", sa.String()),
)
release = sa.table(
    "release",
    sa.column("id", sa.Uuid()),
    sa.column("year", sa.Integer()),
    sa.column("quarter", sa.Integer()),
    sa.column("built_at", MOMENT),
    sa.column("method", sa.Integer()),
    sa.column("sha256", sa.String()),
    sa.column("shown", sa.Integer()),
    sa.column("hidden", sa.Integer()),
    sa.column("audit", sa.JSON()),
)
release_file = sa.table(
    "release_file",
    sa.column("id", sa.Uuid()),
    sa.column("release_id", sa.Uuid()),
    sa.column("area", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("packed", sa.LargeBinary()),
    sa.column("sha256", sa.String()),
    sa.column("made_at", MOMENT),
)


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "fact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("facet", sa.String(60), server_default="", nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.CheckConstraint(
            "kind IN ('asked', 'agreed', 'priced', 'bought', 'visited'"
            ", 'searched_in_vain', 'shortlisted', 'waiting'"
            ", 'pool_opened', 'pool_met', 'pool_failed', 'brief_opened', 'brief_awarded', 'brief_unanswered'"
            ", 'rated', 'criterion_scored', 'outcome_scored', 'moderated'"
            ", 'no_quote', 'offered', 'confirmed')",
            name=op.f("ck_fact_factkind"),
        ),
    )
    op.create_index("ix_fact_quarter_who", "fact", ["quarter", "who"], unique=False)

    op.create_table(
        "quarter_secret",
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_secret")),
    )

    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("last_step", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )

    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitation_email_is_lower_case")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"], unique=False)

    op.create_table(
        "demand_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_demand_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_demand_token_token_hash")),
    )
    op.create_index(op.f("ix_demand_token_person_id"), "demand_token", ["person_id"], unique=False)

    early = op.get_bind().execute(sa.select(early_release).order_by("year", "quarter", "council")).all()
    op.drop_table("release")
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("audit", sa.JSON(), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_release_quarter_of_a_year")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_release_sha256_whole")),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("year", "quarter", name="uq_release_year_quarter"),
    )
    op.create_table(
        "release_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(9), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_release_file_sha256_whole")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_file_release_id_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_file")),
        sa.UniqueConstraint("release_id", "area", "kind", name=op.f("uq_release_file_release_id_area_kind")),
        sa.CheckConstraint(
            "kind IN ('csv', 'csvw', 'spreadsheet', 'json', 'report')", name=op.f("ck_release_file_filekind")
        ),
    )
    op.create_index(op.f("ix_release_file_area"), "release_file", ["area"], unique=False)

    op.create_table(
        "release_download",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["release_file.id"], name=op.f("fk_release_download_file_id_release_file")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_release_download_person_id_person")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["demand_token.id"], name=op.f("fk_release_download_token_id_demand_token")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_download")),
    )
    op.create_index(op.f("ix_release_download_file_id"), "release_download", ["file_id"], unique=False)
    op.create_index(op.f("ix_release_download_person_id"), "release_download", ["person_id"], unique=False)

    op.create_table(
        "market_signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40)),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("you_told_us", sa.Text(), server_default="", nullable=False),
        sa.Column("answers_id", sa.Uuid()),
        sa.Column("quarter", sa.Integer()),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_by", sa.Uuid()),
        sa.CheckConstraint("answers_id IS NULL OR kind = 'answer'", name=op.f("ck_market_signal_only_answers_answer")),
        sa.CheckConstraint(
            "kind <> 'answer' OR you_told_us <> ''", name=op.f("ck_market_signal_answers_say_what_was_told")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_market_signal_withdrawn_at_and_by")
        ),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["market_signal.id"], name=op.f("fk_market_signal_answers_id_market_signal")
        ),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_market_signal_category_category")),
        sa.ForeignKeyConstraint(["posted_by"], ["person.id"], name=op.f("fk_market_signal_posted_by_person")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_market_signal_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_signal")),
        sa.CheckConstraint("kind IN ('signal', 'intention', 'answer')", name=op.f("ck_market_signal_signalkind")),
    )
    op.create_index(op.f("ix_market_signal_council"), "market_signal", ["council"], unique=False)

    op.create_table(
        "market_alert",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_market_alert_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_market_alert_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "council", "category", name=op.f("pk_market_alert")),
    )

    _keep(early)


def _keep(early: list[sa.Row]) -> None:
    """What was released stays, byte for byte. The councils of one quarter become the files of one release."""
    for (year, quarter), rows in groupby(early, key=lambda row: (row.year, row.quarter)):
        files, release_id = list(rows), uuid.uuid4()
        op.get_bind().execute(
            release.insert().values(
                id=release_id,
                year=year,
                quarter=quarter,
                built_at=max(row.built_at for row in files),
                method=max(row.method for row in files),
                sha256=hashlib.sha256("".join(row.sha256 for row in files).encode()).hexdigest(),
                shown=0,
                hidden=0,
                audit={"methods": {row.council: row.method for row in files}},
            )
        )
        for row in files:
            op.get_bind().execute(
                release_file.insert().values(
                    id=row.id,
                    release_id=release_id,
                    area=row.council,
                    kind="csv",
                    packed=zlib.compress(row.content),
                    sha256=row.sha256,
                    made_at=row.built_at,
                )
            )


def downgrade() -> None:
    """What was released by the later method has no place in the earlier tables, and goes."""
    files = (
        op.get_bind()
        .execute(
            sa.select(release_file, release.c.year, release.c.quarter, release.c.audit)
            .join(release, release.c.id == release_file.c.release_id)
            .where(release.c.method <= EARLY, release_file.c.kind == "csv")
        )
        .all()
    )
    for table in ("market_alert", "market_signal", "release_download", "release_file", "release"):
        op.drop_table(table)
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_release_quarter_of_a_year")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_release_sha256_whole")),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("council", "year", "quarter", name="uq_release_council_year_quarter"),
    )
    for row in files:
        op.get_bind().execute(
            early_release.insert().values(
                id=row.id,
                council=row.area,
                year=row.year,
                quarter=row.quarter,
                built_at=row.made_at,
                method=row.audit["methods"][row.area],
                content=zlib.decompress(row.packed),
                sha256=row.sha256,
            )
        )
    for table in ("demand_token", "invitation", "recovery_code", "second_factor", "quarter_secret", "fact"):
        op.drop_table(table)
    with op.batch_alter_table("person") as table:
        table.drop_column("is_counted")
