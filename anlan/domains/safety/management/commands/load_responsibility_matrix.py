"""Load a responsibility matrix as a unit's first ledger of duties."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anlan.domains.safety.duties import load_matrix_file
from anlan.engines.audit.api import SYSTEM
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Refusal


class Command(BaseCommand):
    """``load_responsibility_matrix UNIT FILE``."""

    help = "Load a responsibility matrix (YAML) for a unit and all below it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Unit code and file."""
        parser.add_argument("unit")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much came."""
        unit = OrgUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"没有代码为 {options['unit']} 的单位")
        try:
            number = load_matrix_file(SYSTEM, unit, options["file"])
        except (OSError, Refusal) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"已载入 {number} 项责任")
