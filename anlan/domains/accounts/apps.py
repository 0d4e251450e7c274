"""Django application of the safety ledgers."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "anlan.domains.accounts"
    label = "accounts"
    verbose_name = "安全台账"
