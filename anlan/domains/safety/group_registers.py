"""Ledgers of inspection groups and of the schools they look after (SAF.07, SAF.08)."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anlan.base.blocks import school_block
from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.base.schools import School
from anlan.domains.safety.groups import GroupAssignment, InspectionGroup, checkers
from anlan.domains.safety.special import SpecialPart
from anlan.engines.audit.api import Actor, create
from anlan.engines.org.api import Kind, OrgUnit, scope
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.kernel.errors import Rejected

BUREAU = "bureau_safety team_admin"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer inspector township_officer"
ASSIGN = "safety.group_assignments.add"


def without_group(unit: OrgUnit) -> QuerySet[Any]:
    """Open schools at or below the unit that no group looks after."""
    assigned = GroupAssignment.unguarded.filter(archived_at=None).values("org")
    rows = School.objects.unscoped().filter(org__path__startswith=unit.path, closed_on=None, archived_at=None)
    return rows.exclude(org__in=assigned).select_related("org", "town")


class AssignForm(forms.Form):
    """Schools without a group, one by one or by whole towns."""

    towns = forms.MultipleChoiceField(
        label="整个镇街", required=False, help_text="这些镇街里还没有分配小组的学校全部分配"
    )
    schools = forms.ModelMultipleChoiceField(OrgUnit.objects.none(), label="学校", required=False)

    @classmethod
    def for_record(cls, record: InspectionGroup, *sent: Any) -> "AssignForm":
        """With the schools below the group's bureau that have no group yet."""
        form, free = cls(*sent), without_group(record.org)
        towns = {school.town_id: str(school.town) for school in free.order_by("org__path") if school.town_id}
        form.fields["towns"].widget = forms.CheckboxSelectMultiple({"class": "form-check-input"})
        form.fields["towns"].choices = list(towns.items())  # type: ignore[attr-defined]
        form.fields["schools"].queryset = OrgUnit.objects.filter(pk__in=free.values("org"))  # type: ignore[attr-defined]
        return form


@ledger
class InspectionGroups(Ledger):
    """Groups, kept by the bureau."""

    code = "safety.inspection_groups"
    model = InspectionGroup
    title, noun, icon = "检查小组", "小组", "users"
    area, group, order = "safety", "日常", 60
    columns = "name leader members schools org"
    facts = "name leader members org"
    search = "name leader__name"
    key = "org name"
    form = "org name leader members"
    example = {"name": "第一检查组"}
    roles = {"view": WATCHERS, "add": BUREAU, "edit": BUREAU, "archive": BUREAU, "export": BUREAU}

    choices = {"leader": checkers, "members": checkers}

    def begin(self, user: Any) -> dict[str, Any]:
        """Groups belong to the own bureau."""
        return {"org": user.unit_id}

    def locked(self, record: InspectionGroup, verb: str) -> str:
        """A group with a running check or with schools cannot be taken away; both are read with the rows."""
        if verb != "archive":
            return ""
        if record.at_work:  # type: ignore[attr-defined]
            return "还有正在进行的检查由这个小组负责，不能删除"
        return "还有学校由这个小组负责，请先改为其他小组" if record.looked_after else ""  # type: ignore[attr-defined]

    def refine(self, rows: Any) -> Any:
        """Groups with the number of their schools, and whether a check is theirs."""
        running = SpecialPart.unguarded.filter(group=OuterRef("pk"), archived_at=None).exclude(
            state="withdrawn"
        )
        given = Count("assignments", filter=Q(assignments__archived_at=None))
        return rows.annotate(looked_after=given, at_work=Exists(running))

    @computed("负责学校", "number")
    def schools(self, row: Any) -> int:
        """How many schools the group looks after."""
        return int(row.looked_after)

    @act("分配学校", ASSIGN, form=AssignForm, icon="school")
    def assign(self, actor: Actor, record: InspectionGroup, values: dict[str, Any]) -> None:
        """Give the group schools that have none."""
        assign_schools(actor, record, set(values["towns"]), {unit.pk for unit in values["schools"]})

    @block("负责的学校", "safety/group_schools.html")
    def looked_after(self, request: Any, record: InspectionGroup) -> dict[str, Any]:
        """The schools of the group, and how many nobody looks after."""
        found = scope(request.user, "safety.group_assignments.view")
        rows = record.assignments.filter(found.condition(), archived_at=None).select_related("org")
        return {"rows": rows.order_by("org__path"), "free": without_group(record.org).count()}


@transaction.atomic
def assign_schools(actor: Actor, group: InspectionGroup, towns: set[str], units: set[int]) -> int:
    """Give the group the chosen schools and the free ones of whole towns; how many. Rejected for none."""
    found = scope(actor.user, ASSIGN)
    chosen = [
        row
        for row in without_group(group.org)
        if (row.org_id in units or str(row.town_id) in towns) and found.covers(row.org.path)
    ]
    if not chosen:
        raise Rejected({"schools": "请选择学校或镇街"})
    for row in chosen:
        create(actor, GroupAssignment(org=row.org, group=group))
    return len(chosen)


@ledger
class GroupAssignments(Ledger):
    """Which group looks after which school."""

    code = "safety.group_assignments"
    model = GroupAssignment
    title, noun, icon = "小组分配", "分配", "school"
    area, group, order = "safety", "日常", 70
    columns = "org group group__leader created_at"
    filters = "org group"
    search = "org__name group__name"
    key = "org"
    form = "org group"
    choices = {"org": Q(kind=Kind.SCHOOL)}
    roles = {
        "view": f"{WATCHERS} {' '.join(AT_SCHOOL)}",
        "add": BUREAU,
        "edit": BUREAU,
        "archive": BUREAU,
        "import": BUREAU,
        "export": BUREAU,
    }


@ledger
class SchoolsWithoutGroup(Ledger):
    """Schools no group looks after; a special check of them cannot be published."""

    code = "safety.schools_without_group"
    model = School
    readonly = True
    title, noun, icon = "未分配小组的学校", "所", "school"
    area, group, order = "safety", "日常", 75
    columns = "name town kind pupils"
    filters = "kind nature town tags"
    search = "name pinyin initials"
    sort = "org__path"
    personal = {"office_phone": Personal("学校对外联系", "单位公开信息", "随学校档案")}
    roles = {"view": WATCHERS, "export": BUREAU}

    def refine(self, rows: Any) -> Any:
        """Open schools without an assignment."""
        assigned = GroupAssignment.unguarded.filter(archived_at=None).values("org")
        return rows.filter(closed_on=None).exclude(org__in=assigned)


@school_block("inspection_group", "检查小组", "safety/school_group.html", (*ABOVE, *AT_SCHOOL, "inspector"))
def group_of_school(request: Any, school: School) -> dict[str, Any]:
    """The group that looks after the school."""
    rows = GroupAssignment.objects.unscoped().filter(org=school.org, archived_at=None)
    return {"assignment": rows.select_related("group__leader").first()}
