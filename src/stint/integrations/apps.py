from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "stint.integrations"
    label = "integrations"
