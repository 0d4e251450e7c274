"""Addresses of the to-do centre, background jobs and school tasks."""

from django.urls import include, path

from anlan.engines.tasks.pages import (
    jobs,
    school_calendar,
    school_list,
    school_new,
    school_record,
    school_statistics,
    steps,
    todos,
)

todo_urls = [path("", todos.todo_list, name="list")]
job_urls = [
    path("", jobs.job_list, name="list"),
    path("<int:pk>/", jobs.card, name="card"),
    path("<int:pk>/cancel/", jobs.cancel_job, name="cancel"),
]
school_task_urls = [
    path("", school_list.task_list, name="list"),
    path("export/", school_list.export, name="export"),
    path("new/", school_new.new_task, name="new"),
    path("calendar/", school_calendar.calendar, name="calendar"),
    path("statistics/", school_statistics.statistics, name="statistics"),
    path("<int:pk>/", school_record.detail, name="detail"),
    path("<int:pk>/<slug:code>/", steps.take, name="verb"),
]
urlpatterns = [
    path("todos/", include((todo_urls, "todos"))),
    path("jobs/", include((job_urls, "jobs"))),
    path("tasks/", include((school_task_urls, "tasks.school_tasks"))),
]
