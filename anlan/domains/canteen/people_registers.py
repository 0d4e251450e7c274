"""Ledgers of companies, contracts, workers and morning checks (D10.2-D10.5, S09.1)."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from anlan.base.roles import rights
from anlan.domains.canteen.canteen_registers import KEEPERS, SEEING
from anlan.domains.canteen.canteens import Canteen, in_use
from anlan.domains.canteen.papers import Company, Contract
from anlan.domains.canteen.workers import (
    TRANSFER,
    MorningCheck,
    Worker,
    on_duty,
    transfer,
    uncertified,
    unchecked,
)
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, Personal, act, computed, ledger
from anlan.kernel import clock
from anlan.kernel.identifiers import citizen_id_fault

AT_WORK = Personal("食堂从业人员健康管理", "食品安全法 第四十五条", "离岗后两年", since="left_on", years=2)
CHECKED = Personal("食堂从业人员每日健康检查", "食品安全法实施条例 第二十三条", "随晨检记录保存")
CONTACT = Personal("食堂服务单位联系", "履行合同所必需", "随服务单位档案")


class MoveForm(forms.Form):
    """Where the worker goes."""

    canteen = forms.ModelChoiceField(Canteen.unguarded.none(), label="调往食堂")

    @classmethod
    def for_record(cls, record: Worker, *sent: Any) -> "MoveForm":
        """Canteens below the same district."""
        form = cls(*sent)
        above = record.org.parent.parent if record.org.parent and record.org.parent.parent else record.org
        rows = Canteen.unguarded.filter(in_use(), archived_at=None, org__path__startswith=above.path)
        form.fields["canteen"].queryset = rows.exclude(pk=record.canteen_id)  # type: ignore[attr-defined]
        return form


@ledger
class Companies(Ledger):
    """Companies with their licences."""

    code = "canteen.companies"
    model = Company
    merges = True
    title, noun, icon = "食堂服务单位", "家", "building-factory"
    area, group, order = "canteen", "食堂档案", 30
    columns = "name service credit_code licence_number licence_until validity org"
    filters = "org service licence_until"
    search = "name credit_code licence_number"
    key = "org credit_code"
    form = "org name credit_code service licence_number licence_until contact phone"
    masked = {"phone": "phone"}
    personal = {"contact": CONTACT, "phone": CONTACT}
    expires = "licence_until"
    renews = "licence_number licence_until"
    files = {"scan": "许可证扫描件"}
    photos = ""
    example = {"name": "示例餐饮有限公司", "credit_code": "91350582MA0000015J", "service": "supply"}
    roles = rights(SEEING, KEEPERS, watch="bureau_safety", unmask="bureau_safety school_safety")


@ledger
class Contracts(Ledger):
    """Who served which canteen from when to when."""

    code = "canteen.contracts"
    model = Contract
    title, noun, icon = "食堂服务合同", "份", "file-text"
    area, group, order = "canteen", "食堂档案", 40
    columns = "company canteen org starts_on ends_on validity licence exclusive"
    filters = "org company exclusive ends_on"
    search = "company__name canteen__name org__name"
    key = "org canteen company starts_on"
    form = "org canteen company starts_on ends_on exclusive"
    expires = "ends_on"
    watched = Q(canteen__closed_on=None, canteen__archived_at=None)
    files = {"scan": "合同扫描件"}
    photos = ""
    example = {"starts_on": "2026-09-01", "ends_on": "2027-08-31", "exclusive": False}
    roles = rights(SEEING, KEEPERS, watch="bureau_safety")

    @computed("单位许可证", "chip", needs="company")
    def licence(self, row: Contract) -> tuple[str, str] | None:
        """Whether the company's own licence has run out."""
        until = row.company.licence_until
        return ("late", "已过期") if until and until < clock.today() else None


@ledger
class Workers(Ledger):
    """Workers, who may work today, who was not checked."""

    code = "canteen.workers"
    model = Worker
    title, noun, icon = "食堂从业人员", "人", "id-badge-2"
    area, group, order = "canteen", "从业人员", 100
    columns = "name canteen org post employer today certified_until validity joined_on left_on"
    filters = "org canteen post certified_until"
    search = "name identity certificate org__name canteen__name"
    key = "org canteen name"
    form = (
        "org canteen name identity phone post employer joined_on left_on training "
        "certificate certifier certified_on certified_until"
    )
    masked = {"identity": "identity", "phone": "phone"}
    personal = dict.fromkeys(("name", "identity", "phone", "certificate"), AT_WORK)
    expires = "certified_until"
    renews = "certificate certifier certified_on certified_until"
    watched = Q(left_on=None, canteen__closed_on=None, canteen__archived_at=None)
    certificate_title = "健康证（食堂从业人员）"
    certificate = {"number": "certificate", "issuer": "certifier", "issued_on": "certified_on"}
    files = {"scan": "健康证扫描件"}
    photos = ""
    happenings = {"transfer": "调动"}
    views = {"在岗": "here=1", "无有效健康证": "uncertified=1", "今天未晨检": "unchecked=1"}
    marks = {"here": on_duty, "uncertified": uncertified, "unchecked": unchecked}
    example = {"name": "陈师傅", "post": "chef", "certificate": "JK-1"}
    roles = rights(
        SEEING, KEEPERS, watch="bureau_safety", unmask="bureau_safety school_safety canteen_manager"
    )

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """An identity number that cannot exist; one that stood there before may stay."""
        said = values.get("identity", "")
        fault = citizen_id_fault(said, clock.today()) if said else ""
        return {"identity": fault} if fault and said != getattr(record, "identity", "") else {}

    def refine(self, rows: Any) -> Any:
        """With what the morning check of today says."""
        today = MorningCheck.unguarded.filter(day=clock.today(), archived_at=None, worker=OuterRef("pk"))
        return rows.annotate(seen=Exists(today), unfit=Exists(today.filter(fit=False)))

    @computed("今天", "chip", needs="canteen")
    def today(self, row: Any) -> tuple[str, str] | None:
        """May work, may not, was not checked."""
        if row.left_on and row.left_on <= clock.today():
            return "idle", "已离岗"
        if row.unfit or not row.certified(clock.today()):
            return "late", "今天不得上岗"
        return ("done", "可以上岗") if row.seen else ("todo", "未晨检")

    @act("调往其他食堂", TRANSFER, form=MoveForm, icon="users", effect="同一份档案转到新的学校，历史保留")
    def move_on(self, actor: Actor, record: Worker, values: dict[str, Any]) -> str:
        """On to another canteen."""
        return transfer(actor, record, values["canteen"]).get_absolute_url()


@ledger
class Checks(Ledger):
    """Morning checks; what was found wrong is corrected by a new check, never changed."""

    code = "canteen.checks"
    model = MorningCheck
    title, noun, icon = "晨检记录", "次", "temperature"
    area, group, order = "canteen", "从业人员", 110
    columns = "worker canteen org day at temperature fit why late created_by"
    filters = "org canteen day fit late"
    search = "worker__name org__name"
    choices = {"worker": Q(left_on=None)}
    form = "org worker temperature diarrhoea wound untidy note"
    personal = dict.fromkeys(("temperature", "diarrhoea", "wound", "why"), CHECKED)
    files = {"photo": "照片"}
    views = {"不得上岗": "fit=0", "开餐后补检": "late=1"}
    example = {"temperature": "36.5"}
    roles = {
        "view": SEEING,
        "export": KEEPERS,
        **dict.fromkeys(("add", "archive"), "school_safety school_head canteen_manager"),
    }
