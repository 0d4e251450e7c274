"""The REST interface: doors, scope, masks, the same rules as the pages."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.registry.keys import ApiKey, issue, revoke
from anlan.kernel import clock
from tests.factories import Tree
from tests.sample.lamps import Lamp

Make = Callable[..., Any]
Enter = Callable[[Any], Client]
URL = "/api/sample/lamps/"
JSON = "application/json"


def keyed(user: Any) -> Callable[..., Any]:
    """Requests with a fresh key of this account."""
    bearer = {"Authorization": f"Bearer {issue(Actor.person(user), '试用')}"}

    def send(verb: str, url: str, body: Any = None, **headers: str) -> Any:
        data = {"data": json.dumps(body), "content_type": JSON} if body is not None else {}
        return getattr(Client(), verb)(url, headers=bearer | headers, **data)

    return send


def test_nobody_passes_without_session_or_key(lamp: Make) -> None:
    lamp()
    assert Client().get(URL).status_code == 401
    assert Client().get(URL, headers={"Authorization": "Bearer anl_wrong"}).status_code == 401


def test_a_key_dies_with_its_revocation_its_term_and_its_account(keeper: Any) -> None:
    send = keyed(keeper)
    key = ApiKey.objects.get()
    assert send("get", URL).status_code == 200
    with clock.moved(clock.now() + timedelta(days=2)):
        ApiKey.objects.update(expires_on=clock.today() - timedelta(days=1))
        assert send("get", URL).status_code == 401
    ApiKey.objects.update(expires_on=None)
    keeper.is_active = False
    keeper.save()
    assert send("get", URL).status_code == 401
    keeper.is_active = True
    keeper.save()
    assert send("get", URL).status_code == 200
    revoke(Actor.person(keeper), key)
    assert send("get", URL).status_code == 401


def test_keys_are_stored_as_digests_only(keeper: Any) -> None:
    key = issue(Actor.person(keeper), "试用")
    stored = ApiKey.objects.get()
    assert key not in (stored.digest, stored.start)
    assert key not in str(AuditEntry.objects.get(action="api-key:issue").after)


def test_a_session_writes_only_with_its_token(tree: Tree, keeper: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(keeper)
    body = {"org": tree.school.pk, "code": "D-1", "place": "门厅"}
    assert client.post(URL, json.dumps(body), JSON).status_code == 403
    assert not Lamp.objects.unscoped().exists()


def test_records_are_scoped_and_masked(tree: Tree, lamp: Make, keeper: Any) -> None:
    mine, foreign = lamp(code="D-1"), lamp(tree.far_school, code="D-2")
    send = keyed(keeper)
    listed = send("get", URL).json()
    assert [row["code"] for row in listed["results"]] == ["D-1"]
    assert listed["count"] == 1
    assert send("get", f"{URL}{mine.pk}").json()["phone"] == "138****0001"
    assert send("get", f"{URL}{foreign.pk}").status_code == 404
    assert send("patch", f"{URL}{foreign.pk}", {"values": {}}).status_code == 404
    assert send("post", f"{URL}{foreign.pk}/move/report", {}).status_code == 404


def test_full_values_need_right_and_reason_and_are_written_down(lamp: Make, keeper: Any, master: Any) -> None:
    record = lamp()
    assert keyed(keeper)("get", f"{URL}{record.pk}?unmask=x").status_code == 403
    assert keyed(master)("get", f"{URL}{record.pk}?unmask=核实").json()["phone"] == "13859700001"
    assert AuditEntry.objects.get(action="unmask").reason == "核实"


def test_creating_follows_the_rules_of_the_form(tree: Tree, keeper: Any) -> None:
    send = keyed(keeper)
    body = {"org": tree.school.pk, "code": "D-1", "place": "门厅", "watts": 2000}
    assert send("post", URL, body).json()["fields"] == {"watts": ["功率要小于 1000 瓦"]}
    assert send("post", URL, {**body, "watts": 5, "org": tree.far_school.pk}).status_code == 422
    assert send("post", URL, {**body, "watts": "many"}).json()["fields"] == {"watts": ["格式不对"]}
    stored = send("post", URL, {**body, "watts": 5})
    assert stored.status_code == 201
    assert (stored.json()["kind"], stored.json()["kind_text"]) == ("exit", "安全出口灯")
    assert AuditEntry.objects.get(action="create").channel == "api"


def test_a_repeated_request_stores_once(tree: Tree, keeper: Any) -> None:
    send = keyed(keeper)
    body = {"org": tree.school.pk, "code": "D-1", "place": "门厅"}
    first = send("post", URL, body, **{"Idempotency-Key": "k1"})
    second = send("post", URL, body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Lamp.objects.unscoped().count() == 1


def test_changes_name_their_version(lamp: Make, keeper: Any) -> None:
    record, send = lamp(), keyed(keeper)
    url = f"{URL}{record.pk}"
    assert send("patch", url, {"version": 1, "values": {"place": "甲"}}).json()["place"] == "甲"
    assert send("patch", url, {"version": 1, "values": {"place": "乙"}}).status_code == 409
    assert send("patch", url, {"values": {"state": "scrapped"}}).status_code == 422
    assert send("patch", url, {"values": {"place": "\ud800"}}).status_code == 422


def test_moves_need_what_they_need(lamp: Make, keeper: Any, guest: Any) -> None:
    record = lamp()
    url = f"{URL}{record.pk}/move/"
    assert keyed(guest)("post", f"{url}report", {"values": {"opinion": "不亮"}}).status_code == 403
    send = keyed(keeper)
    assert "opinion" in send("post", f"{url}report", {}).json()["fields"]
    assert send("post", f"{url}report", {"values": {"opinion": "不亮"}}).json()["state"] == "broken"
    assert send("post", f"{url}report", {"values": {"opinion": "不亮"}}).status_code == 409
    assert send("post", f"{url}fly", {}).status_code == 404


def test_the_document_describes_every_ledger(keeper: Any, enter: Enter) -> None:
    document = enter(keeper).get("/api/openapi.json").json()
    assert "/api/sample/lamps/{pk}/move/{name}" in document["paths"]
    assert document["openapi"].startswith("3.1")
