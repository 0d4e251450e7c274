"""``manage.py load_demo``: the fictional county 澜江县, for trying Anlan out."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anlan.base.demo.accounts import SEATS, SHOWN_SCHOOLS, SIGN_IN_WITH
from anlan.base.demo.loading import load_demo
from anlan.base.demo.steps import DemoStep
from anlan.kernel.errors import Conflict


class Command(BaseCommand):
    """Loads the demo county into an empty database."""

    help = "装入演示数据：虚构的澜江县"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load with a progress bar, then print the accounts."""
        started = time.monotonic()
        try:
            world = load_demo(self._progress)
        except Conflict as refusal:
            raise CommandError(refusal.message) from refusal
        seconds = time.monotonic() - started
        self._bar(1, 1, "完成")
        self.stdout.write(f"\n演示数据已装入：{len(world.schools)} 所学校，用时 {seconds:.0f} 秒")
        self.stdout.write(f"所有演示账号的密码：{SIGN_IN_WITH}")
        for seat in SEATS[:18]:
            self.stdout.write(f"  {seat.username:<12}{world.units[seat.unit].name} {seat.duty}")
        for school, prefix in SHOWN_SCHOOLS.items():
            self.stdout.write(
                f"  {prefix}-head、{prefix}-safety、{prefix}-contact、{prefix}-teacher …  {school}"
            )

    def _progress(self, place: int, total: int, step: DemoStep) -> None:
        self._bar(place, total, step.title)

    def _bar(self, place: int, total: int, title: str) -> None:
        filled = 24 * place // total
        self.stdout.write(f"\r[{'█' * filled}{'·' * (24 - filled)}] {title:<12}", ending="")
        self.stdout.flush()
