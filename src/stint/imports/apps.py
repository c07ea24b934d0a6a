from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "stint.imports"
    label = "imports"
