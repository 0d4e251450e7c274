"""Second factor: time-based one-time codes (RFC 6238), optional, or asked of some roles by the policy."""

import base64
import hashlib
import secrets
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import models, transaction

from anlan.engines.identity.accounts import User
from anlan.engines.identity.notes import note
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.org.api import Grant
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

STEP, DIGITS, DRIFT = 30, 6, 1
ISSUER = "安澜"


class SecondFactor(models.Model):
    """The person's authenticator; ``last_step`` makes each code good for one use."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(b"second-factor:" + settings.SECRET_KEY.encode()).digest())


def _sealed(secret: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + _cipher().encrypt(nonce, secret, None)


def _opened(stored: bytes) -> bytes:
    return _cipher().decrypt(stored[:12], stored[12:], None)


def active(user: User) -> bool:
    """Whether signing in asks this person for a code."""
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


def required(user: User) -> bool:
    """Whether one of the person's roles must use a second factor."""
    roles = SecurityPolicy.current().second_factor_roles.all()
    return Grant.in_force().filter(user=user, role__in=roles).exists()


def enrol(user: User) -> str:
    """Begin anew with a fresh secret, until confirmed without effect; returns it in base 32 for the app."""
    secret = secrets.token_bytes(20)
    SecondFactor.objects.update_or_create(
        user=user, defaults={"secret": _sealed(secret), "confirmed_at": None, "last_step": 0}
    )
    return base64.b32encode(secret).decode()


def address(user: User, secret: str) -> str:
    """The ``otpauth:`` address an authenticator reads from the QR code."""
    label = quote(f"{ISSUER}:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


@transaction.atomic
def confirm(user: User, code: str) -> None:
    """Switch the second factor on with a first right code; Rejected otherwise."""
    if not accept(user, code):
        raise Rejected({"code": "动态口令不对，请用新的一组再试"})
    SecondFactor.objects.filter(user=user).update(confirmed_at=clock.now())
    note("second_factor.on", user, path=user.path)


def switch_off(user: User) -> None:
    """Take the second factor away. Rejected where a role of the person requires it."""
    if required(user):
        raise Rejected({"": "您的角色必须使用动态口令，不能关闭"})
    remove(user)


@transaction.atomic
def remove(user: User) -> None:
    """Forget a lost authenticator; the administrator's act."""
    if SecondFactor.objects.filter(user=user).delete()[0]:
        note("second_factor.off", user, path=user.path)


def accept(user: User, code: str) -> bool:
    """Whether the code is right now and was not used before; one of two at the same moment wins."""
    factor = SecondFactor.objects.filter(user=user).first()
    step = _step_of(factor, code.strip()) if factor else None
    if factor is None or step is None:
        return False
    rows = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return bool(rows.update(last_step=step))


def _step_of(factor: SecondFactor, code: str) -> int | None:
    try:
        clockwork = TOTP(_opened(bytes(factor.secret)), DIGITS, SHA1(), STEP)  # noqa: S303
    except InvalidTag:
        return None
    here = int(clock.now().timestamp()) // STEP
    for step in range(here - DRIFT, here + DRIFT + 1):
        if secrets.compare_digest(clockwork.generate(step * STEP), code.encode()):
            return step
    return None
