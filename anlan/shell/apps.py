"""Django application of the shell."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "anlan.shell"
    label = "shell"
