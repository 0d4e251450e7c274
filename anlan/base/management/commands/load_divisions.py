"""``manage.py load_divisions [file]``: administrative divisions from the seeds or from a newer CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from anlan.base.divisions import SOURCE, VERSION, load_divisions, national_rows
from anlan.base.seed_files import rows_of


class Command(BaseCommand):
    """Loads divisions; run again with a newer file when codes change."""

    help = "装入行政区划代码"

    def add_arguments(self, parser: CommandParser) -> None:
        """File with the columns code, name, parent, kind; its source and version."""
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--source", default=SOURCE)
        parser.add_argument("--data-version", default=VERSION)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many."""
        rows = list(rows_of(options["file"])) if options["file"] else national_rows()
        count = load_divisions(rows, options["source"], options["data_version"])
        self.stdout.write(f"已装入 {count} 条行政区划（{options['source']}，{options['data_version']}）")
