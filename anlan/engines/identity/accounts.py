"""Accounts: one per person, found by user name or phone number (MLPS.01)."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock


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


class User(AbstractBaseUser):
    """A person's account. Rights come from grants only; nothing here opens a door."""

    username = models.CharField("账号", max_length=40, unique=True)
    phone = models.CharField("手机号", max_length=20, null=True, blank=True, unique=True)
    name = models.CharField("姓名", max_length=40)
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="所在单位"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录改密", default=True)
    password_changed_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)
    settings = models.JSONField("界面设置", default=dict, blank=True)

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
        super().save(*args, **kwargs)
