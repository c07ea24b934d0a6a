from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "stint.live"
    label = "live"

    def ready(self) -> None:
        from stint import events
        from stint.live.delivery import deliver

        events.listen(deliver)
