"""Triggers: entries and seals are never changed, and deleted only under a permit for what is older than it
says.

``audit_permit`` is a bare table without a model: nothing in the application lists it, ``retention`` alone
fills it.
"""

from django.db import migrations

TABLES = {
    "audit_auditentry": "OLD.at",
    "audit_auditseal": "COALESCE((SELECT at FROM audit_auditentry WHERE id = OLD.entry_id), '1970-01-01')",
}

SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'audit records cannot be changed'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
WHEN NOT EXISTS (SELECT 1 FROM audit_permit WHERE {until} > datetime({at}))
BEGIN SELECT RAISE(ABORT, 'audit records cannot be deleted'); END;
"""

POSTGRES = """
CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM audit_permit WHERE until > {at}) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit records cannot be changed or deleted';
END $$;
CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard();
"""


def guard(apps, schema_editor):
    """Create the permit table and the triggers of this database."""
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE audit_permit (until {'timestamptz' if vendor == 'postgresql' else 'text'})")
        for table, at in TABLES.items():
            if vendor == "postgresql":
                cursor.execute(POSTGRES.format(table=table, at=at))
                continue
            for statement in SQLITE.format(table=table, at=at, until="datetime(until)").split("END;"):
                if statement.strip():
                    cursor.execute(statement + "END;")


def unguard(apps, schema_editor):
    """Take everything away again."""
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            if postgres:
                cursor.execute(f"DROP TRIGGER {table}_guard ON {table}")
                cursor.execute(f"DROP FUNCTION {table}_guard()")
            else:
                cursor.execute(f"DROP TRIGGER {table}_no_update")
                cursor.execute(f"DROP TRIGGER {table}_no_delete")
        cursor.execute("DROP TABLE audit_permit")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]

    operations = [migrations.RunPython(guard, unguard)]
