"""Whose eyes: a person with several duties works under one of them at a time, or under all."""

from anlan.engines.identity.accounts import User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.notes import note
from anlan.engines.org.api import Grant, forget_rights
from anlan.kernel.errors import Missing

KEY = "acting_grant"


def put_on(request: SignedRequest) -> None:
    """Narrow the person's rights to the duty chosen in this session."""
    chosen = request.session.get(KEY)
    if chosen is not None:
        request.user.acting_grant = chosen


def duties(user: User) -> list[Grant]:
    """Every duty the person holds today."""
    rows = Grant.in_force().filter(user=user, unit__closed_on=None)
    return list(rows.select_related("role", "unit").order_by("unit__path", "role"))


def choose(request: SignedRequest, grant: int | None) -> None:
    """Work under one duty from now on; None for all of them. Missing for a duty of somebody else."""
    if grant is None:
        request.session.pop(KEY, None)
    elif grant in {duty.pk for duty in duties(request.user)}:
        request.session[KEY] = grant
    else:
        raise Missing
    request.user.acting_grant = grant
    forget_rights(request.user)
    note("duty.choose", request.user, path=request.user.path, after={"grant": grant})
