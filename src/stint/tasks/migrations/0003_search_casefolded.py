"""Search looks at casefolded names, so that "STRASSE" finds "Straße" and "οδος" finds "ΟΔΟΣ" on both databases.

The triggers keep their part: they follow changes and deletions, `bulk.index_names` adds new tasks.
"""

from django.db import migrations


def _sqlite(column: str) -> list[str]:
    return [
        "DROP TRIGGER tasks_task_search_delete",
        "DROP TRIGGER tasks_task_search_update",
        "DROP TABLE tasks_task_search",
        f"""CREATE VIRTUAL TABLE tasks_task_search
            USING fts5({column}, content='tasks_task', content_rowid='id', tokenize='trigram')""",
        "INSERT INTO tasks_task_search(tasks_task_search) VALUES ('rebuild')",
        f"""CREATE TRIGGER tasks_task_search_delete AFTER DELETE ON tasks_task BEGIN
              INSERT INTO tasks_task_search(tasks_task_search, rowid, {column})
                   VALUES ('delete', old.id, old.{column});
            END""",  # noqa: S608  (the column is one of ours)
        f"""CREATE TRIGGER tasks_task_search_update AFTER UPDATE OF {column} ON tasks_task
            WHEN old.{column} IS NOT new.{column} BEGIN
              INSERT INTO tasks_task_search(tasks_task_search, rowid, {column})
                   VALUES ('delete', old.id, old.{column});
              INSERT INTO tasks_task_search(rowid, {column}) VALUES (new.id, new.{column});
            END""",  # noqa: S608  (the column is one of ours)
    ]


def _postgresql(column: str) -> list[str]:
    return [
        "DROP INDEX tasks_task_name_trigram",
        f"CREATE INDEX tasks_task_name_trigram ON tasks_task USING gin ({column} gin_trgm_ops)",
    ]


def _index(schema_editor, column: str) -> None:
    statements = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
    for statement in statements(column):
        schema_editor.execute(statement)


def _forwards(apps, schema_editor) -> None:
    _index(schema_editor, "sort_name")


def _backwards(apps, schema_editor) -> None:
    _index(schema_editor, "name")


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_search")]
    operations = [migrations.RunPython(_forwards, _backwards)]
