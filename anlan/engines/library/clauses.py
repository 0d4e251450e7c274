"""The panel 法规依据 beside records that clauses can be linked to."""

from typing import Any

from django.http import HttpRequest

from anlan.engines.library.linking import LINK, clauses_of, linkables
from anlan.engines.library.searching import VIEW
from anlan.engines.org.api import may, scope
from anlan.shell.panels import Panel, add_panel


def fill(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """Linked places, and the way to add one; nothing for kinds nobody links to."""
    label = record._meta.label_lower
    kind = next((one for one in linkables if one.model.lower() == label), None)
    if kind is None or not may(request.user, VIEW):
        return None
    clauses = clauses_of(request.user, record)
    adds = scope(request.user, LINK).covers(record.org.path) and record.archived_at is None
    said = f"{kind.code}:{record.pk}"
    return {"clauses": clauses, "adds": adds, "said": said} if clauses or adds else None


add_panel(Panel("clauses", "法规依据", "library/clauses.html", fill))
