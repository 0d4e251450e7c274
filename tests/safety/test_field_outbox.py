"""The phone's outbox at the server: each entry once, whatever is repeated, out of order or refused (SAF.56)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.engines.audit.api import create
from anlan.engines.files.api import attachments_of
from anlan.engines.workflow.api import perform
from tests.files.making import a_picture, upload
from tests.safety.conftest import County
from tests.safety.fieldcases import hazard_at, special_part
from tests.safety.patrols import Patrol, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def patrol(county: County) -> Patrol:
    """The cast."""
    return Patrol(county)


def picture(client: Client) -> str:
    """A picture sent before the entry that relies on it."""
    uid = str(uuid4())
    assert (
        client.post("/files/uploads/", {"uid": uid, "file": upload("a.jpg", a_picture())}).status_code == 201
    )
    return uid


def send(client: Client, entry: dict[str, Any]) -> Any:
    """Hand an entry in."""
    return client.post("/safety/field/outbox", entry, content_type="application/json")


def test_each_kind_comes_in_once_however_often_it_is_sent(patrol: Patrol) -> None:
    head = patrol.county.actor("gao", "school_head", "school")
    kind = create(
        patrol.bureau,
        QuickKind(org=patrol.county.units["county"], title="消防", category=patrol.county.category),
    )
    hazard, part = hazard_at(patrol), special_part(patrol)
    client, school = browser(head), patrol.county.units["school"]
    items = {str(row.item_id): ["pass", ""] for row in part.results.all()}
    entries = [
        {"kind": "quick", "files": {"photo": [picture(client)]},
         "values": {"org": school.pk, "kind": str(kind.pk), "place": "二层", "text": "扶手松", "hidden": False}},
        {"kind": "rectify", "pk": str(hazard.pk), "version": hazard.version, "files": {"after": [picture(client)]},
         "values": {"measure": "已换", "cost": "", "reported_up": True}},
        {"kind": "self_check", "pk": str(part.pk), "version": part.version, "files": {},
         "values": {"items": items, "findings": "都好"}},
    ]  # fmt: skip
    for entry in entries:
        entry["uid"] = str(uuid4())
        answers = [send(client, entry) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}, answers[0].content.decode()
        assert len({answer.json()["url"] for answer in answers}) == 1
    report = QuickReport.objects.unscoped().get()
    hazard.refresh_from_db()
    part.refresh_from_db()
    assert (report.place, hazard.state, hazard.rounds, part.state) == ("二层", "submitted", 1, "group")
    assert [len(attachments_of(one)) for one in (report, hazard)] == [1, 1]


def test_what_lacks_something_is_refused_as_on_the_page_and_may_be_sent_again(patrol: Patrol) -> None:
    hazard, client = hazard_at(patrol), browser(patrol.school)
    entry = {"uid": str(uuid4()), "kind": "rectify", "pk": hazard.pk, "values": {"measure": ""}, "files": {}}
    refused = send(client, entry)
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"measure"})
    entry["values"] = {"measure": "已换"}
    assert set(send(client, entry).json()["fields"]) == {"after"}
    entry["files"] = {"after": [picture(client)]}
    assert send(client, entry).status_code == 200


def test_somebody_who_was_first_on_a_computer_is_told_and_strangers_find_nothing(patrol: Patrol) -> None:
    hazard, client = hazard_at(patrol), browser(patrol.school)
    entry = {
        "uid": str(uuid4()), "kind": "rectify", "pk": hazard.pk, "version": hazard.version,
        "values": {"measure": "已换"}, "files": {"after": [picture(client)]},
    }  # fmt: skip
    other = browser(patrol.county.actor("wu", "school_safety", "second"))
    assert send(other, entry).status_code == 404
    assert send(browser(patrol.lin), entry).status_code == 403
    perform(patrol.school, hazard, "start", {})
    assert send(client, entry).status_code == 409
    assert Hazard.objects.unscoped().get().state == "fixing"
    assert send(client, entry | {"version": None}).status_code == 200
    for faulty in (
        {"kind": "rectify"},
        {"uid": "x", "kind": "quick"},
        {"uid": str(uuid4()), "kind": "quick", "files": []},
    ):
        assert send(client, faulty).status_code == 422
    assert send(client, {"uid": str(uuid4()), "kind": "nothing"}).status_code == 404
