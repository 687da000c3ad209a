"""Replicas, and their leases."""

import sqlalchemy as sa
from alembic import op

import storage._types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replica",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("started_at", storage._types.Utc(timezone=True), nullable=False),
        sa.Column("until", storage._types.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("replica", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replica_until"), ["until"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("The log is append-only: restore a backup instead.")
