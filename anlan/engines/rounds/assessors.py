"""Who may judge and who may write reports, kept by the department in charge (KG.03, KG.10).

The role opens the pages, the list says who is chosen: nobody is on it without the role, and who is taken off keeps
what is finished and scores nothing further, at once.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit, right_holders
from anlan.engines.registry.api import Entry, unique
from anlan.engines.rounds.processes import processes

DUTIES = {"judges": ("sheets.score", "评委"), "writes": ("reports.write", "报告编写员")}


class Assessor(Entry):
    """A person who evaluates for the department ``org``; ``avoids`` are units of relatives and former posts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="人员")
    judges = models.BooleanField("担任评委", default=True)
    writes = models.BooleanField("编写报告", default=False)
    specialty = models.CharField("专长", max_length=100, blank=True)
    avoids = models.ManyToManyField(
        OrgUnit, related_name="+", blank=True, verbose_name="回避单位",
        help_text="亲属或本人任职过的单位；所在单位自动回避",
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "评审人员"
        constraints = [unique("rounds_assessor_once", "org user", "名单里已有此人")]

    def clean(self) -> None:
        """At least one duty, each with the role that goes with it."""
        chosen = [duty for duty in DUTIES if getattr(self, duty)]
        if not chosen:
            raise ValidationError({"judges": "请至少选一项职责"})
        faults = {
            duty: f"此人没有{DUTIES[duty][1]}角色，请先由安全保密管理员授予"
            for duty in chosen
            if not holders(DUTIES[duty][0]).filter(pk=self.user_id).exists()
        }
        if faults:
            raise ValidationError(faults)


def holders(*rights: str) -> Any:
    """Accounts that hold one of these rights in any process."""
    found = Q(pk__in=[])
    for process in processes:
        for right in rights:
            found |= Q(pk__in=right_holders(process.right(right)))
    return get_user_model().objects.filter(found, is_active=True)


def listed(unit: OrgUnit, duty: str) -> Any:
    """Accounts on the list of a department for a duty: ``judges`` or ``writes``."""
    rows = Assessor.unguarded.filter(org=unit, archived_at=None, **{duty: True})
    return get_user_model().objects.filter(pk__in=rows.values("user"), is_active=True).order_by("name")


def conflicts(judges: Iterable[Any], units: Iterable[OrgUnit]) -> list[str]:
    """Who would judge the own unit or one they declared, in words."""
    found = {unit.pk: unit.name for unit in units}
    people = {judge.pk: judge for judge in judges}
    own = [(judge, found[judge.unit_id]) for judge in people.values() if judge.unit_id in found]
    declared = Assessor.avoids.through.objects.filter(
        assessor__user__in=people, assessor__archived_at=None, orgunit__in=found
    ).values_list("assessor__user", "orgunit")
    said = [*own, *((people[user], found[unit]) for user, unit in declared)]
    return [f"{judge}应当回避{unit}" for judge, unit in dict.fromkeys(said)]
