"""Bulk work: what a row allows, many records as a job, cancel, a broken worker, one PDF of the chosen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.registry.bulk_jobs import BulkOutcome, bulk_job
from anlan.engines.tasks.api import Job, JobCancelled
from anlan.engines.workflow.api import perform
from tests.factories import Tree
from tests.sample.lamps import Lamp

Enter = Callable[[Any], Client]
Make = Callable[..., Any]
URL = "/sample/lamps/"


@pytest.fixture
def broken(lamp: Make, keeper: Any, monkeypatch: pytest.MonkeyPatch) -> list[Lamp]:
    """Five broken lamps and one that burns; more than three are many."""
    monkeypatch.setattr("anlan.engines.registry.pages.bulk.LIMIT", 3)
    monkeypatch.setattr("anlan.engines.registry.bulk_jobs.CHUNK", 2)
    found = [lamp(code=f"D-{number}") for number in range(6)]
    for record in found[:5]:
        perform(Actor.person(keeper), record, "report", {"opinion": "不亮"})
    return found


def running(job: Job) -> Job:
    job.state, job.attempt = Job.State.RUNNING, 1
    job.save()
    return job


def queue(client: Client, broken: list[Lamp]) -> Job:
    answer = client.post(f"{URL}bulk", {"verb": "mend", "chosen": [lamp.pk for lamp in broken]})
    job = Job.objects.get()
    assert answer["Location"] == f"{URL}bulk/{job.pk}"
    return running(job)


def test_every_row_says_which_verbs_its_state_allows(broken: list[Lamp], master: Any, enter: Enter) -> None:
    page = enter(master).get(URL).content.decode()
    said = dict(re.findall(r'value="(\d+)" data-verbs="([^"]*)"', page))
    assert said[str(broken[0].pk)] == "mend"
    assert said[str(broken[5].pk)] == ""


def test_many_records_run_as_a_job_that_says_what_became_of_each(
    broken: list[Lamp], master: Any, enter: Enter
) -> None:
    client = enter(master)
    job = queue(client, broken)
    assert "灯具台账：批量开始维修 6 条" in client.get(f"{URL}bulk/{job.pk}").content.decode()
    result = bulk_job(job, **job.values)
    assert result["text"] == "已办成 5 条，跳过 1 条，没办成 0 条"
    page = client.get(f"{URL}bulk/{job.pk}", {"kind": "skipped"}).content.decode()
    assert "当前状态是“正常”" in page
    assert page.count(f'href="{URL}{broken[5].pk}/"') == 1
    assert f'href="{URL}{broken[0].pk}/"' not in page
    assert Lamp.objects.unscoped().filter(state="fixing").count() == 5


def test_a_job_run_again_after_a_broken_worker_doubles_nothing(
    broken: list[Lamp], master: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue(enter(master), broken)
    calls = []

    def breaks(found: Job, done: int, total: int = 0) -> None:
        calls.append(done)
        if len(calls) == 2:
            raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("anlan.engines.registry.bulk_jobs.progress", breaks)
        with pytest.raises(RuntimeError):
            bulk_job(job, **job.values)
    assert BulkOutcome.objects.count() == 2
    bulk_job(job, **job.values)
    assert BulkOutcome.objects.filter(kind="done").count() == 5
    assert AuditEntry.objects.filter(action="move:mend").count() == 5


def test_a_cancelled_job_leaves_the_rest_untouched(broken: list[Lamp], master: Any, enter: Enter) -> None:
    client = enter(master)
    job = queue(client, broken)
    assert client.post(reverse("jobs:cancel", args=[job.pk])).status_code == 303
    with pytest.raises(JobCancelled):
        bulk_job(job, **job.values)
    assert not Lamp.objects.unscoped().filter(state="fixing").exists()


def test_nobody_reads_somebody_elses_bulk_result(
    broken: list[Lamp], master: Any, guest: Any, enter: Enter
) -> None:
    job = queue(enter(master), broken)
    assert enter(guest).get(f"{URL}bulk/{job.pk}").status_code == 404
    assert enter(master).get(f"/sample/makers/bulk/{job.pk}").status_code in (403, 404)


def test_the_chosen_records_come_as_one_document(
    tree: Tree, broken: list[Lamp], lamp: Make, guest: Any, enter: Enter
) -> None:
    client = enter(guest)
    assert f'formaction="{URL}pdf"' in client.get(URL).content.decode()
    answer = client.post(f"{URL}pdf", {"chosen": [broken[0].pk, broken[1].pk]})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    foreign = lamp(tree.far_school, code="D-9")
    assert client.post(f"{URL}pdf", {"chosen": [broken[0].pk, foreign.pk]}).status_code == 404
