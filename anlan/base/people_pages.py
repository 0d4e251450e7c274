"""The ledger of people and the parts of a person's page that base itself knows."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from anlan.base.grids import Grid
from anlan.base.people import CONTACT, Person, is_here, leave
from anlan.base.person_blocks import blocks_of, person_block
from anlan.base.posts import PostHolder
from anlan.base.roles import rights
from anlan.base.teams import TeamMember
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, ledger
from anlan.engines.tasks.api import todos_for


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

    @act(
        "办理离岗",
        "base.people.edit",
        icon="x",
        kind="danger",
        when=is_here,
        effect="退出全部岗位、小组和网格，不再收到任务；历史记录保留",
    )
    def leave(self, actor: Actor, record: Person, values: dict[str, Any]) -> None:
        """Out of everything that awaits the person."""
        leave(actor, record)

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


@person_block("todos", "在办事项", "base/person_todos.html")
def tasks(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """What awaits the person now, late ones first, as on the person's own list."""
    if person.account is None:
        return None
    rows = todos_for(person.account)
    late = sum(todo.overdue for todo in rows)
    return {"todos": list(rows[:10]), "count": len(rows), "late": late}
