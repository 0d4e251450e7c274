"""Password rules, held at the one place where passwords are set (MLPS.02, MLPS.06)."""

import re
import secrets
import string
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import models, transaction
from pypinyin import lazy_pinyin

from anlan.engines.identity.accounts import User
from anlan.engines.identity.notes import note
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.identity.sessions import end_sessions
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
LONGEST = 128
COMMON_STEMS = {"password", "passw0rd", "p@ssw0rd", "qwerty", "admin", "abc123", "123456", "woaini", "anlan"}
READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))


class PasswordHistory(models.Model):
    """Hashes of earlier passwords, so that they do not come back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]


def faults(user: User, raw: str) -> list[str]:
    """What speaks against ``raw`` as the password of ``user``, in words; empty when it may be used."""
    policy = SecurityPolicy.current()
    found = []
    if not policy.password_length <= len(raw) <= LONGEST:
        found.append(f"密码要有 {policy.password_length} 至 {LONGEST} 位")
    if sum(bool(re.search(kind, raw)) for kind in CLASSES) < policy.password_classes:
        found.append(f"大写字母、小写字母、数字、符号至少要有 {policy.password_classes} 类")
    if _common(raw):
        found.append("这个密码太常见，容易被猜中")
    if _like_the_person(user, raw):
        found.append("密码里不要用姓名、账号或手机号")
    if not found and _used_before(user, raw, policy.password_history):
        found.append(f"不能与最近 {policy.password_history} 次用过的密码相同")
    return found


def _common(raw: str) -> bool:
    plain = raw.lower()
    try:
        CommonPasswordValidator().validate(plain)
    except ValidationError:
        return True
    stem = plain.strip(string.digits + string.punctuation)
    return stem in COMMON_STEMS or len(set(plain)) < 5


def _like_the_person(user: User, raw: str) -> bool:
    plain = raw.lower()
    spelt = "".join(lazy_pinyin(user.name)).lower()
    words = {user.username, user.name.lower(), spelt, user.phone or "", (user.phone or "")[-8:]}
    return any(len(word) >= 4 and (word in plain or word[::-1] in plain) for word in words)


def _used_before(user: User, raw: str, count: int) -> bool:
    if not user.pk:
        return False
    old = user.old_passwords.values_list("password", flat=True)[: count - 1]
    return any(check_password(raw, hashed) for hashed in [user.password, *old] if hashed)


def initial_password() -> str:
    """A random password to be told once; it has every class of characters."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4)) + "+8Qa"


def expired(user: User, policy: SecurityPolicy) -> bool:
    """Whether the password is older than the period (MLPS.02)."""
    return user.password_changed_at < clock.now() - timedelta(days=policy.password_days)


def initial_spent(user: User) -> bool:
    """Whether the account still has its initial password and that was used, or waited too long."""
    limit = clock.now() - timedelta(hours=SecurityPolicy.current().initial_hours)
    return user.must_change_password and (
        user.initial_used_at is not None or user.password_changed_at < limit
    )


def change_password(user: User, old: str, new: str) -> None:
    """The person's own change. Rejected by field; every session of the account ends."""
    if not user.check_password(old):
        note("password.change", user, path=user.path, succeeded=False)
        raise Rejected({"old": "现在的密码不对"})
    set_password(user, new)


def set_password(user: User, new: str) -> None:
    """Set a password chosen by its owner. Rejected with the rules it breaks."""
    if found := faults(user, new):
        note("password.change", user, path=user.path, succeeded=False)
        raise Rejected({"new": found})
    _store(user, new)


@transaction.atomic
def _store(user: User, new: str) -> None:
    _keep_old(user)
    user.set_password(new)
    user.must_change_password, user.initial_used_at = False, None
    user.password_changed_at = clock.now()
    user.save()
    end_sessions(user, "password")
    note("password.change", user, path=user.path)


def set_initial_password(user: User) -> str:
    """Give the account a fresh one-time password and return it; nobody chooses it, nobody can read it
    again.
    """
    raw = initial_password()
    _keep_old(user)
    user.set_password(raw)
    user.must_change_password, user.initial_used_at = True, None
    user.password_changed_at = clock.now()
    user.save()
    end_sessions(user, "password")
    return raw


def _keep_old(user: User) -> None:
    if user.pk and user.password:
        PasswordHistory.objects.create(user=user, password=user.password)
