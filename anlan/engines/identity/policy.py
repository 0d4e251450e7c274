"""Security settings of the site: one row, changed on a page, in force at the next request
(MLPS.02-MLPS.04, NF.206).
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def _number(title: str, default: int, low: int, high: int) -> "models.PositiveIntegerField[int, int]":
    return models.PositiveIntegerField(
        title, default=default, validators=[MinValueValidator(low), MaxValueValidator(high)]
    )


class SecurityPolicy(models.Model):
    """Limits of passwords, sign-in and sessions; validators keep each within what the protection level
    allows.
    """

    password_length = _number("口令最短长度（位）", 10, 8, 64)
    password_classes = _number("口令至少包含几类字符", 3, 2, 4)
    password_days = _number("口令更换周期（天）", 180, 30, 365)
    password_history = _number("不得与最近几次口令相同", 5, 1, 24)
    initial_hours = _number("初始口令有效（小时）", 72, 1, 720)
    failures = _number("连续失败几次后锁定账号", 5, 3, 10)
    lock_minutes = _number("锁定时长（分钟）", 30, 5, 1440)
    origin_failures = _number("同一来源地址失败几次后限制", 50, 5, 500)
    idle_minutes = _number("无操作多久自动退出（分钟）", 30, 5, 240)
    confirm_minutes = _number("重要操作再次输密后多久内不再问（分钟）", 10, 1, 60)
    idle_days = _number("账号闲置多久锁定（天）", 90, 30, 365)
    review_days = _number("账号多久复核一次（天）", 183, 30, 365)
    trail_days = _number("审计记录在线保存（天，法定不少于六个月）", 366, 184, 3650)
    second_factor_roles = models.ManyToManyField(
        "org.Role", blank=True, related_name="+", verbose_name="必须使用动态口令的角色"
    )

    class Meta:
        verbose_name = "安全策略"

    def __str__(self) -> str:
        return "安全策略"

    @classmethod
    def current(cls) -> "SecurityPolicy":
        """The policy in force, made with its defaults at the first question."""
        return cls.objects.get_or_create(pk=1)[0]
