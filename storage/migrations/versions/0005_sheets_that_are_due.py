"""Note which comparison sheets are to be made, so that no crash loses one."""

import sqlalchemy as sa
from alembic import op

from storage._types import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bake_off", sa.Column("sheet_due_at", Utc(), nullable=True))
    op.create_index("ix_bake_off_sheet_due_at", "bake_off", ["sheet_due_at"])
    # Bake-offs that came before there were sheets get theirs.
    op.execute("UPDATE bake_off SET sheet_due_at = ordered_at WHERE sheet_sha256 IS NULL")


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
