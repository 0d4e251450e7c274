"""Deadlines: one service reminds before, warns after and escalates, for everything that has a date (X.6, P.13).

What stays overdue climbs level by level: each pause later the next superiors are told.

Assignments of every kind and to-dos are watched without saying so; other models declare themselves with
:func:`declare_dated`. Each stage of a deadline fires once per person, and stops when the matter is done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.engines.messaging.api import declare_event, nearest_holders, rungs, send
from anlan.engines.org.api import declare_permission
from anlan.engines.tasks.assignments import OPEN, Assignment
from anlan.engines.tasks.todos import SELF_REMINDED, Todo
from anlan.kernel import clock
from anlan.kernel.registry import Registry

ESCALATION = "tasks.overdue.receive"
REMIND, OVERDUE = "remind", "overdue"
ESCALATIONS = ("escalate", "escalate2", "escalate3")
LONGEST_LEAD = timedelta(days=120)
ESCALATE_AFTER = timedelta(days=2)
CHUNK = 500
People = Callable[[Any], list[Any]]

declare_permission(
    ESCALATION, "接收逾期升级预警", ("school_head", "bureau_safety", "bureau_leader", "unit_admin")
)
declare_event("tasks.remind", "task", "即将到期：{record}", "期限 {due}。", channels="sms wechat")
declare_event(
    "tasks.overdue", "overtime", "已逾期：{record}", "期限 {due}，请尽快办理。", channels="sms wechat"
)
declare_event(
    "tasks.escalate", "overtime", "逾期未办：{record}", "期限 {due}，{unit}仍未办结。", channels="sms wechat"
)


class DeadlineNotice(models.Model):
    """A stage of a deadline that was told to a person; a deadline that moves starts anew."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    stage = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "期限提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "stage", "due_at", "person"], name="tasks_deadline_notice_once"
            )
        ]


def escalation_of(record: Any) -> list[list[Any]]:
    """Whom an overdue matter goes to by default: holders of the escalation right, level by level upwards."""
    return rungs(record.org, ESCALATION)


@dataclass(frozen=True)
class Dated:
    """Something with a date: when it is due, while what it is open, who acts, who answers, who is told last.

    ``watchers`` are warned together with those who act; ``lead`` is how long before the date the reminder
    comes; ``escalate_to`` gives the levels, each told ``escalate_after`` later than the one below.
    """

    model: type[models.Model]
    due_field: str
    open_condition: Q
    who: People
    watchers: People = lambda record: []
    escalate_to: Callable[[Any], list[list[Any]]] = escalation_of
    lead: Callable[[Any], timedelta] = lambda record: timedelta(days=1)
    escalate_after: timedelta = ESCALATE_AFTER

    @property
    def exact(self) -> bool:
        """Whether the date is a moment rather than a day."""
        return isinstance(self.model._meta.get_field(self.due_field), models.DateTimeField)

    def due_of(self, record: Any) -> datetime:
        """The date as a moment; a bare day ends at midnight."""
        value = getattr(record, self.due_field)
        if isinstance(value, datetime):
            return value
        return datetime.combine(value + timedelta(days=1), datetime.min.time(), clock.zone())


def _faults(dated: Dated) -> Iterator[str]:
    if dated.due_field not in {f.name for f in dated.model._meta.get_fields()}:
        yield f"{dated.due_field} is no field"


declared_dated: Registry[Dated] = Registry("deadline", _faults)


def declare_dated(
    model: type[models.Model], due_field: str, open_condition: Q, who: People, **more: Any
) -> Dated:
    """Watch the dates of a model; see :class:`Dated` for what else can be said."""
    return declared_dated.add(model._meta.label_lower, Dated(model, due_field, open_condition, who, **more))


def _assignments(model: type[Assignment]) -> Dated:
    return Dated(
        model,
        "due_at",
        Q(state__in=OPEN, archived_at=None),
        lambda record: record.doers(),
        watchers=lambda record: record.issuers(),
        lead=lambda record: timedelta(hours=record.plan.remind_hours),
    )


