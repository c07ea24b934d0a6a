from django.apps import AppConfig


class RatesConfig(AppConfig):
    name = "stint.rates"
    label = "rates"
