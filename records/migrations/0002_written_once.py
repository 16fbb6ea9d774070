"""The database itself refuses to change rows that are written once, and to remove rows of the audit log."""

from django.db import migrations

TABLES = ("records_page", "records_evidence", "records_review", "records_statement", "records_auditevent")

POSTGRES = """
CREATE OR REPLACE FUNCTION records_written_once() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'written once: %', TG_TABLE_NAME; END $$;
"""


def refuse(schema_editor, table, event):
    name = f"{table}_no_{event.lower()}"
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION records_written_once()")
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'written once'); END")


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)  # the % in it is no placeholder
    for table in TABLES:
        refuse(schema_editor, table, "UPDATE")
    refuse(schema_editor, "records_auditevent", "DELETE")


def backwards(apps, schema_editor):
    on = {"postgresql": " ON {}", "sqlite": ""}[schema_editor.connection.vendor]
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_no_update{on.format(table)}")
    schema_editor.execute(f"DROP TRIGGER records_auditevent_no_delete{on.format('records_auditevent')}")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards, hints={"model_name": "auditevent"})]
