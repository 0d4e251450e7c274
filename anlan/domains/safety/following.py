"""What is started from a finding beside a hazard: an incident record, a notice to the school (D01.15)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.notices import Notice
from anlan.engines.audit.api import Actor, Written, change, create, log
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.tasks.api import close_todos, open_todo
from anlan.kernel import events
from anlan.kernel.errors import Forbidden

ADD_INCIDENT = "safety.incidents.add"
NOTIFY = declare_permission(
    "safety.findings.notify", "巡查：由检查发现起草通知", ("bureau_safety", "team_admin", "inspector")
).code
PUBLISH = "safety.notices.publish"


def start_incident(actor: Actor, finding: Finding, values: dict[str, Any]) -> Incident:
    """An incident record that links to the finding; asking again gives the same one."""
    _must(actor, finding, ADD_INCIDENT)
    if finding.incident is not None:
        return finding.incident
    source = {"source_key": finding.key, "source_url": finding.get_absolute_url()}
    with transaction.atomic():
        incident = create(actor, Incident(org=finding.org, **source, **values))
        change(actor, finding, {"incident": incident}, action="link", expect=Q(incident=None))
    return incident


def draft_notice(actor: Actor, finding: Finding, values: dict[str, Any]) -> Notice:
    """A draft to the school, put on the desks of those who may publish it; asking again gives the same one."""
    _must(actor, finding, NOTIFY)
    if finding.notice is not None:
        return finding.notice
    sender = finding.task.round.plan.org
    with transaction.atomic():
        notice = create(actor, Notice(org=sender, **values))
        said = {"audience": {"named": [finding.org_id]}, "addressees": [finding.org]}
        change(actor, notice, said, action="address")
        change(actor, finding, {"notice": notice}, action="link", expect=Q(notice=None))
        title, url = f"待发布：{notice.title}", notice.get_absolute_url()
        open_todo(notice, PUBLISH, title, url, verb="发布", permission=PUBLISH, org=sender)
    return notice


def _must(actor: Actor, finding: Finding, right: str) -> None:
    if actor.user is not None and not scope(actor.user, right).covers(finding.org.path):
        log(actor, f"refused:{right}", finding, succeeded=False)
        raise Forbidden(right)


@events.on(Written)
def take_off_desks(event: Written) -> None:
    """A drafted notice that was published awaits nobody."""
    if isinstance(event.record, Notice) and event.action == "publish":
        close_todos(event.record, event.actor.user, (PUBLISH,))
