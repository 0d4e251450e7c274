"""A field is judged when it is left: by the rules of saving, without storing anything."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from anlan.engines.audit.api import SYSTEM, create
from tests.factories import Tree
from tests.sample.lamps import Lamp, Maker

Enter = Callable[[Any], Client]
Make = Callable[..., Any]
URL = "/sample/lamps/"


def judge(client: Client, name: str, value: Any, query: str = "") -> list[str]:
    answer = client.post(f"{URL}check/{name}{query}", {name: value})
    assert answer.status_code == 200
    found: list[str] = answer.json()["errors"]
    return found


def test_a_wrong_value_is_named_in_chinese_and_a_right_one_passes(
    tree: Tree, keeper: Any, enter: Enter
) -> None:
    client = enter(keeper)
    assert "20 字符" in judge(client, "code", "D" * 30)[0]
    assert judge(client, "code", "") == ["这个字段是必填项。"]
    assert judge(client, "bought_on", "昨天")
    assert judge(client, "bought_on", "2026-03-01") == []
    foreign = create(SYSTEM, Maker(org=tree.sister_school, name="邻校灯具厂"))
    assert judge(client, "maker", foreign.pk)
    assert not Lamp.objects.unscoped().exists()


def test_only_who_may_fill_in_the_field_is_answered(
    tree: Tree, lamp: Make, keeper: Any, guest: Any, enter: Enter
) -> None:
    assert enter(guest).post(f"{URL}check/code", {"code": "D-1"}).status_code == 403
    assert enter(keeper).post(f"{URL}check/created_by", {"created_by": "1"}).status_code == 404
    neighbour = lamp(tree.sister_school, code="D-8")
    assert enter(keeper).post(f"{URL}check/code?for={neighbour.pk}", {"code": "D-1"}).status_code == 404
    record = lamp()
    assert judge(enter(keeper), "place", "操场", f"?for={record.pk}") == []
    record.refresh_from_db()
    assert record.place == "一号楼"
