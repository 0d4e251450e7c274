"""What posts, grids and school tasks say on the page of a person (X.23)."""

from functools import partial

from anlan.base.people import Person
from anlan.base.person_lists import PersonList, person_list, person_lists
from anlan.engines.tasks.api import tasks_in_state

TASKS = "/tasks/"
person_list("post", "base.posts")
person_list("post", "base.grids")


def _tasks_of(state: str, person: Person) -> str:
    return f"{TASKS}?who={person.account_id or 0}&state={state}"


for _part, _state, _title in (
    ("task", "completed", "学校任务（已完成）"),
    ("task", "pending", "学校任务（待完成）"),
    ("task", "doing", "学校任务（执行中）"),
    ("late", "failed", "学校任务（未按要求完成）"),
):
    person_lists.add(
        f"school_tasks:{_state}",
        PersonList(
            _part,
            partial(str, _title),
            partial(str, "tasks.school_tasks.view"),
            partial(tasks_in_state, state=_state),
            partial(str, "assignee__person"),
            partial(_tasks_of, _state),
        ),
    )
