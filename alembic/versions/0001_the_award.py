"""The whole award: its tables, in `app/store/first_schema`, the guards of the database, and the rows it starts from.

A revision is named as its file. The bare numbers of the releases before 0.3, `0001` to `0006`, are none of these.
"""

import sqlalchemy as sa

from alembic import op
from app.store.first_schema import schema, statements, undone
from app.store.migrations import ChainWouldBeLost

revision = "0001_the_award"
down_revision = None
branch_labels = None
depends_on = None

FEEDS = ("disbursements", "recommendations")
# What the first entry of the audit chain is chained to.
GENESIS = "0" * 64


def upgrade() -> None:
    bind = op.get_bind()
    schema.create_all(bind, checkfirst=False)
    for statement in statements(bind.dialect.name):
        op.execute(statement)
    op.bulk_insert(
        sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash")),
        [{"id": 1, "seq": 0, "hash": GENESIS}],
    )
    op.bulk_insert(
        sa.table("feed_heads", sa.column("feed"), sa.column("position")),
        [{"feed": feed, "position": 0} for feed in FEEDS],
    )


def downgrade() -> None:
    bind = op.get_bind()
    # What was awarded, paid and entered is the county's record: nobody drops it by a command of the schema.
    if bind.execute(sa.text("SELECT seq FROM audit_head")).scalar_one() > 0:
        raise ChainWouldBeLost
    schema.drop_all(bind, checkfirst=False)
    for statement in undone(bind.dialect.name):
        op.execute(statement)
