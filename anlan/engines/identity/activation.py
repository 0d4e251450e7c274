"""Units receive an account and activate the platform with it (P.04)."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from anlan.engines.identity import tallies
from anlan.engines.identity.accounts import PHONE, User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.notes import note
from anlan.engines.identity.passwords import faults, set_password
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.org.api import Grant, OrgUnit, Role
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

DAYS = 30
SETTLED = "unit_activated"
UNIT_ADMIN = "unit_admin"
REFUSED = "账号或激活码不对，或者激活码已用过、已过期。"


class Activation(models.Model):
    """A unit's allotted account, its one-time code, and the day the unit finished."""

    unit = models.OneToOneField(OrgUnit, models.PROTECT, related_name="activation", verbose_name="单位")
    user = models.OneToOneField(User, models.PROTECT, related_name="activation", verbose_name="账号")
    code_digest = models.CharField(max_length=64)
    allotted_at = models.DateTimeField("下发时间", default=clock.now)
    allotted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="下发人")
    due_on = models.DateField("应于此日前激活")
    code_used_at = models.DateTimeField("启用激活码", null=True)
    activated_at = models.DateTimeField("激活时间", null=True)
    responsible = models.CharField("负责人", max_length=40, blank=True)
    responsible_phone = models.CharField("负责人手机号", max_length=20, blank=True, validators=[PHONE])

    class Meta:
        verbose_name = "单位激活"
        ordering = ["unit__path"]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def status(self) -> tuple[str, str]:
        """Tone and word: allotted, activated or overdue."""
        if self.activated_at:
            return "done", "已激活"
        return ("late", "逾期未激活") if self.due_on < clock.today() else ("todo", "已下发")

    @property
    def code_ends_at(self) -> datetime:
        """The last moment the code can be used."""
        return self.allotted_at + timedelta(days=DAYS)


def _digest(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace("-", "").encode()).hexdigest()


def _code() -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@transaction.atomic
def allot(by: User | None, unit: OrgUnit, username: str, due_on: date) -> tuple[Activation, str]:
    """Open the unit's account and return its activation code, told once. Conflict where the unit has one
    already.
    """
    if Activation.objects.filter(unit=unit).exists():
        raise Conflict(f"{unit} 已经下发过账号")
    if User.objects.filter(username=username.strip().lower()).exists():
        raise Rejected({"username": "这个账号已经有人用了"})
    user = User.objects.create_user(username, None, name=f"{unit}管理员"[:40], unit=unit)
    Grant.objects.create(user=user, role=Role.objects.get(code=UNIT_ADMIN), unit=unit)
    code = _code()
    activation = Activation.objects.create(
        unit=unit, user=user, code_digest=_digest(code), allotted_by=by, due_on=due_on
    )
    note("activation.allot", activation, path=unit.path, after={"account": user.username, "due_on": due_on})
    return activation, code


@transaction.atomic
def renew(activation: Activation) -> str:
    """A fresh code for a unit that lost its own; the old one ends. Conflict once activated."""
    code = _code()
    rows = Activation.objects.filter(pk=activation.pk, activated_at=None)
    if not rows.update(code_digest=_digest(code), code_used_at=None, allotted_at=clock.now()):
        raise Conflict("这个单位已经激活")
    note("activation.renew", activation, path=activation.unit.path)
    return code


def redeem(username: str, code: str, password: str) -> User:
    """Use the code once and set the first password. Rejected: used, expired, foreign or wrong code, weak
    password.
    """
    policy = SecurityPolicy.current()
    key = f"activate:{username.strip().lower()[:60]}"
    if not tallies.take(key, policy.failures, timedelta(minutes=policy.lock_minutes)):
        raise Rejected({"": "失败次数太多，请稍后再试。"})
    activation = _open(username, code)
    if activation is None:
        note("activation.redeem", title=username[:40], succeeded=False)
        raise Rejected({"code": REFUSED})
    tallies.clear(key)
    if found := faults(activation.user, password):
        raise Rejected({"new": found})
    with transaction.atomic():
        rows = Activation.objects.filter(pk=activation.pk, code_used_at=None)
        if not rows.update(code_used_at=clock.now()):
            raise Rejected({"code": REFUSED})
        set_password(activation.user, password)
        note("activation.redeem", activation, user=activation.user, path=activation.unit.path)
    return activation.user


def _open(username: str, code: str) -> Activation | None:
    since = clock.now() - timedelta(days=DAYS)
    rows = Activation.objects.select_related("user__unit", "unit").filter(
        user__username=username.strip().lower(), code_used_at=None, allotted_at__gt=since
    )
    return rows.filter(code_digest=_digest(code), user__in=User.objects.usable()).first()


def open_for(request: SignedRequest) -> bool:
    """Whether the person's unit has still to be activated; a unit once activated is not asked about again."""
    if request.session.get(SETTLED):
        return False
    waiting = Activation.objects.filter(activated_at=None)
    is_open = waiting.filter(Q(user=request.user) | Q(unit=request.user.unit_id)).exists()
    if not is_open:
        request.session[SETTLED] = True
    return is_open


@transaction.atomic
def complete(activation: Activation, name: str, short_name: str, responsible: str, phone: str) -> None:
    """Confirm the unit's profile and its responsible person; from here on every page opens."""
    unit = activation.unit
    before = {"name": unit.name, "short_name": unit.short_name}
    rows = Activation.objects.filter(pk=activation.pk, activated_at=None).exclude(code_used_at=None)
    if not rows.update(activated_at=clock.now(), responsible=responsible, responsible_phone=phone):
        raise Conflict("这个单位已经激活")
    OrgUnit.objects.filter(pk=unit.pk).update(name=name, short_name=short_name)
    after = {"name": name, "short_name": short_name, "responsible": responsible}
    note("activation.complete", activation, path=unit.path, before=before, after=after)
