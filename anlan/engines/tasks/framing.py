"""What the page frame asks the tasks engine for: badges and places."""

from django.http import HttpRequest

from anlan.engines.tasks.badges import badges_of
from anlan.engines.tasks.jobs import Job, jobs_of
from anlan.engines.tasks.school_tasks import ISSUE, VIEW, SchoolTask
from anlan.shell import frame
from anlan.shell.navigation import Page, add_area, add_page


def _todos(request: HttpRequest) -> frame.Badge:
    found = badges_of(request)
    return frame.Badge(found.total, found.late)


def _school_tasks(request: HttpRequest) -> frame.Badge:
    return frame.Badge(badges_of(request).by_model.get(SchoolTask._meta.label_lower, 0))


def _jobs(request: HttpRequest) -> frame.Badge:
    return frame.Badge(jobs_of(request.user).filter(state__in=(Job.State.QUEUED, Job.State.RUNNING)).count())


frame.register_count("todos", _todos)
frame.register_count("school_tasks", _school_tasks)
frame.register_count("jobs", _jobs)
add_area("tasks", "任务", "clipboard-check", order=30)
add_page(Page("home", "我的", "待办", "todos:list", badge="todos", order=20))
add_page(Page("home", "我的", "后台作业", "jobs:list", badge="jobs", order=40))
add_page(
    Page("tasks", "学校任务", "任务清单", "tasks.school_tasks:list", VIEW, badge="school_tasks", order=10)
)
add_page(Page("tasks", "学校任务", "任务日历", "tasks.school_tasks:calendar", VIEW, order=20))
add_page(Page("tasks", "学校任务", "任务统计", "tasks.school_tasks:statistics", VIEW, order=30))
add_page(Page("tasks", "学校任务", "发布任务", "tasks.school_tasks:new", ISSUE, order=40))
