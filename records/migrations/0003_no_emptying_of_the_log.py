"""Two statements that remove rows without asking the triggers of 0002: TRUNCATE on PostgreSQL, REPLACE on SQLite. The log refuses both."""

from django.db import migrations

GUARDS = {
    "postgresql": (
        "CREATE TRIGGER records_auditevent_no_truncate BEFORE TRUNCATE ON records_auditevent"
        " FOR EACH STATEMENT EXECUTE FUNCTION records_written_once()"
    ),
    "sqlite": (
        "CREATE TRIGGER records_auditevent_no_replace BEFORE INSERT ON records_auditevent"
        " WHEN EXISTS (SELECT 1 FROM records_auditevent WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'written once'); END"
    ),
}
GONE = {
    "postgresql": "DROP TRIGGER records_auditevent_no_truncate ON records_auditevent",
    "sqlite": "DROP TRIGGER records_auditevent_no_replace",
}


def forwards(apps, schema_editor):
    if guard := GUARDS.get(schema_editor.connection.vendor):
        schema_editor.execute(guard)


def backwards(apps, schema_editor):
    if gone := GONE.get(schema_editor.connection.vendor):
        schema_editor.execute(gone)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_written_once")]
    operations = [migrations.RunPython(forwards, backwards, hints={"model_name": "auditevent"})]
