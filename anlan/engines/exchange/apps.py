"""Django application of the exchange engine."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "anlan.engines.exchange"
    label = "exchange"
    verbose_name = "数据交换"
