"""Every kind of line of the to-do list opens its working page, and the right action is there (D11.4)."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

import anlan
from anlan.engines.org.api import Grant
from anlan.engines.tasks.api import Assignment, Todo, todos_for
from anlan.engines.workflow.api import Flow, flows
from tests.conformance.rows import a_person
from tests.safety import desks
from tests.safety.conftest import County
from tests.safety.loops import signed_in

pytestmark = pytest.mark.django_db
CODE = Path(anlan.__file__).parent
OPENERS = {"open_todo", "open_todos"}


def opening(path: Path) -> Iterator[str]:
    """Functions of a file that put something on desks."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            called = {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            if called & OPENERS:
                yield f"{path.relative_to(CODE).with_suffix('')}:{function.name}"


# What puts something on desks, and the case that shows its lines.
SITES = {
    "base/leaving:_tell_the_head": desks.vacancies,
    "engines/rounds/handing_out:show_to_judge": desks.judging,
    "engines/workflow/performing:put_on_desks": desks.hazard,
    "engines/workflow/approving:ask_approvals": desks.approval,
    "engines/tasks/stepping:show_on_desks": desks.inspection,
    "engines/tasks/passing:_tell_issuers": desks.school_task,
    "engines/registry/reminding:follow": desks.dated,
    "engines/registry/reminding:_remind": desks.dated,
    "engines/registry/reminding:follow_new_rows": desks.dated,
    "engines/library/required:issue": desks.reading,
    "domains/organisation/issuing:issue_letters": desks.letter,
    "domains/canteen/meals:roster": desks.meal,
    "domains/canteen/meals:follow_visit": desks.meal,
    "domains/canteen/control:begin_steps": desks.meal,
    "domains/canteen/daily_work:issue": desks.daily_check,
    "domains/alarms/peak_staffing:assign": desks.peak,
    "domains/safety/sending:put_on_desks": desks.notice,
    "domains/safety/hazard_messages:remind_inspectors": desks.failed_recheck,
    "domains/safety/hazard_messages:give_to_rectifier": desks.given,
    "domains/safety/special_publishing:_to_contact": desks.special,
    "domains/safety/reporting:_alert": desks.incident,
    "domains/safety/quick_flow:_show_to_handlers": desks.quick,
    "domains/safety/quick_flow:to_taker": desks.quick,
    "domains/safety/following:draft_notice": desks.inspection,
}


def declared() -> set[str]:
    """Kinds of line the declarations of workflows and tasks lead to."""
    found = {f"{model._meta.label_lower}.do" for model in assignments(Assignment)}
    for flow in flows:
        if not flow.code.startswith("sample."):
            found |= duties(flow)
    return found


def assignments(model: type) -> Iterator[type]:
    """Every kind of assignment."""
    for child in model.__subclasses__():
        yield from [child] if not child._meta.abstract and child.__module__.startswith("anlan") else []
        yield from assignments(child)


def duties(flow: Flow) -> set[str]:
    """What stands on desks in each state: the first duty of each group of roles."""
    return {
        step.permission
        for state in flow.states
        for step in {one.by: one for one in reversed(flow.moves_from(state)) if one.duty}.values()
    }


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that the next case begins anew."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def colleague_of(user: Any) -> Any:
    """Somebody of the same posts."""
    other = a_person(user.unit)
    for grant in Grant.objects.filter(user=user):
        Grant.objects.create(user=other, role=grant.role, unit=grant.unit)
    return other


@dataclass
class Seen:
    """A line that lay on desks, and whose."""

    line: Todo
    people: list[Any]

    def assert_gone(self) -> None:
        """Done, it lies on nobody's desk."""
        self.line.refresh_from_db()
        assert self.line.closed_at, f"{self.line.kind}: {self.line.title} is still on the desk"
        for person in self.people:
            assert self.line not in todos_for(person)


def opened(case: Callable[[County], Iterator[desks.Line]], county: County) -> set[str]:
    """Walk a case line by line as the people concerned; the kinds of its lines.

    A line of a post lies on the colleague's desk too; the next step of the case does what it asks for, and it is
    gone from all desks.
    """
    kinds, before = set(), None
    for user, action in case(county):
        client, lines = signed_in(user), list(todos_for(user))
        assert lines, f"{case.__name__}: nothing on the desk of {user}"
        desk = client.get("/todos/").content.decode()
        assert desk.count("al-queue__item") == len(lines), "the number is the length of the list"
        line = max(lines, key=lambda one: one.pk)
        assert f'href="{line.url}"' in desk, case.__name__
        page = client.get(line.url, follow=True)
        assert page.status_code == 200, (case.__name__, line.url)
        shown = page.content.decode().split("<main")[1]
        assert action in shown, f"{case.__name__}: {line.title} at {line.url} offers no {action}"
        kinds.add(line.kind)
        if before and before.line != line:
            before.assert_gone()
        before = Seen(line, [user])
        if line.user is None:
            colleague = colleague_of(user)
            assert line in todos_for(colleague), (case.__name__, line.kind)
            before.people.append(colleague)
    assert before
    before.assert_gone()
    return kinds


@pytest.mark.sqlite  # pages by the hundred; their lists are asked on both databases elsewhere
@pytest.mark.requirement("D11.4", "X.5")
def test_every_kind_of_line_opens_its_page_with_the_right_action(county: County) -> None:
    here = {site for path in CODE.rglob("*.py") if "demo" not in path.parts for site in opening(path)}
    assert here == set(SITES), "a new kind of line needs its case"
    assert set(SITES.values()) <= set(desks.CASES.values())
    kinds: set[str] = set()
    for case in desks.CASES.values():
        with undone():
            kinds |= opened(case, county)
    assert declared() <= kinds, f"no case for {sorted(declared() - kinds)}"
