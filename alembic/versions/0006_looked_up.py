"""Indexes of what is looked up by what it belongs to; with many rows each of these reads went through the whole
table."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LOOKED_UP = (
    ("recommendations", "application_id"),
    ("consultations", "round_id"),
    ("awards", "decree_id"),
    ("candidates", "organisation_id"),
    ("stage_reports", "application_id"),
    ("shortlist_entries", "application_id"),
    ("undertakings", "round_id"),
    ("appraisals", "round_id"),
    ("deadline_extensions", "application_id"),
    ("evaluations", "round_id"),
)


def upgrade() -> None:
    for table, column in _LOOKED_UP:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in reversed(_LOOKED_UP):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
