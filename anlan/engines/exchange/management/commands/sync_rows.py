"""``manage.py sync_rows <ledger> <file.json> --as <account>``: take over the rows another system has left."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.synchronising import synchronise
from anlan.engines.identity.api import User
from anlan.kernel.errors import Refusal


class Command(BaseCommand):
    """Brings a list of objects (field name to text) into a ledger, under the rights of an account."""

    help = "从外部系统的 JSON 文件同步台账（按自然键匹配，可重复运行）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ledger, file, account."""
        parser.add_argument("ledger", help="台账代码，例如 canteen.canteens")
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="account", required=True, help="以哪个账号的权限写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and say what came of every row."""
        user = User.objects.usable().select_related("unit").filter(username=options["account"]).first()
        if user is None or user.unit is None:
            raise CommandError("没有这个账号，或它不属于任何单位")
        rows = json.loads(options["file"].read_text(encoding="utf-8"))
        try:
            found = synchronise(Actor.person(user, "import"), user.unit, options["ledger"], rows)
        except Refusal as refusal:
            raise CommandError(refusal.message or "没有这个台账") from refusal
        for number, problems in found.rejected:
            said = "；".join(f"{name} {text}".strip() for name, text in problems.items())
            self.stderr.write(f"第 {number} 条没有存上：{said}")
        self.stdout.write(f"新增 {found.add} 条，更新 {found.amend} 条，未变 {found.same} 条")
