"""Plans told in any way, kept, costed and shared; consent to see and write them; who helps; the library."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"

MOMENT = sa.DateTime(timezone=True)
SCOPES = "'see_budgets', 'confirm_visits'"
ALL_SCOPES = f"{SCOPES}, 'see_plan', 'write_plan', 'ask_for_quotes'"
SUBJECTS = "'offer', 'provider', 'review', 'reply', 'pool', 'pool_message', 'pool_story'"
ALL_SUBJECTS = f"{SUBJECTS}, 'brief', 'library_piece'"
PARTS = ("about_me", "what_matters", "good_week")
OUTCOMES = {
    "employment": "lewisham.employment",
    "housing": "lewisham.housing",
    "health": "lewisham.health",
    "relationships": "lewisham.relationships",
    "community": "lewisham.community-participation",
    "learning_skills": "lewisham.learning-skills",
    "personal_development": "lewisham.personal-development",
}
LINE_PROMISES = {
    "costedby": "costed_by IN ('nothing_yet', 'offer', 'pool', 'own_price', 'free')",
    "howoften": "how_often IN ('once', 'weekly')",
    "offer_says_the_price": "(costed_by = 'offer') = (offer_id IS NOT NULL)",
    "pool_says_the_price": "(costed_by = 'pool') = (pool_key IS NOT NULL)",
    "own_price_is_said": "(costed_by = 'own_price') = (own_price IS NOT NULL)",
    "own_price_not_negative": "own_price >= 0",
    "quantity_in_bounds": "quantity BETWEEN 1 AND 10000",
    "weeks_in_bounds": "weeks BETWEEN 1 AND 104",
    "weeks_are_of_weekly_ones": "how_often = 'weekly' OR weeks = 1",
}
LINE_LEADS_TO = {
    "outcome_id": "outcome",
    "offer_id": "offer",
    "added_by": "person",
    "sold_by": "organisation",
}


def upgrade() -> None:
    _allow("delegation_scope", "scope", ALL_SCOPES, "scope")
    for table in ("report", "decision"):
        _allow(table, "subject_kind", ALL_SUBJECTS, "subjectkind")
    op.create_table(
        "act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("did", sa.String(200), nullable=False),
        sa.Column("to_kind", sa.String(40), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person_id <> by_person_id", name=op.f("ck_act_for_somebody_else")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_act_by_person_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_act_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index(op.f("ix_act_by_person_id"), "act", ["by_person_id"], unique=False)
    op.create_index(op.f("ix_act_person_id_at"), "act", ["person_id", "at"], unique=False)
    op.create_table(
        "plan_part",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_plan_part_edition_positive")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_part_plan_id_plan")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_plan_part_written_by_person")),
        sa.PrimaryKeyConstraint("plan_id", "part", name=op.f("pk_plan_part")),
        sa.CheckConstraint(
            "part IN ('about_me', 'what_matters', 'good_week', 'risks', 'who_helps')", name=op.f("ck_plan_part_part")
        ),
    )
    op.create_table(
        "plan_clash",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT),
        sa.Column("resolved_by", sa.Uuid()),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name=op.f("ck_plan_clash_resolved_at_and_by")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_clash_plan_id_plan")),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"], name=op.f("fk_plan_clash_resolved_by_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_plan_clash_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_clash")),
        sa.CheckConstraint(
            "part IN ('about_me', 'what_matters', 'good_week', 'risks', 'who_helps')", name=op.f("ck_plan_clash_part")
        ),
    )
    op.create_index(op.f("ix_plan_clash_plan_id"), "plan_clash", ["plan_id"], unique=False)
    op.create_table(
        "plan_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("said", sa.String(300), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("contents", sa.LargeBinary()),
        sa.Column("small", sa.LargeBinary()),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.CheckConstraint("(removed_at IS NULL) = (contents IS NOT NULL)", name=op.f("ck_plan_file_removed_is_gone")),
        sa.CheckConstraint("size BETWEEN 1 AND 30000000", name=op.f("ck_plan_file_size_in_bounds")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_plan_file_added_by_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_file_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_file")),
        sa.CheckConstraint(
            "part IN ('about_me', 'what_matters', 'good_week', 'risks', 'who_helps')", name=op.f("ck_plan_file_part")
        ),
        sa.CheckConstraint("kind IN ('picture', 'sound', 'film', 'document')", name=op.f("ck_plan_file_filekind")),
    )
    op.create_index(op.f("ix_plan_file_plan_id_part"), "plan_file", ["plan_id", "part"], unique=False)
    op.create_table(
        "supporter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("circle", sa.String(40), nullable=False),
        sa.Column("called", sa.String(80), nullable=False),
        sa.Column("how", sa.String(200), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_supporter_added_by_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_supporter_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter")),
        sa.CheckConstraint(
            "circle IN ('family', 'neighbourhood', 'user_led_organisation', 'key_worker', 'paid_adviser')",
            name=op.f("ck_supporter_circle"),
        ),
    )
    op.create_index(op.f("ix_supporter_plan_id"), "supporter", ["plan_id"], unique=False)
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_plan_version_made_by_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_table(
        "plan_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("called", sa.String(80), nullable=False),
        sa.Column("version_id", sa.Uuid()),
        sa.Column("shows_money", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("last_opened_at", MOMENT),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_plan_link_made_by_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_link_plan_id_plan")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_link_version_id_plan_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_plan_link_token_hash")),
    )
    op.create_index(op.f("ix_plan_link_plan_id"), "plan_link", ["plan_id"], unique=False)
    op.create_table(
        "plan_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date()),
        sa.Column("worked", sa.Text(), nullable=False),
        sa.Column("not_worked", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("told_at", MOMENT),
        sa.CheckConstraint(
            "held_on IS NOT NULL OR (worked = '' AND not_worked = '' AND next = '')",
            name=op.f("ck_plan_review_held_first"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_review_plan_id_plan")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_plan_review_set_by_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_plan_review_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review")),
    )
    op.create_index(op.f("ix_plan_review_held_on_due_on"), "plan_review", ["held_on", "due_on"], unique=False)
    op.create_index(op.f("ix_plan_review_plan_id"), "plan_review", ["plan_id"], unique=False)
    op.create_table(
        "plan_reading",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.String(60), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_plan_reading_score_in_bounds")),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_plan_reading_outcome_id_outcome")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_reading_plan_id_plan")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_plan_reading_said_by_person")),
        sa.PrimaryKeyConstraint("plan_id", "outcome_id", "read_on", name=op.f("pk_plan_reading")),
    )
    for part in PARTS:
        op.execute(
            "INSERT INTO plan_part (plan_id, part, words, edition, written_by, written_at) "
            f"SELECT id, '{part}', {part}, 1, person_id, updated_at FROM plan WHERE {part} <> ''"
        )
    with op.batch_alter_table("plan") as table:
        for part in PARTS:
            table.drop_column(part)
    _let_lines_cost()
    op.create_table(
        "week_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("part_of_day", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(80), nullable=False),
        sa.Column("drawing", sa.String(40)),
        sa.Column("file_id", sa.Uuid()),
        sa.Column("line_id", sa.Uuid()),
        sa.CheckConstraint("day BETWEEN 1 AND 7", name=op.f("ck_week_item_day_of_the_week")),
        sa.ForeignKeyConstraint(["file_id"], ["plan_file.id"], name=op.f("fk_week_item_file_id_plan_file")),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_week_item_line_id_plan_line")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_week_item_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_item")),
        sa.UniqueConstraint(
            "plan_id", "day", "part_of_day", "position", name=op.f("uq_week_item_plan_id_day_part_of_day_position")
        ),
        sa.CheckConstraint(
            "part_of_day IN ('morning', 'afternoon', 'evening', 'night')", name=op.f("ck_week_item_partofday")
        ),
    )
    op.create_table(
        "help_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("done_by", sa.Uuid()),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name=op.f("ck_help_task_done_at_and_by")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_help_task_done_by_person")),
        sa.ForeignKeyConstraint(["helper_id"], ["person.id"], name=op.f("fk_help_task_helper_id_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_help_task_made_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_help_task_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_task")),
    )
    op.create_index(op.f("ix_help_task_helper_id"), "help_task", ["helper_id"], unique=False)
    op.create_index(op.f("ix_help_task_person_id"), "help_task", ["person_id"], unique=False)
    op.create_table(
        "independence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("payers", sa.JSON(), nullable=False),
        sa.Column("who_pays", sa.Text(), nullable=False),
        sa.Column("also_sells", sa.Text(), nullable=False),
        sa.Column("ties", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_independence_declared_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_independence_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_independence")),
    )
    op.create_index(op.f("ix_independence_organisation_id"), "independence", ["organisation_id"], unique=False)
    op.create_index(
        "uq_independence_in_force",
        "independence",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "signpost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("href", sa.String(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_signpost_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
        sa.CheckConstraint(
            "kind IN ('assessment', 'advocacy', 'advice', 'carers', 'complaints')",
            name=op.f("ck_signpost_signpostkind"),
        ),
    )
    op.create_index(op.f("ix_signpost_council_kind"), "signpost", ["council", "kind"], unique=False)
    op.create_table(
        "library_piece",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON()),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("contents", sa.LargeBinary()),
        sa.Column("pseudonym", sa.String(60), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("outcome_id", sa.String(60)),
        sa.Column("category", sa.String(40)),
        sa.Column("council", sa.String(9)),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("suspected", sa.JSON(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'model_document' OR contents IS NOT NULL", name=op.f("ck_library_piece_a_document_is_a_file")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_library_piece_author_id_person")),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_library_piece_category_category")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_library_piece_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_library_piece_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_library_piece_outcome_id_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_piece")),
        sa.CheckConstraint(
            "kind IN ('story', 'example_plan', 'model_document')", name=op.f("ck_library_piece_piecekind")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'shown', 'refused', 'held', 'taken_down')", name=op.f("ck_library_piece_piecestatus")
        ),
    )
    op.create_index(op.f("ix_library_piece_author_id"), "library_piece", ["author_id"], unique=False)
    op.create_index(op.f("ix_library_piece_status_kind"), "library_piece", ["status", "kind"], unique=False)
    op.create_table(
        "help_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("delegation_id", sa.Uuid()),
        sa.CheckConstraint(
            "(status = 'accepted') = (delegation_id IS NOT NULL)", name=op.f("ck_help_request_accepted_is_a_consent")
        ),
        sa.CheckConstraint(
            "(status = 'asked') = (answered_at IS NULL)", name=op.f("ck_help_request_answered_has_a_moment")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_help_request_answered_by_person")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_help_request_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_help_request_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_help_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_help_request_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
        sa.CheckConstraint(
            "status IN ('asked', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_help_request_requeststatus")
        ),
    )
    op.create_index(
        op.f("ix_help_request_organisation_id_status"), "help_request", ["organisation_id", "status"], unique=False
    )
    op.create_index(
        "uq_help_request_asked",
        "help_request",
        ["person_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("status = 'asked'"),
        postgresql_where=sa.text("status = 'asked'"),
    )


def _allow(table: str, column: str, values: str, name: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({values})")


def _let_lines_cost() -> None:
    with op.batch_alter_table("plan_line") as table:
        table.add_column(sa.Column("outcome_id", sa.String(60)))
        table.add_column(sa.Column("costed_by", sa.String(40), server_default="nothing_yet", nullable=False))
        table.add_column(sa.Column("offer_id", sa.Uuid()))
        table.add_column(sa.Column("pool_key", sa.Uuid()))
        table.add_column(sa.Column("own_price", sa.BigInteger()))
        table.add_column(sa.Column("quantity", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("how_often", sa.String(40), server_default="once", nullable=False))
        table.add_column(sa.Column("weeks", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("added_by", sa.Uuid()))
        table.add_column(sa.Column("sold_by", sa.Uuid()))
    for old, new in OUTCOMES.items():
        op.execute(f"UPDATE plan_line SET outcome_id = '{new}' WHERE outcome = '{old}'")
    op.execute("UPDATE plan_line SET added_by = (SELECT person_id FROM plan WHERE plan.id = plan_line.plan_id)")
    with op.batch_alter_table("plan_line") as table:
        table.drop_constraint(op.f("ck_plan_line_outcome"), type_="check")
        table.drop_column("outcome")
        table.alter_column("outcome_id", existing_type=sa.String(60), nullable=False)
        table.alter_column("added_by", existing_type=sa.Uuid(), nullable=False)
        for name, kind in (("costed_by", sa.String(40)), ("quantity", sa.Integer()), ("how_often", sa.String(40))):
            table.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        table.alter_column("weeks", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        for name, holds in LINE_PROMISES.items():
            table.create_check_constraint(op.f(f"ck_plan_line_{name}"), holds)
        for column, to in LINE_LEADS_TO.items():
            table.create_foreign_key(op.f(f"fk_plan_line_{column}_{to}"), to, [column], ["id"])
    op.create_index(op.f("ix_plan_line_offer_id"), "plan_line", ["offer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("help_request")
    op.drop_table("library_piece")
    op.drop_table("signpost")
    op.drop_table("independence")
    op.drop_table("help_task")
    op.drop_table("week_item")
    _let_lines_cost_nothing()
    _put_parts_back()
    op.drop_table("plan_reading")
    op.drop_table("plan_review")
    op.drop_table("plan_link")
    op.drop_table("plan_version")
    op.drop_table("supporter")
    op.drop_table("plan_file")
    op.drop_table("plan_clash")
    op.drop_table("plan_part")
    op.drop_table("act")
    for table in ("report", "decision"):
        op.execute(f"DELETE FROM {table} WHERE subject_kind IN ('brief', 'library_piece')")
        _allow(table, "subject_kind", SUBJECTS, "subjectkind")
    op.execute("DELETE FROM delegation_scope WHERE scope IN ('see_plan', 'write_plan', 'ask_for_quotes')")
    _allow("delegation_scope", "scope", SCOPES, "scope")


def _let_lines_cost_nothing() -> None:
    op.drop_index(op.f("ix_plan_line_offer_id"), table_name="plan_line")
    with op.batch_alter_table("plan_line") as table:
        table.add_column(sa.Column("outcome", sa.String(40)))
    for old, new in OUTCOMES.items():
        op.execute(f"UPDATE plan_line SET outcome = '{old}' WHERE outcome_id = '{new}'")
    # An outcome of another list: the widest of the seven.
    op.execute("UPDATE plan_line SET outcome = 'personal_development' WHERE outcome IS NULL")
    with op.batch_alter_table("plan_line") as table:
        for column, to in LINE_LEADS_TO.items():
            table.drop_constraint(op.f(f"fk_plan_line_{column}_{to}"), type_="foreignkey")
        for name in LINE_PROMISES:
            table.drop_constraint(op.f(f"ck_plan_line_{name}"), type_="check")
        for name in ("sold_by", "added_by", "weeks", "how_often", "quantity", "own_price", "pool_key", "offer_id"):
            table.drop_column(name)
        table.drop_column("costed_by")
        table.drop_column("outcome_id")
        table.alter_column("outcome", existing_type=sa.String(40), nullable=False)
        table.create_check_constraint(
            op.f("ck_plan_line_outcome"), "outcome IN ({})".format(", ".join(f"'{outcome}'" for outcome in OUTCOMES))
        )


def _put_parts_back() -> None:
    with op.batch_alter_table("plan") as table:
        for part in PARTS:
            table.add_column(sa.Column(part, sa.Text(), server_default="", nullable=False))
    for part in PARTS:
        op.execute(
            f"UPDATE plan SET {part} = coalesce((SELECT words FROM plan_part "
            f"WHERE plan_part.plan_id = plan.id AND part = '{part}'), '')"
        )
    with op.batch_alter_table("plan") as table:
        for part in PARTS:
            table.alter_column(part, existing_type=sa.Text(), existing_nullable=False, server_default=None)
