"""Ledgers of maintenance plans and of what was done (R.33)."""

from typing import Any

from django import forms
from django.db.models import Q, Sum

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.physical.maintenance import Maintenance, MaintenancePlan
from anlan.engines.audit.api import Actor, create
from anlan.engines.registry.api import Ledger, act, ledger
from anlan.kernel import clock

ADD = "physical.maintenance.add"


class DoneForm(forms.Form):
    """What was done under a plan."""

    day = forms.DateField(label="日期", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d"))
    kind = forms.ChoiceField(label="类别", choices=Maintenance.KINDS)
    result = forms.ChoiceField(label="结果", choices=Maintenance.RESULTS, widget=forms.RadioSelect)
    note = forms.CharField(label="说明", max_length=300, required=False)
    cost = forms.DecimalField(label="费用（元）", min_value=0, max_digits=10, decimal_places=2, initial=0)


@ledger
class MaintenancePlans(Ledger):
    """Plans; each is due on its day."""

    code = "physical.maintenance_plans"
    model = MaintenancePlan
    title, noun, icon = "设施维护计划", "项", "calendar"
    area, group, order = "safety", "实体防护", 307
    columns = "facility content org every next_on validity firm contract_to"
    filters, search, key = "org next_on contract_to", "content firm contract", "facility content"
    form = "org facility content every first_on firm contract contract_to"
    facts = "facility content org every first_on next_on validity firm contract contract_to"
    expires = "next_on"
    photos = ""
    files = {"contract_file": "维护合同"}
    marks = {"ended": lambda: Q(contract_to__lt=clock.today())}
    views = {"合同已到期": "ended=1"}
    happenings = {"schedule": "推算下次日期"}
    example = {"content": "升降柱液压系统保养", "every": 3, "first_on": "2026-12-01", "firm": "示例机电公司"}
    roles = KEPT_BY_SCHOOL

    @act(
        "登记维护", ADD, form=DoneForm, icon="check", kind="primary", when=lambda row: row.archived_at is None
    )
    def done(self, actor: Actor, record: MaintenancePlan, values: dict[str, Any]) -> None:
        """A record under the plan, by the firm of its contract."""
        said = values | {"facility": record.facility, "plan": record, "firm": record.firm}
        create(actor, Maintenance(org=record.org, **said))


@ledger
class Maintenances(Ledger):
    """Records with their costs."""

    code = "physical.maintenance"
    model = Maintenance
    title, noun, icon = "设施维护记录", "次", "settings"
    area, group, order = "safety", "实体防护", 308
    columns = "facility day kind result cost firm plan org"
    filters, search = "org facility facility__kind kind result day", "note firm facility__code"
    form = "org facility plan kind day result note firm cost"
    files = {"photo": "照片", "bill": "票据"}
    sort = "-day"
    views = {"仍有缺陷": "result=broken"}
    example = {"kind": "upkeep", "day": "2026-09-01", "result": "fine", "cost": "120.00"}
    roles = KEPT_BY_SCHOOL

    def lede(self, rows: Any, user: Any) -> str:
        """How often, and what it cost."""
        here = rows.filter(archived_at=None)
        return f"共 {here.count():,} 次，合计费用 {here.aggregate(n=Sum('cost'))['n'] or 0:,.2f} 元"
