"""Models and migrations agree."""

from io import StringIO

import pytest
from django.apps import AppConfig, apps
from django.core.management import call_command

from tests.architecture.source import ROOT


def own() -> list[AppConfig]:
    """Applications of the house."""
    return [config for config in apps.get_app_configs() if config.name.startswith("anlan.")]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    labels = [config.label for config in own()]
    try:
        call_command("makemigrations", *labels, check=True, dry_run=True, stdout=out, stderr=out)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_each_application_has_first_migrations_only() -> None:
    for config in own():
        found = sorted(path.name for path in (ROOT / config.name.replace(".", "/")).glob("migrations/0*.py"))
        assert all(name.endswith("_initial.py") for name in found), config.name
