"""The index of passages: a full-text table on SQLite, a column of lexemes on PostgreSQL."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE library_index USING fts5(tokens, detail='none', columnsize=0, tokenize='ascii')",
    "CREATE TRIGGER library_index_gone AFTER DELETE ON library_passage "
    "BEGIN DELETE FROM library_index WHERE rowid = OLD.id; END",
)
POSTGRES = (
    "ALTER TABLE library_passage ADD COLUMN tokens tsvector",
    "CREATE INDEX library_passage_tokens ON library_passage USING gin (tokens)",
)
UNDO = {
    "sqlite": ("DROP TRIGGER library_index_gone", "DROP TABLE library_index"),
    "postgresql": ("ALTER TABLE library_passage DROP COLUMN tokens",),
}


def make(apps, schema_editor):
    """Create the index of this database."""
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRES})


def unmake(apps, schema_editor):
    """Take it away again."""
    _run(schema_editor, UNDO)


def _run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements[schema_editor.connection.vendor]:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
