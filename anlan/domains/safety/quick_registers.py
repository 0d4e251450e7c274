"""Ledgers of quick reports, their kinds and handlers (S02)."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html

from anlan.base.outlets import outlets
from anlan.domains.safety.asking import AdditionForm, HandForm, TurnForm
from anlan.domains.safety.quick import QuickHandler, QuickKind, QuickReport, QuickSetting
from anlan.domains.safety.quick_flow import HAND, TURN, handles
from anlan.domains.safety.quick_sending import add_to
from anlan.domains.safety.quick_turning import hand_on, turn_into_hazard
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel.errors import Conflict

SCHOOL = "school_safety school_head"
STAFF = "staff guard canteen_manager dorm_keeper"
KEEPERS = f"{SCHOOL} bureau_safety team_admin"
REPORTER = declare_permission("safety.quick.reporter", "随手报：查看隐藏的上报人", ("school_head",)).code
ADD_TO = declare_permission(
    "safety.quick.add_to", "随手报：补充本人的上报", (*SCHOOL.split(), *STAFF.split(), "pupil", "outsider")
).code


def is_open(report: QuickReport) -> bool:
    """Not yet ended."""
    return report.open


def can_be_handed_on(report: QuickReport) -> bool:
    """Open, and some module takes reports."""
    return report.open and len(outlets) > 0


@ledger
class Quick(Ledger):
    """Reports at the school; staff see their own."""

    code = "safety.quick"
    model = QuickReport
    title, noun, icon = "随手报", "随手报", "camera"
    area, group, order = "safety", "日常", 30
    columns = "summary number kind org place state urgency sender created_at"
    filters = "org kind kind__category state place kind__department created_at"
    search = "text number place"
    form = "org kind text place urgency hidden"
    facts = (
        "number kind place grid urgency text sender taken_at result opinion hazard onward joined created_at"
    )
    own_form = True
    files = {"photo": "照片", "voice": "语音"}
    example = {"text": "楼梯扶手松动", "place": "教学楼二层"}
    views = {"待受理": "state=received", "处理中": "state=handling", "我上报的": "mine=1"}
    roles = {
        "view": f"{SCHOOL} bureau_safety team_admin bureau_leader",
        "view.own": f"{STAFF} pupil outsider",
        "add": f"{SCHOOL} {STAFF}",
        "edit.own": f"{SCHOOL} {STAFF}",
        "export": SCHOOL,
    }

    @act("转为隐患", TURN, form=TurnForm, icon="alert-triangle", when=is_open)
    def turn(self, actor: Actor, record: QuickReport, values: dict[str, Any]) -> str:
        """Make a hazard of it."""
        return turn_into_hazard(actor, record, reported_up=values["reported_up"]).get_absolute_url()

    @act("转办", HAND, form=HandForm, icon="send", when=can_be_handed_on)
    def hand_on(self, actor: Actor, record: QuickReport, values: dict[str, Any]) -> str:
        """Hand it to another module."""
        return hand_on(actor, record, values["outlet"])

    @act("补充情况", ADD_TO, form=AdditionForm, icon="plus", when=is_open)
    def add_words(self, actor: Actor, record: QuickReport, values: dict[str, Any]) -> None:
        """The reporter says more."""
        add_to(actor, record, values["text"])

    @computed("情况")
    def summary(self, row: QuickReport) -> str:
        """The first words of the report."""
        return str(row)

    @computed("上报人", needs="created_by")
    def sender(self, row: QuickReport) -> str:
        """The reporter, or 匿名."""
        return row.reporter_shown

    @computed("转办")
    def onward(self, row: QuickReport) -> str:
        """Where it was handed on to."""
        return format_html('<a href="{}">{}</a>', row.handed_url, row.handed_to) if row.handed_url else ""

    def veiled(self, record: Any) -> int | None:
        """A hidden sender's name stands nowhere in the history."""
        return record.created_by_id if record.hidden else None

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """Words where no picture comes along; a report once taken is only added to."""
        if record is None:
            return {} if str(values.get("text") or "").strip() else {"text": "请拍一张照片，或写一句说明"}
        if record.state != "received":
            raise Conflict("已经受理，不能再改，可以补充情况")
        return {}

    @block("补充情况", "safety/additions.html")
    def additions(self, request: HttpRequest, record: QuickReport) -> dict[str, Any] | None:
        """What the reporter said later."""
        found = list(record.additions.order_by("pk"))
        return {"additions": found} if found else None

    @block("并入本条的上报", "safety/joins.html")
    def joins(self, request: HttpRequest, record: QuickReport) -> dict[str, Any] | None:
        """Earlier and later reports of the same matter."""
        found = list(record.joins.order_by("pk"))
        return {"reports": found} if found else None

    @block("上报人（姓名对他人隐藏）", "safety/reporter.html")
    def reporter(self, request: HttpRequest, record: QuickReport) -> dict[str, Any] | None:
        """For named roles, and the reporter's own eyes."""
        if not record.hidden or record.created_by is None:
            return None
        named = scope(request.user, REPORTER).covers(record.org.path)
        own = record.created_by_id == request.user.pk
        # Confidential kinds are open to their handlers only, whom the school named for it.
        handler = record.kind.confidential and not handles(record, request.user)
        return {"person": record.created_by} if named or own or handler else None


@ledger
class QuickKinds(Ledger):
    """Kinds of report, laid down by the bureau or the school."""

    code = "safety.quick_kinds"
    model = QuickKind
    title, noun, icon = "随手报类别", "类别", "settings"
    area, group, order = "safety", "设置", 920
    columns = "title category department confidential retired org"
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


@ledger
class QuickSettings(Ledger):
    """What each school decides about its quick reports."""

    code = "safety.quick_settings"
    model = QuickSetting
    title, noun, icon = "随手报设置", "设置", "settings"
    area, group, order = "safety", "设置", 935
    columns = "org pupils_may outsiders_may limit_days points_on points_each"
    filters = "org points_on"
    search = "org__name"
    key = "org"
    sort = "org__path"
    example = {"limit_days": 1, "points_each": 1}
    roles = {"view": KEEPERS, "add": SCHOOL, "edit": SCHOOL, "export": SCHOOL}


archives("safety.quick", "report", parts="additions")
