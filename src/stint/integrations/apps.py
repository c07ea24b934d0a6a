from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "stint.integrations"
    label = "integrations"

    def ready(self) -> None:
        from stint.accounts.signals import user_joined
        from stint.integrations.coworkers import match_newcomer

        user_joined.connect(match_newcomer)
