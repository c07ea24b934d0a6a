"""A task's colour and whether its time is billable unless said otherwise; favourites.

The columns are added in plain SQL: Django would build SQLite's table anew, and lose the triggers of search.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ADD = [
    "ALTER TABLE tasks_task ADD COLUMN billable bool NOT NULL DEFAULT false",
    "ALTER TABLE tasks_task ADD COLUMN color varchar(7) NOT NULL DEFAULT ''",
]
DROP = [
    "ALTER TABLE tasks_task DROP COLUMN billable",
    "ALTER TABLE tasks_task DROP COLUMN color",
]


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0003_search_casefolded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, DROP)],
            state_operations=[
                migrations.AddField(
                    model_name="task",
                    name="billable",
                    field=models.BooleanField(db_default=False, default=False),
                ),
                migrations.AddField(
                    model_name="task",
                    name="color",
                    field=models.CharField(blank=True, db_default="", default="", max_length=7),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tasks.task"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "task"), name="tasks_favourite_once")
                ],
            },
        ),
    ]
