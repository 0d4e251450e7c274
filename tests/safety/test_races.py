"""Two people act on one record at the same moment: one gets through, the other is told; twins show the guard."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.intake import file_hazard
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.sending import publish
from anlan.engines.audit import writing
from anlan.engines.audit.api import AuditEntry, create
from anlan.engines.workflow.api import Step, perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.safety.conftest import County

pytestmark = pytest.mark.django_db(transaction=True)


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
    return sorted(ends)


@pytest.fixture
def officers(county: County) -> list[Any]:
    return [county.actor(name, "bureau_safety", "county") for name in ("zhou", "wu")]


GRADES = ("large", "low")


def confirm_both(officers: list[Any], hazard: Hazard) -> list[str]:
    """Both have the record open; each confirms what he sees, in his own way."""
    seen = [Hazard.objects.unscoped().select_related("org").get(pk=hazard.pk) for _ in officers]

    def confirm(place: int) -> None:
        due = clock.now() + timedelta(days=7 + place)
        said = {"grade": GRADES[place], "responsible": f"责任人{place}", "due_at": due}
        perform(officers[place], seen[place], "confirm", said)

    return at_once(lambda: confirm(0), lambda: confirm(1))


def test_of_two_officers_confirming_one_hazard_one_does(
    officers: list[Any], a_hazard: Callable[..., Hazard]
) -> None:
    hazard = create(officers[0], a_hazard())
    assert confirm_both(officers, hazard) == ["done", "refused"]
    assert Step.objects.filter(move="confirm").count() == 1
    assert AuditEntry.objects.filter(action="move:confirm", succeeded=True).count() == 1
    stored = Hazard.objects.unscoped().get(pk=hazard.pk)
    assert (stored.grade, stored.responsible) in {("large", "责任人0"), ("low", "责任人1")}
    assert stored.version == 2


def unconditional(record: Any, changed: set[str], expect: Any, version: int) -> None:
    """An update that looks at neither version nor state."""
    values = {field: getattr(record, field) for field in changed}
    type(record).unguarded.filter(pk=record.pk).update(**values)


def test_without_the_condition_both_would(
    officers: list[Any], a_hazard: Callable[..., Hazard], monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard = create(officers[0], a_hazard())
    monkeypatch.setattr(writing, "_conditional_update", unconditional)
    assert confirm_both(officers, hazard) == ["done", "done"]
    assert Step.objects.filter(move="confirm").count() == 2


def file_both(officers: list[Any], make: Callable[..., Hazard]) -> list[str]:
    """The same finding reaches the door twice."""
    return at_once(
        *(lambda officer=officer: file_hazard(officer, make(source_key="incident:1")) for officer in officers)
    )


def test_the_same_finding_filed_by_two_at_once_makes_one_hazard(
    officers: list[Any], a_hazard: Callable[..., Hazard]
) -> None:
    assert file_both(officers, a_hazard) == ["done", "done"]
    assert Hazard.objects.unscoped().count() == 1


def publish_both(county: County, officers: list[Any]) -> list[str]:
    notice = create(officers[0], Notice(org=county.units["county"], title="防火", body="请排查"))
    notice.addressees.set([county.units["school"], county.units["second"]])
    seen = [Notice.objects.unscoped().select_related("org").get(pk=notice.pk) for _ in officers]
    return at_once(
        *(
            lambda officer=officer, mine=mine: publish(officer, mine)
            for officer, mine in zip(officers, seen, strict=True)
        )
    )


def test_a_notice_published_by_two_at_once_goes_out_once(county: County, officers: list[Any]) -> None:
    assert publish_both(county, officers) == ["done", "refused"]
    assert NoticeCopy.objects.unscoped().count() == 2
    assert AuditEntry.objects.filter(action="publish", succeeded=True).count() == 1
