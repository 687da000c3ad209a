"""One index of everything that people wrote, which the database itself keeps up to date.

Every scene, sequence, take, note, reference and decision has one row in `search_document`, made
from the view `search_source` by triggers on their tables, so that no code path can forget it. Its
number, `seq`, is the second that the record is of, and then a count: newest first is the order of
the key, and a span of dates is a range of it. Beside people's words stand marks, which say whose it
is, its kind, state, engine, family and person, so that one look into one index answers words and
filters together. When a take's state changes, only its mark is exchanged.

SQLite keeps the words in FTS5, PostgreSQL in a column with a GIN index. Both fold case and accents
and take English endings off, and leave no word out as too common: phrases are searched for whole.
PostgreSQL cannot read its index from the newest on. There each row also has marks of its week and
of eight weeks, so that a search can go back in steps.

A later migration that makes one of these tables anew has to take the view away before, and to make
it and the table's triggers again.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SOURCE = """
CREATE VIEW search_source AS
SELECT 'scene' AS kind, id AS subject_id, workspace_id, production_id, opened_at AS at,
    'SC' || NUMBER || ' ' || title || ' ' || purpose || ' ' || change || ' ' || feeling || ' '
    || must_carry || ' ' || must_not_show || ' ' || constraints || ' ' || brief || ' ' || overrides
    AS body, opened_by AS person, '' AS state, '' AS engine, '' AS family
FROM scene
UNION ALL
SELECT 'sequence', sequence.id, sequence.workspace_id, production_id, opened_at,
    'SQ' || NUMBER || ' ' || title || ' ' || story_job || ' ' || visual_rules || ' ' || feeling
    || ' ' || must_carry || ' ' || must_not_show || ' ' || constraints, '', '', '', ''
FROM sequence JOIN production ON production.id = production_id
UNION ALL
SELECT 'take', take.id, take.workspace_id, production_id, ordered_at, prompt || ' ' || family,
    ordered_by, STATE, take.engine, family
FROM take JOIN setup ON setup.id = setup_id
UNION ALL
SELECT 'note', note.id, note.workspace_id, production_id, at, text, by, '', '', ''
FROM note JOIN scene ON scene.id = scene_id WHERE trim(text) <> ''
UNION ALL
SELECT 'decision', id, workspace_id, production_id, at, coalesce(reason, '') || ' ' || note,
    by, '', '', ''
FROM decision WHERE trim(note) <> '' OR reason IS NOT NULL
UNION ALL
SELECT 'reference', id, workspace_id, production_id, proposed_at,
    'R' || number || ' ' || title || ' '
    || coalesce((SELECT GATHER(value, ' ') FROM EACH(fields)), '') || ' ' || coalesce(
        (SELECT GATHER(note, ' ') FROM reference_version WHERE reference_id = reference.id), ''
    ), proposed_by, status, '', ''
FROM reference
"""
FOLLOWED = {
    "scene": "title, purpose, change, feeling, must_carry, must_not_show, constraints, brief, "
    "overrides",
    "sequence": "title, story_job, visual_rules, feeling, must_carry, must_not_show, constraints",
    "note": "text",
    "decision": "note, reason",
    "reference": "title, fields, status",
    "take": "",
}
"""The columns whose change is one of the document."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        statements = [*SQLITE, *(each for table in FOLLOWED for each in sqlite_triggers(table))]
    else:
        statements = [*POSTGRES, *(each for table in FOLLOWED for each in postgres_triggers(table))]
    for statement in statements:
        # Past SQLAlchemy, which would take colons and per cents for somebody's parameters.
        connection.connection.cursor().execute(statement)


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")


def state_of(row: str) -> str:
    return (
        f"CASE WHEN {row}state IN ('ordered', 'placing', 'rendering', 'presenting') "
        f"THEN 'under_way' ELSE {row}state END"
    )


def source(number: str, gather: str, each: str) -> str:
    view = SOURCE.replace("NUMBER", number).replace("GATHER", gather).replace("EACH", each)
    return view.replace("STATE", state_of("take."))


# SQLite

