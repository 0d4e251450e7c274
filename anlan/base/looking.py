"""Making a check on the spot: what fails becomes a hazard, what is vital stops the thing (R.32).

A failed thing with a life is reported, or stopped where the line is vital, and stays so until the repair is
confirmed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anlan.base.checklists import Line, days_at, subjects
from anlan.base.found import Filed, Found
from anlan.base.spot_checks import FRESH, PHOTO, SpotCheck, checks_of
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, change, create
from anlan.engines.files.api import attach, attachments_of
from anlan.engines.registry.api import (
    SCANNED,
    Equipment,
)
from anlan.engines.workflow.api import perform
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected
from anlan.shell.deadlines import moment_words


@dataclass(frozen=True)
class Said:
    """What was found: lines that failed, when (with its zone), a note, pictures; ``scanned`` shows the presence,
    ``source`` is the source of the hazards.
    """

    failed: tuple[Line, ...] = ()
    at: datetime = field(default_factory=clock.now)
    note: str = ""
    photos: tuple[Any, ...] = ()
    scanned: bool = False
    source: str = "self"


def scanned_lately(user: Any, record: Any) -> bool:
    """Whether the person scanned the label of this very thing a short while ago."""
    marks = AuditEntry.objects.filter(
        model=record._meta.label_lower, object_id=str(record.pk), action=SCANNED, user=user
    )
    return marks.filter(at__gte=clock.now() - FRESH).exists()


@transaction.atomic
def look(actor: Actor, owner: Any, record: Any, said: Said, subject: str = "") -> SpotCheck:
    """Write a check down, with all that follows; ``subject`` is one of the owner's, its own one by default.

    ``owner`` is the ledger of the thing; one that is no ``Looked`` needs a subject.

    Rejected for a moment to come, one before the last check of this kind, and a second one within the same minute.
    """
    own = getattr(owner, "looked_as", "")
    subject = subject or own
    minute = said.at.replace(second=0, microsecond=0)
    type(record).objects.unscoped().select_for_update().get(pk=record.pk)
    if said.at > clock.now():
        raise Rejected({"at": "检查时间不能晚于现在"})
    last = checks_of(owner, record).filter(subject=subject).first()
    if last is not None and minute < last.minute:
        raise Rejected({"at": f"检查时间不能早于上一次检查（{moment_words(last.minute)}）"})
    vital = any(line.vital for line in said.failed)
    by = clock.today() + timedelta(days=days_at(record.org, subject))
    row = SpotCheck(
        org=record.org, ledger=owner.code, object_id=record.pk, thing=f"{owner.title} {record}"[:120],
        subject=subject, minute=minute, passed=not said.failed, scanned=said.scanned, vital=vital,
        failed="\n".join(line.text for line in said.failed), note=said.note, next_by=by,
    )  # fmt: skip
    create(actor, row)
    for photo in said.photos:
        attach(actor, row, photo, PHOTO)
    if subject == own:
        change(actor, record, {"looked_at": minute, "look_by": by}, action="look")
    if said.failed:
        _failed(actor, owner, record, row, said.source)
    return row


def _failed(actor: Actor, owner: Any, record: Any, row: SpotCheck, source: str) -> None:
    words = row.failed.replace("\n", "；")
    if isinstance(record, Equipment):
        wanted = "stop" if row.vital else "report"
        if record.state in record.flow.moves[wanted].sources:
            perform(SYSTEM, record, wanted, {"fault": f"现场检查不合格：{words}"})
    place = str(getattr(record, "place", "") or record)[:80]
    detail = f"{owner.title} {record}（{place}）：{words}\n{row.note}".strip()
    pictures = [one for one in attachments_of(row, PHOTO) if one.is_picture]
    category = subjects[row.subject].category
    events.publish(
        Found(
            actor, row, source, f"{record}：{words}", category, detail, place, row.minute, pictures=pictures
        )
    )


@events.on(Filed)
def link(event: Filed) -> None:
    """The check leads to the hazard made of it."""
    if isinstance(event.record, SpotCheck):
        change(event.actor, event.record, {"hazard_url": event.url}, action="raise")
