"""The list of incidents, and the hazard made of one (D01.15, D03.1, D07.3)."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from anlan.domains.safety.incident_hazards import RAISE, HazardForm, hazard_of_incident
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.intake import made_of
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, ledger
from anlan.kernel import clock

BUREAU = "bureau_safety team_admin"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer upper_safety township_officer"
SCHOOL = "school_safety school_head"


def raises_none(incident: Incident) -> bool:
    """No hazard was made of it."""
    return incident.archived_at is None and made_of(incident.key) is None


@ledger
class Incidents(Ledger):
    """Incidents of the schools."""

    code = "safety.incidents"
    model = Incident
    title, noun, icon = "安全事件", "事件", "alert-triangle"
    area, group, order = "safety", "日常", 50
    columns = "title category org happened_at place affected"
    filters = "org category happened_at"
    search = "title course place org__name"
    sort = "-happened_at"
    views = {"近 7 天": "recent=1"}
    marks = {"recent": lambda: Q(happened_at__gte=clock.now() - timedelta(days=7))}
    sections = {"发生了什么": "org category title happened_at place course affected", "怎样处置": "handling"}
    files = {"evidence": "材料"}
    example = {"title": "实验室小面积起火", "course": "通风柜内试剂自燃，教师当场扑灭。"}
    roles = {
        "view": f"{WATCHERS} {SCHOOL} school_contact",
        "view.own": "inspector",
        "add": f"{BUREAU} {SCHOOL} inspector",
        "edit": f"{BUREAU} {SCHOOL}",
        "archive": BUREAU,
        "export": f"{WATCHERS} {SCHOOL}",
    }

    @act("转为隐患", RAISE, form=HazardForm, icon="alert-triangle", when=raises_none)
    def to_hazard(self, actor: Actor, record: Incident, values: dict[str, Any]) -> str:
        """What made it happen enters the hazard loop."""
        return hazard_of_incident(actor, record, values).get_absolute_url()

    @block("隐患", "safety/hazard_made.html")
    def hazard(self, request: Any, record: Incident) -> dict[str, Any] | None:
        """The hazard made of it."""
        made = made_of(record.key)
        return {"hazard": made} if made else None


archives("safety.incidents", "incident")
