"""One list of what awaits a person: done by any way it leaves every desk, its number is its length (X.5).

That each kind of matter of each module lies there with its page is shown by test_todo_lines.py.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.engines.org.api import RolePermission, declared_roles
from anlan.engines.tasks.api import open_todo, todos_for
from anlan.engines.tasks.todos import IDLE
from anlan.engines.workflow.api import perform
from tests.factories import a_user
from tests.safety.conftest import County
from tests.safety.loops import Loop, signed_in

pytestmark = pytest.mark.django_db


def badge(page: str, part: str, link: str) -> int:
    """The number beside the link in a part of the page; none is 0."""
    block = page.partition(part)[2].partition("</nav>")[0]
    entry = re.search(rf'href="{link}"[^>]*>.*?</a>', block, re.DOTALL)
    assert entry, f"{part} does not lead to {link}"
    number = re.search(r"al-badge[^>]*>(\d+)<", entry[0])
    return int(number[1]) if number else 0


def numbers(client: Client) -> set[int]:
    """What phone and computer say awaits the person, and how many lines the list has."""
    home, desk = (client.get(url, follow=True).content.decode() for url in ("/", "/todos/"))
    return {
        badge(home, 'class="al-tabbar"', "/todos/"),
        badge(home, 'class="al-menu"', "/todos/"),
        badge(desk, 'class="al-side"', "/todos/"),
        desk.split("<main")[1].count("al-queue__item"),
    }


def by_page(client: Client, hazard: Hazard) -> Any:
    return client.post(f"{hazard.get_absolute_url()}move/strike_off", {})


def by_list(client: Client, hazard: Hazard) -> Any:
    return client.post("/safety/hazards/bulk", {"verb": "strike_off", "chosen": [hazard.pk]})


def by_interface(client: Client, hazard: Hazard) -> Any:
    address = f"/api/safety/hazards/{hazard.pk}/move/strike_off"
    return client.post(address, {"values": {}, "version": hazard.version}, "application/json")


@pytest.mark.requirement("X.5")
@pytest.mark.parametrize("way", [by_page, by_list, by_interface])
def test_done_by_a_colleague_by_any_way_it_leaves_every_desk(
    county: County, way: Callable[[Client, Hazard], Any]
) -> None:
    loop, colleague = Loop(county), county.person("zheng", "bureau_safety", "county")
    one, other = loop.hazard(), loop.hazard(title="楼道灯不亮")
    for hazard in (one, other):
        perform(loop.inspector, loop.to_recheck(loop.confirm(hazard)), "pass_recheck")
    mine, theirs = signed_in(loop.bureau.user), signed_in(colleague)
    assert numbers(mine) == numbers(theirs) == {2}
    one.refresh_from_db()
    answer = way(theirs, one)
    assert answer.status_code < 400, answer.content
    one.refresh_from_db()
    assert not one.open
    assert numbers(mine) == numbers(theirs) == {1}


@pytest.mark.sqlite  # pages of every role; what lies on whose desk is asked on both databases above
@pytest.mark.requirement("X.5")
@pytest.mark.parametrize("role", [role.code for role in declared_roles])
def test_the_number_is_the_length_of_the_list_for_every_role(county: County, role: str) -> None:
    """By name, by post and by right at the own school, and nothing of the neighbour's."""
    own, foreign = county.units["school"], county.units["foreign"]
    person, hazard = a_user(role, own), Loop(county).hazard()
    url = hazard.get_absolute_url()
    before = todos_for(person).count()
    held = RolePermission.objects.filter(role__code=role).values_list("permission", flat=True)
    rights = sorted(name for name in held if not name.endswith(IDLE))[:1]
    for unit in (own, foreign):
        open_todo(hazard, f"post{unit.code}", "看一下", url, role=role, org=unit)
        for name in rights:
            open_todo(hazard, f"right{unit.code}", "看一下", url, permission=name, org=unit)
    open_todo(hazard, "name", "看一下", url, user=person)
    open_todo(hazard, "other", "看一下", url, user=a_user(role, own))
    assert todos_for(person).count() == before + 2 + len(rights)
    assert numbers(signed_in(person)) == {before + 2 + len(rights)}
