"""Ledgers of boarders, of what is known of their health, and of who lay where (D17.2)."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from anlan.base.roles import rights
from anlan.domains.dormitory.boarders import Boarder, HealthRemark, bed_words, living, with_bed
from anlan.domains.dormitory.buildings import Bed, free_beds
from anlan.domains.dormitory.stays import Stay, assign, check_out
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.kernel import clock

KEEPING = "school_safety school_head dorm_keeper"
SEEING = f"bureau_safety {KEEPING}"
ASSIGN = declare_permission(
    "dormitory.boarders.assign", "住宿学生：分配床位、退宿", tuple(KEEPING.split())
).code
BOARDING = Personal(
    "住宿学生管理和联系监护人",
    "未成年人保护法、个人信息保护法 第三十一条",
    "退宿后一年",
    since="left_on",
    years=1,
)
HEALTH = Personal("照护住宿学生", "监护人同意（个人信息保护法 第二十九、三十一条）", "随住宿学生档案")


class BedForm(forms.Form):
    """Which bed, from which day."""

    bed = forms.ModelChoiceField(Bed.unguarded.none(), label="床位")
    day = forms.DateField(label="入住日期", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d"))

    @classmethod
    def for_record(cls, record: Boarder, *sent: Any) -> "BedForm":
        """Free beds of the school in rooms of the pupil's sex."""
        form = cls(*sent)
        rows = free_beds().filter(org=record.org_id, room__sex=record.sex)
        form.fields["bed"].queryset = rows.order_by("room__building", "room__floor", "room__number", "number")  # type: ignore[attr-defined]
        return form


class DayForm(forms.Form):
    """From which day."""

    day = forms.DateField(label="退宿日期", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d"))


def lives_here(boarder: Boarder) -> bool:
    """Has not checked out."""
    return boarder.left_on is None and boarder.archived_at is None


def without_bed() -> Q:
    """Condition: lives here, and has no bed."""
    return living() & Q(
        ~Exists(Stay.unguarded.filter(boarder=OuterRef("pk"), ends_on=None, archived_at=None))
    )


@ledger
class Boarders(Ledger):
    """Boarders, by masked names."""

    code = "dormitory.boarders"
    model = Boarder
    title, noun, icon = "住宿学生", "人", "users"
    area, group, order = "dormitory", "住宿学生", 100
    columns = "name class_name code sex place teacher guardian guardian_phone joined_on left_on org"
    filters = "org class_name sex teacher left_on"
    offers = "class_name"
    search = "name code class_name org__name"
    key = "org code"
    form = (
        "org name code sex class_name teacher guardian guardian_phone kin consented_on consent_way joined_on"
    )
    files = {"consent": "监护人同意书"}
    masked = {"name": "name", "guardian": "name", "guardian_phone": "phone"}
    personal = dict.fromkeys(("name", "code", "guardian", "guardian_phone"), BOARDING)
    photos = ""
    happenings = {"check_out": "退宿"}
    views = {"在住": "living=1", "未分配床位": "bedless=1"}
    marks = {"living": living, "bedless": without_bed}
    example = {"name": "示例学生", "code": "Z0001", "class_name": "七年级1班", "guardian": "示例家长",
               "guardian_phone": "13800000000", "kin": "mother", "consented_on": "2026-08-20"}  # fmt: skip
    roles = rights(SEEING, KEEPING, export="school_safety school_head", unmask=KEEPING)

    def refine(self, rows: Any) -> Any:
        """With where they live."""
        return with_bed(rows)

    @computed("床位", needs="teacher")
    def place(self, row: Any) -> str:
        """Building, room and bed."""
        return bed_words(row)

    def locked(self, record: Any, verb: str) -> str:
        """Who left stays as they were."""
        return "" if record.left_on is None or verb == "archive" else "已退宿，不能修改"

    @act("分配或更换床位", ASSIGN, form=BedForm, icon="home", kind="primary", when=lives_here)
    def settle(self, actor: Actor, record: Boarder, values: dict[str, Any]) -> None:
        """On a bed, or from one to another."""
        assign(actor, record, values["bed"], values["day"])

    @act("退宿", ASSIGN, form=DayForm, icon="logout", kind="danger", when=lives_here)
    def out(self, actor: Actor, record: Boarder, values: dict[str, Any]) -> None:
        """Lives here no longer."""
        check_out(actor, record, values["day"])

    @block("住宿记录", "dormitory/stays.html")
    def history(self, request: Any, record: Boarder) -> dict[str, Any]:
        """Every bed with its dates; that the page of a minor was opened is written down."""
        log(Actor.of(request), "view", record, title=f"住宿学生 {record}")
        rows = Stay.objects.unscoped().filter(boarder=record, archived_at=None)
        return {"stays": list(rows.select_related("bed__room__building"))}

    @block("健康备注", "dormitory/health.html")
    def health(self, request: Any, record: Boarder) -> dict[str, Any] | None:
        """That there is something to know, for those who may know it."""
        if not scope(request.user, "dormitory.health.view").covers(record.org.path):
            return None
        return {"boarder": record, "found": record.health.filter(archived_at=None).first()}


@ledger
class Health(Ledger):
    """What keepers must know; read by an act of its own that is written down."""

    code = "dormitory.health"
    model = HealthRemark
    title, noun, icon = "健康备注", "份", "stethoscope"
    area, group, order = "dormitory", "住宿学生", 110
    columns = "boarder remark org updated_at"
    filters = "org"
    search = "boarder__code boarder__class_name"
    key = "boarder"
    form = "org boarder remark"
    masked = {"remark": "whole"}
    personal = {"remark": HEALTH}
    photos = ""
    example = {"remark": "花粉过敏（演示）"}
    roles = {
        "view": "school_safety dorm_keeper",
        **dict.fromkeys(("add", "edit", "archive", "export", "unmask"), "school_safety dorm_keeper"),
        "import": "school_safety",
    }


@ledger
class Stays(Ledger):
    """Who lay where from when to when; entered or imported to assign, changed by moving only."""

    code = "dormitory.stays"
    model = Stay
    title, noun, icon = "床位分配", "条", "history"
    area, group, order = "dormitory", "住宿学生", 120
    columns = "boarder bed org starts_on ends_on end"
    filters = "org bed__room__building starts_on ends_on end"
    search = "boarder__code boarder__class_name bed__room__number"
    key = "boarder bed starts_on"
    form = "org boarder bed starts_on"
    choices = {"boarder": Q(left_on=None)}
    photos = ""
    happenings = {"move": "换床", "out": "退宿"}
    views = {"现在": "now=1"}
    marks = {"now": lambda: Q(ends_on=None, archived_at=None)}
    example = {"starts_on": "2026-09-01"}
    roles = rights(SEEING, KEEPING, edit="", archive="", export="school_safety school_head")

    def refine(self, rows: Any) -> Any:
        """With what the words of a bed need."""
        return rows.select_related("bed__room__building")
