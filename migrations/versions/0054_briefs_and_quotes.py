"""Briefs, the questions about them, quotes, scores and awards."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "brief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pool_key", sa.Uuid()),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Uuid()),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("category", sa.String(40)),
        sa.Column("area_kind", sa.String(40)),
        sa.Column("area_name", sa.String(120), nullable=False),
        sa.Column("easting", sa.Integer()),
        sa.Column("northing", sa.Integer()),
        sa.Column("council", sa.String(9)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger()),
        sa.Column("shows_budget", sa.Boolean(), nullable=False),
        sa.Column("times", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("days_open", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("kept_despite", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT),
        sa.Column("questions_until", MOMENT),
        sa.Column("answers_by", MOMENT),
        sa.Column("closes_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("why_ended", sa.Text(), nullable=False),
        sa.Column("held_at", MOMENT),
        sa.CheckConstraint(
            "(status IN ('awarded', 'none_chosen', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_brief_ended_has_a_moment"),
        ),
        sa.CheckConstraint("kind = 'weekly' OR weeks = 1", name=op.f("ck_brief_weeks_are_of_weekly_support")),
        sa.CheckConstraint(
            "opened_at IS NOT NULL OR status IN ('draft', 'withdrawn')", name=op.f("ck_brief_open_has_a_moment")
        ),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (closes_at IS NULL) AND (opened_at IS NULL) = (questions_until IS NULL)"
            " AND (opened_at IS NULL) = (answers_by IS NULL)",
            name=op.f("ck_brief_opened_has_its_days"),
        ),
        sa.CheckConstraint("budget > 0", name=op.f("ck_brief_budget_is_something")),
        sa.CheckConstraint("days_open IN (7, 14)", name=op.f("ck_brief_open_a_week_or_two")),
        sa.CheckConstraint("edition > 0", name=op.f("ck_brief_edition_positive")),
        sa.CheckConstraint("people = 1 OR pool_key IS NOT NULL", name=op.f("ck_brief_several_are_a_pool")),
        sa.CheckConstraint("people BETWEEN 1 AND 500", name=op.f("ck_brief_people_in_bounds")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_brief_quantity_in_bounds")),
        sa.CheckConstraint("weeks BETWEEN 1 AND 104", name=op.f("ck_brief_weeks_in_bounds")),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_brief_category_category")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["plan_line.id"], name=op.f("fk_brief_line_id_plan_line"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_brief_person_id_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_brief_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief")),
        sa.CheckConstraint("area_kind IN ('council', 'district')", name=op.f("ck_brief_areakind")),
        sa.CheckConstraint("kind IN ('one_off', 'package', 'weekly')", name=op.f("ck_brief_arrangementkind")),
        sa.CheckConstraint(
            "unit IN ('hour', 'session', 'day', 'night', 'week', 'mile', 'item', 'package')", name=op.f("ck_brief_unit")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'awarded', 'none_chosen', 'withdrawn')",
            name=op.f("ck_brief_briefstatus"),
        ),
    )
    op.create_index(op.f("ix_brief_category_status"), "brief", ["category", "status"], unique=False)
    op.create_index(op.f("ix_brief_person_id"), "brief", ["person_id"], unique=False)
    op.create_index(op.f("ix_brief_pool_key"), "brief", ["pool_key"], unique=False)
    op.create_index(op.f("ix_brief_status_closes_at"), "brief", ["status", "closes_at"], unique=False)
    op.create_table(
        "brief_call",
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("declined_at", MOMENT),
        sa.Column("why_not", sa.String(40)),
        sa.CheckConstraint(
            "(declined_at IS NULL) = (why_not IS NULL)", name=op.f("ck_brief_call_declined_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_brief_call_brief_id_brief")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_brief_call_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("brief_id", "organisation_id", name=op.f("pk_brief_call")),
        sa.CheckConstraint(
            "why_not IN ('no_space', 'too_far', 'not_what_we_do', 'budget_too_small', 'times', 'too_little_told', "
            "'something_else')",
            name=op.f("ck_brief_call_nobid"),
        ),
    )
    op.create_index(op.f("ix_brief_call_organisation_id"), "brief_call", ["organisation_id"], unique=False)
    op.create_table(
        "brief_criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(120), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_cost", sa.Boolean(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 5", name=op.f("ck_brief_criterion_at_most_five")),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_brief_criterion_weight_in_bounds")),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["brief.id"], name=op.f("fk_brief_criterion_brief_id_brief"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_criterion")),
        sa.UniqueConstraint("brief_id", "position", name=op.f("uq_brief_criterion_brief_id_position")),
    )
    op.create_table(
        "brief_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 6", name=op.f("ck_brief_need_at_most_six")),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["brief.id"], name=op.f("fk_brief_need_brief_id_brief"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_need")),
        sa.UniqueConstraint("brief_id", "position", name=op.f("uq_brief_need_brief_id_position")),
    )
    op.create_table(
        "brief_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answered_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_brief_question_answered_at_and_by")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_brief_question_answered_by_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_brief_question_asked_by_person")),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_brief_question_brief_id_brief")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_brief_question_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_question")),
    )
    op.create_index(op.f("ix_brief_question_brief_id"), "brief_question", ["brief_id"], unique=False)
    op.create_table(
        "brief_scorer",
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("called", sa.String(40), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("left_at", MOMENT),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_brief_scorer_brief_id_brief")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_brief_scorer_person_id_person")),
        sa.PrimaryKeyConstraint("brief_id", "person_id", name=op.f("pk_brief_scorer")),
    )
    op.create_index(op.f("ix_brief_scorer_person_id"), "brief_scorer", ["person_id"], unique=False)
    op.create_table(
        "quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("quoted_by", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("admin", sa.BigInteger(), nullable=False),
        sa.Column("overhead", sa.BigInteger(), nullable=False),
        sa.Column("travel", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("notice_hours", sa.Integer()),
        sa.Column("can_start_on", sa.Date(), nullable=False),
        sa.Column("times", sa.String(300), nullable=False),
        sa.Column("trial", sa.String(40), nullable=False),
        sa.Column("trial_words", sa.String(200), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("shown_at", sa.Integer(), nullable=False),
        sa.Column("why_not", sa.String(40)),
        sa.Column("why_not_words", sa.Text(), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name=op.f("ck_quote_sent_has_a_moment")),
        sa.CheckConstraint(
            "(status = 'not_chosen') = (why_not IS NOT NULL)", name=op.f("ck_quote_not_chosen_has_a_reason")
        ),
        sa.CheckConstraint("admin + overhead + travel <= unit_price", name=op.f("ck_quote_parts_within_the_price")),
        sa.CheckConstraint("notice_hours >= 0", name=op.f("ck_quote_notice_not_negative")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_quote_quantity_in_bounds")),
        sa.CheckConstraint(
            "total = unit_price * quantity * weeks", name=op.f("ck_quote_total_is_price_times_quantity")
        ),
        sa.CheckConstraint(
            "unit_price >= 0 AND admin >= 0 AND overhead >= 0 AND travel >= 0", name=op.f("ck_quote_no_part_negative")
        ),
        sa.CheckConstraint("weeks BETWEEN 1 AND 104", name=op.f("ck_quote_weeks_in_bounds")),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_quote_brief_id_brief")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_quote_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quote_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["quoted_by"], ["person.id"], name=op.f("fk_quote_quoted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.CheckConstraint(
            "unit IN ('hour', 'session', 'day', 'night', 'week', 'mile', 'item', 'package')", name=op.f("ck_quote_unit")
        ),
        sa.CheckConstraint("trial IN ('none', 'free', 'paid')", name=op.f("ck_quote_trialoffer")),
        sa.CheckConstraint(
            "status IN ('draft', 'sent', 'withdrawn', 'awarded', 'not_chosen')", name=op.f("ck_quote_quotestatus")
        ),
        sa.CheckConstraint(
            "why_not IN ('another_fitted_better', 'price', 'times', 'no_longer_needed', 'own_words')",
            name=op.f("ck_quote_whynot"),
        ),
    )
    op.create_index(op.f("ix_quote_organisation_id_status"), "quote", ["organisation_id", "status"], unique=False)
    op.create_index(
        "uq_quote_live",
        "quote",
        ["brief_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "agreed_score",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 4", name=op.f("ck_agreed_score_points_in_bounds")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_agreed_score_agreed_by_person")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["brief_criterion.id"], name=op.f("fk_agreed_score_criterion_id_brief_criterion")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_agreed_score_quote_id_quote")),
        sa.PrimaryKeyConstraint("quote_id", "criterion_id", name=op.f("pk_agreed_score")),
    )
    op.create_table(
        "award",
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("arrangement_id", sa.Uuid()),
        sa.Column("pool_answer_key", sa.Uuid()),
        sa.Column("pack_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_award_arrangement_id_arrangement")
        ),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_award_brief_id_brief")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_award_by_person")),
        sa.ForeignKeyConstraint(["pack_id"], ["decision_pack.id"], name=op.f("fk_award_pack_id_decision_pack")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_award_quote_id_quote")),
        sa.PrimaryKeyConstraint("brief_id", name=op.f("pk_award")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_award_quote_id")),
    )
    op.create_table(
        "quote_answer",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("fit", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["brief_need.id"], name=op.f("fk_quote_answer_need_id_brief_need")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_answer_quote_id_quote")),
        sa.PrimaryKeyConstraint("quote_id", "need_id", name=op.f("pk_quote_answer")),
        sa.CheckConstraint("fit IN ('yes', 'partly', 'no')", name=op.f("ck_quote_answer_fit")),
    )
    op.create_table(
        "quote_check",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["safety_check.id"], name=op.f("fk_quote_check_check_id_safety_check")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_check_quote_id_quote")),
        sa.PrimaryKeyConstraint("quote_id", "check_id", name=op.f("pk_quote_check")),
    )
    op.create_table(
        "quote_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answered_at", MOMENT),
        sa.Column("how_it_was", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_quote_meeting_answered_at_and_by")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_quote_meeting_answered_by_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_quote_meeting_asked_by_person")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_meeting_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_meeting")),
        sa.CheckConstraint("kind IN ('meet', 'try_out', 'ask_again')", name=op.f("ck_quote_meeting_meetingkind")),
    )
    op.create_index(op.f("ix_quote_meeting_quote_id"), "quote_meeting", ["quote_id"], unique=False)
    op.create_table(
        "quote_score",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(300), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 4", name=op.f("ck_quote_score_points_in_bounds")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["brief_criterion.id"], name=op.f("fk_quote_score_criterion_id_brief_criterion")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quote_score_person_id_person")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_score_quote_id_quote")),
        sa.PrimaryKeyConstraint("quote_id", "criterion_id", "person_id", name=op.f("pk_quote_score")),
    )


def downgrade() -> None:
    op.drop_table("quote_score")
    op.drop_table("quote_meeting")
    op.drop_table("quote_check")
    op.drop_table("quote_answer")
    op.drop_table("award")
    op.drop_table("agreed_score")
    op.drop_table("quote")
    op.drop_table("brief_scorer")
    op.drop_table("brief_question")
    op.drop_table("brief_need")
    op.drop_table("brief_criterion")
    op.drop_table("brief_call")
    op.drop_table("brief")
