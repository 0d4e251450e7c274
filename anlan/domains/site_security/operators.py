"""Qualifications of people at technical protection posts: certificate, training and test (N1.23)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.people import person_field
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Credential, Credentials, computed, ledger, unique
from anlan.kernel import clock

RESULTS = [("passed", "合格"), ("failed", "不合格")]


class Qualification(Credential):
    """One person's: valid once the certificate, the training and a passed test are there."""

    person = person_field("人员", null=False, blank=False)
    kind = models.CharField("证书名称", max_length=60, help_text="如：安全防范系统安装维护员")
    issuer = models.CharField("发证机构", max_length=60)
    issued_on = models.DateField("发证日期")
    trained_on = models.DateField("培训日期", null=True, blank=True)
    training = models.CharField(
        "培训内容", max_length=120, blank=True, help_text="安全防范和法律知识、系统运行维护"
    )
    tested_on = models.DateField("测试日期", null=True, blank=True)
    result = models.CharField("测试结果", max_length=6, choices=RESULTS, blank=True, db_index=True)

    class Meta(Credential.Meta):
        verbose_name = "技防岗位资质"
        constraints = [unique("site_security_qualification_once", "number", "这个证书编号已经登记过")]

    def clean(self) -> None:
        """Somebody of the school; a test with its result; no day to come."""
        super().clean()
        faults = {}
        if self.person.org_id != self.org_id:
            faults["person"] = "只能选本校人员"
        if bool(self.tested_on) != bool(self.result):
            faults["result"] = "测试日期和结果要一起填写"
        for name in ("issued_on", "trained_on", "tested_on"):
            if (day := getattr(self, name)) and day > clock.today():
                faults[name] = "不能晚于今天"
        if faults:
            raise ValidationError(faults)


def valid_on(day: Any) -> Q:
    """Condition: all three are there and in force on the day (a date, or an expression)."""
    begun = Q(issued_on__lte=day, trained_on__lte=day, tested_on__lte=day, result="passed", archived_at=None)
    return begun & (Q(valid_to=None) | Q(valid_to__gte=day))


@ledger
class Qualifications(Credentials):
    """Who is qualified, and what is lacking."""

    code = "site_security.qualifications"
    model = Qualification
    title, noun, icon = "技防岗位资质", "份", "certificate"
    area, group, order = "safety", "技防设备", 292
    columns = "person kind number issuer issued_on valid_to validity standing org"
    filters, search, key = "org result valid_to", "person__name kind number issuer", "number"
    form = "org person kind number issuer issued_on valid_to trained_on training tested_on result"
    watched = Q(person__left_on=None)
    marks = {"lacking": lambda: ~valid_on(clock.today())}
    views = {"不完整或失效": "lacking=1"}
    example = {
        "kind": "安全防范系统安装维护员", "number": "JF-1", "issuer": "示例培训机构", "issued_on": "2026-01-05",
        "valid_to": "2029-01-04",
    }  # fmt: skip
    whose = "person"
    roles = KEPT_BY_SCHOOL

    @computed("资质", "chip")
    def standing(self, row: Qualification) -> tuple[str, str]:
        """Whether it holds today, or what is lacking first."""
        if row.valid_to and row.valid_to < clock.today():
            return "late", "已过期"
        if row.trained_on is None:
            return "late", "没有培训记录"
        return ("done", "有效") if row.result == "passed" else ("late", "没有通过测试")
