"""Django application of the files engine."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anlan.engines.files"
    label = "files"
    verbose_name = "文件"
