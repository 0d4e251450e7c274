"""Accounts are applied for and approved by somebody else (NF.206)."""

from django.db import models, transaction

from anlan.engines.identity.accounts import PHONE, USERNAME, User
from anlan.engines.identity.managing import open_account
from anlan.engines.identity.notes import note
from anlan.engines.org.api import OrgUnit, scope
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected

PENDING, APPROVED, REFUSED = "pending", "approved", "refused"


class AccountRequest(models.Model):
    """A wish for an account; decided once."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("姓名", max_length=40)
    username = models.CharField("账号", max_length=40, validators=[USERNAME])
    phone = models.CharField("手机号", max_length=20, validators=[PHONE])
    reason = models.CharField("岗位和用途", max_length=200)
    state = models.CharField(
        "状态",
        max_length=10,
        default=PENDING,
        choices=[(PENDING, "待审批"), (APPROVED, "已开通"), (REFUSED, "已退回")],
        db_index=True,
    )
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间", default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审批人")
    decided_at = models.DateTimeField("审批时间", null=True)
    opinion = models.CharField("审批意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "账号申请"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"


def visible_requests(by: User) -> models.QuerySet[AccountRequest]:
    """Requests of the units under the person's scope, and the person's own."""
    inside = scope(by, "identity.requests.view").condition("unit")
    rows = AccountRequest.objects.filter(inside | models.Q(requested_by=by))
    return rows.select_related("unit", "requested_by", "decided_by")


@transaction.atomic
def apply_for(
    by: User, unit: OrgUnit, *, name: str, username: str, phone: str, reason: str
) -> AccountRequest:
    """Ask for an account of a unit under the right ``identity.requests.add``."""
    if not scope(by, "identity.requests.add").covers(unit.path):
        raise Forbidden("identity.requests.add")
    if User.objects.filter(models.Q(username=username) | models.Q(phone=phone)).exists():
        raise Rejected({"username": "账号或手机号已经有人用了，每人一个账号，不能合用"})
    asked = AccountRequest.objects.create(
        unit=unit, name=name, username=username, phone=phone, reason=reason, requested_by=by
    )
    note("account.request", asked, path=unit.path, after={"username": username, "name": name})
    return asked


def approve(by: User, asked: AccountRequest, opinion: str = "") -> str:
    """Open the account; returns its one-time password. Forbidden for one's own request or for oneself."""
    with transaction.atomic():
        _decide(by, asked, APPROVED, opinion)
        return open_account(None, asked.unit, asked.name, asked.username, asked.phone)[1]


def refuse(by: User, asked: AccountRequest, opinion: str) -> None:
    """Send the request back with words."""
    if not opinion.strip():
        raise Rejected({"opinion": "请写明退回原因"})
    with transaction.atomic():
        _decide(by, asked, REFUSED, opinion)


def _decide(by: User, asked: AccountRequest, state: str, opinion: str) -> None:
    if not scope(by, "identity.requests.decide").covers(asked.unit.path):
        raise Forbidden("identity.requests.decide")
    if by.pk == asked.requested_by_id or (by.phone and by.phone == asked.phone):
        raise Forbidden("identity.requests.decide", "不能审批自己提出的申请，请由另一位管理员办理")
    rows = AccountRequest.objects.filter(pk=asked.pk, state=PENDING)
    if not rows.update(state=state, decided_by=by, decided_at=clock.now(), opinion=opinion):
        raise Conflict("这份申请已经办过了")
    note(
        f"account.request.{state}",
        asked,
        path=asked.unit.path,
        reason=opinion,
        before={"state": PENDING},
        after={"state": state},
    )
