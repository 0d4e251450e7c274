"""Load a data file of site requirements into the item bank of a unit, as a form in use."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anlan.engines.audit.api import SYSTEM
from anlan.engines.forms.site_requirements import load_site_requirements
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Refusal


class Command(BaseCommand):
    """``load_site_requirements UNIT FILE``: loading an edition again changes nothing."""

    help = "Load site requirements (YAML) for a unit and all below it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Unit code and file."""
        parser.add_argument("unit")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what is in use."""
        unit = OrgUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"没有代码为 {options['unit']} 的单位")
        try:
            version = load_site_requirements(SYSTEM, unit, options["file"])
        except (OSError, Refusal) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{version.definition}：{sum(1 for _ in version.form().questions())} 项")
