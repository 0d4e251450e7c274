"""Prepared texts for emergency broadcasts: those of the school and those laid down above it (N1.18)."""

from typing import Any

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, Ledger, ledger, unique


class BroadcastText(Entry):
    """One text, to be read out as it stands."""

    INHERITED = True

    title = models.CharField("名称", max_length=40)
    words = models.TextField("播音文本", max_length=500)

    class Meta(Entry.Meta):
        verbose_name = "应急广播文本"
        constraints = [unique("alarms_text_once", "org title", "已有这个名称的文本")]


def texts_for(unit: OrgUnit) -> Any:
    """Texts a school may play: its own, and those of the units above it."""
    rows = BroadcastText.objects.unscoped().filter(org__code__in=unit.ancestor_codes(), archived_at=None)
    return rows.order_by("-org__path", "title")


@ledger
class BroadcastTexts(Ledger):
    """Prepared texts."""

    code = "alarms.broadcast_texts"
    model = BroadcastText
    title, noun, icon = "应急广播文本", "条", "clipboard-list"
    area, group, order = "safety", "设置", 995
    columns = "title words org"
    filters, search, key = "org", "title words", "org title"
    form = "org title words"
    example = {"title": "火警疏散", "words": "请全体师生按疏散路线有序撤离到操场。"}
    roles = KEPT_BY_SCHOOL | dict.fromkeys(
        ("add", "edit", "archive"), "bureau_safety school_head school_safety"
    )
