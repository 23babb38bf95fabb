"""A pool's own room: getting ready, messages, proposals, the agreement, shared visits and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "interest",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("interest", sa.String(40), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=False),
        sa.Column("northing", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.CheckConstraint("metres BETWEEN 1000 AND 50000", name=op.f("ck_interest_metres_within_bounds")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "interest", name=op.f("pk_interest")),
    )
    op.create_index(op.f("ix_interest_interest_easting"), "interest", ["interest", "easting"], unique=False)
    op.create_table(
        "pool_agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("in_force_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("version > 0", name=op.f("ck_pool_agreement_version_positive")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_agreement_pool_id_pool")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_pool_agreement_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_agreement")),
        sa.UniqueConstraint("pool_id", "version", name=op.f("uq_pool_agreement_pool_id_version")),
    )
    op.create_table(
        "pool_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("whole_price", sa.BigInteger()),
        sa.Column("unit", sa.String(40)),
        sa.Column("people_from", sa.Integer()),
        sa.Column("most_people", sa.Integer()),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("whole_price >= 0", name=op.f("ck_pool_answer_whole_price_not_negative")),
        sa.CheckConstraint(
            "whole_price IS NULL OR (unit IS NOT NULL AND people_from IS NOT NULL)",
            name=op.f("ck_pool_answer_a_price_is_for_a_unit"),
        ),
        sa.CheckConstraint("most_people >= people_from", name=op.f("ck_pool_answer_room_for_the_least")),
        sa.CheckConstraint(
            "unit IN ('hour', 'session', 'day', 'night', 'week', 'mile', 'item', 'package')",
            name=op.f("ck_pool_answer_unit"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_pool_answer_answered_by_person")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_pool_answer_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pool_answer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_answer_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_answer")),
    )
    op.create_index(op.f("ix_pool_answer_offer_id"), "pool_answer", ["offer_id"], unique=False)
    op.create_index(
        "uq_pool_answer_live",
        "pool_answer",
        ["pool_id", "offer_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "pool_criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_criterion_pool_id_pool")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_pool_criterion_said_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_criterion")),
    )
    op.create_index(op.f("ix_pool_criterion_pool_id"), "pool_criterion", ["pool_id"], unique=False)
    op.create_table(
        "pool_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("contents", sa.LargeBinary()),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.CheckConstraint("size BETWEEN 1 AND 5000000", name=op.f("ck_pool_document_size_in_bounds")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_document_person_id_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_document_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_document")),
    )
    op.create_index(op.f("ix_pool_document_pool_id"), "pool_document", ["pool_id"], unique=False)
    op.create_table(
        "pool_measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("words", sa.String(200), server_default="", nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_measure_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_measure")),
        sa.CheckConstraint(
            "measure IN ('quality_of_life', 'self_care', 'gp_visits', 'emergency_visits', 'joined_up', 'own')",
            name=op.f("ck_pool_measure_measure"),
        ),
    )
    op.create_index(op.f("ix_pool_measure_pool_id"), "pool_measure", ["pool_id"], unique=False)
    op.create_table(
        "pool_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("held_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_message_person_id_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_message_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_message")),
    )
    op.create_index(op.f("ix_pool_message_person_id"), "pool_message", ["person_id"], unique=False)
    op.create_index(op.f("ix_pool_message_pool_id_said_at"), "pool_message", ["pool_id", "said_at"], unique=False)
    op.create_table(
        "pool_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("electorate", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("closes_at > asked_at", name=op.f("ck_pool_proposal_closes_after_it_is_asked")),
        sa.CheckConstraint("quorum >= 1", name=op.f("ck_pool_proposal_quorum_positive")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_pool_proposal_asked_by_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_proposal_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_proposal")),
        sa.CheckConstraint("way IN ('consent', 'ballot')", name=op.f("ck_pool_proposal_proposalway")),
    )
    op.create_index(op.f("ix_pool_proposal_pool_id_asked_at"), "pool_proposal", ["pool_id", "asked_at"], unique=False)
    op.create_table(
        "pool_step",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_step_pool_id_pool")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_pool_step_said_by_person")),
        sa.PrimaryKeyConstraint("pool_id", "step", name=op.f("pk_pool_step")),
        sa.CheckConstraint(
            "step IN ('find_people', 'purpose', 'what_matters', 'support', 'outcomes', 'who_does_what', 'money')",
            name=op.f("ck_pool_step_step"),
        ),
    )
    op.create_table(
        "pool_story",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("with_figures", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("held_at", MOMENT),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_story_pool_id_pool")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_pool_story_written_by_person")),
        sa.PrimaryKeyConstraint("pool_id", name=op.f("pk_pool_story")),
    )
    op.create_table(
        "pool_turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time()),
        sa.Column("what", sa.String(120), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_pool_turn_made_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_turn_person_id_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_turn_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_turn")),
    )
    op.create_index(op.f("ix_pool_turn_pool_id_held_on"), "pool_turn", ["pool_id", "held_on"], unique=False)
    op.create_table(
        "shared_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time()),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("cost", sa.BigInteger()),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("held_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint("(status = 'held') = (held_at IS NOT NULL)", name=op.f("ck_shared_visit_held_has_a_moment")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_shared_visit_cost_not_negative")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_shared_visit_minutes_in_bounds")),
        sa.ForeignKeyConstraint(["planned_by"], ["person.id"], name=op.f("fk_shared_visit_planned_by_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_shared_visit_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_visit")),
        sa.CheckConstraint(
            "status IN ('planned', 'held', 'cancelled')", name=op.f("ck_shared_visit_sharedvisitstatus")
        ),
    )
    op.create_index(op.f("ix_shared_visit_pool_id_held_on"), "shared_visit", ["pool_id", "held_on"], unique=False)
    op.create_table(
        "pool_acceptance",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["pool_agreement.id"], name=op.f("fk_pool_acceptance_agreement_id_pool_agreement")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_acceptance_person_id_person")),
        sa.PrimaryKeyConstraint("agreement_id", "person_id", name=op.f("pk_pool_acceptance")),
    )
    op.create_table(
        "pool_ballot_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["pool_proposal.id"], name=op.f("fk_pool_ballot_paper_proposal_id_pool_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_ballot_paper")),
        sa.UniqueConstraint("mark", name=op.f("uq_pool_ballot_paper_mark")),
    )
    op.create_index(op.f("ix_pool_ballot_paper_proposal_id"), "pool_ballot_paper", ["proposal_id"], unique=False)
    op.create_table(
        "pool_criterion_voice",
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["pool_criterion.id"], name=op.f("fk_pool_criterion_voice_criterion_id_pool_criterion")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_criterion_voice_person_id_person")),
        sa.PrimaryKeyConstraint("criterion_id", "person_id", name=op.f("pk_pool_criterion_voice")),
    )
    op.create_table(
        "pool_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.CheckConstraint("round >= 0", name=op.f("ck_pool_reading_round_not_negative")),
        sa.CheckConstraint("value BETWEEN 0 AND 1000", name=op.f("ck_pool_reading_value_in_bounds")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["pool_measure.id"], name=op.f("fk_pool_reading_measure_id_pool_measure")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_reading_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_reading")),
        sa.UniqueConstraint(
            "measure_id", "person_id", "round", name=op.f("uq_pool_reading_measure_id_person_id_round")
        ),
    )
    op.create_table(
        "pool_story_yes",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_story_yes_person_id_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool_story.pool_id"], name=op.f("fk_pool_story_yes_pool_id_pool_story")),
        sa.PrimaryKeyConstraint("pool_id", "person_id", name=op.f("pk_pool_story_yes")),
    )
    op.create_table(
        "pool_turnout",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_turnout_person_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["pool_proposal.id"], name=op.f("fk_pool_turnout_proposal_id_pool_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_pool_turnout")),
    )
    op.create_table(
        "pool_voice",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("voice", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_voice_person_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["pool_proposal.id"], name=op.f("fk_pool_voice_proposal_id_pool_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_pool_voice")),
        sa.CheckConstraint("voice IN ('consent', 'stand_aside', 'object')", name=op.f("ck_pool_voice_voice")),
    )
    op.create_table(
        "shared_visit_member",
        sa.Column("shared_visit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("away_said_at", MOMENT),
        sa.Column("presence", sa.String(40)),
        sa.Column("share", sa.BigInteger()),
        sa.Column("visit_id", sa.Uuid()),
        sa.CheckConstraint("share >= 0", name=op.f("ck_shared_visit_member_share_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shared_visit_member_person_id_person")),
        sa.ForeignKeyConstraint(
            ["shared_visit_id"], ["shared_visit.id"], name=op.f("fk_shared_visit_member_shared_visit_id_shared_visit")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_shared_visit_member_visit_id_visit")),
        sa.PrimaryKeyConstraint("shared_visit_id", "person_id", name=op.f("pk_shared_visit_member")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_shared_visit_member_visit_id")),
        sa.CheckConstraint(
            "presence IN ('present', 'away_told', 'away_untold')", name=op.f("ck_shared_visit_member_presence")
        ),
    )


def downgrade() -> None:
    for table in (
        "shared_visit_member",
        "pool_voice",
        "pool_turnout",
        "pool_story_yes",
        "pool_reading",
        "pool_criterion_voice",
        "pool_ballot_paper",
        "pool_acceptance",
        "shared_visit",
        "pool_turn",
        "pool_story",
        "pool_step",
        "pool_proposal",
        "pool_message",
        "pool_measure",
        "pool_document",
        "pool_criterion",
        "pool_answer",
        "pool_agreement",
        "interest",
    ):
        op.drop_table(table)
