"""Pages count what has changed, and the database itself marks those that are due.

Whatever asks for a scene's card to be drawn again changes what the page of its sequence shows, and
so do sequences, rule books, exports and placements of themselves. Triggers note it in the
transaction that changes them, so no code path can forget it and none asks the database once more.
A page that somebody is at work on keeps its `due_at`, which is their lease; `wanted` tells them.

A later migration that makes one of these tables anew has to make its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OF_SCENE = """
    workspace_id = NEW.workspace_id AND sequence_id = (
        SELECT sequence_id FROM scene
        WHERE workspace_id = NEW.workspace_id AND id = NEW.SCENE
    )
"""
OF_PRODUCTION = "workspace_id = NEW.workspace_id AND production_id = NEW.production_id"
MARKS: dict[str, tuple[str, str, str, str]] = {
    "page_by_new_card": ("INSERT", "card", "NEW.kind = 'scene'", "subject_id"),
    "page_by_card": ("UPDATE OF wanted", "card", "NEW.kind = 'scene'", "subject_id"),
    "page_by_export": ("INSERT", "export", "", "scene_id"),
    "page_by_scene": (
        "UPDATE OF sequence_id", "scene", "NEW.sequence_id <> OLD.sequence_id",
        "workspace_id = NEW.workspace_id AND sequence_id IN (OLD.sequence_id, NEW.sequence_id)",
    ),
    "page_by_sequence": (
        "UPDATE", "sequence", "", "workspace_id = NEW.workspace_id AND sequence_id = NEW.id",
    ),
    "page_by_rule_book": ("INSERT", "rule_book", "", OF_PRODUCTION),
    "page_by_production": (
        "UPDATE OF name, zone", "production", "",
        "workspace_id = NEW.workspace_id AND production_id = NEW.id",
    ),
    "page_by_placement": ("INSERT", "placement", "", OF_PRODUCTION),
    "page_by_ended_placement": ("UPDATE", "placement", "", OF_PRODUCTION),
}
"""By the trigger's name: the event, the table, the condition, and the pages, or the column that
holds the scene's id."""


def upgrade() -> None:
    with op.batch_alter_table("page") as page:
        page.add_column(sa.Column("wanted", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("page") as page:
        page.alter_column("wanted", server_default=None)
    connection = op.get_bind()
    make = sqlite if connection.dialect.name == "sqlite" else postgres
    for name, (event, table, when, which) in MARKS.items():
        pages = which if "=" in which else OF_SCENE.replace("SCENE", which)
        for statement in make(name, event, table, when, pages):
            connection.connection.cursor().execute(statement)


def sqlite(name: str, event: str, table: str, when: str, pages: str) -> list[str]:
    condition = f"WHEN {when}" if when else ""
    return [
        f"""
        CREATE TRIGGER {name} AFTER {event} ON {table} {condition} BEGIN
            UPDATE page SET wanted = wanted + 1,
                due_at = coalesce(due_at, '1970-01-01 00:00:00.000000') WHERE {pages};
        END
        """  # noqa: S608 - our own names
    ]


def postgres(name: str, event: str, table: str, when: str, pages: str) -> list[str]:
    condition = f"WHEN ({when})" if when else ""
    return [
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE page SET wanted = wanted + 1, due_at = coalesce(due_at, 'epoch') WHERE {pages};
            RETURN NULL;
        END $$
        """,  # noqa: S608 - our own names
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {condition} "
        f"EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
