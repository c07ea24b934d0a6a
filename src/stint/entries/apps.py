from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "stint.entries"
    label = "entries"
