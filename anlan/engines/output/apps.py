"""Django application of the output engine."""

from importlib import import_module

from django.apps import AppConfig

from anlan.shell.frame import register_link


class OutputConfig(AppConfig):
    name = "anlan.engines.output"
    label = "output"
    verbose_name = "输出"

    def ready(self) -> None:
        """Declare the jobs, the checks, lists on paper, and who reads signed papers."""
        import_module("anlan.engines.output.exporting")
        import_module("anlan.engines.output.housekeeping")
        import_module("anlan.engines.output.certifying")
        import_module("anlan.engines.output.checking")
        import_module("anlan.engines.output.listed")
        import_module("anlan.engines.output.word_papers")
        register_link("exports", "我的导出", "/exports/")
        register_link("jobs", "后台作业", "/jobs/")
