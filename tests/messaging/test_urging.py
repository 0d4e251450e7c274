"""Urging is recorded and limited."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.messaging.api import Urge, messages_for, urge, urges_of
from anlan.engines.messaging.urging import UrgeGate
from anlan.kernel import clock
from anlan.kernel.errors import Conflict


def test_urging_reminds_is_recorded_and_cannot_be_repeated_within_the_limit(office):
    clerk, anna = office.person("clerk", office.county), office.person("anna", office.first)
    actor, start = Actor.person(clerk), clock.now()
    with clock.moved(start):
        urge(actor, office.first, [anna], note="请今天回复")
        with pytest.raises(Conflict):
            urge(actor, office.first, [anna])
        urge(actor, office.second, [anna])
    with clock.moved(start + timedelta(minutes=31)):
        urge(actor, office.first, [anna])
    assert urges_of(office.first).count() == 2
    assert messages_for(anna).count() == 3
    assert AuditEntry.objects.filter(action="urge", user=clerk).count() == 3


def test_nobody_left_to_urge_is_refused_and_costs_no_turn(office):
    clerk, anna = office.person("clerk", office.county), office.person("anna", office.first)
    with pytest.raises(Conflict):
        urge(Actor.person(clerk), office.first, [])
    assert urge(Actor.person(clerk), office.first, [anna]).addressed == 1


def _race(office, people) -> int:
    gate, refused = threading.Barrier(len(people)), []

    def run(person) -> None:
        gate.wait()
        try:
            urge(Actor.person(person), office.first, [person])
        except Conflict:
            refused.append(person)
        connection.close()

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


@pytest.mark.django_db(transaction=True)
def test_of_four_people_urging_at_once_one_gets_through(office):
    people = [office.person(f"clerk{n}", office.county) for n in range(4)]
    assert _race(office, people) == 3
    assert Urge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_gate_all_four_would_get_through(office, monkeypatch):
    people = [office.person(f"clerk{n}", office.county) for n in range(4)]
    monkeypatch.setattr("anlan.engines.messaging.urging._pass_gate", lambda record, limit: None)
    assert _race(office, people) == 0
    assert Urge.objects.count() == 4
    assert UrgeGate.objects.count() == 0