def _todos(watched: list[str]) -> Dated:
    return Dated(
        Todo,
        "due_at",
        Q(closed_at=None, due_at__isnull=False) & ~Q(model__in=watched) & ~Q(kind__startswith=SELF_REMINDED),
        lambda todo: [todo.user] if todo.user else nearest_holders(todo.org, todo.permission),
    )


def watched() -> list[Dated]:
    """Everything whose dates are watched."""
    kinds = [
        model
        for model in apps.get_models()
        if issubclass(model, Assignment) and model._meta.label_lower not in declared_dated
    ]
    known = [*declared_dated, *(_assignments(model) for model in kinds)]
    return [*known, _todos([dated.model._meta.label_lower for dated in known])]


def watch_deadlines() -> int:
    """Tell what is due, overdue or escalated and has not been told yet; returns to how many."""
    return sum(_stage(dated, stage) for dated in watched() for stage in (REMIND, OVERDUE, *ESCALATIONS))


def _stage(dated: Dated, stage: str) -> int:
    rows = _untold(dated, stage).filter(_window(dated, stage))
    fitting = (row for row in rows.iterator(CHUNK) if stage != REMIND or _in_lead(dated, row))
    return sum(_tell(dated, stage, row) for row in fitting)


def _untold(dated: Dated, stage: str) -> Any:
    told = DeadlineNotice.objects.filter(
        model=dated.model._meta.label_lower, object_id=OuterRef("pk"), stage=stage
    )
    field = "due_at" if dated.exact else "due_on"
    told = told.filter(**{field: OuterRef(dated.due_field)})
    rows = dated.model._base_manager.filter(dated.open_condition).filter(~Exists(told))
    return rows.select_related("org")


def _window(dated: Dated, stage: str) -> Q:
    """Rows the stage may concern now: a reminder never comes after the deadline."""
    field, now = dated.due_field, clock.now()
    exact = dated.exact
    cut = now if exact else now.astimezone(clock.zone()).date()
    if stage == REMIND:
        return Q(**{f"{field}__{'gt' if exact else 'gte'}": cut, f"{field}__lte": cut + LONGEST_LEAD})
    return Q(**{f"{field}__lt": cut - dated.escalate_after * _level(stage)})


def _level(stage: str) -> int:
    """How many pauses after the date the stage comes: 0 for the first warning."""
    return ESCALATIONS.index(stage) + 1 if stage in ESCALATIONS else 0


def _in_lead(dated: Dated, record: Any) -> bool:
    return dated.due_of(record) - dated.lead(record) <= clock.now()


def _people(dated: Dated, stage: str, record: Any) -> list[Any]:
    doers = dated.who(record)
    if stage == REMIND:
        return doers
    if stage == OVERDUE:
        return [*doers, *dated.watchers(record)]
    levels, place = dated.escalate_to(record), _level(stage) - 1
    return [user for user in levels[place] if user not in doers] if place < len(levels) else []


def _tell(dated: Dated, stage: str, record: Any) -> int:
    due, label = dated.due_of(record), record._meta.label_lower
    due_on = None if dated.exact else getattr(record, dated.due_field)
    place = {"model": label, "object_id": record.pk, "stage": stage, "due_at": due, "due_on": due_on}
    told = 0
    for user in {user.pk: user for user in _people(dated, stage, record)}.values():
        try:
            with transaction.atomic():
                DeadlineNotice.objects.create(person=user, **place)
                _send(record, stage, user, due)
        except IntegrityError:
            continue
        told += 1
    return told


def _send(record: Any, stage: str, user: Any, due: datetime) -> None:
    shown = due.astimezone(clock.zone()).strftime("%m-%d %H:%M")
    key = f"{stage}:{record._meta.label_lower}:{record.pk}:{due:%Y%m%d%H%M}"
    url = record.url if isinstance(record, Todo) else ""
    send(
        f"tasks.{stage.rstrip('23')}",
        [user],
        record,
        key=key,
        url=url,
        context={"due": shown, "unit": record.org},
    )
