from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "stint.integrations"
    label = "integrations"

    def ready(self) -> None:
        from django.utils.translation import gettext

        from stint.accounts.signals import user_joined
        from stint.integrations.coworkers import match_newcomer
        from stint.integrations.toggl.words import speak_with

        speak_with(gettext)
        user_joined.connect(match_newcomer)
