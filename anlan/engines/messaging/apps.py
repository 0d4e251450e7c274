"""Django application of the messaging engine."""

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "anlan.engines.messaging"
    label = "messaging"
    verbose_name = "消息"

    def ready(self) -> None:
        """Tell the frame about unread messages."""
        import_module("anlan.engines.messaging.framing")
