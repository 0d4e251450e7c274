"""Roles as data and grants: who holds which role at which unit in which period (X.3, X.4, D09.5)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.org.units import OrgUnit
from anlan.kernel import clock


class Role(models.Model):
    """A named bundle of permissions; built-in ones are declared in code,
    others composed by administrators.
    """

    code = models.SlugField("代码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=40, unique=True)
    built_in = models.BooleanField("内置", default=False)
    office = models.CharField(
        "三员类别",
        max_length=10,
        blank=True,
        choices=[("system", "系统管理员"), ("security", "安全管理员"), ("audit", "审计管理员")],
    )

    class Meta:
        verbose_name = "角色"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class RolePermission(models.Model):
    """One permission of a role; ``permission`` is a code such as ``safety.hazard.view``."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=100, db_index=True)

    class Meta:
        verbose_name = "角色权限"
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="org_role_permission_once")
        ]

    def __str__(self) -> str:
        return self.permission


class Grant(models.Model):
    """User x role x unit x period; it reaches the unit and everything below it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants", verbose_name="人员"
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name="角色")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="grants", verbose_name="机构")
    starts_on = models.DateField("起", null=True, blank=True)
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "授权"
        constraints = [models.UniqueConstraint(fields=["user", "role", "unit"], name="org_grant_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.unit}"

    def clean(self) -> None:
        """Refuse a reversed period and two of the three separated offices on one account (MLPS.08)."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "止期要晚于起期"})
        offices = Grant.objects.filter(user=self.user).exclude(pk=self.pk).exclude(role__office="")
        if self.role.office and offices.exclude(role__office=self.role.office).exists():
            raise ValidationError({"role": "系统、安全、审计三类管理员不能由同一账号兼任"})

    @classmethod
    def in_force(cls) -> models.QuerySet["Grant"]:
        """Grants whose period covers today."""
        today = clock.today()
        return cls.objects.filter(
            Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today)
        )
