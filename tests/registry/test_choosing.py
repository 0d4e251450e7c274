"""Choosing among many: the lookup of a form's relation, its paging, its narrowing and its refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.registry.known import ledgers
from tests.factories import Tree
from tests.sample.lamps import Lamp, Maker

Enter = Callable[[Any], Client]
Make = Callable[..., Any]
URL = "/sample/lamps/"
LOOKUP = f"{URL}choose/maker"


@pytest.fixture
def makers(tree: Tree) -> list[Maker]:
    """Forty-five makers of the school and one of its neighbour."""
    found = [create(SYSTEM, Maker(org=tree.school, name=f"灯具厂{number:02}")) for number in range(45)]
    create(SYSTEM, Maker(org=tree.sister_school, name="邻校灯具厂"))
    return found


def ask(client: Client, **query: Any) -> dict[str, Any]:
    answer = client.get(LOOKUP, query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_few_choices_are_a_list_and_many_are_looked_up(tree: Tree, keeper: Any, enter: Enter) -> None:
    create(SYSTEM, Maker(org=tree.school, name="独家灯具厂"))
    page = enter(keeper).get(f"{URL}new").content.decode()
    assert "独家灯具厂</option>" in page
    for number in range(30):
        create(SYSTEM, Maker(org=tree.school, name=f"灯具厂{number:02}"))
    page = enter(keeper).get(f"{URL}new").content.decode()
    assert f'data-url="{LOOKUP}"' in page
    assert "灯具厂07" not in page


def test_the_lookup_pages_without_loss_and_counts_what_it_finds(
    makers: list[Maker], keeper: Any, enter: Enter
) -> None:
    client = enter(keeper)
    pages = [ask(client, page=number) for number in (1, 2, 3)]
    seen = [row["value"] for page in pages for row in page["rows"]]
    assert sorted(seen) == sorted(maker.pk for maker in makers)
    assert {page["total"] for page in pages} == {45}
    assert len(ask(client, all="1")["rows"]) == 45


def test_the_lookup_searches_on_the_server_and_takes_special_characters_plainly(
    makers: list[Maker], keeper: Any, enter: Enter
) -> None:
    client = enter(keeper)
    assert [row["label"] for row in ask(client, q="厂07")["rows"]] == ["灯具厂07"]
    assert ask(client, q="%")["total"] == 0
    assert ask(client, q="\x00 ' _")["total"] == 0


def test_nobody_looks_up_what_the_form_does_not_offer(
    tree: Tree, makers: list[Maker], keeper: Any, guest: Any, lamp: Make, enter: Enter
) -> None:
    assert "邻校灯具厂" not in {row["label"] for row in ask(enter(keeper), all="1")["rows"]}
    assert enter(guest).get(LOOKUP).status_code == 403
    assert enter(keeper).get(f"{URL}choose/created_by").status_code == 404
    assert enter(keeper).get(f"{URL}choose/place").status_code == 404
    neighbour = lamp(tree.sister_school, code="D-7")
    assert enter(keeper).get(LOOKUP, {"for": neighbour.pk}).status_code == 404
    assert enter(guest).get(LOOKUP, {"for": lamp().pk}).status_code == 404


def test_a_declaration_narrows_what_may_be_chosen_and_the_rest_is_refused_at_the_field(
    makers: list[Maker], keeper: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch, lamp: Make
) -> None:
    monkeypatch.setattr(type(ledgers["sample.lamps"]), "choices", {"maker": Q(name__endswith="7")})
    for number in range(30):
        create(SYSTEM, Maker(org=keeper.unit, name=f"东厂{number}7"))
    client = enter(keeper)
    assert {row["label"][-1] for row in ask(client, all="1")["rows"]} == {"7"}
    assert ask(client)["total"] == 34
    data = {"code": "D-9", "place": "操场", "kind": "exit", "watts": "5", "maker": makers[3].pk}
    answer = client.post(f"{URL}new", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-url="/sample/lamps/choose/maker"' in page
    assert 'id="id_maker-e"' in page
    assert "不在可选范围内" in page
    assert 'value="操场"' in page
    sent = client.patch(
        f"/api{URL}{lamp().pk}", {"values": {"maker": makers[3].pk}}, content_type="application/json"
    )
    assert sent.status_code == 422
    assert sent.json()["fields"]["maker"]
    assert not Lamp.objects.unscoped().filter(maker=makers[3]).exists()


def test_a_chosen_value_stays_on_the_form(makers: list[Maker], lamp: Make, keeper: Any, enter: Enter) -> None:
    record = lamp(maker=makers[31])
    page = enter(keeper).get(f"{URL}{record.pk}/edit").content.decode()
    assert f'name="maker" value="{makers[31].pk}"' in page
    assert "移除灯具厂31" in page
