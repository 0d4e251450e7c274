"""When a record may be edited or archived: page, bulk bar, form and interface say the same."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.registry.known import ledgers
from anlan.engines.workflow.api import perform

Enter = Callable[[Any], Client]
Make = Callable[..., Any]
URL = "/sample/lamps/"


@pytest.fixture(autouse=True)
def only_while_lit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lamps are edited while they burn."""
    monkeypatch.setattr(type(ledgers["sample.lamps"]), "while_in", {"edit": "lit", "archive": ""})


def test_a_record_is_edited_only_in_the_states_declared(lamp: Make, keeper: Any, enter: Enter) -> None:
    record, client = lamp(), enter(keeper)
    url = f"{URL}{record.pk}/"
    assert f'href="{url}edit"' in client.get(url).content.decode()
    assert client.get(f"{url}edit").status_code == 200
    perform(Actor.person(keeper), record, "report", {"opinion": "不亮"})
    assert f'href="{url}edit"' not in client.get(url).content.decode()
    refused = client.get(f"{url}edit")
    assert refused.status_code == 409
    assert "当前状态是“损坏”，不能修改" in refused.content.decode()
    sent = client.post(f"{url}edit", {"code": "D-9", "place": "操场", "kind": "exit", "watts": "5"})
    assert sent.status_code == 409
    answer = client.patch(
        f"/api{URL}{record.pk}", {"values": {"place": "操场"}}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["message"]) == (409, "当前状态是“损坏”，不能修改")
    record.refresh_from_db()
    assert record.place == "一号楼"


def test_what_may_not_be_archived_has_no_button_and_is_skipped_in_bulk(
    lamp: Make, keeper: Any, master: Any, enter: Enter
) -> None:
    record, client = lamp(), enter(master)
    perform(Actor.person(keeper), record, "report", {"opinion": "不亮"})
    url = f"{URL}{record.pk}/"
    assert f'{url}archive"' not in client.get(url).content.decode()
    assert client.post(f"{url}archive").status_code == 409
    page = client.post(f"{URL}bulk", {"verb": "archive", "chosen": [record.pk]}).content.decode()
    assert "办结后才能归档" in page
    record.refresh_from_db()
    assert record.archived_at is None
