"""Count what a day cost by when it was due, without walking through every take."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "take_by_spending",
        "take",
        ["workspace_id", "production_id", "spent_at", "cost_told", "cost_cents"],
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
