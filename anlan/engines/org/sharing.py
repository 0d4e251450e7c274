"""Shares: what a unit lets a linked agency of its area see beside the tree (P.03, docs/adr/0005).

A share opens one record, or every record of a kind at and below a unit, for looking only: no other right of
the liaison reaches it, and what was not shared stays closed.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.org.roles import declare_permission
from anlan.engines.org.scoping import NOTHING, below, scope
from anlan.engines.org.units import Kind, OrgUnit
from anlan.kernel import clock

GIVE_SHARES = declare_permission("org.shares.add", "向联动部门共享", ("bureau_safety",)).code
SEE_SHARES = declare_permission("org.shares.view", "查看部门共享", ("bureau_safety", "agency_liaison")).code
RECEIVE_SHARES = declare_permission(
    "org.shares.receive", "查看和答复共享给本部门的事项", ("agency_liaison",)
).code

TWICE = "已经共享给这个部门"


class Share(models.Model):
    """``object_id`` names the one record; without it the share is the data set ``model`` at and below ``unit``."""

    agency = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": Kind.AGENCY},
        verbose_name="联动部门",
    )
    model = models.CharField("种类", max_length=60)
    object_id = models.BigIntegerField("对象编号", null=True, blank=True)
    title = models.CharField("事项", max_length=200)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    reason = models.CharField("共享事由", max_length=200)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="共享人"
    )
    shared_at = models.DateTimeField("共享时间", default=clock.now)
    ends_on = models.DateField("共享至", null=True, blank=True)
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = "部门共享"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["agency", "model", "object_id"], name="org_share_agency")]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "model", "object_id"],
                name="org_share_record_once",
                condition=Q(ended_at=None, object_id__isnull=False),
                violation_error_message=TWICE,
            ),
            models.UniqueConstraint(
                fields=["agency", "model", "unit"],
                name="org_share_set_once",
                condition=Q(ended_at=None, object_id=None),
                violation_error_message=TWICE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.agency}）"

    def clean(self) -> None:
        """An agency sees shares of its own area only: below the unit it is linked to."""
        if self.agency.kind != Kind.AGENCY or self.agency.parent is None:
            raise ValidationError({"agency": "只能共享给联动部门"})
        if not self.unit.path.startswith(self.agency.parent.path):
            raise ValidationError({"agency": "只能共享给本地区的联动部门"})

    @property
    def state(self) -> tuple[str, str]:
        """Tone and word of the share."""
        if self.ended_at:
            return "idle", "已收回"
        over = self.ends_on is not None and self.ends_on < clock.today()
        return ("idle", "已到期") if over else ("doing", "共享中")

    @classmethod
    def in_force(cls) -> models.QuerySet["Share"]:
        """Shares neither taken back nor past their last day."""
        return cls.objects.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()), ended_at=None)


def shares_for(user: Any) -> models.QuerySet[Share]:
    """What is shared with the agencies of the person now."""
    return Share.in_force().filter(scope(user, RECEIVE_SHARES).condition("agency"))


def shared_condition(model: type[models.Model], user: Any) -> Q:
    """Rows of the model shared with the agencies of the person; asks nothing for anybody else."""
    if not scope(user, RECEIVE_SHARES):
        return NOTHING
    mine = shares_for(user).filter(model=model._meta.label_lower)
    sets = mine.filter(object_id=None).values_list("unit__path", flat=True)
    return Q(pk__in=mine.exclude(object_id=None).values("object_id")) | below(sets)
