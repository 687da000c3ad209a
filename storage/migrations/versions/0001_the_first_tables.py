"""The first tables."""

import sqlalchemy as sa
from alembic import op

import storage._types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The log is append-only, and it is the database that says so.
SEALS = {
    "sqlite": [
        "CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
        "CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE ON entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_entry_change()",
        "CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_entry_change()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "scene",
                "take",
                "client_take",
                "video",
                "line",
                name="cardkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("channel_id", sa.String(length=24), nullable=False),
        sa.Column("thread_card_id", sa.String(length=24), nullable=True),
        sa.Column("thread_ts", sa.String(length=24), nullable=True),
        sa.Column("message_ts", sa.String(length=24), nullable=True),
        sa.Column("file_id", sa.String(length=24), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("posting", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", storage._types.Utc(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "kind", "subject_id", "channel_id"),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("card_by_due", ["stale", "due_at"], unique=False)
        batch_op.create_index("card_by_file", ["workspace_id", "file_id"], unique=False)
        batch_op.create_index(
            "card_by_message", ["workspace_id", "channel_id", "message_ts"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", storage._types.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key"),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_at"), ["at"], unique=False)

    op.create_table(
        "digest_run",
        sa.Column("subscription_id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sending",
                "sent",
                "empty",
                "failed",
                "unknown",
                name="runstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("at", storage._types.Utc(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", "kind", "period"),
    )
    with op.batch_alter_table("digest_run", schema=None) as batch_op:
        batch_op.create_index("digest_run_by_state", ["state", "at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", storage._types.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_at"), ["at"], unique=False)

    op.create_table(
        "entry",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", storage._types.Utc(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=True),
        sa.Column("scene_id", sa.String(length=24), nullable=True),
        sa.Column("take_id", sa.String(length=24), nullable=True),
        sa.Column("actor", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "seq"),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("entry_by_day", ["workspace_id", "production_id", "at"], unique=False)
        batch_op.create_index("entry_by_scene", ["workspace_id", "scene_id", "seq"], unique=False)

    op.create_table(
        "log_head",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("user_id", sa.String(length=24), nullable=False),
        sa.Column("team_id", sa.String(length=24), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("read_at", storage._types.Utc(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "user_id"),
    )
    op.create_table(
        "production",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(length=24), nullable=False),
        sa.Column("client_channel_id", sa.String(length=24), nullable=True),
        sa.Column("client_team_id", sa.String(length=24), nullable=True),
        sa.Column("client_open", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(length=24), nullable=False),
        sa.Column("opened_at", storage._types.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "channel_id"),
        sa.UniqueConstraint("workspace_id", "client_channel_id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    op.create_table(
        "setup",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "sha256"),
    )
    with op.batch_alter_table("setup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setup_family"), ["family"], unique=False)

    op.create_table(
        "crew",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("user_id", sa.String(length=24), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "producer",
                "director",
                "editor",
                "client",
                "viewer",
                name="role",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "production_id", "user_id", "role"),
    )
    op.create_table(
        "sequence",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "production_id", "number"),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("channel_id", sa.String(length=24), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("paused_until", storage._types.Utc(timezone=True), nullable=True),
        sa.Column("started_at", storage._types.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "production_id", "channel_id"),
    )
    op.create_table(
        "scene",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("sequence_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("feeling", sa.Text(), nullable=False),
        sa.Column("must_carry", sa.Text(), nullable=False),
        sa.Column("must_not_show", sa.Text(), nullable=False),
        sa.Column("constraints", sa.Text(), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("source_link", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(length=24), nullable=False),
        sa.Column("thread_ts", sa.String(length=24), nullable=True),
        sa.Column("opened_by", sa.String(length=24), nullable=False),
        sa.Column("opened_at", storage._types.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "sequence_id"],
            ["sequence.workspace_id", "sequence.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "production_id", "number"),
    )
    with op.batch_alter_table("scene", schema=None) as batch_op:
        batch_op.create_index(
            "scene_by_thread", ["workspace_id", "channel_id", "thread_ts"], unique=False
        )

    op.create_table(
        "note",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("take_id", sa.String(length=24), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("by", sa.String(length=24), nullable=False),
        sa.Column("at", storage._types.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_scene_id"), ["scene_id"], unique=False)

    op.create_table(
        "reference",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "character",
                "location",
                "object",
                "brand",
                "style",
                name="referencekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "restricted",
                "retired",
                name="referencestatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_id", sa.String(length=24), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=24), nullable=False),
        sa.Column("proposed_at", storage._types.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reference_scene_id"), ["scene_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reference_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "shot",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("framing", sa.Text(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("ratio", sa.String(), nullable=False),
        sa.Column("takes_made", sa.Integer(), nullable=False),
        sa.Column("circle_take_id", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "scene_id", "number"),
    )
    op.create_table(
        "take",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("shot_id", sa.String(length=24), nullable=False),
        sa.Column("setup_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ordered",
                "placing",
                "rendering",
                "presenting",
                "waiting",
                "with_client",
                "approved",
                "superseded",
                "retake",
                "rejected",
                "failed",
                "ambiguous",
                name="takestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(length=24), nullable=False),
        sa.Column("ordered_at", storage._types.Utc(timezone=True), nullable=False),
        sa.Column("estimate_cents", sa.Integer(), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("probe", sa.JSON(), nullable=False),
        sa.Column("poster_sha256", sa.String(length=64), nullable=True),
        sa.Column("sheet_sha256", sa.String(length=64), nullable=True),
        sa.Column("proxy_sha256", sa.String(length=64), nullable=True),
        sa.Column("poster_file_id", sa.String(length=24), nullable=True),
        sa.Column("sheet_file_id", sa.String(length=24), nullable=True),
        sa.Column("ready_at", storage._types.Utc(timezone=True), nullable=True),
        sa.Column("decided_at", storage._types.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "setup_id"],
            ["setup.workspace_id", "setup.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "shot_id"],
            ["shot.workspace_id", "shot.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "shot_id", "number"),
    )
    with op.batch_alter_table("take", schema=None) as batch_op:
        batch_op.create_index("take_by_order", ["state", "ordered_at"], unique=False)
        batch_op.create_index(
            "take_by_ready", ["workspace_id", "production_id", "ready_at"], unique=False
        )
        batch_op.create_index(
            "take_by_state", ["workspace_id", "production_id", "state", "ready_at"], unique=False
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("take_id", sa.String(length=24), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("team", "client", name="stage", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "approve",
                "retake",
                "reject",
                "withdraw",
                name="verdict",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "off brief",
                "continuity",
                "artefacts",
                "motion",
                "likeness",
                "rights",
                "brand",
                "safety",
                "other",
                name="reason",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("by", sa.String(length=24), nullable=False),
        sa.Column("team_id", sa.String(length=24), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "producer",
                "director",
                "editor",
                "client",
                "viewer",
                name="role",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", storage._types.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "take_id"],
            ["take.workspace_id", "take.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            "decision_by_day", ["workspace_id", "production_id", "at"], unique=False
        )
        batch_op.create_index("decision_by_take", ["workspace_id", "take_id", "at"], unique=False)

    for statement in SEALS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The log is append-only: restore a backup instead.")
