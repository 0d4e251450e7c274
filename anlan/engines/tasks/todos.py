"""The one to-do list: everything awaiting a person, from any engine (X.5, ARCH.15).

A to-do is addressed to one person, or to whoever holds a permission over its unit, or to whoever holds a post
(a role) exactly at its unit; rights that change therefore move to-dos at once, without a job.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from anlan.engines.org.api import OrgUnit, Record, below, held_grants, rights
from anlan.kernel import clock

SELF_REMINDED = "expiry."  # kinds that begin so are reminded of by whoever opened them
# Rights that put nothing on a desk. A person holds hundreds of them, and every page counts the person's matters.
IDLE = (".view", ".own", ".add", ".import", ".export", ".unmask", ".archive")


class Todo(models.Model):
    """One matter; ``url`` is its working page, ``verb`` what the person does there."""

    kind = models.CharField("类别", max_length=60, db_index=True)
    title = models.CharField("事项", max_length=200)
    verb = models.CharField("动作", max_length=20, default="办理")
    url = models.CharField(max_length=300)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="办理人"
    )
    permission = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField("期限", null=True)
    opened_at = models.DateTimeField("产生时间", default=clock.now)
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "待办"
        indexes = [
            models.Index(fields=["model", "object_id"], name="tasks_todo_object"),
            models.Index(
                fields=["permission", "org"], name="tasks_todo_open_duty", condition=Q(closed_at=None)
            ),
            models.Index(fields=["user"], name="tasks_todo_open_user", condition=Q(closed_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                "model",
                "object_id",
                "kind",
                Coalesce("user", Value(0), output_field=models.BigIntegerField()),
                "permission",
                "role",
                name="tasks_todo_once",
                condition=Q(closed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def overdue(self) -> bool:
        """Past its deadline and still open."""
        return self.closed_at is None and self.due_at is not None and self.due_at < clock.now()


def open_todo(
    record: Record,
    kind: str,
    title: str,
    url: str,
    *,
    verb: str = "办理",
    user: Any = None,
    permission: str = "",
    role: str = "",
    due_at: datetime | None = None,
    org: OrgUnit | None = None,
) -> Todo:
    """Put a matter on desks; opening the same one again only moves its title and deadline.

    ValueError for a right that puts nothing on a desk.
    """
    if permission.endswith(IDLE):
        raise ValueError(permission)
    todo, _ = Todo.objects.update_or_create(
        model=record._meta.label_lower,
        object_id=record.pk,
        kind=kind,
        user=user,
        permission=permission,
        role=role,
        closed_at=None,
        defaults={"title": title[:200], "url": url, "verb": verb, "due_at": due_at, "org": org or record.org},
    )
    return todo


def open_todos(matters: Iterable[Todo]) -> None:
    """Put many new matters on desks in few statements; those that are open already stay as they are."""
    Todo.objects.bulk_create(list(matters), batch_size=500, ignore_conflicts=True)


def close_todos(record: Record, by: Any = None, kinds: tuple[str, ...] = (), user: Any = None) -> int:
    """Take the record's matters off desks: all, or those of some kinds, or those of one person."""
    rows = Todo.objects.filter(model=record._meta.label_lower, object_id=record.pk, closed_at=None)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if user is not None:
        rows = rows.filter(user=user)
    return rows.update(closed_at=clock.now(), closed_by=by)


def _posts(user: Any) -> dict[str, list[int]]:
    """Units at which the person holds each role."""
    found: dict[str, list[int]] = defaultdict(list)
    for role, unit in held_grants(user).values_list("role__code", "unit"):
        found[role].append(unit)
    return found


def addressed_to(user: Any) -> Q:
    """Matters of this person: by name, by a right held over the matter's unit, or by a post there."""
    by_paths: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for permission, paths in rights(user).items():
        if not permission.endswith(IDLE):
            by_paths[paths].append(permission)
    condition = Q(user=user)
    for role, units in _posts(user).items():
        condition |= Q(user=None, role=role, org__in=units)
    for paths, permissions in by_paths.items():
        condition |= Q(user=None, role="", permission__in=permissions) & below(paths)
    return condition


def todos_for(user: Any) -> models.QuerySet[Todo]:
    """Open matters of the person, late and early deadlines first."""
    return Todo.objects.filter(addressed_to(user), closed_at=None).order_by(
        models.F("due_at").asc(nulls_last=True), "pk"
    )
