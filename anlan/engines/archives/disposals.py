"""Disposals: what has reached its time is proposed; one asks, another approves, the record of it stays (X.17)."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from anlan.engines.archives.destroying import GONE, destroy
from anlan.engines.archives.holdings import Holding
from anlan.engines.archives.holds import is_held
from anlan.engines.archives.keeping import Times
from anlan.engines.archives.kinds import choices, kinds
from anlan.engines.archives.matters import matter_of
from anlan.engines.audit.api import SYSTEM, change, create, log
from anlan.engines.org.api import Kind, OrgUnit, Record
from anlan.engines.registry.api import Entry
from anlan.engines.workflow.api import FlowRecord, Moved, Workflow, done, idle, move, review, todo
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict

MOST = 200
OFFICES = (Kind.COUNTY, Kind.CITY, Kind.PROVINCE, Kind.UNIVERSITY)
OPEN = ("proposed", "asked")
LATER = timedelta(days=365)
DESKS = "bureau_safety bureau_leader"


class Disposal(FlowRecord, Entry):
    """A list of matters of one kind past their time, with the decision; ``digest`` covers all that was destroyed."""

    title = models.CharField("清单", max_length=100, editable=False)
    kind = models.CharField("门类", max_length=30, choices=choices, editable=False, db_index=True)
    listed = models.PositiveIntegerField("列入事项", default=0, editable=False)
    reason = models.TextField("理由", max_length=500, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    opinion = models.TextField("审批意见", max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="提出人",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="批准人",
    )
    destroyed_at = models.DateTimeField("销毁时间", null=True, editable=False, db_index=True)
    destroyed = models.PositiveIntegerField("已销毁事项", default=0, editable=False)
    files = models.PositiveIntegerField("已销毁附件", default=0, editable=False)
    spared = models.PositiveIntegerField("因冻结未销毁", default=0, editable=False)
    digest = models.CharField("校验值", max_length=64, blank=True, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "销毁清单"
        ordering = ["-pk"]


def by_another(record: Any, user: Any) -> str | None:
    """Guard: whoever asked does not decide."""
    return "提出销毁的人不能自己审批" if record.asked_by_id == user.pk else None


class DisposalFlow(Workflow):
    """Proposed by the night, asked for by one person, decided by another."""

    code = "archives.disposals"
    title = "到期销毁"
    model = Disposal
    states = {
        "proposed": todo("待鉴定"),
        "asked": review("待批准", work="审批销毁"),
        "destroyed": done("已销毁"),
        "kept": idle("继续保存"),
    }
    initial, final = "proposed", "destroyed kept"

    ask = move(
        "提出销毁",
        "proposed",
        "asked",
        by="bureau_safety",
        needs="reason basis",
        effect=lambda record, actor: {"asked_by": actor.user},
    )
    keep = move("继续保存", "proposed", "kept", by="bureau_safety", needs="reason", duty=False)
    approve = move(
        "批准销毁",
        "asked",
        "destroyed",
        by=DESKS,
        needs="opinion",
        guard=by_another,
        confirm=True,
        effect=lambda record, actor: {"approved_by": actor.user, "destroyed_at": clock.now()},
    )
    refuse = move("不同意销毁", "asked", "kept", by=DESKS, needs="opinion", guard=by_another)


def office_of(unit: OrgUnit) -> OrgUnit:
    """The bureau (or university) that decides for a unit: the nearest at or above it."""
    above = OrgUnit.objects.filter(code__in=unit.ancestor_codes(), kind__in=OFFICES)
    return above.order_by("-path").first() or unit


def propose() -> int:
    """List what has reached its time and lies on no open list; returns how many lists were made. Destroys nothing."""
    due = Holding.objects.unscoped().filter(
        keep_until__lt=clock.today(), held=False, filed=True, gone_at=None
    )
    due = due.exclude(disposal__state__in=OPEN).select_related("org").order_by("kind", "pk")
    offices: dict[int, OrgUnit] = {}
    groups: dict[tuple[int, str], list[Holding]] = {}
    for row in due.iterator(500):
        office = offices.setdefault(row.org_id, office_of(row.org))
        groups.setdefault((office.pk, row.kind), []).append(row)
    made = 0
    for (office_id, kind), rows in groups.items():
        for first in range(0, len(rows), MOST):
            _list(OrgUnit.objects.get(pk=office_id), kind, rows[first : first + MOST])
            made += 1
    return made


@transaction.atomic
def _list(office: OrgUnit, kind: str, rows: list[Holding]) -> Disposal:
    title = f"{kinds[kind].title}到期清单（{clock.today():%Y-%m-%d}，{len(rows)} 件）"
    made = create(SYSTEM, Disposal(org=office, kind=kind, title=title, listed=len(rows)), action="propose")
    Holding.unguarded.filter(pk__in=[row.pk for row in rows]).update(disposal=made, version=F("version") + 1)
    return made


@events.on(Moved)
def carry_out(event: Moved) -> None:
    """Handler: the decision takes effect in the transaction of its move."""
    if not isinstance(event.record, Disposal):
        return
    if event.move.name == "approve":
        _destroy_listed(event)
    elif event.record.state == "kept":
        _keep_listed(event.record)


def _keep_listed(disposal: Disposal) -> None:
    """They are proposed again when another keeping time of their kind is over, at the earliest after a year."""
    times, today = Times(), clock.today()
    for row in disposal.holdings.select_related("org"):
        again: date | None = times.until(row.org, row.kind, today)
        later = None if again is None else max(again, today + LATER)
        change(SYSTEM, row, {"keep_until": later}, action="keep")


def _destroy_listed(event: Moved) -> None:
    disposal = event.record
    listed: int = disposal.holdings.count()  # type: ignore[attr-defined]
    digests, files = [], 0
    for row in disposal.holdings.filter(gone_at=None).select_related("org").order_by("pk"):  # type: ignore[attr-defined]
        made = _destroy_one(event, row)
        if made is not None:
            digests.append(made[0])
            files += made[1]
    if listed and not digests:
        raise Conflict("清单里的事项都已冻结或不在档，没有可以销毁的")
    said = {
        "destroyed": len(digests),
        "files": files,
        "spared": listed - len(digests),
        "digest": hashlib.sha256("".join(digests).encode()).hexdigest(),
    }
    change(SYSTEM, disposal, said, action="destroyed")


def _destroy_one(event: Moved, row: Holding) -> tuple[str, int] | None:
    """Digest and number of files; None for a matter that is held, or was taken up again, at this very moment."""
    free = Holding.unguarded.filter(pk=row.pk, held=False, filed=True, gone_at=None)
    if is_held(row) or not free.update(gone_at=clock.now(), title=GONE, version=F("version") + 1):
        models.QuerySet(Holding).filter(pk=row.pk).update(disposal=None)
        return None
    record: Record = row.record
    matter = matter_of(type(record))
    if matter is None:
        return None
    digest, files = destroy(matter, record)
    said = {"digest": digest, "files": files, "disposal": event.record.pk}
    log(event.actor, "destroy", record, title=f"{matter.owner.title} {record.pk}", after=said)
    return digest, files
