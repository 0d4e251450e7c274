"""A school keeps its own facts: at once, or as a proposal the bureau agrees to (D09.2)."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.urls import reverse

from anlan.base.school_rules import KEEPABLE, openness
from anlan.base.schools import School
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor, change, create, snapshot, validate
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.registry.api import Ledger, computed, ledger
from anlan.engines.workflow.api import FlowRecord, Moved, Workflow, back, done, idle, move, review
from anlan.kernel import events
from anlan.kernel.errors import Forbidden, Missing, Rejected

MAINTAIN = "base.schools.maintain"
declare_permission(MAINTAIN, "维护本校信息", ("school_head", "school_safety", "unit_admin"))


class SchoolChange(FlowRecord):
    """Values a school asks for; ``org`` is the school's unit. Nothing changes until the bureau agrees."""

    school = models.ForeignKey(School, models.PROTECT, related_name="proposals", verbose_name="学校")
    wanted = models.JSONField("申请的值", default=dict, encoder=DjangoJSONEncoder)
    present = models.JSONField("原值", default=dict, encoder=DjangoJSONEncoder)
    reason = models.CharField("说明", max_length=200, blank=True)
    opinion = models.CharField("审核意见", max_length=200, blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "学校信息变更"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.school} 信息变更"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.school_changes:detail", args=[self.pk])


class SchoolChangeFlow(Workflow):
    """Proposed, then agreed, refused or withdrawn."""

    code = "base.school_changes"
    title = "学校信息变更"
    model = SchoolChange
    states = {
        "proposed": review("待审核", "审核"),
        "agreed": done("已生效"),
        "refused": back("不同意"),
        "withdrawn": idle("已撤回"),
    }
    initial, final = "proposed", "agreed refused withdrawn"

    agree = move("同意", "proposed", "agreed", by="bureau_safety", takes="opinion")
    refuse = move("不同意", "proposed", "refused", by="bureau_safety", needs="opinion", outlined=True)
    withdraw = move(
        "撤回", "proposed", "withdrawn", by="school_head school_safety", duty=False, outlined=True
    )


@events.on(Moved)
def take_effect(event: Moved) -> None:
    """An agreed proposal is written to the school, in the name of who agreed."""
    if isinstance(event.record, SchoolChange) and event.move.name == "agree":
        school = School.objects.unscoped().one(pk=event.record.school_id)
        change(event.actor, school, values_of(event.record.wanted), action="change")


def values_of(stored: dict[str, Any]) -> dict[str, Any]:
    """Stored values as Python values of the school's fields; Rejected for what no longer fits."""
    return {name: _field(name).to_python(value) for name, value in stored.items()}


def maintain(actor: Actor, school: School, values: dict[str, Any], reason: str = "") -> SchoolChange | None:
    """A school user's save: opened fields at once, reviewed ones as a proposal, which is returned.

    Raises Missing for another school, Forbidden for a field the bureau keeps, Rejected for bad input;
    nothing is stored then.
    """
    if not scope(actor.user, MAINTAIN).covers(school.org.path):
        raise Missing
    rules = openness(school.org)
    if closed := [name for name in values if name not in rules or not rules[name].opened]:
        raise Forbidden(MAINTAIN, f"“{'、'.join(_title(name) for name in closed)}”由教育局维护，学校不能修改")
    changed = {name: value for name, value in values.items() if getattr(school, name) != value}
    waiting = {name: value for name, value in changed.items() if rules[name].reviewed}
    with transaction.atomic():
        change(actor, school, {name: changed[name] for name in changed if name not in waiting})
        return _propose(actor, school, waiting, reason) if waiting else None


def _field(name: str) -> Any:
    return School._meta.get_field(name)


def _title(name: str) -> str:
    return KEEPABLE.get(name) or str(_field(name).verbose_name)


def _propose(actor: Actor, school: School, waiting: dict[str, Any], reason: str) -> SchoolChange:
    if SchoolChange.objects.unscoped().filter(school=school, state="proposed", archived_at=None).exists():
        raise Rejected({"": "上一次的变更还在审核，请等审核结束或先撤回"})
    present = snapshot(school, waiting)
    draft = School.objects.unscoped().one(pk=school.pk)
    for name, value in waiting.items():
        setattr(draft, name, value)
    validate(draft)
    return create(
        actor,
        SchoolChange(org=school.org, school=school, wanted=waiting, present=present, reason=reason),
    )


@ledger
class SchoolChanges(Ledger):
    """Proposals of schools, judged by the bureau."""

    code = "base.school_changes"
    model = SchoolChange
    title = "学校信息变更"
    area, group, order = "base", "学校", 20
    columns = "school asked reason state created_at"
    facts = "school asked before reason opinion state"
    filters = "state school"
    search = "school__name"
    readonly = True
    roles = {
        "view": "bureau_safety bureau_leader school_head school_safety",
        "export": "bureau_safety",
    }

    @computed("申请改为")
    def asked(self, row: SchoolChange) -> str:
        """The values asked for, in words."""
        return "；".join(f"{_title(name)}：{value}" for name, value in row.wanted.items())

    @computed("原值")
    def before(self, row: SchoolChange) -> str:
        """The values at the time of asking."""
        return "；".join(f"{_title(name)}：{value}" for name, value in row.present.items())


archives("base.school_changes", "ledger")
