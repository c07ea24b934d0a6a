"""Marks of what changed, so that each minute's look at budgets reads no more than that.

A later migration that makes Django rebuild one of these tables on SQLite must create its triggers anew.
"""

from django.db import migrations, models

COUNTS = "new.task_id IS NOT NULL AND new.seconds > 0"
BUDGETED = "EXISTS (SELECT 1 FROM rates_budget b WHERE b.account_id = new.account_id)"
# Of each trigger: its table, the event, the condition, and the account and task that it marks.
TRIGGERS = {
    "rates_entry_made": (
        "entries_entry",
        "INSERT",
        f"{COUNTS} AND {BUDGETED}",
        "new.account_id, new.task_id",
    ),
    "rates_entry_changed": (
        "entries_entry",
        "UPDATE OF seconds, billable, task_id, user_id, day",
        f"{COUNTS} AND {BUDGETED}",
        "new.account_id, new.task_id",
    ),
    "rates_task_moved": ("tasks_task", "UPDATE OF path", BUDGETED, "new.account_id, new.id"),
    "rates_rate_made": ("rates_rate", "INSERT", BUDGETED, "new.account_id, NULL"),
    "rates_rate_changed": ("rates_rate", "UPDATE", BUDGETED, "new.account_id, NULL"),
    "rates_rate_gone": ("rates_rate", "DELETE", BUDGETED.replace("new.", "old."), "old.account_id, NULL"),
    "rates_budget_made": ("rates_budget", "INSERT", "true", "new.account_id, new.task_id"),
}


def _forwards(apps, schema_editor) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for name, (table, event, condition, marked) in TRIGGERS.items():
        mark = f"INSERT INTO rates_touched (account_id, task_id) VALUES ({marked});"  # noqa: S608  (all of it is ours)
        if sqlite:
            schema_editor.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {condition} BEGIN {mark} END"
            )
        else:
            schema_editor.execute(
                f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN IF {condition} THEN {mark} END IF; RETURN NULL; END $$"""
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
    schema_editor.execute(
        "INSERT INTO rates_touched (account_id, task_id) SELECT account_id, task_id FROM rates_budget"
    )


def _backwards(apps, schema_editor) -> None:
    for name, (table, *_rest) in TRIGGERS.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("rates", "0001_initial"),
        ("entries", "0004_reports_by_task"),
        ("tasks", "0004_color_billable_favourite"),
    ]
    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("task_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunPython(_forwards, _backwards),
    ]
