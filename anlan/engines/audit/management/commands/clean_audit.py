"""``manage.py clean_audit 2026-01-01 archive.jsonl``: move entries before a day into a file; six months
are kept.
"""

from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anlan.engines.audit.retention import clean_up
from anlan.kernel import clock
from anlan.kernel.errors import Rejected


class Command(BaseCommand):
    """The archive holds each entry with its place in the chain, so that it can still be verified."""

    help = "Archive and delete audit entries older than the period"

    def add_arguments(self, parser: CommandParser) -> None:
        """The day and the file."""
        parser.add_argument("before", type=datetime.fromisoformat)
        parser.add_argument("archive", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse what is too young or an archive that is there already."""
        moment = datetime.combine(options["before"].date(), time.min, clock.zone())
        try:
            with options["archive"].open("x", encoding="utf-8") as archive:
                count = clean_up(moment, archive)
        except (Rejected, FileExistsError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{count} entries archived to {options['archive']}")
