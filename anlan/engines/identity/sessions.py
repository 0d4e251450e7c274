"""Who is signed in where: listed, ended after idleness, kicked out, ended with the account (MLPS.04,
NF.206).
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest

from anlan.engines.identity.accounts import User
from anlan.engines.identity.policy import SecurityPolicy
from anlan.kernel import clock

KEY, CONFIRMED = "sign_in", "confirmed_at"
TOUCH_EVERY = timedelta(seconds=60)
ENDINGS = [
    ("signed_out", "主动退出"),
    ("idle", "超时退出"),
    ("kicked", "被强制下线"),
    ("password", "密码已更改"),
    ("disabled", "账号停用"),
]


class SignIn(models.Model):
    """One signed-in browser. The cookie's session names this row; a row that ended refuses the cookie."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name="账号")
    policy = models.ForeignKey(SecurityPolicy, models.PROTECT, related_name="+", default=1)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    agent = models.CharField("设备", max_length=200, blank=True)
    started_at = models.DateTimeField("登录时间", default=clock.now)
    seen_at = models.DateTimeField("最近使用", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True)
    ending = models.CharField("结束原因", max_length=12, blank=True, choices=ENDINGS)

    class Meta:
        verbose_name = "登录会话"
        indexes = [
            models.Index(fields=["user"], name="identity_open_sign_in", condition=models.Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.device}"

    @property
    def idle(self) -> bool:
        """Unused for longer than the policy allows."""
        return self.seen_at < clock.now() - timedelta(minutes=self.policy.idle_minutes)

    @property
    def device(self) -> str:
        """The browser in a word or two."""
        known = {
            "MicroMessenger": "微信",
            "DingTalk": "钉钉",
            "Edg/": "Edge",
            "Firefox": "Firefox",
            "Chrome": "Chrome",
        }
        kind = next((title for sign, title in known.items() if sign in self.agent), "浏览器")
        return f"{kind}（手机）" if "Mobile" in self.agent else kind

    def touch(self) -> None:
        """Remember the use, at most once a minute."""
        moment = clock.now()
        if self.seen_at < moment - TOUCH_EVERY:
            SignIn.objects.filter(pk=self.pk, ended_at=None).update(seen_at=moment)

    def end(self, ending: str) -> bool:
        """Close the row; False when it was closed already."""
        rows = SignIn.objects.filter(pk=self.pk, ended_at=None)
        return bool(rows.update(ended_at=clock.now(), ending=ending))


@receiver(user_logged_in, dispatch_uid="identity-open-sign-in")
def _open(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    row = SignIn.objects.create(
        user=user,
        policy=SecurityPolicy.current(),
        ip=request.META.get("REMOTE_ADDR", ""),
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
    )
    request.session[KEY] = row.pk
    confirm_now(request)


def confirm_now(request: HttpRequest) -> None:
    """Keep in the session that the person gave the password just now."""
    request.session[CONFIRMED] = clock.now().timestamp()


def current_sign_in(request: HttpRequest) -> SignIn | None:
    """The open row behind the request's cookie, whatever its age; None where it was ended."""
    rows = SignIn.objects.select_related("policy").filter(user_id=request.user.pk or 0, ended_at=None)
    return rows.filter(pk=request.session.get(KEY, 0)).first()


def open_sessions(user: User) -> models.QuerySet[SignIn]:
    """Where the account is signed in, last used first."""
    return SignIn.objects.filter(user=user, ended_at=None).order_by("-seen_at")


def end_sessions(user: User, ending: str) -> int:
    """Sign the account out everywhere."""
    return SignIn.objects.filter(user=user, ended_at=None).update(ended_at=clock.now(), ending=ending)
