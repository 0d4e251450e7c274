"""Ledgers of assessments, training, rewards, and of people not to be hired again (D15.6)."""

from typing import Any

from django.db.models import Avg

from anlan.base.roles import ABOVE, AT_SCHOOL, KEPT_BY_SCHOOL, rights
from anlan.domains.guards.assessments import Assessment, Barred, Item, Merit
from anlan.domains.guards.people import identity_fault
from anlan.engines.registry.api import Ledger, Personal, block, computed, ledger

SEEING = " ".join((*ABOVE, *AT_SCHOOL))
BARRING = Personal("防止不适合人员再次从事校园保卫", "未成年人保护法 第六十二条", "移出名单后即删除")


@ledger
class Items(Ledger):
    """Items of an area; the nearest unit that has any decides."""

    code = "guards.items"
    model = Item
    title, noun, icon = "保安考核项目", "项", "settings"
    area, group, order = "upkeep", "保安", 644
    columns = "name most order org"
    filters, key, search = "org", "org name", "name"
    form = "org name most order"
    example = {"name": "出勤", "most": 20, "order": 1}
    roles = rights(SEEING, "bureau_safety")


@ledger
class Assessments(Ledger):
    """Assessments; entered on the page of the guard."""

    code = "guards.assessments"
    model = Assessment
    readonly = True
    title, noun, icon = "保安考核", "次", "star"
    area, group, order = "upkeep", "保安", 620
    columns = "guard guard__body org day total points_said note created_by"
    filters = "org guard guard__body day"
    search = "guard__name guard__body__name"
    sort = "-day"
    photos = ""
    whose = "guard__person"
    roles = {"view": SEEING, "export": "bureau_safety school_head school_safety"}

    @computed("各项得分")
    def points_said(self, row: Assessment) -> str:
        """Item by item."""
        return "，".join(f"{name} {points}" for name, points in row.points.items())

    @block("本公司平均", "guards/average.html")
    def average(self, request: Any, record: Assessment) -> dict[str, Any]:
        """The mean of the company over what the person may see."""
        body = record.guard.body
        rows = Assessment.objects.visible(request.user, "guards.assessments.view")
        rows = rows.filter(guard__body=body, archived_at=None)
        return {"body": body, "mean": rows.aggregate(mean=Avg("total"))["mean"], "count": rows.count()}


@ledger
class Merits(Ledger):
    """Training, drills, rewards and penalties of guards."""

    code = "guards.merits"
    model = Merit
    title, noun, icon = "保安培训奖惩", "条", "rosette"
    area, group, order = "upkeep", "保安", 622
    columns = "guard kind day what hours org"
    filters = "org guard kind day"
    search = "guard__name what"
    sort = "-day"
    key = "guard kind day what"
    form = "org guard kind day what hours"
    photos = ""
    example = {"kind": "training", "day": "2026-09-05", "what": "消防和防暴培训", "hours": 4}
    whose = "guard__person"
    roles = KEPT_BY_SCHOOL


@ledger
class BarredLedger(Ledger):
    """People not to be hired again; few may see it."""

    code = "guards.barred"
    model = Barred
    title, noun, icon = "不再聘用名单", "人", "ban"
    area, group, order = "upkeep", "保安", 630
    columns = "name identity reason since org"
    filters, key = "org", "org identity"
    search = "name identity"
    form = "org name identity reason since"
    masked = {"identity": "identity"}
    personal = dict.fromkeys(("name", "identity", "reason"), BARRING)
    photos = ""
    example = {"name": "示例人员", "reason": "体罚学生被辞退（演示）", "since": "2026-09-01"}
    roles = rights("bureau_safety", "bureau_safety", unmask="bureau_safety")

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """An identity number that can be."""
        return identity_fault(record, values)
