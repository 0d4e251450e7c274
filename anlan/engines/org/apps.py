"""Django application of the org engine."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Units, grants and scope."""

    name = "anlan.engines.org"
    label = "org"
    verbose_name = "组织机构"
