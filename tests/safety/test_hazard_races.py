"""Two officers confirm one hazard at the same moment: one of them is first, on either database."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit import writing
from anlan.engines.audit.api import create
from anlan.engines.workflow.api import perform, steps_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.safety.conftest import County

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[str]:
    """Run every work in a thread of its own from one starting line; what each came to."""
    gate, outcomes = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        close_old_connections()
        gate.wait()
        try:
            work()
            outcomes.append("done")
        except Conflict:
            outcomes.append("Conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def both_confirm(county: County) -> tuple[Hazard, list[str]]:
    """Both have read the hazard before either acts, as two open pages have."""
    officers = [county.actor(name, "bureau_safety", "county") for name in ("zhou", "qian")]
    unit = county.units["school"]
    hazard = create(officers[0], Hazard(org=unit, title="通道堆放", category=county.category))
    seen = [Hazard.objects.unscoped().select_related("org").get(pk=hazard.pk) for _ in officers]
    grades = ("large", "low")

    def confirm(place: int) -> None:
        due = clock.now() + timedelta(days=7 + place)
        said = {"grade": grades[place], "responsible": f"责任人{place}", "due_at": due}
        perform(officers[place], seen[place], "confirm", said)

    return hazard, together(lambda: confirm(0), lambda: confirm(1))


def test_one_confirmation_stands_and_the_other_is_told(county: County) -> None:
    hazard, outcomes = both_confirm(county)
    assert outcomes == ["Conflict", "done"]
    assert steps_of(hazard).count() == 1
    stored = Hazard.objects.unscoped().get(pk=hazard.pk)
    assert (stored.grade, stored.responsible) in {("large", "责任人0"), ("low", "责任人1")}
    assert stored.version == 2


def test_without_the_guard_both_would_stand(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def unguarded(record: Any, changed: set[str], expect: Any, version: int) -> None:
        fields = [f for f in record._meta.concrete_fields if f.name in changed]
        type(record).unguarded.filter(pk=record.pk).update(
            **{f.attname: getattr(record, f.attname) for f in fields}
        )

    monkeypatch.setattr(writing, "_conditional_update", unguarded)
    hazard, outcomes = both_confirm(county)
    assert outcomes == ["done", "done"]
    assert steps_of(hazard).count() == 2
