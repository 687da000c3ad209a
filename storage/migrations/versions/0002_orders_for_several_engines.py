"""Orders for several engines: what they cost, how they failed, and when an engine was away."""

import sqlalchemy as sa
from alembic import op

import storage._types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TAKE = (
    sa.Column("bake_off_id", sa.String(length=24), nullable=True),
    sa.Column("cost_told", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("spent_at", storage._types.Utc(), nullable=True),
    sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("placed_at", storage._types.Utc(), nullable=True),
    sa.Column("answer", sa.Text(), nullable=False, server_default=""),
    sa.Column("fail_kind", sa.String(length=24), nullable=False, server_default=""),
    sa.Column("still", sa.Boolean(), nullable=False, server_default=sa.false()),
)
PRODUCTION = (
    sa.Column("budget_soft_cents", sa.Integer(), nullable=True),
    sa.Column("budget_hard_cents", sa.Integer(), nullable=True),
)


def upgrade() -> None:
    for column in TAKE:
        op.add_column("take", column)
    op.create_index("ix_take_bake_off_id", "take", ["bake_off_id"])
    op.create_index("take_by_placing", "take", ["engine", "placed_at"])
    op.create_index("take_by_bytes", "take", ["workspace_id", "production_id", "sha256"])
    # What was kept before costs had a moment of their own was spent when it was ready.
    op.execute("UPDATE take SET spent_at = ready_at WHERE sha256 IS NOT NULL")
    op.execute("UPDATE take SET placed_at = ordered_at WHERE handle <> ''")
    for column in PRODUCTION:
        op.add_column("production", column)
    op.create_table(
        "bake_off",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("ordered_by", sa.String(length=24), nullable=False),
        sa.Column("ordered_at", storage._types.Utc(), nullable=False),
        sa.Column("sheet_sha256", sa.String(length=64), nullable=True),
        sa.Column("sheet_file_id", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"], ["scene.workspace_id", "scene.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    op.create_index("ix_bake_off_scene_id", "bake_off", ["scene_id"])
    op.create_table(
        "outage",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("began_at", storage._types.Utc(), nullable=False),
        sa.Column("ended_at", storage._types.Utc(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"], ["production.workspace_id", "production.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    op.create_index(
        "outage_is_open_once",
        "outage",
        ["workspace_id", "production_id", "engine"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
