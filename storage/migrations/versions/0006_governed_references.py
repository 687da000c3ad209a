"""References as assets of their production; releases, holds, rule books, exports and pages."""

import json

import sqlalchemy as sa
from alembic import op

import storage._types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = ("story_job", "visual_rules", "feeling", "must_carry", "must_not_show", "constraints")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("sequence", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("sequence", sa.Column("inherits_id", sa.String(length=24), nullable=True))
    op.add_column("sequence", sa.Column("salt", sa.String(), nullable=False, server_default=""))
    op.add_column("scene", sa.Column("overrides", sa.Text(), nullable=False, server_default=""))
    op.add_column("shot", sa.Column("continues_id", sa.String(length=24), nullable=True))
    op.drop_index("ix_reference_workspace_id", table_name="reference")
    op.drop_index("ix_reference_scene_id", table_name="reference")
    op.rename_table("reference", "scene_reference")
    make_tables()
    move_references()
    op.drop_table("scene_reference")
    note_uses()


def move_references() -> None:
    """A scene's reference becomes one of its production, with one version of one file."""
    op.execute(
        "INSERT INTO reference (id, workspace_id, production_id, number, kind, title, fields, "
        "version, needs_release, status, status_turn, status_by, status_reason, status_salt, "
        "proposed_by, proposed_at) "
        "SELECT old.id, old.workspace_id, scene.production_id, "
        "row_number() OVER (PARTITION BY scene.production_id ORDER BY old.id), "
        "old.kind, old.title, '{}', 1, false, old.status, 0, '', '', '', "
        "old.proposed_by, old.proposed_at "
        "FROM scene_reference old JOIN scene "
        "ON scene.workspace_id = old.workspace_id AND scene.id = old.scene_id"
    )
    op.execute(
        "INSERT INTO reference_version "
        "(id, workspace_id, reference_id, number, note, made_by, made_at) "
        "SELECT id, workspace_id, id, 1, '', proposed_by, proposed_at FROM scene_reference"
    )
    op.execute(
        "INSERT INTO reference_file (id, workspace_id, production_id, version_id, position, name, "
        "file_id, form, sha256, size, width, height, likeness, problem) "
        "SELECT old.id, old.workspace_id, reference.production_id, old.id, 1, old.title, "
        "old.file_id, CASE WHEN old.sha256 IS NULL THEN NULL ELSE 'picture' END, old.sha256, "
        "0, 0, 0, '', old.problem FROM scene_reference old JOIN reference "
        "ON reference.workspace_id = old.workspace_id AND reference.id = old.id"
    )
    op.execute(
        "INSERT INTO casting (workspace_id, scene_id, reference_id) "
        "SELECT workspace_id, scene_id, id FROM scene_reference"
    )


def note_uses() -> None:
    """Write down which take used what, from the setups; a take worked from brings its own along."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT take.workspace_id, take.id, take.setup_id, setup.body FROM take JOIN setup "
            "ON setup.workspace_id = take.workspace_id AND setup.id = take.setup_id "
            "WHERE setup.body LIKE '%\"references\":[{%' ORDER BY take.id"
        )
    ).all()
    uses: dict[tuple[str, str], dict[tuple[str, int, str], str | None]] = {}
    for workspace_id, take_id, setup_id, body in rows:
        found = uses.setdefault((workspace_id, take_id), {})
        inherited: dict[tuple[str, int, str], str | None] = {}
        for each in json.loads(body)["references"]:
            if "take" in each:
                for use in uses.get((workspace_id, each["take"]), ()):
                    inherited.setdefault(use, each["take"])
            else:
                found[each["id"], each.get("version", 1), each["sha256"]] = None
        found |= {use: via for use, via in inherited.items() if use not in found}
        for (reference_id, version, sha256), via in found.items():
            connection.execute(
                USE,
                {
                    "workspace_id": workspace_id,
                    "take_id": take_id,
                    "reference_id": reference_id,
                    "version": version,
                    "sha256": sha256,
                    "setup_id": setup_id,
                    "via_take_id": via,
                },
            )


USE = sa.text(
    "INSERT INTO reference_use "
    "(workspace_id, take_id, reference_id, version, sha256, setup_id, via_take_id) VALUES "
    "(:workspace_id, :take_id, :reference_id, :version, :sha256, :setup_id, :via_take_id)"
)


def make_tables() -> None:
    op.create_table(
        "reference",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
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
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("needs_release", sa.Boolean(), nullable=False),
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
        sa.Column("status_turn", sa.Integer(), nullable=False),
        sa.Column("status_by", sa.String(length=24), nullable=False),
        sa.Column("status_at", storage._types.Utc(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("status_salt", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(length=24), nullable=False),
        sa.Column("proposed_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "production_id", "number"),
    )
    op.create_table(
        "reference_version",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("reference_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=24), nullable=False),
        sa.Column("made_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reference_id"],
            ["reference.workspace_id", "reference.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "reference_id", "number"),
    )
    op.create_table(
        "reference_file",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("version_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_id", sa.String(length=24), nullable=True),
        sa.Column(
            "form",
            sa.Enum("picture", "clip", "document", name="fileform", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.String(length=16), nullable=False),
        sa.Column("shown_sha256", sa.String(length=64), nullable=True),
        sa.Column("shown_file_id", sa.String(length=24), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "version_id"],
            ["reference_version.workspace_id", "reference_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "version_id", "position"),
    )
    op.create_index(
        "reference_file_by_bytes",
        "reference_file",
        ["workspace_id", "production_id", "sha256"],
        unique=False,
    )
    op.create_table(
        "casting",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("reference_id", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reference_id"],
            ["reference.workspace_id", "reference.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "scene_id", "reference_id"),
    )
    op.create_index(
        "casting_by_reference", "casting", ["workspace_id", "reference_id"], unique=False
    )
    op.create_table(
        "reference_use",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("take_id", sa.String(length=24), nullable=False),
        sa.Column("reference_id", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("setup_id", sa.String(length=24), nullable=False),
        sa.Column("via_take_id", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "take_id"],
            ["take.workspace_id", "take.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "take_id", "reference_id", "version", "sha256"),
    )
    op.create_index(
        "reference_use_by_reference",
        "reference_use",
        ["workspace_id", "reference_id", "version", "take_id", "setup_id"],
        unique=False,
    )
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("release", "licence", name="releasekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document_name", sa.Text(), nullable=False),
        sa.Column("document_file_id", sa.String(length=24), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("document_problem", sa.Text(), nullable=False),
        sa.Column("revoked_at", storage._types.Utc(), nullable=True),
        sa.Column("revoked_by", sa.String(length=24), nullable=False),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(length=24), nullable=False),
        sa.Column("recorded_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "production_id", "number"),
    )
    op.create_index("release_by_end", "release", ["ends_on"], unique=False)
    op.create_table(
        "release_cover",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("release_id", sa.String(length=24), nullable=False),
        sa.Column("reference_id", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reference_id"],
            ["reference.workspace_id", "reference.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"],
            ["release.workspace_id", "release.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "release_id", "reference_id"),
    )
    op.create_index(
        "release_cover_by_reference",
        "release_cover",
        ["workspace_id", "reference_id"],
        unique=False,
    )
    op.create_table(
        "rights_notice",
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("release_id", sa.String(length=24), nullable=False),
        sa.Column("notice", sa.String(length=8), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("at", storage._types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "release_id", "notice", "ends_on"),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("take_id", sa.String(length=24), nullable=False),
        sa.Column("reference_id", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("opened_at", storage._types.Utc(), nullable=False),
        sa.Column(
            "ruling",
            sa.Enum("stands", "pulled", name="ruling", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("ruled_by", sa.String(length=24), nullable=False),
        sa.Column("ruled_at", storage._types.Utc(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reference_id"],
            ["reference.workspace_id", "reference.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "take_id"],
            ["take.workspace_id", "take.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "take_id", "reference_id", "cause"),
    )
    op.create_index(
        "hold_by_ruling",
        "hold",
        ["workspace_id", "production_id", "ruling", "opened_at"],
        unique=False,
    )
    op.create_table(
        "rule_book",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=24), nullable=False),
        sa.Column("made_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "production_id", "number"),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("waived_by", sa.String(length=24), nullable=False),
        sa.Column("waived_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "scene_id", "key"),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("take_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("preset", sa.String(length=40), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("exported_by", sa.String(length=24), nullable=False),
        sa.Column("exported_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "production_id"],
            ["production.workspace_id", "production.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scene_id"],
            ["scene.workspace_id", "scene.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "take_id"],
            ["take.workspace_id", "take.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "take_id", "preset"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("export_id", sa.String(length=24), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "pitch clip",
                "blog asset",
                "social cutdown",
                "landing-page hero",
                "deck insert",
                "temporary VFX plate",
                "final campaign asset",
                name="use",
                native_enum=False,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("placed_by", sa.String(length=24), nullable=False),
        sa.Column("placed_at", storage._types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "export_id"],
            ["export.workspace_id", "export.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
    )
    op.create_index("placement_by_export", "placement", ["workspace_id", "export_id"], unique=False)
    op.create_table(
        "page",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("workspace_id", sa.String(length=24), nullable=False),
        sa.Column("production_id", sa.String(length=24), nullable=False),
        sa.Column("sequence_id", sa.String(length=24), nullable=False),
        sa.Column("channel_id", sa.String(length=24), nullable=False),
        sa.Column("canvas_id", sa.String(length=24), nullable=True),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("message_ts", sa.String(length=24), nullable=True),
        sa.Column("due_at", storage._types.Utc(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "sequence_id"],
            ["sequence.workspace_id", "sequence.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "id"),
        sa.UniqueConstraint("workspace_id", "sequence_id"),
    )
    op.create_index("page_by_due", "page", ["due_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
