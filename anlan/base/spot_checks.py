"""Checks on the spot: their rows, and the fields of the things that are checked (R.32)."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html

from anlan.base.checklists import subject_choices
from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.engines.registry.api import (
    Entry,
    Ledger,
    computed,
    ledger,
    ledgers,
)
from anlan.kernel import clock

PHOTO, MINUTE, FRESH = "photo", timedelta(minutes=1), timedelta(minutes=30)


class Lookable(models.Model):
    """Fields of a thing that is checked: when it was, and until when it is to be again."""

    looked_at = models.DateTimeField("上次检查", null=True, blank=True, editable=False)
    look_by = models.DateField("下次检查", null=True, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    @property
    def there(self) -> bool:
        """Hook: whether there is anything to look at."""
        return True


def unlooked() -> Q:
    """Condition: the check is overdue, or none was ever made."""
    return Q(look_by=None) | Q(look_by__lt=clock.today())


def unlooked_as(code: str, *subjects_asked: str) -> Q:
    """Condition on things of the ledger ``code``: one of the further checks is overdue, or was never made."""
    made = SpotCheck.objects.unscoped().filter(
        ledger=code, object_id=OuterRef("pk"), next_by__gte=clock.today(), archived_at=None
    )
    lacking = (~Q(Exists(made.filter(subject=subject))) for subject in subjects_asked)
    return reduce(or_, lacking)


class SpotCheck(Entry):
    """One check; ``minute`` is the moment it was made, to the minute; whoever made it owns it."""

    OWNER = "created_by"

    ledger = models.CharField(max_length=60, editable=False, db_index=True)
    object_id = models.BigIntegerField(editable=False)
    thing = models.CharField("检查对象", max_length=120)
    subject = models.CharField(
        "检查种类", max_length=40, choices=subject_choices, editable=False, db_index=True
    )
    minute = models.DateTimeField("检查时间", db_index=True)
    passed = models.BooleanField("合格", default=True, db_index=True)
    scanned = models.BooleanField("扫码到场", default=False, db_index=True)
    failed = models.TextField("不合格项", blank=True)
    vital = models.BooleanField("有安全项不合格", default=False)
    note = models.CharField("说明", max_length=300, blank=True)
    next_by = models.DateField("下次检查", null=True, editable=False)
    hazard_url = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "现场检查记录"
        indexes = [models.Index(fields=["ledger", "object_id", "minute"], name="base_spot_check_thing")]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "object_id", "minute"],
                name="base_spot_check_once",
                violation_error_message="这一分钟里已经检查过",
            )
        ]


@ledger
class SpotChecks(Ledger):
    """All checks on the spot; who was not there is marked."""

    model = SpotCheck
    readonly = True
    title, noun, area, group, order = "现场检查记录", "次", "upkeep", "检查", 10
    columns = "thing subject minute passed scanned failed created_by org"
    filters, search, sort = "org subject minute passed scanned", "thing failed note", "-minute"
    views = {"不合格": "passed=0", "未扫码": "scanned=0"}
    files = {PHOTO: "现场照片"}
    facts = "thing way subject minute passed scanned failed vital note created_by org"
    example = {"thing": "MH-001"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "view.own": " ".join(IN_SCHOOL[3:]),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
    }

    @computed("台账")
    def way(self, row: SpotCheck) -> str:
        """The way to the thing that was checked."""
        if row.ledger not in ledgers:
            return ""
        return format_html('<a href="{}">查看被查对象</a>', ledgers[row.ledger].url_of(row.object_id))


def checks_of(owner: Ledger, record: Any) -> Any:
    """Checks of a thing, the latest first."""
    return SpotCheck.objects.unscoped().filter(ledger=owner.code, object_id=record.pk).order_by("-minute")


def vital_failure(record: Any, code: str) -> str:
    """Why a stopped thing may not be used yet: the last check of some kind failed in something vital; empty: it may."""
    rows = checks_of(ledgers[code], record).filter(archived_at=None)
    last: dict[str, bool] = {}
    for subject, vital in rows.values_list("subject", "vital"):
        last.setdefault(subject, vital)
    return "安全项不合格，请先复查合格" if any(last.values()) else ""


def passed_since(record: Any, code: str, moment: datetime) -> bool:
    """Whether the thing passed a check on the spot at or after a moment."""
    return bool(checks_of(ledgers[code], record).filter(passed=True, minute__gte=moment).exists())
