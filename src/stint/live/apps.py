from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "stint.live"
    label = "live"
