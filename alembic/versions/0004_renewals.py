"""Renewed certificates and licences, handed in between two gates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "renewals",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('certificate', 'licence', 'safety')", name=op.f("ck_renewals_kind_known")),
        sa.CheckConstraint("state IN ('handed_in', 'accepted', 'refused')", name=op.f("ck_renewals_state_known")),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_renewals_application_id")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_renewals_attachment_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_renewals_decided_by")),
        sa.ForeignKeyConstraint(["handed_in_by"], ["accounts.id"], name=op.f("fk_renewals_handed_in_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewals")),
    )
    op.create_index(op.f("ix_renewals_application_id"), "renewals", ["application_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_renewals_application_id"), table_name="renewals")
    op.drop_table("renewals")
