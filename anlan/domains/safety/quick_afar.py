"""A quick report kept on a phone comes in by the form's own rules, whichever door it takes (S02.1)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict

from anlan.domains.safety.quick import QuickReport
from anlan.domains.safety.quick_form import form_for
from anlan.domains.safety.quick_sending import ADD, SLOTS, send_report, units_of
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import upload_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Forbidden, Rejected


def school_for(user: Any, said: str) -> OrgUnit:
    """The school reported at: the one named, else the first of the person's own.

    Forbidden where the person may report nowhere, Rejected for a school not theirs.
    """
    units = units_of(user)
    if not units:
        raise Forbidden(ADD)
    if said and said not in {str(unit.pk) for unit in units}:
        raise Rejected({"org": "不能在这所学校上报"})
    return next((unit for unit in units if str(unit.pk) == said), units[0])


def report_from_afar(
    actor: Actor, uid: Any, values: Mapping[str, Any], files: Mapping[str, Sequence[Any]]
) -> tuple[QuickReport, bool]:
    """The report and whether it is new; ``files`` holds the uids of finished uploads by slot.

    Rejected by field for what the form would refuse.
    """
    unit = school_for(actor.user, str(values.get("org") or ""))
    uploads = {slot: _uploads(actor.user, slot, files.get(slot) or []) for slot in SLOTS}
    data = QueryDict(mutable=True)
    said = {name: str(value) for name, value in values.items() if value not in (None, False)}
    data.update({"urgency": "normal", **said, "uid": str(uid)})
    form = form_for(unit, data)
    if not form.is_valid():
        raise Rejected({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    return send_report(actor, form.report(unit), uploads)  # type: ignore[attr-defined]


def _uploads(user: Any, slot: str, said: Any) -> list[UUID]:
    if not isinstance(said, list):
        raise Rejected({slot: "应是文件编号的列表"})
    try:
        return [upload_of(user, UUID(str(uid))).uid for uid in said]
    except ValueError:
        raise Rejected({slot: "文件编号不对"}) from None
