"""Inspection modes: which forms, who, which evidence, and what a failed item leads to (D01.4)."""

from django.db import models

from anlan.domains.safety.checkers import CHECKERS
from anlan.domains.safety.hazards import Source
from anlan.engines.audit.api import Written
from anlan.engines.forms.api import FormDefinition
from anlan.engines.org.api import Record, RoleCodes
from anlan.engines.registry.api import risk_field
from anlan.kernel import events
from anlan.kernel.errors import Conflict


class InspectionMode(Record):
    """How checks of a kind are carried out: which forms, who, which evidence, and what a failed item leads to."""

    INHERITED = True

    title = models.CharField("名称", max_length=40)
    source = models.CharField("隐患来源", max_length=10, choices=Source.choices, default=Source.ROUTINE)
    forms = models.ManyToManyField(FormDefinition, related_name="+", blank=True, verbose_name="可用检查表")
    roles = RoleCodes("可承担的角色", among=CHECKERS, help_text="不选则不限")
    photos = models.PositiveSmallIntegerField("至少照片数", default=0)
    needs_location = models.BooleanField("要求定位", default=False)
    needs_signature = models.BooleanField("要求签名", default=False)
    raises_hazards = models.BooleanField("不合格项自动生成隐患", default=True)
    category = risk_field("默认风险类别")
    disabled = models.BooleanField("停用", default=False)

    class Meta(Record.Meta):
        verbose_name = "巡查模式"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title"], name="safety_mode_once", violation_error_message="已有同名的巡查模式"
            )
        ]

    def __str__(self) -> str:
        return self.title


@events.on(Written)
def keep_mode_in_use(event: Written) -> None:
    """A mode some plan was made under is disabled, never put away."""
    mode = event.record
    if isinstance(mode, InspectionMode) and event.action == "archive" and mode.plans.exists():
        raise Conflict("已有巡查计划用到这种模式，不能归档，只能停用")
