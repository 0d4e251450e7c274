"""Listens to the floors below: notes on accounts and rights, and refusals, become entries of the trail."""

from dataclasses import replace

from anlan.engines.audit.actors import Actor, current_actor
from anlan.engines.audit.writing import log
from anlan.engines.identity.api import Noted
from anlan.kernel.errors import Forbidden, Refusal
from anlan.kernel.events import on
from anlan.shell.middleware import Refused

KEPT = (403, 404, 409)


@on(Noted)
def keep_note(said: Noted) -> None:
    """Write what the identity engine tells."""
    actor = current_actor()
    if said.user is not None:
        actor = replace(actor, user=said.user, name=said.user.name)
    values = {"before": said.before, "after": said.after, "path": said.path, "succeeded": said.succeeded}
    values["title"] = said.title or (str(said.target)[:200] if said.target is not None else "")
    log(actor, said.action, said.target, **values, reason=said.reason or actor.reason)


@on(Refused)
def keep_refusal(said: Refused) -> None:
    """Write that a signed-in person asked for what is not theirs."""
    request, error = said.request, said.error
    if request.user.is_authenticated and error.status in KEPT:
        log(
            Actor.of(request, "api" if request.path.startswith("/api/") else "web"),
            "refused",
            title=f"{request.method} {request.path}"[:200],
            path=getattr(request.user, "path", ""),
            after=_cause(error),
            succeeded=False,
        )


def _cause(error: Refusal) -> dict[str, object]:
    permission = error.permission if isinstance(error, Forbidden) else ""
    return {"status": error.status, "permission": permission, "words": error.message}
