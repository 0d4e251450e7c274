"""The life of an account: opened, disabled, reset, unlocked, reviewed, locked when idle, ended on leaving
(NF.206).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from anlan.engines.identity import second_factor, signing_in
from anlan.engines.identity.accounts import User
from anlan.engines.identity.notes import note
from anlan.engines.identity.passwords import initial_password, set_initial_password
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.identity.sessions import SignIn, end_sessions
from anlan.engines.org.api import OrgUnit, scope
from anlan.kernel import clock, events
from anlan.kernel.errors import Forbidden, Rejected


@dataclass(frozen=True)
class AccountStopped:
    """Event: an account may no longer be used; owners of keys and tokens revoke theirs."""

    user: User


def visible_accounts(by: User, permission: str = "identity.accounts.view") -> models.QuerySet[User]:
    """Accounts of the units under the person's scope."""
    return User.objects.filter(scope(by, permission).condition("unit")).select_related("unit")


def _require_over(by: User | None, user_or_unit: Any, permission: str) -> None:
    path = user_or_unit.path
    if by is not None and not (path and scope(by, permission).covers(path)):
        raise Forbidden(permission)


@transaction.atomic
def open_account(
    by: User | None, unit: OrgUnit, name: str, username: str, phone: str = ""
) -> tuple[User, str]:
    """A new account and its one-time password. Rejected for names or phones taken, shared or malformed."""
    _require_over(by, unit, "identity.accounts.add")
    user = User(username=username.strip().lower(), name=name.strip(), phone=phone.strip() or None, unit=unit)
    raw = initial_password()
    user.set_password(raw)
    try:
        user.full_clean()
    except ValidationError as error:
        raise Rejected(error.message_dict) from None
    user.reviewed_at = clock.now()
    user.save(force_insert=True)
    note("account.open", user, path=unit.path, after={"username": user.username, "name": user.name})
    return user, raw


@transaction.atomic
def disable(by: User | None, user: User, reason: str = "") -> None:
    """Stop the account at once, with every open session."""
    _require_over(by, user, "identity.accounts.edit")
    if by is not None and by.pk == user.pk:
        raise Rejected({"": "不能停用自己的账号"})
    _stop(user, reason)


def _stop(user: User, reason: str) -> None:
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        end_sessions(user, "disabled")
        events.publish(AccountStopped(user))
        note(
            "account.disable",
            user,
            path=user.path,
            reason=reason,
            before={"is_active": True},
            after={"is_active": False},
        )


@transaction.atomic
def enable(by: User | None, user: User) -> str:
    """Open a stopped or idle account again, with a fresh one-time password."""
    _require_over(by, user, "identity.accounts.edit")
    user.is_active, user.idle_locked_at, user.leaves_on = True, None, None
    user.reviewed_at = user.idle_from = clock.now()
    raw = set_initial_password(user)
    note("account.enable", user, path=user.path, before={"is_active": False}, after={"is_active": True})
    return raw


@transaction.atomic
def reset_password(by: User | None, user: User) -> str:
    """A fresh one-time password; the old one and every session end."""
    _require_over(by, user, "identity.accounts.edit")
    if by is not None and by.pk == user.pk:
        raise Rejected({"": "自己的密码请在“修改密码”里更改"})
    raw = set_initial_password(user)
    note("password.reset", user, path=user.path)
    return raw


@transaction.atomic
def unlock(by: User | None, user: User) -> None:
    """Lift a lock after failures or idleness."""
    _require_over(by, user, "identity.accounts.edit")
    idle = User.objects.filter(pk=user.pk).exclude(idle_locked_at=None)
    lifted = bool(idle.update(idle_locked_at=None, idle_from=clock.now()))
    if signing_in.unlock(user) or lifted:
        note("account.unlock", user, path=user.path)


@transaction.atomic
def drop_second_factor(by: User | None, user: User) -> None:
    """Forget a lost authenticator of somebody else."""
    _require_over(by, user, "identity.accounts.edit")
    second_factor.remove(user)


@transaction.atomic
def kick_out(by: User, row: SignIn) -> None:
    """End one open session: one's own, or one of an account one manages."""
    if row.user_id != by.pk:
        _require_over(by, row.user, "identity.accounts.edit")
    if row.end("kicked"):
        note("session.end", row.user, path=row.user.path, after={"device": row.device, "ip": row.ip})


@transaction.atomic
def set_leaving(by: User | None, user: User, day: date | None) -> None:
    """Note the day the person leaves; the account is refused from that day on."""
    _require_over(by, user, "identity.accounts.edit")
    before, user.leaves_on = user.leaves_on, day
    User.objects.filter(pk=user.pk).update(leaves_on=day)
    note("account.leaving", user, path=user.path, before={"leaves_on": before}, after={"leaves_on": day})
    if user.has_left:
        _stop(user, "离岗")


@transaction.atomic
def confirm_review(by: User, users: "models.QuerySet[User]") -> int:
    """Mark accounts as looked at this term; accounts outside the scope are left alone."""
    allowed = scope(by, "identity.accounts.edit").condition("unit")
    count = 0
    for user in users.filter(allowed).exclude(pk=by.pk).select_related("unit"):
        User.objects.filter(pk=user.pk).update(reviewed_at=clock.now())
        note("account.review", user, path=user.path)
        count += 1
    return count


def unreviewed() -> Q:
    """Active accounts whose last review is longer ago than the policy allows."""
    since = clock.now() - timedelta(days=SecurityPolicy.current().review_days)
    late = Q(reviewed_at__lt=since) | Q(reviewed_at=None, created_at__lt=since)
    return Q(is_active=True) & late


def unreviewed_units(by: User) -> models.QuerySet[OrgUnit]:
    """Units under the person's scope that have accounts waiting for their review."""
    waiting = visible_accounts(by).filter(unreviewed())
    return OrgUnit.objects.filter(pk__in=waiting.values("unit")).order_by("path")


@transaction.atomic
def lock_idle() -> int:
    """Lock accounts nobody used for the policy's number of days; for the nightly job."""
    since = clock.now() - timedelta(days=SecurityPolicy.current().idle_days)
    rows = User.objects.alias(used=Greatest(Coalesce("last_login", "idle_from"), "idle_from")).filter(
        used__lt=since
    )
    idle = list(rows.filter(is_active=True, idle_locked_at=None).select_related("unit"))
    for user in idle:
        User.objects.filter(pk=user.pk).update(idle_locked_at=clock.now())
        end_sessions(user, "disabled")
        events.publish(AccountStopped(user))
        note("account.idle_lock", user, path=user.path)
    return len(idle)


@transaction.atomic
def stop_leavers() -> int:
    """Switch off the accounts whose day of leaving has come; they are refused from that day even before
    this runs.
    """
    rows = User.objects.filter(is_active=True, leaves_on__lte=clock.today()).select_related("unit")
    leavers = list(rows)
    for user in leavers:
        _stop(user, "离岗")
    return len(leavers)
