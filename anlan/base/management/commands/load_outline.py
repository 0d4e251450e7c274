"""``manage.py load_outline CODE FILE --source WORDS``: the map of a county from a GeoJSON file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anlan.base.outlines import keep_outline, read_outline
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Rejected


class Command(BaseCommand):
    """Loads or replaces a unit's map; areas need ``properties.name``, coordinates are degrees."""

    help = "装入一个单位的区域轮廓（GeoJSON）"

    def add_arguments(self, parser: CommandParser) -> None:
        """The unit's code, the file, and where it comes from (shown beside the map)."""
        parser.add_argument("code")
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many areas."""
        unit = OrgUnit.objects.filter(code=options["code"]).first()
        if unit is None:
            raise CommandError(f"没有代码为 {options['code']} 的单位")
        try:
            outline = keep_outline(unit, read_outline(options["file"]), options["source"])
        except (Rejected, OSError) as fault:
            raise CommandError(str(getattr(fault, "message", fault))) from None
        self.stdout.write(f"已装入{unit}的轮廓，{len(outline.shape['features'])} 个图形")
