"""Django application of the exchange engine."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "anlan.engines.exchange"
    label = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        """Declare the jobs of imports, the item bank as target, and who may open the files."""
        import_module("anlan.engines.exchange.applying")
        import_module("anlan.engines.exchange.bank")
        import_module("anlan.engines.exchange.formats")
        import_module("anlan.engines.exchange.housekeeping")
        import_module("anlan.engines.exchange.reading_rights")
