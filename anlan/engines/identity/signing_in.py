"""Signing in: one path for the page and every other entrance (MLPS.01, MLPS.03, MLPS.06)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from anlan.engines.identity import second_factor, tallies
from anlan.engines.identity.accounts import User
from anlan.engines.identity.notes import note
from anlan.engines.identity.passwords import initial_spent
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.identity.sessions import KEY, SignIn, current_sign_in
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

WRONG = "账号或密码不对，或者账号已停用。"
PENDING, PENDING_MINUTES = "awaiting_second_factor", 5


@dataclass(frozen=True)
class Passed:
    """The password was right; ``needs_code`` when a second factor must follow."""

    user: User
    needs_code: bool


def account_key(name: str) -> str:
    """The tally an attempt under this name counts on: user name and phone of one account count together."""
    plain = name.strip().lower()[:60]
    try:
        return f"account:{User.objects.get_by_natural_key(plain).pk}"
    except User.DoesNotExist:
        return f"name:{plain}"


def origin_key(request: HttpRequest) -> str:
    """The tally of the address a request comes from."""
    return f"origin:{request.META.get('REMOTE_ADDR', '')}"


def check(request: HttpRequest, name: str, password: str) -> Passed:
    """Check name and password, counting the attempt first. Rejected with words that tell nothing about
    accounts.
    """
    policy = SecurityPolicy.current()
    lock = timedelta(minutes=policy.lock_minutes)
    key, origin = account_key(name), origin_key(request)
    if not tallies.take(origin, policy.origin_failures, lock):
        _refuse(name, "origin", f"这个地址失败次数太多，请 {policy.lock_minutes} 分钟后再试。")
    if not tallies.take(key, policy.failures, lock):
        _refuse(
            name, "locked", f"失败次数太多，已锁定，请 {policy.lock_minutes} 分钟后再试，或请管理员解锁。"
        )
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        _refuse(name, "wrong", _words(tallies.left(key, policy.failures), policy))
    if initial_spent(user):
        _refuse(name, "initial", _words(tallies.left(key, policy.failures), policy))
    tallies.give_back(origin)
    tallies.clear(key)
    return Passed(user, second_factor.active(user))


def _words(left: int, policy: SecurityPolicy) -> str:
    rest = (
        f"还可以试 {left} 次，之后锁定 {policy.lock_minutes} 分钟。"
        if left
        else f"已锁定 {policy.lock_minutes} 分钟。"
    )
    return WRONG + rest


def _refuse(name: str, cause: str, words: str) -> NoReturn:
    try:
        user: User | None = User.objects.get_by_natural_key(name)
    except User.DoesNotExist:
        user = None
    note(
        "sign_in",
        user,
        title=name.strip()[:40],
        path=user.path if user else "",
        after={"cause": cause},
        succeeded=False,
    )
    raise Rejected({"": words})


def begin_second_step(request: HttpRequest, user: User) -> None:
    """Remember, for a few minutes, who passed the password and still owes a code."""
    request.session.flush()
    request.session[PENDING] = [user.pk, clock.now().timestamp()]


def pending(request: HttpRequest) -> User | None:
    """Who owes a code in this browser."""
    pk, since = request.session.get(PENDING, (None, 0))
    fresh = clock.now().timestamp() - since < PENDING_MINUTES * 60
    return User.objects.usable().filter(pk=pk).first() if pk and fresh else None


def check_code(request: HttpRequest, user: User, code: str) -> None:
    """The second step, under a limit of its own. Rejected for a wrong or used code."""
    policy = SecurityPolicy.current()
    if not tallies.take(f"code:{user.pk}", policy.failures, timedelta(minutes=policy.lock_minutes)):
        _refuse(user.username, "code_locked", "失败次数太多，请稍后再试。")
    if not second_factor.accept(user, code):
        _refuse(user.username, "code", "动态口令不对或已用过，请用新的一组。")
    tallies.clear(f"code:{user.pk}")
    request.session.pop(PENDING, None)
    enter(request, user)


def enter(request: HttpRequest, user: User) -> None:
    """Open the session under a new identifier and keep the entry in the log."""
    login(request, user, backend="anlan.engines.identity.backends.AccountBackend")
    if user.must_change_password:
        User.objects.filter(pk=user.pk).update(initial_used_at=clock.now())
    note("sign_in", user, user=user, path=user.path)


def leave(request: HttpRequest, idle: bool = False) -> None:
    """End the session behind the request; ``idle`` where nobody asked for it."""
    row = current_sign_in(request)
    if idle and row is not None and row.end("idle"):
        note("sign_out", row.user, user=row.user, path=row.user.path, after={"cause": "idle"})
    logout(request)


@receiver(user_logged_out, dispatch_uid="identity-close-sign-in")
def _left(sender: object, request: HttpRequest, user: User | None, **_: object) -> None:
    row = SignIn.objects.filter(pk=request.session.get(KEY, 0)).first()
    if user is not None and row is not None and row.end("signed_out"):
        note("sign_out", user, user=user, path=user.path)


def unlock(user: User) -> bool:
    """Lift the lock after failures; whether there was one."""
    return tallies.clear(f"account:{user.pk}") | tallies.clear(f"code:{user.pk}")
