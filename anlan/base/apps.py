"""Django application of the base records everybody refers to."""

from importlib import import_module

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "anlan.base"
    label = "base"
    verbose_name = "基础数据"

    def ready(self) -> None:
        """Import the declarations."""
        for name in (
            "school_pages",
            "finding",
            "people_pages",
            "personnel",
            "staff",
            "post_registers",
            "grid_pages",
            "catalogue_pages",
            "personal_pages",
            "code_pages",
            "commanding",
            "figure_alarms",
            "date_rules",
            "risk_figures",
            "demo.tree",
            "demo.schools",
            "demo.accounts",
            "demo.duties",
            "demo.framing",
            "demo.keeping",
        ):
            import_module(f"anlan.base.{name}")
