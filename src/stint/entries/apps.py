from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "stint.entries"
    label = "entries"

    def ready(self) -> None:
        from stint.accounts.signals import timezone_changed, user_disabled
        from stint.entries.editing import redate_of_moved
        from stint.entries.services import stop_of_disabled

        user_disabled.connect(stop_of_disabled)
        timezone_changed.connect(redate_of_moved)
