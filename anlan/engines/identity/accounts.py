"""Accounts: one per person, found by user name or phone number (MLPS.01)."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock

USERNAME = RegexValidator(
    r"^[a-z][a-z0-9._-]{2,39}$", "以字母开头，3 至 40 位小写字母、数字、点、横线或下划线"
)
PHONE = RegexValidator(r"^1[3-9]\d{9}$", "11 位手机号")


class UserManager(BaseUserManager["User"]):
    """Finds accounts whatever the case of the name, and by phone."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; it must change its first password unless told otherwise."""
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this user name or phone number."""
        name = (username or "").strip()
        return self.get(Q(username=name.lower()) | Q(phone=name))

    def usable(self) -> models.QuerySet["User"]:
        """Accounts that may be signed in today: switched on, not locked for idleness, not left."""
        staying = Q(leaves_on=None) | Q(leaves_on__gt=clock.today())
        return self.filter(staying, is_active=True, idle_locked_at=None)


class User(AbstractBaseUser):
    """A person's account. Rights come from grants only; nothing here opens a door."""

    username = models.CharField("账号", max_length=40, unique=True, validators=[USERNAME])
    phone = models.CharField("手机号", max_length=20, null=True, blank=True, unique=True, validators=[PHONE])
    name = models.CharField("姓名", max_length=40)
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="所在单位"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录改密", default=True)
    initial_used_at = models.DateTimeField(null=True, editable=False)
    password_changed_at = models.DateTimeField(default=clock.now)
    idle_locked_at = models.DateTimeField("闲置锁定", null=True, blank=True, editable=False)
    leaves_on = models.DateField("离岗日期", null=True, blank=True)
    idle_from = models.DateTimeField(default=clock.now, editable=False)
    reviewed_at = models.DateTimeField("最近复核", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    settings = models.JSONField("界面设置", default=dict, blank=True)

    acting_grant: int | None = None
    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep names in lower case, so that two spellings are one account."""
        self.username = self.username.strip().lower()
        self.phone = self.phone or None
        super().save(*args, **kwargs)

    @property
    def path(self) -> str:
        """Path of the unit, empty for an account without one."""
        return self.unit.path if self.unit else ""

    @property
    def has_left(self) -> bool:
        """The day of leaving has come; the account is refused from that day on."""
        return self.leaves_on is not None and self.leaves_on <= clock.today()
