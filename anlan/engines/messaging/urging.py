"""Urging: a recorded reminder that cannot be repeated within a limit (D06.5, X.6)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, log
from anlan.engines.messaging.declaring import declare_event
from anlan.engines.messaging.sending import send
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

LIMIT = timedelta(minutes=30)

declare_event("messaging.urged", "urge", "催办：{record}", "{by}请您尽快办理。{note}", channels="sms wechat")


class UrgeGate(models.Model):
    """When an object was last urged; the row that decides between two people urging at once."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id"], name="messaging_urge_gate_once")
        ]


class Urge(models.Model):
    """One reminder of an object: when, by whom, to how many."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="催办人"
    )
    actor = models.CharField("催办人", max_length=40)
    addressed = models.PositiveIntegerField("人数")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "催办记录"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="messaging_urge_object")]

    def __str__(self) -> str:
        return f"{self.actor} 催办 {self.addressed} 人"


def urge(
    actor: Actor,
    record: models.Model,
    addressees: Iterable[Any],
    *,
    note: str = "",
    url: str = "",
    limit: timedelta = LIMIT,
) -> Urge:
    """Remind people of ``record``. Conflict within ``limit`` of the last time, or with nobody to urge."""
    people = list(addressees)
    if not people:
        raise Conflict("已经没有需要催办的对象")
    with transaction.atomic():
        _pass_gate(record, limit)
        done = Urge.objects.create(
            model=record._meta.label_lower,
            object_id=record.pk,
            by=actor.user,
            actor=actor.name,
            addressed=len(people),
            note=note,
        )
        context = {"by": actor.name, "note": note}
        send("messaging.urged", people, record, url=url, key=f"urge:{done.pk}", context=context)
        log(actor, "urge", record, after={"addressed": len(people)}, reason=note)
    return done


def _pass_gate(record: models.Model, limit: timedelta) -> None:
    now, place = clock.now(), {"model": record._meta.label_lower, "object_id": record.pk}
    UrgeGate.objects.get_or_create(**place)
    free = UrgeGate.objects.filter(Q(last_at=None) | Q(last_at__lte=now - limit), **place)
    if not free.update(last_at=now):
        raise Conflict(f"{int(limit.total_seconds() // 60)} 分钟内只能催办一次")


def urges_of(record: models.Model) -> models.QuerySet[Urge]:
    """Every urging of the record, newest first."""
    return Urge.objects.filter(model=record._meta.label_lower, object_id=record.pk)
