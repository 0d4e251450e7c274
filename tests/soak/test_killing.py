"""The server and the worker are killed while people work: what was acknowledged is there, and there once."""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.engines.audit.api import AuditEntry, verify_chain
from anlan.engines.audit.sealing import seal
from anlan.engines.exchange.api import ImportSession
from anlan.engines.files.api import Attachment, StoredFile, attachments_of, damaged
from anlan.engines.files.vault import root
from anlan.engines.forms.api import Response, counted, counts
from anlan.engines.messaging.api import Message
from anlan.engines.output.exports import ExportFile
from anlan.engines.tasks.api import Job
from anlan.engines.tasks.todos import Todo
from anlan.engines.workflow.api import Step
from tests.sample.lamps import Lamp
from tests.soak import crowd
from tests.soak.county import LAMPS, READERS, Ground
from tests.soak.site import Site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1700)]
ROWS = 210


def work(site: Site, ground: Ground, notes: crowd.Notes) -> tuple[crowd.Crowd, list[crowd.Person]]:
    """Two inspectors, an officer with hazards, one with notices, a keeper with files: all at work."""
    people = crowd.Crowd()
    bureau, writer, keeper = (
        crowd.Person(site.url, user)
        for user in (ground.patrol.bureau.user, ground.patrol.bureau.user, ground.keeper)
    )
    staff = [bureau, writer, keeper]
    for user in (ground.patrol.lin.user, ground.patrol.fang.user):
        inspector = crowd.Person(site.url, user)
        staff.append(inspector)
        own = [task for assignee, task in ground.tasks if assignee == user]
        people.employ(iter([partial(crowd.inspect, inspector, notes, task) for task in own]))
    people.employ(iter([partial(crowd.confirm, bureau, notes, hazard) for hazard in ground.hazards]))
    people.employ(notices(writer, notes, [school.pk for school in ground.schools]))
    people.employ(files(keeper, notes, ground))
    return people, staff


def notices(person: crowd.Person, notes: crowd.Notes, units: list[int]) -> Iterator[Callable[[], None]]:
    for n in range(1000):
        yield partial(crowd.publish, person, notes, f"第{n}号通知", units)


def files(person: crowd.Person, notes: crowd.Notes, ground: Ground) -> Iterator[Callable[[], None]]:
    for n in range(1000):
        yield partial(crowd.bring_in, person, notes, f"I{n}", ground.schools[n % 300].name, ROWS)
        yield partial(crowd.take_out, person, notes)


def kill_at_random(site: Site, kills: int, chance: random.Random) -> None:
    """Kill one of the two again and again, at moments nobody chose."""
    for kill in range(kills):
        time.sleep(chance.uniform(0.3, 3.0))
        victim = site.web if kill % 2 == 0 else site.worker
        victim.kill()
        victim.start()
        if victim is site.web:
            site.wait()


def settle(site: Site, seconds: float = 240) -> None:
    """Until the worker has nothing left to do."""
    until = time.monotonic() + seconds
    open_jobs = Job.objects.filter(state__in=("queued", "running")).exclude(user=None)
    while open_jobs.exists() and time.monotonic() < until:
        time.sleep(0.3)
    assert not open_jobs.exists(), list(open_jobs.values())


def run(tmp_path: Path, kills: int, tasks: int) -> None:
    seed = random.randrange(10**6)
    print(f"seed of the kills: {seed}")
    ground, notes = Ground(tasks, hazards=tasks), crowd.Notes()
    with Site(tmp_path) as site:
        people, staff = work(site, ground, notes)
        kill_at_random(site, kills, random.Random(seed))
        people.finish()
        settle(site)
    assert notes.sheets
    assert notes.moved
    assert not [fault for person in staff for fault in person.faults], site.log.read_text()[-6000:]
    sheets_are_whole(notes)
    hazards_moved_once(notes)
    notices_arrived_once(notes, ground)
    imports_are_whole(notes)
    exports_are_there_once(notes)
    files_and_rows_agree()
    seal(everything=True)
    assert list(verify_chain()) == []
    assert not DBTaskResult.objects.filter(status="RUNNING", started_at__isnull=True).exists()
    county = ground.county.units["county"]
    assert counts([county], ("question",)) == counted(county, ("question",))


def once(rows: Any, /, **same: Any) -> None:
    """Exactly one row."""
    assert rows.filter(**same).count() == 1, (rows.model.__name__, same)


def sheets_are_whole(notes: crowd.Notes) -> None:
    for sheet in notes.sheets:
        response = Response.objects.unscoped().get(uid=sheet["uid"])
        assert (response.state, response.passed, response.failed) == ("submitted", 1, 1)
        assert response.answers.count() == 2
        task = InspectionTask.objects.unscoped().get(pk=sheet["task"])
        assert (task.state, task.response_id) == ("completed", response.pk)
        assert [str(one.uid) for one in attachments_of(response)] == [sheet["photo"]]
        hazard = Finding.objects.unscoped().get(task=task, question="q1").hazard
        assert len(attachments_of(hazard, "before")) == 1
        once(AuditEntry.objects, model="forms.response", object_id=str(response.pk), action="submit")
    assert Response.objects.unscoped().filter(state="submitted").count() == len(notes.sheets)


def hazards_moved_once(notes: crowd.Notes) -> None:
    for hazard in notes.moved:
        once(Hazard.objects.unscoped(), pk=hazard, state="assigned")
        once(Step.objects, model="safety.hazard", object_id=hazard, move="confirm")
        once(AuditEntry.objects, model="safety.hazard", object_id=str(hazard), action="move:confirm")


def notices_arrived_once(notes: crowd.Notes, ground: Ground) -> None:
    assert Notice.objects.unscoped().count() == len(notes.notices)
    for title in notes.notices:
        notice = Notice.objects.unscoped().get(title=title)
        copies = NoticeCopy.objects.unscoped().filter(notice=notice)
        assert copies.count() == len(ground.schools)
        assert Todo.objects.filter(title=title).count() == len(ground.schools)
        told = Message.objects.filter(key__startswith=f"safety.notice:{notice.pk}:")
        assert told.count() == told.values("addressee").distinct().count() >= READERS


def imports_are_whole(notes: crowd.Notes) -> None:
    for name in notes.imports:
        assert Lamp.unguarded.filter(code__startswith=f"{name}-").count() == ROWS
    doubled = Lamp.unguarded.values("org", "code").annotate(n=Count("pk")).filter(n__gt=1)
    assert not doubled.exists()
    applied = ImportSession.objects.unscoped().filter(state="applied")
    assert sum(applied.values_list("added", flat=True)) == Lamp.unguarded.count() - LAMPS


def exports_are_there_once(notes: crowd.Notes) -> None:
    done = Job.objects.filter(code__endswith="export_job", state="done")
    assert done.count() >= notes.exports
    assert ExportFile.objects.count() == done.count()
    for job in done:
        once(Message.objects, key=f"job:{job.pk}")


def files_and_rows_agree() -> None:
    assert list(damaged()) == []
    lying = {path.name for path in (root() / "kept").rglob("*") if path.is_file()}
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    assert known <= lying
    assert not Attachment.objects.unscoped().filter(file__isnull=True).exists()


@pytest.mark.sqlite  # fifty kills on PostgreSQL: make soak
@pytest.mark.long
def test_work_survives_a_killed_server_and_a_killed_worker(tmp_path: Path) -> None:
    run(tmp_path, kills=2, tasks=24)


@pytest.mark.slow
def test_work_survives_fifty_kills(tmp_path: Path) -> None:
    run(tmp_path, kills=50, tasks=900)
