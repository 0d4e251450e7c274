"""Ledgers of quick reports, their kinds and handlers (S02)."""

from typing import Any

from anlan.domains.safety.asking import TurnForm
from anlan.domains.safety.quick import QuickHandler, QuickKind, QuickReport
from anlan.domains.safety.quick_flow import TURN, turn_into_hazard
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, computed, ledger

SCHOOL = "school_safety school_head"
STAFF = "staff guard canteen_manager dorm_keeper"
KEEPERS = f"{SCHOOL} bureau_safety team_admin"


def is_open(report: QuickReport) -> bool:
    """Not yet ended."""
    return report.open


@ledger
class Quick(Ledger):
    """Reports at the school; staff see their own."""

    code = "safety.quick"
    model = QuickReport
    title, noun, icon = "随手报", "随手报", "camera"
    area, group, order = "safety", "日常", 30
    columns = "summary number kind org place state urgency sender created_at"
    filters = "org kind state created_at"
    search = "text number place"
    form = "org kind text place urgency hidden"
    facts = "number kind place urgency text sender taken_at result opinion hazard joined created_at"
    files = {"photo": "照片"}
    example = {"text": "楼梯扶手松动", "place": "教学楼二层"}
    views = {"待受理": "state=received", "处理中": "state=handling", "待我处理": "mine=1"}
    roles = {
        "view": f"{SCHOOL} bureau_safety team_admin bureau_leader",
        "view.own": STAFF,
        "add": f"{SCHOOL} {STAFF}",
        "export": SCHOOL,
    }

    @act("转为隐患", TURN, form=TurnForm, icon="alert-triangle", when=is_open)
    def turn(self, actor: Actor, record: QuickReport, values: dict[str, Any]) -> str:
        """Make a hazard of it."""
        return turn_into_hazard(actor, record, reported_up=values["reported_up"]).get_absolute_url()

    @computed("情况")
    def summary(self, row: QuickReport) -> str:
        """The first words of the report."""
        return str(row)

    @computed("上报人", needs="created_by")
    def sender(self, row: QuickReport) -> str:
        """The reporter, or 匿名."""
        return row.reporter_shown

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """A kind taken out of use cannot be chosen."""
        kind = values.get("kind")
        return {"kind": "这个类别已停用"} if record is None and kind and kind.retired else {}


@ledger
class QuickKinds(Ledger):
    """Kinds of report, laid down by the bureau or the school."""

    code = "safety.quick_kinds"
    model = QuickKind
    title, noun, icon = "随手报类别", "类别", "settings"
    area, group, order = "safety", "设置", 920
    columns = "title category confidential retired org"
    filters = "org category confidential retired"
    search = "title"
    key = "org title"
    example = {"title": "设施设备"}
    roles = {"view": KEEPERS, "add": KEEPERS, "edit": KEEPERS, "import": KEEPERS, "export": KEEPERS}


@ledger
class QuickHandlers(Ledger):
    """Who handles which kind at a school."""

    code = "safety.quick_handlers"
    model = QuickHandler
    title, noun, icon = "随手报处理人", "处理人", "user"
    area, group, order = "safety", "设置", 930
    columns = "kind user org"
    filters = "org kind user"
    search = "kind__title user__name"
    key = "org kind user"
    roles = {"view": KEEPERS, "add": SCHOOL, "edit": SCHOOL, "archive": SCHOOL, "export": SCHOOL}
