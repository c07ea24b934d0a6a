from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "stint.tasks"
    label = "tasks"
