"""Large files: read in pieces by a job, taken up again after a break, stored whole or not at all."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.exchange import applying, checking, housekeeping, preparing
from anlan.engines.exchange.api import ImportSession, apply, prepare
from anlan.engines.exchange.sessions import ImportRow
from anlan.engines.exchange.targets import ImportTarget
from anlan.engines.tasks.api import Job, JobCancelled
from anlan.engines.tasks.api import cancel as cancel_job
from anlan.engines.tasks.jobs import progress
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.exchange.conftest import GOOD, SECOND, WRONG, a_file
from tests.files.making import an_xlsx, upload
from tests.sample.lamps import Lamp

ROWS = 13
FAULTY = {4, 11}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirteen rows are many here."""
    monkeypatch.setattr(preparing, "AT_ONCE_ROWS", 3)
    monkeypatch.setattr(checking, "PIECE", 3)
    monkeypatch.setattr(applying, "CHUNK", 3)
    monkeypatch.setattr(applying, "IN_REQUEST", 3)


def rows(*faulty: int) -> list[list[Any]]:
    return [
        ["池店一小", f"D-{number:02}", *(WRONG if number in faulty else GOOD)[2:]] for number in range(ROWS)
    ]


def run(job: Job) -> dict[str, Any]:
    """What the worker does, without its catching of what goes wrong."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempt=1)
    job.refresh_from_db()
    work = checking.check_job if "check" in job.code else applying.apply_job
    said = work(job, **job.values)
    assert said is not None
    return said


def fresh(session: ImportSession) -> ImportSession:
    found: ImportSession = (
        ImportSession.objects.unscoped().select_related("org", "created_by").get(pk=session.pk)
    )
    return found


def checked(actor: Actor, lamps: ImportTarget, *faulty: int) -> ImportSession:
    session = prepare(actor, lamps, a_file(*rows(*faulty)))
    run(session.job)
    return fresh(session)


def breaking(monkeypatch: pytest.MonkeyPatch, module: Any, after: int, error: type[Exception]) -> None:
    """Let the job die at its ``after``-th report."""
    count = iter(range(1000))

    def said(job: Job, done: int, total: int = 0) -> None:
        if next(count) == after:
            raise error
        progress(job, done, total)

    monkeypatch.setattr(module, "progress", said)


def test_a_long_file_is_checked_by_a_job_and_stored_when_confirmed(
    mine: Client, lamps: ImportTarget, actor: Actor
) -> None:
    session = prepare(actor, lamps, a_file(*rows(*FAULTY)))
    page = f"/imports/{session.uid}/"
    assert (session.state, session.job.open) == ("reading", True)
    assert "正在核对文件" in mine.get(page).content.decode()
    with pytest.raises(Conflict):
        apply(actor, fresh(session), "good")
    assert "2 行有问题" in run(session.job)["text"]
    text = mine.get(page).content.decode()
    assert f"共读到 {ROWS} 行，可以导入 {ROWS - 2} 行，有问题 2 行" in text
    assert {row.number for row in ImportRow.bad_of(session)} == {number + 2 for number in FAULTY}
    assert Lamp.unguarded.count() == 0
    started = apply(actor, fresh(session), "good")
    assert run(started.job)["text"] == f"新增 {ROWS - 2} 条，更新 0 条，0 行没有存上"
    assert Lamp.unguarded.count() == ROWS - 2


def test_checking_goes_on_where_a_broken_worker_left_it(
    lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled = [*rows(), rows()[1]]
    session = prepare(actor, lamps, a_file(*doubled))
    with monkeypatch.context() as broken:
        breaking(broken, checking, 2, RuntimeError)
        with pytest.raises(RuntimeError):
            run(session.job)
    half = ImportRow.objects.filter(session=session).count()
    assert 0 < half < ROWS
    run(session.job)
    assert (fresh(session).total, fresh(session).bad) == (ROWS + 1, 1)
    (row,) = ImportRow.bad_of(session)
    assert row.problems == {"": "与第 3 行是同一条，请只留一行"}


def test_giving_up_while_it_is_read_leaves_nothing(
    lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = prepare(actor, lamps, a_file(*rows()))
    breaking(monkeypatch, checking, 2, JobCancelled)
    with pytest.raises(JobCancelled):
        run(session.job)
    assert fresh(session).state == "cancelled"
    assert not ImportRow.objects.filter(session=session).exists()


def test_a_large_file_that_cannot_be_read_says_why_on_its_page(
    mine: Client, lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "AT_ONCE_BYTES", 10)
    session = prepare(actor, lamps, upload("a.xlsx", an_xlsx(["名称", "数量"], ["灯", 1])))
    assert "没有找到" in run(session.job)["text"]
    text = mine.get(f"/imports/{session.uid}/").content.decode()
    assert "没有找到：单位、编号、位置" in text
    assert "重新上传" in text
    with pytest.raises(Conflict):
        apply(actor, fresh(session), "good")


def test_all_or_nothing_holds_over_many_chunks(
    lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = checked(actor, lamps)
    started = apply(actor, session, "all")
    with monkeypatch.context() as rules:
        refusing = {"code": "停用"}
        rules.setattr(
            type(lamps.ledger),
            "clean",
            lambda ledger, user, record, values: refusing if values["code"] == "D-10" else {},
        )
        with pytest.raises(Conflict, match="第 12 行"):
            run(started.job)
    assert Lamp.unguarded.count() == 0
    assert (fresh(session).state, fresh(session).bad) == ("checked", 1)
    assert list(ImportRow.objects.filter(session=session).exclude(outcome="")) == []
    run(apply(actor, fresh(session), "good").job)
    assert Lamp.unguarded.count() == ROWS - 1


def test_a_chunk_with_a_refused_row_stores_its_other_rows(
    lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = checked(actor, lamps)
    started = apply(actor, session, "good")
    refusing = {"code": "停用"}
    monkeypatch.setattr(
        type(lamps.ledger),
        "clean",
        lambda ledger, user, record, values: refusing if values["code"] == "D-04" else {},
    )
    assert "1 行没有存上" in run(started.job)["text"]
    assert Lamp.unguarded.count() == ROWS - 1
    assert not Lamp.unguarded.filter(code="D-04").exists()


def test_a_stopped_import_goes_on_when_asked_and_doubles_nothing(
    mine: Client, lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = checked(actor, lamps)
    started = apply(actor, session, "good")
    with monkeypatch.context() as stopping:
        breaking(stopping, applying, 2, JobCancelled)
        with pytest.raises(JobCancelled):
            run(started.job)
    assert (fresh(session).state, Lamp.unguarded.count()) == ("stopped", 6)
    assert "接着导入" in mine.get(f"/imports/{session.uid}/").content.decode()
    assert mine.post(f"/imports/{session.uid}/confirm", {"mode": "good"}).status_code == 303
    run(fresh(session).job)
    assert (fresh(session).added, Lamp.unguarded.count()) == (ROWS, ROWS)
    assert mine.post(f"/imports/{session.uid}/confirm", {"mode": "good"}).status_code == 409


def test_new_and_known_rows_of_one_chunk_are_told_apart(lamps: ImportTarget, actor: Actor) -> None:
    apply(actor, prepare(actor, lamps, a_file(GOOD, SECOND)), "all")
    moved = [*GOOD[:2], "三号楼", *GOOD[3:]]
    mixed = [moved, SECOND, ["池店一小", "D-09", *GOOD[2:]]]
    session = apply(actor, prepare(actor, lamps, a_file(*mixed)), "all")
    assert (session.added, session.amended, session.same) == (1, 1, 1)
    assert Lamp.unguarded.get(code="D-01").place == "三号楼"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_storing_all_can_be_followed_and_cancelled_while_its_transaction_is_open(
    lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = checked(actor, lamps)
    started = apply(actor, session, "all")
    seen = []
    store = applying._store

    def elsewhere() -> None:
        """What the owner's own request does, on a connection of its own."""
        seen.append(Job.objects.get(pk=started.job.pk).done)
        if len(seen) == 3:
            cancel_job(actor, Job.objects.get(pk=started.job.pk))
        connection.close()

    def watched(*rest: Any) -> None:
        store(*rest)
        owner = Thread(target=elsewhere)
        owner.start()
        owner.join(20)

    monkeypatch.setattr(applying, "_store", watched)
    with pytest.raises(JobCancelled):
        run(started.job)
    assert seen == [0, 3, 6]
    assert Lamp.unguarded.count() == 0


def test_what_was_read_is_forgotten_after_a_month(lamps: ImportTarget, actor: Actor) -> None:
    old, young = (prepare(actor, lamps, a_file(row)) for row in (GOOD, SECOND))
    apply(actor, old, "all")
    waiting = prepare(actor, lamps, a_file(SECOND))
    past = clock.now() - timedelta(days=31)
    ImportSession.unguarded.filter(pk__in=[old.pk, waiting.pk]).update(updated_at=past)
    for _ in range(2):
        housekeeping.forget_rows(Job())
        ImportSession.unguarded.filter(pk=waiting.pk).update(updated_at=past)
    assert {row.session for row in ImportRow.objects.all()} == {young}
    assert (fresh(waiting).state, Lamp.unguarded.count()) == ("cancelled", 1)
