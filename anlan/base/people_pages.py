"""The ledger of people and the parts of a person's page that base itself knows."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest

from anlan.base.grids import Grid
from anlan.base.leaving import fill_vacancies
from anlan.base.people import CONTACT, Person, is_here, leave
from anlan.base.person_blocks import blocks_of, person_block
from anlan.base.person_numbers import numbers_about
from anlan.base.posts import PostHolder
from anlan.base.roles import rights
from anlan.base.teams import TeamMember
from anlan.base.vacancies import Vacancy
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, act, block, ledger, ledger_of
from anlan.engines.tasks.api import todos_for

REPLACE = declare_permission(
    "base.people.replace",
    "人员：指定离岗人员的接替人",
    ("school_head", "school_safety", "bureau_safety", "township_officer", "unit_admin"),
).code


class LeavingForm(forms.Form):
    """Who takes over, if that is known already."""

    successor = forms.ModelChoiceField(
        Person.unguarded.none(),
        label="接替人",
        required=False,
        help_text=(
            "此人退出全部岗位、小组、网格和以后的值班，账号停用，历史记录保留。"
            "负责的设备和部位、未完成的任务交给接替人；不选的空出来，由单位负责人另外指定"
        ),
    )

    @classmethod
    def for_record(cls, record: Person, *sent: Any) -> Any:
        """With the other people of the unit."""
        form = cls(*sent)
        rows = Person.unguarded.filter(org=record.org, archived_at=None).exclude(pk=record.pk)
        form.fields["successor"].queryset = rows.order_by("pinyin")  # type: ignore[attr-defined]
        return form


class SuccessorForm(LeavingForm):
    """Who takes over what is vacant."""

    successor = forms.ModelChoiceField(
        Person.unguarded.none(), label="接替人", help_text="空出来的各项工作都交给这个人"
    )


def left_gaps(person: Person) -> bool:
    """Left, and something the person did has nobody."""
    return person.archived_at is not None and person.vacancies.exists()


@ledger
class People(Ledger):
    """People of the units below."""

    code = "base.people"
    model = Person
    title = "人员"
    noun = "人"
    area, group, order = "base", "人员", 50
    columns = "name org kind duty phone joined_on left_on"
    filters = "kind org"
    search = "name phone_tail pinyin initials org__name"
    key = "org name phone"
    form = "org name sex phone kind duty joined_on left_on"
    masked = {"phone": "phone"}
    merges = True
    personal = dict.fromkeys(("name", "phone", "phone_tail", "pinyin", "initials"), CONTACT)
    sort = "org__path"
    example = {"name": "张示例", "phone": "13800000000", "duty": "安全干部"}
    roles = rights(
        "bureau_safety bureau_leader township_officer team_admin unit_admin school_head school_safety",
        "bureau_safety unit_admin school_safety",
        unmask="bureau_safety unit_admin school_safety",
    )

    @act("办理离岗", "base.people.edit", form=LeavingForm, icon="x", kind="danger", when=is_here)
    def leave(self, actor: Actor, record: Person, values: dict[str, Any]) -> None:
        """Out of everything that awaits the person."""
        leave(actor, record, values["successor"])

    @act("指定接替人", REPLACE, form=SuccessorForm, icon="users", kind="primary", when=left_gaps)
    def replace(self, actor: Actor, record: Person, values: dict[str, Any]) -> None:
        """Somebody takes over what nobody does."""
        fill_vacancies(actor, record, values["successor"])

    @block("工作情况", "base/school_blocks.html")
    def work(self, request: HttpRequest, record: Person) -> dict[str, Any] | None:
        """Everything the modules know about the person."""
        found = blocks_of(request, record)
        return {"blocks": found} if found else None


@person_block("posts", "岗位和网格", "base/person_posts.html")
def posts(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Posts held now and before, teams, and grids."""
    held = PostHolder.objects.unscoped().filter(person=person).select_related("post", "org")
    teams = TeamMember.objects.unscoped().filter(person=person).select_related("org")
    grids = Grid.objects.unscoped().filter(Q(keeper=person) | Q(deputy=person), archived_at=None)
    found = {"posts": list(held.order_by("-starts_on")), "teams": list(teams), "grids": list(grids)}
    return found if any(found.values()) else None


@person_block("vacancies", "离岗后要指定接替人", "base/person_vacancies.html")
def vacant(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """What nobody does since the person left."""
    rows = [_vacant(vacancy) for vacancy in person.vacancies.all()]
    return {"rows": rows, "person": person} if rows else None


def _vacant(vacancy: Vacancy) -> dict[str, Any]:
    row, known = vacancy.row, ledger_of(vacancy.duty.model)
    said = {"kind": row._meta.verbose_name, "field": vacancy.duty.one.verbose_name, "title": str(row)}
    return said | {"url": known.url_of(row) if known else ""}


@person_block("numbers", "台账记录", "base/person_numbers.html")
def numbers(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """How many rows of each module's list are about the person; each number opens them."""
    found = numbers_about(request.user, person)
    return {"parts": found} if found else None


@person_block("todos", "在办事项", "base/person_todos.html")
def tasks(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """What awaits the person now, late ones first, as on the person's own list."""
    if person.account is None or not person.account.is_active:
        return None
    rows = todos_for(person.account)
    late = sum(todo.overdue for todo in rows)
    return {"todos": list(rows[:10]), "count": len(rows), "late": late}
