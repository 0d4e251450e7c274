"""What a person must settle before any other page opens: a new password, the unit's activation, a second
factor.
"""

from anlan.engines.identity import second_factor
from anlan.engines.identity.activation import open_for
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.passwords import expired
from anlan.engines.identity.policy import SecurityPolicy

SETTLED = "factor_settled"


def next_step(request: SignedRequest) -> str | None:
    """Name of the page the person must visit first; None when nothing is left."""
    user = request.user
    if user.must_change_password or expired(user, _policy(request)):
        return "password_change"
    if open_for(request):
        return "activation"
    return None if _factor_settled(request) else "second_factor"


def _policy(request: SignedRequest) -> SecurityPolicy:
    row = getattr(request, "anlan_sign_in", None)
    return row.policy if row else SecurityPolicy.current()


def _factor_settled(request: SignedRequest) -> bool:
    if not request.session.get(SETTLED):
        user = request.user
        request.session[SETTLED] = second_factor.active(user) or not second_factor.required(user)
    return bool(request.session[SETTLED])
