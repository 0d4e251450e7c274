"""Personal data past their retention are made anonymous, and what was done is written down (MLPS.19)."""

from collections import defaultdict
from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.db import models, transaction

from anlan.engines.audit.api import SYSTEM, log
from anlan.kernel import clock
from anlan.kernel.personal import PersonalField, personal_fields

NOBODY = "已匿名"
Due = tuple[str, str, int]


def erase_due() -> int:
    """Make anonymous what is past its time; returns how many records were touched."""
    groups: dict[Due, list[PersonalField]] = defaultdict(list)
    for item in personal_fields:
        if item.said.since and item.said.years:
            groups[item.model, item.said.since, item.said.years].append(item)
    return sum(_erase(*due, [item.name for item in items]) for due, items in groups.items())


def _erase(label: str, since: str, years: int, names: list[str]) -> int:
    model = apps.get_model(label)
    blank = {name: _nothing(model._meta.get_field(name)) for name in names}
    still = models.Q()
    for name, value in blank.items():
        still |= ~models.Q(**{name: value})
    rows = model._base_manager.filter(still, **{f"{since}__lt": _limit(model, since, years)})
    touched = 0
    for row in rows.iterator(500):
        with transaction.atomic():
            row_of = model._base_manager.filter(still, pk=row.pk)
            if row_of.update(**blank):
                row.refresh_from_db()
                title = f"{model._meta.verbose_name} {row.pk}"
                log(SYSTEM, "personal.erase", row, title=title, after={"fields": names})
                touched += 1
    return touched


def _limit(model: type[models.Model], since: str, years: int) -> Any:
    today = clock.today()
    day = today.replace(year=today.year - years, day=min(today.day, 28))
    moment = isinstance(model._meta.get_field(since), models.DateTimeField)
    return datetime.combine(day, time.min, clock.zone()) if moment else day


def _nothing(field: Any) -> Any:
    if field.null:
        return None
    return "" if field.blank or not field.editable else NOBODY