# A mark ends in a digit, so that no ending is taken off it.
SQLITE_MARKS = """
    'p' || hex(lower(production_id)) || '0 k' || hex(kind) || '0'
    || CASE WHEN person <> '' THEN ' u' || hex(lower(person)) || '0' ELSE '' END
    || CASE WHEN state <> '' THEN ' s' || hex(state) || '0' ELSE '' END
    || CASE WHEN engine <> '' THEN ' e' || hex(lower(substr(engine, 1, 200))) || '0' ELSE '' END
    || CASE WHEN family <> '' THEN ' f' || hex(lower(substr(family, 1, 200))) || '0' ELSE '' END
"""
SECOND = "(CAST(strftime('%s', at) AS INTEGER) << 20)"
SQLITE_KEEP = f"""
INSERT INTO search_document (seq, workspace_id, production_id, kind, subject_id, body, marks)
SELECT coalesce(
        (SELECT max(seq) + 1 FROM search_document
        WHERE seq >= {SECOND} AND seq < {SECOND} + 1048576), {SECOND}
    ), workspace_id, production_id, kind, subject_id, body, {SQLITE_MARKS}
FROM search_source WHERE kind = 'KIND' AND subject_id = SUBJECT
ON CONFLICT (subject_id, kind) DO UPDATE SET body = excluded.body, marks = excluded.marks;
"""  # noqa: S608 - our own names
SQLITE_PAST = f"""
INSERT INTO search_document (seq, workspace_id, production_id, kind, subject_id, body, marks)
SELECT {SECOND} + row_number() OVER (PARTITION BY {SECOND}) - 1,
    workspace_id, production_id, kind, subject_id, body, {SQLITE_MARKS}
FROM search_source ORDER BY 1
"""  # noqa: S608 - as above
SQLITE_DROP = """
DELETE FROM search_document WHERE subject_id = SUBJECT AND kind = 'KIND'
AND NOT EXISTS (SELECT 1 FROM search_source WHERE kind = 'KIND' AND subject_id = SUBJECT);
"""
INDEXED = "INSERT INTO search_index (rowid, body, marks) VALUES (NEW.seq, NEW.body, NEW.marks);"
FORGOT = """
INSERT INTO search_index (search_index, rowid, body, marks)
VALUES ('delete', OLD.seq, OLD.body, OLD.marks);
"""
OLD_MARK, NEW_MARK = (f"' s' || hex({state_of(row)}) || '0'" for row in ("OLD.", "NEW."))
SQLITE_STATE = f"""
CREATE TRIGGER search_take_changed AFTER UPDATE OF state ON take WHEN {OLD_MARK} <> {NEW_MARK}
BEGIN
    UPDATE search_document SET marks = replace(marks, {OLD_MARK}, {NEW_MARK})
    WHERE subject_id = NEW.id AND kind = 'take';
END
"""  # noqa: S608 - as above
SQLITE = (
    """
    CREATE TABLE search_document (
        seq INTEGER NOT NULL PRIMARY KEY,
        workspace_id VARCHAR(24) NOT NULL,
        production_id VARCHAR(24) NOT NULL,
        kind VARCHAR(12) NOT NULL,
        subject_id VARCHAR(24) NOT NULL,
        body TEXT NOT NULL,
        marks TEXT NOT NULL,
        UNIQUE (subject_id, kind)
    )
    """,
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        body, marks, content = 'search_document', content_rowid = 'seq',
        tokenize = 'porter unicode61 remove_diacritics 2'
    )
    """,
    f"CREATE TRIGGER search_document_made AFTER INSERT ON search_document BEGIN {INDEXED} END",
    f"CREATE TRIGGER search_document_gone AFTER DELETE ON search_document BEGIN {FORGOT} END",
    f"""
    CREATE TRIGGER search_document_changed AFTER UPDATE OF body, marks ON search_document
    BEGIN {FORGOT} {INDEXED} END
    """,
    source("printf('%03d', number)", "group_concat", "json_each"),
    SQLITE_PAST,
    SQLITE_STATE,
)


def sqlite_triggers(table: str) -> list[str]:
    this = (SQLITE_KEEP + SQLITE_DROP).replace("KIND", table)
    kept = this.replace("SUBJECT", "NEW.id")
    made = f"CREATE TRIGGER search_{table}_made AFTER INSERT ON {table} BEGIN {kept} END"
    gone = SQLITE_DROP.replace("KIND", table).replace("SUBJECT", "OLD.id")
    gone = f"CREATE TRIGGER search_{table}_gone AFTER DELETE ON {table} BEGIN {gone} END"
    changed = [
        f"CREATE TRIGGER search_{table}_changed AFTER UPDATE OF {columns} ON {table} "
        f"BEGIN {kept} END"
        for columns in (FOLLOWED[table],)
        if columns
    ]
    versions = [
        f"CREATE TRIGGER search_version_{name} AFTER {when} ON reference_version "
        f"BEGIN {this.replace('SUBJECT', 'NEW.reference_id')} END"
        for name, when in (("made", "INSERT"), ("changed", "UPDATE OF note"))
        if table == "reference"
    ]
    return [made, gone, *changed, *versions]


# PostgreSQL

POSTGRES_PAST = """
INSERT INTO search_document
SELECT seq, workspace_id, production_id, kind, subject_id, search_words(made.one, seq)
FROM (
    SELECT *, search_seq(at) AS seq
    FROM (SELECT one, one.* FROM search_source AS one ORDER BY at) AS every
) AS made
"""
# No list of what is pending: every search would read it, and one write in many would clear it.
POSTGRES_INDEX = """
CREATE INDEX search_document_by_words ON search_document USING gin (words)
WITH (fastupdate = off)
"""
POSTGRES = (
    "CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION search_words (COPY = simple)",
    """
    ALTER TEXT SEARCH CONFIGURATION search_words
    ALTER MAPPING FOR asciiword, word, numword WITH search_stem
    """,
    "CREATE SEQUENCE search_turn",
    """
    CREATE TABLE search_document (
        seq BIGINT NOT NULL,
        workspace_id VARCHAR(24) NOT NULL,
        production_id VARCHAR(24) NOT NULL,
        kind VARCHAR(12) NOT NULL,
        subject_id VARCHAR(24) NOT NULL,
        words TSVECTOR NOT NULL,
        PRIMARY KEY (subject_id, kind)
    )
    """,
    source(
        "lpad(number::text, greatest(3, length(number::text)), '0')",
        "string_agg",
        "json_each_text",
    ),
    # Only letters without accents, digits and blanks are left, so that nothing parses as a path.
    """
    CREATE FUNCTION search_plain(body text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT regexp_replace(
            regexp_replace(normalize(body, NFKD), '[\\u0300-\\u036f]+', '', 'g'),
            '[^[:alnum:]]+', ' ', 'g')
    $$
    """,
    """
    CREATE FUNCTION search_mark(letter text, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT '~' || letter
        || encode(convert_to(lower(left(value, 200) COLLATE "C"), 'UTF8'), 'hex') || '0'
    $$
    """,
    """
    CREATE FUNCTION search_words(one search_source, seq bigint) RETURNS tsvector
    LANGUAGE sql STABLE AS $$
        SELECT to_tsvector('search_words', search_plain(left(one.body, 100000)))
        || array_to_tsvector(ARRAY[
            search_mark('p', one.production_id),
            search_mark('k', one.kind),
            search_mark('u', one.person),
            search_mark('s', one.state),
            search_mark('e', one.engine),
            search_mark('f', one.family),
            search_mark('w', one.production_id || '/' || (seq >> 20) / 604800),
            search_mark('v', one.production_id || '/' || (seq >> 20) / 4838400)
        ])
    $$
    """,
    """
    CREATE FUNCTION search_seq(at timestamptz) RETURNS bigint LANGUAGE sql VOLATILE AS $$
        SELECT (floor(extract(epoch FROM at))::bigint << 20)
        + (nextval('search_turn') & ((1 << 20) - 1))
    $$
    """,
    POSTGRES_PAST,
    """
    CREATE INDEX search_document_by_seq ON search_document (workspace_id, production_id, seq)
    """,
    POSTGRES_INDEX,
    """
    CREATE FUNCTION search_keep(of_kind text, subject text) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE found search_source; fresh bigint;
    BEGIN
        SELECT * INTO found FROM search_source WHERE kind = of_kind AND subject_id = subject;
        IF found.kind IS NULL THEN
            DELETE FROM search_document WHERE subject_id = subject AND kind = of_kind;
            RETURN;
        END IF;
        fresh := search_seq(found.at);
        INSERT INTO search_document VALUES (fresh, found.workspace_id, found.production_id,
            of_kind, subject, search_words(found, fresh))
        ON CONFLICT (subject_id, kind) DO UPDATE SET seq = excluded.seq, words = excluded.words;
    END $$
    """,
    """
    CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM search_keep(TG_ARGV[0], CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION search_follow_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM search_keep('reference', NEW.reference_id);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION search_follow_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE search_document SET words = ts_delete(words, search_mark('s', TG_OLD))
            || array_to_tsvector(ARRAY[search_mark('s', TG_NEW)])
        WHERE subject_id = NEW.id AND kind = 'take';
        RETURN NULL;
    END $$
    """.replace("TG_OLD", state_of("OLD.")).replace("TG_NEW", state_of("NEW.")),
    f"""
    CREATE TRIGGER search_take_changed AFTER UPDATE OF state ON take FOR EACH ROW
    WHEN ({state_of("OLD.")} <> {state_of("NEW.")}) EXECUTE FUNCTION search_follow_state()
    """,
    """
    CREATE TRIGGER search_version AFTER INSERT OR UPDATE OF note ON reference_version
    FOR EACH ROW EXECUTE FUNCTION search_follow_version()
    """,
)


def postgres_triggers(table: str) -> list[str]:
    columns = f" OR UPDATE OF {FOLLOWED[table]}" if FOLLOWED[table] else ""
    follow = f"FOR EACH ROW EXECUTE FUNCTION search_follow('{table}')"
    return [f"CREATE TRIGGER search_{table} AFTER INSERT OR DELETE{columns} ON {table} {follow}"]
