"""A ledger filled from a sheet: all is checked first, then all or the good rows are stored, each once."""

from typing import Any

import pytest
from django.db.models import Q

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.exchange import applying
from anlan.engines.exchange.api import ImportSession, apply, cancel, prepare, target_of
from anlan.engines.exchange.sessions import ImportRow
from anlan.engines.exchange.targets import ImportTarget
from anlan.engines.files.api import attachments_of
from anlan.engines.tasks.api import Job
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected
from tests.exchange.conftest import BLANK, GOOD, HEAD, SECOND, UNKNOWN_UNIT, WRONG, a_file
from tests.factories import Tree, a_user
from tests.files.making import EXE, an_xlsx, upload
from tests.sample.lamps import Lamp


def lamps_now() -> list[tuple[str, str]]:
    return sorted(Lamp.unguarded.values_list("org__code", "code"))


def test_nothing_is_stored_before_it_is_confirmed(lamps: ImportTarget, actor: Actor) -> None:
    session = prepare(actor, lamps, a_file(GOOD, SECOND))
    assert (session.state, session.total, session.bad) == ("checked", 2, 0)
    assert lamps_now() == []
    (source,) = attachments_of(session)
    assert source.name == "灯具.xlsx"
    apply(actor, session, "all")
    assert (session.state, session.added) == ("applied", 2)
    lamp = Lamp.unguarded.get(code="D-01")
    assert (lamp.org.code, lamp.kind, lamp.phone, lamp.watts, str(lamp.bought_on), lamp.spare) == (
        "S1",
        "exit",
        "13859700001",
        8,
        "2026-03-01",
        True,
    )
    assert Lamp.unguarded.get(code="D-02").watts == 12


@pytest.mark.parametrize(("mode", "stored"), [("all", []), ("good", [("S1", "D-01"), ("S2", "D-02")])])
def test_bad_rows_are_named_and_the_person_chooses(
    mode: Any, stored: list[Any], lamps: ImportTarget, actor: Actor
) -> None:
    session = prepare(actor, lamps, a_file(GOOD, BLANK, SECOND, UNKNOWN_UNIT, WRONG))
    assert (session.good, session.bad) == (2, 3)
    problems = {row.number: row.problems for row in ImportRow.bad_of(session)}
    assert set(problems) == {3, 5, 6}
    assert set(problems[3]) == {"code", "place"}
    assert "不在您的范围内" in problems[5]["org"]
    assert set(problems[6]) >= {"kind", "bought_on"}
    assert "安全出口灯" in problems[6]["kind"]
    if mode == "all":
        with pytest.raises(Rejected, match="3 行有问题"):
            apply(actor, session, mode)
    else:
        apply(actor, session, mode)
    assert lamps_now() == stored


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_amends(
    lamps: ImportTarget, actor: Actor
) -> None:
    apply(actor, prepare(actor, lamps, a_file(GOOD, SECOND)), "all")
    again = apply(actor, prepare(actor, lamps, a_file(GOOD, SECOND)), "all")
    assert (again.added, again.amended, again.same) == (0, 0, 2)
    moved = [*GOOD[:2], "三号楼", *GOOD[3:]]
    later = apply(actor, prepare(actor, lamps, a_file(moved, SECOND)), "all")
    assert (later.amended, later.same) == (1, 1)
    assert Lamp.unguarded.get(code="D-01").place == "三号楼"
    assert len(lamps_now()) == 2


def test_a_row_twice_in_the_file_is_pointed_out(lamps: ImportTarget, actor: Actor) -> None:
    session = prepare(actor, lamps, a_file(GOOD, SECOND, GOOD))
    (row,) = ImportRow.bad_of(session)
    assert (row.number, row.problems) == (4, {"": "与第 2 行是同一条，请只留一行"})


def test_an_import_is_applied_once(lamps: ImportTarget, actor: Actor) -> None:
    session = prepare(actor, lamps, a_file(GOOD))
    apply(actor, session, "all")
    stale = ImportSession.objects.unscoped().get(pk=session.pk)
    with pytest.raises(Conflict):
        apply(actor, stale, "all")
    with pytest.raises(Conflict):
        cancel(actor, ImportSession.objects.unscoped().get(pk=session.pk))
    assert len(lamps_now()) == 1
    given_up = prepare(actor, lamps, a_file(SECOND))
    cancel(actor, given_up)
    with pytest.raises(Conflict):
        apply(actor, given_up, "all")


def test_when_a_row_no_longer_fits_all_or_nothing_stores_nothing(
    lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = prepare(actor, lamps, a_file(GOOD, SECOND))

    def closed(ledger: Any, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        return {"code": "停用"} if values["code"] == "D-02" else {}

    monkeypatch.setattr(type(lamps.ledger), "clean", closed)
    with pytest.raises(Conflict, match="第 3 行"):
        apply(actor, session, "all")
    assert lamps_now() == []
    session.refresh_from_db()
    assert (session.state, session.bad) == ("checked", 1)
    apply(actor, session, "good")
    assert lamps_now() == [("S1", "D-01")]


def test_importing_needs_the_rights_and_is_audited(lamps: ImportTarget, actor: Actor, tree: Tree) -> None:
    master = Actor.person(a_user("lamp_master", tree.township))
    with pytest.raises(Forbidden):
        prepare(master, lamps, a_file(GOOD))
    apply(actor, prepare(actor, lamps, a_file(GOOD)), "all")
    done = AuditEntry.objects.get(action="import")
    assert (done.user, done.after["added"]) == (actor.user, 1)
    assert AuditEntry.objects.filter(Q(model="sample.lamp"), channel="import", action="create").count() == 1
    with pytest.raises(Missing):
        target_of("sample.nothing")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.xlsx", EXE, "损坏"),
        ("a.xlsx", b"", "空的"),
        ("a.xlsx", an_xlsx(["名称", "数量"], ["灯", 1]), "没有找到：单位、编号、位置；"),
        ("a.xlsx", an_xlsx(HEAD), "没有数据"),
        ("a.docx", an_xlsx(HEAD), "损坏"),
    ],
)
def test_unreadable_files_are_refused(
    name: str, content: bytes, why: str, lamps: ImportTarget, actor: Actor
) -> None:
    with pytest.raises(Rejected, match=why):
        prepare(actor, lamps, upload(name, content))
    assert not ImportSession.objects.unscoped().exists()


@pytest.mark.parametrize("mode", ["all", "good"])
def test_a_large_import_is_a_job_that_goes_on_after_a_broken_worker(
    mode: Any, lamps: ImportTarget, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "IN_REQUEST", 1)
    monkeypatch.setattr(applying, "CHUNK", 1)
    session = prepare(actor, lamps, a_file(GOOD, SECOND))
    apply(actor, session, mode)
    assert (session.state, lamps_now()) == ("applying", [])
    with pytest.raises(Conflict):
        apply(actor, ImportSession.objects.unscoped().get(pk=session.pk), mode)
    job = Job.objects.get()
    job.state, job.attempt = Job.State.RUNNING, 1
    job.save()
    said = [applying.apply_job(job, **job.values) for _ in range(2)]
    assert said[0] == said[1]
    assert "新增 2 条" in said[0]["text"]
    assert len(lamps_now()) == 2
