"""Whose turn it is: the box with the next move for the person in turn, and words for everybody else."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from anlan.engines.identity.api import ask
from anlan.engines.org.api import Role
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import RecordForm, move_form
from anlan.engines.registry.once import fresh_key
from anlan.engines.registry.presenting import present
from anlan.engines.workflow.api import Move, may_approve, moves_open_to
from anlan.shell.deadlines import due
from anlan.shell.parts import Action


def open_moves(ledger: Ledger, user: Any, record: Any) -> list[Move]:
    """Moves the person may make now, the expected one first."""
    found = moves_open_to(user, record) if ledger.flow and record.archived_at is None else []
    return sorted(found, key=lambda step: (step.outlined, not step.duty))


def turn_of(
    request: HttpRequest, ledger: Ledger, record: Any, name: str = "", form: RecordForm | None = None
) -> dict[str, Any] | None:
    """The box: one move (``name``, else the expected one) with its form, the others as links; or None."""
    steps = open_moves(ledger, request.user, record)
    if not steps or (steps[0].outlined and not name):
        return None
    step = next((step for step in steps if step.name == name), steps[0])
    user = request.user
    form = present(ledger, user, form or move_form(ledger, user, record, step), record)
    if step.confirm:
        ask(request, form)
    others = [other for other in steps if other is not step]
    return {
        "title": step.title if step.outlined else f"请您{step.title}",
        "text": _deadline(record),
        "form": form,
        "post": f"{ledger.url_of(record)}move/{step.name}",
        "key": fresh_key(),
        "multipart": form.is_multipart(),
        "buttons": [Action(step.title, kind="danger" if step.archives and step.outlined else "primary")],
        "html": render_to_string("registry/turn.html", {"others": others, "url": ledger.url_of(record)}),
    }


def rarer_moves(ledger: Ledger, user: Any, record: Any) -> list[dict[str, Any]]:
    """A card with moves the person may make although it is not their turn, such as voiding."""
    others = open_moves(ledger, user, record)
    if not others:
        return []
    html = render_to_string("registry/turn.html", {"others": others, "url": ledger.url_of(record)})
    return [{"title": "其他办理", "html": html}]


def approvals(request: HttpRequest, ledger: Ledger, record: Any) -> list[dict[str, Any]]:
    """A card for each approval that an edition of the workflow asks of this person now."""
    steps = ledger.flow.moves_from(record.state) if ledger.flow else []
    found = [step for step in steps if may_approve(request.user, record, step)]
    return [
        {
            "title": f"请您审批：{step.title}",
            "html": render_to_string(
                "registry/approve.html", {"step": step, "url": ledger.url_of(record)}, request
            ),
        }
        for step in found
    ]


def _deadline(record: Any) -> str:
    words = due(record.due_at)
    return f"{words.text}（{words.full}）" if record.due_at else ""


def holder(ledger: Ledger, record: Any) -> str:
    """Who has the ball and until when, for those not in turn."""
    steps = [step for step in ledger.flow.moves_from(record.state) if step.duty] if ledger.flow else []
    if not steps or record.archived_at is not None:
        return ""
    titles = Role.objects.filter(code__in=steps[0].by).order_by("pk").values_list("title", flat=True)
    words = f"等待{'、'.join(titles)}{steps[0].title}"
    return f"{words}，{_deadline(record)}" if record.due_at else words
