from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "stint.reports"
    label = "reports"
