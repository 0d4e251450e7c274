"""A sheet handed in leaves its findings, each once (D01.15)."""

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.inspecting import task_of
from anlan.domains.safety.inspection import PURPOSE, InspectionTask
from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create_all
from anlan.engines.forms.api import Answer, Submitted
from anlan.kernel import events


def findings_of(task: InspectionTask) -> list[Finding]:
    """What stands of a task's findings, in order of the questions."""
    rows = Finding.objects.unscoped().filter(task=task, archived_at=None)
    return list(rows.select_related("hazard", "incident", "notice", "org"))


def keep_findings(actor: Actor, task: InspectionTask, failed: tuple[Answer, ...]) -> list[Finding]:
    """Store what failed, renew what failed before, put away what passes now."""
    there = {row.question: row for row in Finding.objects.unscoped().filter(task=task)}
    made = {answer.question: finding_of(task, answer) for answer in failed}
    for question, row in there.items():
        _renew(actor, row, made.get(question))
    create_all(actor, [row for question, row in made.items() if question not in there])
    return findings_of(task)


def _renew(actor: Actor, row: Finding, now: Finding | None) -> None:
    if now is None:
        if row.archived_at is None:
            archive(actor, row)
        return
    change(
        actor, row, {"note": now.note, "photos": now.photos, "found_at": now.found_at, "archived_at": None}
    )


def finding_of(task: InspectionTask, answer: Answer) -> Finding:
    """What a failed answer says, not yet stored."""
    form = answer.response.form_version.form()
    asked, section = form.by_uid()[answer.question], form.section_of(answer.question)
    return Finding(
        org=task.org,
        task=task,
        question=answer.question,
        wording=asked.text[:500],
        section=(section or task.round.plan.form.subject)[:60],
        item_id=answer.item_id,
        note=answer.note,
        photos=answer.photos,
        found_at=min(answer.at, task.submitted_at or answer.at),
        found_by=task.assignee,
    )


@events.on(Submitted)
def gather(event: Submitted) -> None:
    """A sheet handed in leaves its findings, in the same transaction."""
    if event.response.purpose != PURPOSE:
        return
    task = task_of(event.response)
    if task is not None:
        keep_findings(event.actor or SYSTEM, task, event.failed)
