"""Saved views: keeping a question under a name, sharing it, opening the list with it, renaming, deleting."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anlan.engines.org.api import RolePermission
from anlan.engines.registry.preferences import SHARE_VIEWS, SavedView
from tests.factories import Tree, a_user

Enter = Callable[[Any], Client]
Make = Callable[..., Any]
URL = "/sample/lamps/"


@pytest.fixture
def sharer(tree: Tree, keeper: Any) -> Any:
    """The keeper, whose role may share views."""
    role = keeper.grants.get().role
    RolePermission.objects.create(role=role, permission=SHARE_VIEWS)
    return keeper


def store(client: Client, title: str = "坏灯", **values: str) -> Any:
    return client.post(f"{URL}views", {"title": title, "query": "state=broken&page=3", **values}, follow=True)


def test_the_list_leads_to_keeping_what_is_asked_now(lamp: Make, keeper: Any, enter: Enter) -> None:
    client = enter(keeper)
    assert f'href="{URL}views?query=state%3Dbroken"' in client.get(f"{URL}?state=broken").content.decode()
    page = client.get(f"{URL}views", {"query": "state=broken&q=东"}).content.decode()
    assert "损坏" in page
    assert "搜索“东”" in page
    assert 'value="state=broken&amp;q=%E4%B8%9C"' in page


def test_a_view_brings_back_the_question_and_is_ones_own(
    tree: Tree, lamp: Make, keeper: Any, enter: Enter
) -> None:
    client = enter(keeper)
    answer = store(client)
    assert answer.redirect_chain[-1][0] == f"{URL}?state=broken"
    assert "已存为视图“坏灯”" in answer.content.decode()
    assert f'href="{URL}?state=broken" aria-current="true">坏灯' in answer.content.decode()
    colleague = a_user("lamp_keeper", tree.school)
    assert "坏灯" not in enter(colleague).get(URL).content.decode()


def test_a_name_is_asked_for_and_what_was_typed_stays(keeper: Any, enter: Enter) -> None:
    answer = enter(keeper).post(f"{URL}views", {"title": " ", "query": "state=broken", "first": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="state=broken"' in page
    assert 'name="first" class="form-check-input" id="id_first" checked' in page.replace(
        'type="checkbox" ', ""
    )


def test_sharing_needs_the_right_and_reaches_the_own_unit_only(
    tree: Tree, lamp: Make, sharer: Any, guest: Any, enter: Enter
) -> None:
    store(enter(sharer), shared="on")
    colleague = a_user("lamp_keeper", tree.school)
    assert "坏灯" in enter(colleague).get(URL).content.decode()
    neighbour = a_user("lamp_keeper", tree.sister_school)
    assert "坏灯" not in enter(neighbour).get(URL).content.decode()
    assert 'name="shared"' not in enter(guest).get(f"{URL}views").content.decode()
    store(enter(guest), "看坏灯", shared="on")
    other = a_user("lamp_guest", tree.county)
    assert "看坏灯" not in enter(other).get(URL).content.decode()


def test_somebody_elses_view_is_used_but_not_changed(tree: Tree, sharer: Any, enter: Enter) -> None:
    store(enter(sharer), shared="on")
    colleague = enter(a_user("lamp_keeper", tree.school))
    view = f"{URL}views/{_only()}"
    for verb in ("rename", "delete", "share"):
        assert colleague.post(view, {"verb": verb, "title": "我的"}).status_code == 403
    assert colleague.post(view, {"verb": "first"}).status_code == 302
    stranger = enter(a_user("lamp_keeper", tree.sister_school))
    assert stranger.post(view, {"verb": "first"}).status_code == 404


def test_the_list_opens_with_the_first_view_until_told_otherwise(
    lamp: Make, keeper: Any, enter: Enter
) -> None:
    client = enter(keeper)
    lamp(code="D-1")
    store(client, first="on")
    assert client.get(URL)["Location"] == f"{URL}?state=broken"
    everything = client.get(f"{URL}?all=1").content.decode()
    assert "D-1" in everything
    assert f'href="{URL}?all=1" aria-current="true">全部' in everything
    client.post(f"{URL}views/{_only()}", {"verb": "last"})
    assert client.get(URL).status_code == 200


def test_a_view_is_renamed_and_deleted(keeper: Any, enter: Enter) -> None:
    client = enter(keeper)
    store(client, first="on")
    page = client.post(f"{URL}views/{_only()}", {"verb": "rename", "title": "要修的灯"}, follow=True)
    assert "要修的灯" in page.content.decode()
    page = client.post(f"{URL}views/{_only()}", {"verb": "delete"}, follow=True)
    assert "已删除视图" in page.content.decode()
    assert client.get(URL).status_code == 200


def _only() -> int:
    return int(SavedView.objects.get().pk)
