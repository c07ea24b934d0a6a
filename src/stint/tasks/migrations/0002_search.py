"""Trigram search over task names: FTS5 on SQLite, a pg_trgm index on PostgreSQL.

On SQLite triggers follow changes and deletions; new tasks are added by `bulk.index_names`, since a trigger for each
of 100,000 new rows took 4 s where one statement for all takes 0.2 s.

A later migration that makes Django rebuild tasks_task on SQLite must create the triggers anew.
"""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE tasks_task_search
       USING fts5(name, content='tasks_task', content_rowid='id', tokenize='trigram')""",
    "INSERT INTO tasks_task_search(tasks_task_search) VALUES ('rebuild')",
    """CREATE TRIGGER tasks_task_search_delete AFTER DELETE ON tasks_task BEGIN
         INSERT INTO tasks_task_search(tasks_task_search, rowid, name) VALUES ('delete', old.id, old.name);
       END""",
    """CREATE TRIGGER tasks_task_search_update AFTER UPDATE OF name ON tasks_task WHEN old.name IS NOT new.name BEGIN
         INSERT INTO tasks_task_search(tasks_task_search, rowid, name) VALUES ('delete', old.id, old.name);
         INSERT INTO tasks_task_search(rowid, name) VALUES (new.id, new.name);
       END""",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX tasks_task_name_trigram ON tasks_task USING gin (name gin_trgm_ops)",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER tasks_task_search_delete",
        "DROP TRIGGER tasks_task_search_update",
        "DROP TABLE tasks_task_search",
    ],
    "postgresql": ["DROP INDEX tasks_task_name_trigram"],
}


def _create(apps, schema_editor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def _drop(apps, schema_editor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]
    operations = [migrations.RunPython(_create, _drop)]
