"""Sending a quick report: who may, what it needs, and that the same one is stored once (S02.1)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.quick import QuickAddition, QuickKind, QuickReport, QuickSetting
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import adopt
from anlan.engines.org.api import Kind, OrgUnit, declare_permission, scope
from anlan.kernel.errors import Conflict, Forbidden, Rejected

ADD = "safety.quick.add"
AS_PUPIL = declare_permission("safety.quick.add_as_pupil", "随手报：学生上报（学校开放时）", ("pupil",)).code
AS_OUTSIDER = declare_permission(
    "safety.quick.add_as_outsider", "随手报：校外人员上报（学校开放时）", ("outsider",)
).code
SLOTS = ("photo", "voice")
WHERE = (Kind.SCHOOL, Kind.UNIVERSITY, Kind.COLLEGE)


def may_report(user: Any, unit: OrgUnit) -> bool:
    """Staff of the school always; pupils and outsiders where the school opened it."""
    if scope(user, ADD).covers(unit.path):
        return True
    setting = QuickSetting.of(unit)
    as_pupil = setting.pupils_may and scope(user, AS_PUPIL).covers(unit.path)
    return as_pupil or (setting.outsiders_may and scope(user, AS_OUTSIDER).covers(unit.path))


def units_of(user: Any) -> list[OrgUnit]:
    """Schools the person may report at."""
    inside = Q(pk__in=[])
    for path in {path for right in (ADD, AS_PUPIL, AS_OUTSIDER) for path in scope(user, right).paths}:
        inside |= Q(path__startswith=path)
    schools = OrgUnit.objects.filter(inside, kind__in=WHERE, closed_on=None)
    return [unit for unit in schools if may_report(user, unit)]


def kinds_at(unit: OrgUnit) -> Any:
    """Kinds of report in use at the school: its own and those laid down above it."""
    rows = QuickKind.objects.unscoped().filter(org__code__in=unit.ancestor_codes(), retired=False)
    return rows.filter(archived_at=None).order_by("pk")


def send_report(
    actor: Actor, quick: QuickReport, uploads: Mapping[str, Sequence[UUID]]
) -> tuple[QuickReport, bool]:
    """Store a report with its uploads, and whether it is new: the same uid of the same person is stored once.

    Forbidden where the person may not report, Rejected without picture, voice and words.
    """
    if earlier := _earlier(actor, quick.uid):
        return earlier, False
    if not may_report(actor.user, quick.org):
        raise Forbidden(ADD)
    if not any(uploads.values()) and not quick.text.strip():
        raise Rejected({"text": "请拍一张照片，或写一句说明"})
    if quick.kind not in kinds_at(quick.org):
        raise Rejected({"kind": "这个类别已停用"})
    quick.created_by = actor.user
    signed = quick.signing(actor)
    try:
        with transaction.atomic():
            create(signed, quick)
            for slot, uids in uploads.items():
                adopt(signed, quick, slot, uids, sender=actor.user)
    except (Conflict, Rejected):
        if earlier := _earlier(actor, quick.uid):
            return earlier, False
        raise
    return quick, True


def _earlier(actor: Actor, uid: UUID) -> QuickReport | None:
    found: QuickReport | None = QuickReport.objects.unscoped().filter(uid=uid, created_by=actor.user).first()
    return found


def add_to(actor: Actor, quick: QuickReport, text: str) -> QuickAddition:
    """The reporter adds to an open report; Conflict for anybody else or once it ended."""
    if actor.user is None or quick.created_by_id != actor.user.pk:
        raise Conflict("只有上报人能补充")
    if not quick.open:
        raise Conflict("这条上报已经办结，不能再补充")
    addition = QuickAddition(org=quick.org, report=quick, text=text.strip())
    return create(quick.signing(actor), addition)
