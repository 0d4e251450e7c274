"""Refusals and looks at masked values are kept."""

import pytest

from anlan.engines.audit.api import Actor, AuditEntry, reveal
from anlan.kernel.errors import Forbidden
from tests.factories import a_grant, a_role, a_user
from tests.sample.lamps import Lamp


def test_a_forbidden_page_is_kept_with_the_right_that_was_missing(worker, client):
    client.force_login(worker)
    assert client.get("/audit/").status_code == 403
    kept = AuditEntry.objects.get(action="refused")
    assert (kept.user, kept.succeeded, kept.title) == (worker, False, "GET /audit/")
    assert kept.after == {"status": 403, "permission": "audit.entries.view", "words": ""}


def test_asking_for_somebody_elses_record_is_kept(worker, tree, client):
    stranger = a_user("staff", tree.far_school)
    client.force_login(worker)
    assert client.get(f"/accounts/{stranger.pk}/").status_code == 404
    assert AuditEntry.objects.get(action="refused").after["status"] == 404


def test_visitors_leave_no_refusals(client, db):
    assert client.get("/audit/").status_code == 302
    assert not AuditEntry.objects.filter(action="refused").exists()


@pytest.fixture
def lamp(tree):
    return Lamp.unguarded.create(org=tree.school, code="L1", place="走廊", phone="13900000001")


def test_seeing_a_masked_value_is_kept(lamp, tree):
    person = a_user("", tree.county, name="林一")
    a_grant(person, a_role("eyes", "sample.lamps.unmask").code, tree.county)
    assert reveal(Actor.person(person), lamp, "phone") == "13900000001"
    entry = AuditEntry.objects.get(action="unmask")
    assert (entry.user, entry.after, entry.succeeded) == (person, {"field": "phone"}, True)
    assert "13900000001" not in str(entry.after)


def test_without_the_right_or_elsewhere_nothing_is_shown_and_the_try_is_kept(lamp, tree):
    person = a_user("staff", tree.school)
    other = a_user("", tree.other_county)
    a_grant(other, a_role("eyes", "sample.lamps.unmask").code, tree.other_county)
    for who in (person, other):
        with pytest.raises(Forbidden):
            reveal(Actor.person(who), lamp, "phone")
    assert AuditEntry.objects.filter(action="unmask", succeeded=False).count() == 2
