from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "stint.transfer"
    label = "transfer"
