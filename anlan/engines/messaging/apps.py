"""Django application of the messaging engine."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "anlan.engines.messaging"
    label = "messaging"
    verbose_name = "消息"
