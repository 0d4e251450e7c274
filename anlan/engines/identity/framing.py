"""What the page frame asks about people: may they, who are they, where are the pages of accounts and
rights.
"""

from typing import Any

from django.http import HttpRequest

from anlan.engines.identity.acting import duties
from anlan.engines.identity.middleware import sign_in_of
from anlan.engines.org.api import may
from anlan.shell import frame, navigation
from anlan.shell.navigation import Page


def _may(request: HttpRequest, permission: str) -> bool:
    return may(request.user, permission)


def _account(request: HttpRequest) -> frame.Account | None:
    user: Any = getattr(
        request, "user", None
    )  # a request refused for its host never came as far as the sign-in
    if user is None or not user.is_authenticated:
        return None
    held = duties(user)
    current = next((duty for duty in held if duty.pk == user.acting_grant), None)
    words = current or (held[0] if len(held) == 1 else None)
    return frame.Account(
        name=user.name,
        unit=str(words.unit if words else user.unit or ""),
        duty=str(words.role) if words else f"{len(held)} 项职务" if held else "",
        identities=_identities(held) if len(held) > 1 else (),
    )


def _identities(held: list[Any]) -> tuple[frame.Identity, ...]:
    one = [
        frame.Identity(f"{duty.unit} {duty.role}", f"/account/duty/{duty.pk}/", str(duty.pk)) for duty in held
    ]
    return (frame.Identity("全部职务", "/account/duty/0/", "0"), *one)


def _idle(request: HttpRequest) -> frame.Sitting | None:
    row = sign_in_of(request)
    return frame.Sitting(row.policy.idle_minutes * 60, row.user_id) if row else None


frame.register_provider("may", _may)
frame.register_provider("account", _account)
frame.register_provider("idle", _idle)
frame.register_link("profile", "我的账号", "own_account")
frame.register_link("sign_in", "登录", "sign_in")
frame.register_link("keep", "继续使用", "session_keep")
frame.register_link("sign_out", "退出", "sign_out")

navigation.add_area("system", "系统", "settings", order=900, foot=True)
for _order, (_title, _to, _permission) in enumerate(
    [
        ("账号", "accounts", "identity.accounts.view"),
        ("账号申请", "account_requests", "identity.requests.view"),
        ("单位激活", "activations", "identity.activations.view"),
        ("授权", "grants", "identity.grants.view"),
        ("角色", "roles", "identity.roles.view"),
        ("安全策略", "policy", "identity.policy.edit"),
    ]
):
    navigation.add_page(Page("system", "账号与权限", _title, _to, _permission, order=900 + _order))
