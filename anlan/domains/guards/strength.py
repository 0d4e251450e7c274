"""Guards a school must have against those it has, worked out from the table in force (D15.3)."""

from typing import Any

from django.db.models import BooleanField, Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.base.schools import School
from anlan.domains.guards.custody import ruled
from anlan.domains.guards.people import Guard, on_duty
from anlan.domains.guards.rules import RuleBook
from anlan.engines.registry.api import Ledger, Personal, computed, ledger


def with_strength(rows: Any) -> Any:
    """Schools with ``required`` (None: not assessable) and ``here``, guards on duty."""
    found = Guard.unguarded.filter(on_duty(), org=OuterRef("org")).order_by().values("org")
    here = Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return rows.annotate(required=RuleBook().required_column(), here=Coalesce(here, 0))


@ledger
class Strength(Ledger):
    """Every school with its guards against the standard."""

    code = "guards.strength"
    model = School
    readonly = True
    title, noun, icon = "保安配备核算", "所", "users"
    area, group, order = "upkeep", "保安", 598
    columns = "name town pupils boarders must guards on_duty judged gear_rule"
    filters = "kind town"
    search = "name short_name pinyin initials"
    sort = "org__path"
    photos = ""
    personal = {"office_phone": Personal("学校对外联系", "单位公开信息", "随学校档案")}
    words = {"guards": "学校档案登记保安"}
    views = {"配备不足": "short=1", "无法核算": "unknown=1", "没有器械保管制度": "unruled=1"}
    marks = {
        "unruled": lambda: ~ruled(),
        "short": lambda: Q(required__gt=F("here")),
        "unknown": lambda: Q(required=None),
        "enough": lambda: Q(required__lte=F("here")),
    }
    roles = {"view": " ".join((*ABOVE, *AT_SCHOOL)), "export": "bureau_safety bureau_leader"}

    def refine(self, rows: Any) -> Any:
        """With what is required and what is there."""
        rule = Case(When(ruled(), then=Value(True)), default=Value(False), output_field=BooleanField())
        return with_strength(rows).annotate(has_rule=rule)

    @computed("应配", "number", needs="org")
    def must(self, row: Any) -> int | None:
        """Required by the table."""
        return None if row.required is None else int(row.required)

    @computed("在岗", "number")
    def on_duty(self, row: Any) -> int:
        """Guards on duty in the files."""
        return int(row.here)

    @computed("核算", "chip")
    def judged(self, row: Any) -> tuple[str, str]:
        """Enough, short by how many, or not to be judged."""
        if row.required is None:
            return "idle", "没有学生数，无法核算"
        lacking = row.required - row.here
        return ("late", f"缺 {lacking} 人") if lacking > 0 else ("done", "达标")

    @computed("器械保管制度", "chip")
    def gear_rule(self, row: Any) -> tuple[str, str]:
        """Whether the written rule of use and custody is uploaded."""
        return ("done", "已上传") if row.has_rule else ("late", "没有上传")
