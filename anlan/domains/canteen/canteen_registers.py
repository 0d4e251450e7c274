"""Ledgers of canteens and of what an area lays down for them (D10.1, D10.6)."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.canteen.canteens import Canteen, in_use
from anlan.domains.canteen.licences import Licence
from anlan.domains.canteen.papers import Contract
from anlan.domains.canteen.rules import CanteenRules, Forbidden
from anlan.domains.canteen.workers import Worker, uncertified
from anlan.engines.audit.api import SYSTEM, Written
from anlan.engines.org.api import may
from anlan.engines.registry.api import (
    STANDINGS,
    Ledger,
    Personal,
    block,
    computed,
    ledger,
    ledgers,
    number_of,
    remind_of_dates,
)
from anlan.engines.tasks.api import enqueue
from anlan.kernel import clock, events
from anlan.shell.navigation import add_area

SEEING = " ".join((*ABOVE, *AT_SCHOOL, "canteen_manager", "inspector"))
KEEPERS = "bureau_safety school_head school_safety canteen_manager"
add_area("canteen", "食堂", "tools-kitchen-2", order=25)


@events.on(Written)
def settle_dates(event: Written) -> None:
    """Handler: the papers of a canteen that was closed, or opened again, are settled on all desks."""
    if isinstance(event.record, Canteen) and event.action != "create" and "closed_on" in event.after:
        enqueue(SYSTEM, remind_of_dates)


def _number(rows: Any) -> Any:
    counted = rows.filter(canteen=OuterRef("pk"), archived_at=None).order_by().values("canteen")
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _licences() -> Any:
    return Licence.unguarded.filter(
        Q(valid_to=None) | Q(valid_to__gte=clock.today()), archived_at=None, canteen=OuterRef("pk")
    )


def unlicensed() -> Q:
    """Condition: open without a valid licence."""
    return in_use() & Q(~Exists(_licences()))


def flawed() -> Q:
    """Condition: somebody works there without a valid health certificate."""
    people = Worker.unguarded.filter(uncertified(), archived_at=None, canteen=OuterRef("pk"))
    return in_use() & Q(Exists(people))


def lapsed_service() -> Q:
    """Condition: served by a company whose licence or contract has run out."""
    today = clock.today()
    over = Q(ends_on__lt=today) | Q(company__licence_until__lt=today)
    return in_use() & Q(Exists(Contract.unguarded.filter(over, archived_at=None, canteen=OuterRef("pk"))))


@ledger
class Canteens(Ledger):
    """Canteens with what is wrong with their papers."""

    code = "canteen.canteens"
    model = Canteen
    title, noun, icon = "食堂", "个", "tools-kitchen-2"
    area, group, order = "canteen", "食堂档案", 10
    columns = "name org mode licensed uncertified diners seats manager closed_on"
    filters = "org mode"
    search = "name code org__name school__pinyin school__initials"
    key = "code"
    sections = {
        "食堂": "org name code mode place manager phone closed_on",
        "供餐": "breakfast lunch dinner weekend diners seats area zones",
    }
    personal = {"phone": Personal("食堂工作联系", "履行法定职责所必需", "随食堂档案")}
    sort = "org__path"
    files = {"pictures": "食堂照片"}
    photos = "食堂照片"
    example = {"name": "第一食堂", "code": "ST-001", "seats": 400, "diners": 380}
    views = {"没有有效许可证": "unlicensed=1", "有人无有效健康证": "flawed=1", "服务单位证照过期": "lapsed=1"}
    marks = {"unlicensed": unlicensed, "flawed": flawed, "lapsed": lapsed_service}
    roles = rights(SEEING, KEEPERS)

    def refine(self, rows: Any) -> Any:
        """With the licence and the number of people without a certificate."""
        return rows.annotate(
            has_licence=Exists(_licences()), lacking=_number(Worker.unguarded.filter(uncertified()))
        )

    @computed("许可证", "chip")
    def licensed(self, row: Any) -> tuple[str, str]:
        """Valid or not; a closed canteen needs none."""
        if row.closed(clock.today()):
            return "idle", "已停用"
        return ("done", "有效") if row.has_licence else ("late", "无有效许可证")

    @computed("无有效健康证", "number")
    def uncertified(self, row: Any) -> int:
        """People on duty without a valid health certificate."""
        return int(row.lacking)

    @block("证照与服务单位", "canteen/papers.html")
    def papers(self, request: Any, record: Any) -> dict[str, Any]:
        """Counts that open their lists, and every company that serves here."""
        today = clock.today()
        contracts = Contract.objects.unscoped().filter(canteen=record, archived_at=None)
        rows = [
            {"contract": row, "over": row.ends_on < today, "lapsed": _lapsed(row.company, today)}
            for row in contracts.select_related("company")
        ]
        return {"canteen": record, "rows": rows, "counts": _dates(request.user, record)}


def _dates(user: Any, canteen: Canteen) -> list[dict[str, Any]]:
    """Papers near their end or past it: words, number, and the list that shows them."""
    found = []
    for code, title in (("canteen.licences", "许可证"), ("canteen.workers", "健康证")):
        for said in ("expiring", "expired") if may(user, ledgers[code].permission("view")) else ():
            query = f"canteen={canteen.pk}&validity={said}"
            number = number_of(ledgers[code], user, query)
            words = f"{title}{STANDINGS[said][1]}"
            found.append({"title": words, "n": number, "url": f"{ledgers[code].url}?{query}"})
    return found


def _lapsed(company: Any, today: Any) -> bool:
    return company.licence_until is not None and company.licence_until < today


@ledger
class RulesLedger(Ledger):
    """What units lay down for their canteens."""

    code = "canteen.rules"
    model = CanteenRules
    title, noun, icon = "食堂管理要求", "份", "settings"
    area, group, order = "canteen", "设置", 900
    columns = "org sample_grams sample_hours fever breakfast_at lunch_at dinner_at meal_minutes"
    filters = "org"
    key = "org"
    form = "org sample_grams sample_hours fever breakfast_at lunch_at dinner_at meal_minutes reports_for"
    example = {"sample_grams": 150, "sample_hours": 48, "reports_for": "meat fish"}
    roles = rights(SEEING, "bureau_safety school_head school_safety")


@ledger
class ForbiddenLedger(Ledger):
    """Food and additives that must not be used, beside the defaults."""

    code = "canteen.forbidden"
    model = Forbidden
    title, noun, icon = "食堂禁用目录", "项", "ban"
    area, group, order = "canteen", "设置", 910
    columns = "name kind words reason lifted org"
    filters = "org kind lifted"
    search = "name words"
    key = "org kind name"
    form = "org kind name words reason lifted"
    example = {"name": "河豚", "words": "河豚 河鲀", "reason": "有毒，不得加工"}
    roles = rights(SEEING, "bureau_safety school_head school_safety")
