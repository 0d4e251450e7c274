"""What reaches its time is proposed and nothing more; two people and no hold are needed for it to go (X.17)."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection

from anlan.domains.fire.drills import Drill
from anlan.engines.archives import disposals
from anlan.engines.archives.api import (
    Disposal,
    Hold,
    Holding,
    KeepingTime,
    destroy,
    file_missing,
    matters,
    propose,
    release,
)
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, create
from anlan.engines.files.api import Attachment, attach
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.conformance.rows import a_row, overwrite
from tests.conformance.world import World
from tests.factories import a_user, sign_in

LONG = timedelta(days=366 * 11)


class Office:
    """A county whose schools have a drill each, held eleven years ago, with a file."""

    def __init__(self, number: int = 1) -> None:
        self.world = World(matters["fire.drills"].owner)
        county = self.world.county
        self.clerk, self.chief = (
            Actor.person(a_user(role, county), "web") for role in ("bureau_safety", "bureau_leader")
        )
        self.drills = [self._held() for _ in range(number)]
        file_missing()

    def _held(self) -> Any:
        drill = a_row(self.world.ledger, self.world.inside)
        attach(
            SYSTEM, drill, SimpleUploadedFile("记录.txt", f"演练{drill.pk}".encode(), "text/plain"), "papers"
        )
        overwrite(drill, state="held", updated_at=clock.now() - LONG)
        return drill

    def asked(self) -> Disposal:
        """The list, asked for by the clerk."""
        propose()
        made: Disposal = Disposal.objects.unscoped().get(state="proposed")
        perform(self.clerk, made, "ask", {"reason": "保存期满，无继续保存价值", "basis": "本局保管期限表"})
        return made

    def approve(self, made: Disposal) -> None:
        """By the other one."""
        perform(self.chief, made, "approve", {"opinion": "同意"})

    def hold(self) -> Hold:
        """A case that needs everything of the county."""
        said = {"title": "事故追责", "reason": "调查尚未结束", "kind": "drill"}
        return create(self.chief, Hold(org=self.world.county, **said))


def stored(drill: Any) -> Any:
    return Drill.objects.unscoped().get(pk=drill.pk)


@pytest.mark.django_db
def test_the_end_of_its_time_proposes_and_two_people_destroy(django_capture_on_commit_callbacks: Any) -> None:
    office = Office()
    [drill] = office.drills
    [paper] = Attachment.objects.unscoped().filter(object_id=drill.pk)
    content, title = paper.file.path, stored(drill).title
    assert [propose(), propose()] == [1, 0]
    assert stored(drill).title == title
    assert content.exists()
    made = Disposal.objects.unscoped().get()
    assert (made.state, made.listed, made.org) == ("proposed", 1, office.world.county)
    with pytest.raises(Rejected):
        perform(office.clerk, made, "ask", {"reason": "保存期满"})
    perform(office.clerk, made, "ask", {"reason": "保存期满", "basis": "本局保管期限表"})
    with pytest.raises(Conflict, match="不能自己审批"):
        perform(office.clerk, made, "approve", {"opinion": "同意"})
    assert stored(drill).title == title
    with django_capture_on_commit_callbacks(execute=True):
        office.approve(made)
    assert title not in str(vars(stored(drill)))
    assert not content.exists()
    assert not Attachment.objects.unscoped().filter(object_id=drill.pk).exists()
    made = Disposal.objects.unscoped().get()
    assert (made.destroyed, made.files, made.spared, len(made.digest)) == (1, 1, 0, 64)
    assert (made.asked_by, made.approved_by, made.basis) == (
        office.clerk.user,
        office.chief.user,
        "本局保管期限表",
    )
    assert AuditEntry.objects.get(action="destroy").object_id == str(drill.pk)
    client = sign_in(office.world.client(office.chief.user), office.chief.user)
    assert "已销毁" in client.get(f"/archives/disposals/{made.pk}/").content.decode()
    with pytest.raises(Conflict):
        made.delete()


@pytest.mark.django_db
def test_a_hold_keeps_it_from_the_list_and_spares_what_is_listed() -> None:
    office = Office(2)
    made = office.asked()
    first, second = Holding.objects.unscoped().order_by("pk")
    hold = create(
        office.chief,
        Hold(org=office.world.inside, title="事故追责", reason="调查", kind="drill", until=first.ended_on),
    )
    assert Holding.objects.unscoped().filter(held=True).count() == 2
    with pytest.raises(Conflict, match="冻结"):
        office.approve(made)
    assert made.title
    assert not Drill.objects.unscoped().filter(title="已销毁").exists()
    release(office.chief, hold, "结案")
    office.approve(Disposal.objects.unscoped().get())
    assert Drill.objects.unscoped().filter(archived_at__isnull=False).count() == 2
    assert second.ended_on == first.ended_on


@pytest.mark.django_db
def test_the_time_a_bureau_sets_counts_and_what_is_kept_waits_for_another_time() -> None:
    office = Office()
    create(office.clerk, KeepingTime(org=office.world.county, kind="drill", unit="ever", basis="本局期限表"))
    assert propose() == 1  # the job that reckons anew has not run
    made = Disposal.objects.unscoped().get()
    perform(office.clerk, made, "keep", {"reason": "有参考价值"})
    assert Holding.objects.unscoped().get().keep_until is None
    assert propose() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("code", [one.ledger for one in matters if not one.why_not])
def test_the_content_of_every_kind_of_matter_can_go(code: str) -> None:
    world = World(matters[code].owner)
    digest, _ = destroy(matters[code], world.row)
    left = type(world.row).unguarded.get(pk=world.row.pk)
    assert left.archived_at is not None
    assert len(digest) == 64
    shown = world.ledger.columns.split()[0]
    field = {field.name: field for field in left._meta.concrete_fields}.get(shown)
    if field is not None and not field.choices and field.get_internal_type() in ("CharField", "TextField"):
        assert getattr(left, shown) != getattr(world.row, shown)


def at_once(*works: Callable[[], Any]) -> list[str]:
    """Each in a thread of its own from one starting line; what became of them."""
    gate, ends = threading.Barrier(len(works)), list[str]()

    def run(work: Callable[[], Any]) -> None:
        close_old_connections()
        gate.wait()
        try:
            work()
            ends.append("done")
        except Conflict:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_an_approval_at_once_leave_it_destroyed_or_held_never_both() -> None:
    office = Office()
    made = office.asked()
    at_once(office.hold, lambda: office.approve(made))
    row = Holding.objects.unscoped().get()
    assert (row.gone_at is None) == row.held
    assert (row.gone_at is None) == (stored(office.drills[0]).archived_at is None)


@pytest.mark.django_db
def test_without_the_guard_a_held_matter_would_go(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    made = office.asked()
    office.hold()
    monkeypatch.setattr(disposals, "is_held", lambda row: False)
    Holding.unguarded.update(held=False)
    office.approve(made)
    assert Holding.objects.unscoped().get().gone_at is not None
