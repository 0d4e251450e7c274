"""Clauses are linked to hazards and check items and shown on both sides, under the scope of both."""

import re

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.engines.forms.bank import Item
from anlan.engines.library.api import DocumentLink
from anlan.engines.org.api import Record
from tests.conformance.rows import values_for
from tests.library.conftest import Stacks, web


def a_hazard(stacks: Stacks, title: str = "灭火器压力不足") -> Hazard:
    """A hazard of the school."""
    hazard = Hazard(
        **values_for(Hazard, stacks.tree.school)
        | {"org": stacks.tree.school, "title": title, "state": "reported"}
    )
    Record.save(hazard)
    return hazard


@pytest.fixture
def hazard(stacks: Stacks) -> Hazard:
    """A hazard of the school."""
    return a_hazard(stacks)


def link_it(stacks: Stacks, hazard: Hazard, words: str) -> None:
    """The bureau looks for a clause from the hazard's page and takes it."""
    page = web(stacks.bureau)
    shown = page.get(hazard.get_absolute_url()).content.decode()
    assert f'href="/library/search/?for=hazard:{hazard.pk}"' in shown
    found = page.get(f"/library/search/?for=hazard:{hazard.pk}&q={words}").content.decode()
    assert "正在为隐患查找依据" in found
    passage = re.search(r'name="passage" value="(\d+)"', found)
    assert passage
    sent = {"for": f"hazard:{hazard.pk}", "passage": passage[1]}
    assert page.post("/library/links/add", sent).status_code in (302, 303)
    page.post("/library/links/add", sent)  # a double click links once


def test_a_clause_shows_at_the_hazard_and_the_hazard_at_the_clause(stacks: Stacks, hazard: Hazard) -> None:
    document = stacks.document("消防规定", "<p>总则</p><p>灭火器指针在绿区</p>")
    link_it(stacks, hazard, "指针")
    [made] = DocumentLink.unguarded.all()
    school = web(stacks.keeper)
    shown = school.get(hazard.get_absolute_url()).content.decode()
    assert "灭火器指针在绿区" in shown
    assert f"/library/documents/{document.pk}/read?part=0&amp;at=2#here" in shown
    place = school.get(f"/library/documents/{document.pk}/read?part=0&at=2").content.decode()
    assert '<div class="al-passage is-here" id="here"><p>灭火器指针在绿区</p></div>' in place
    assert f'href="{hazard.get_absolute_url()}">' in school.get(document.get_absolute_url()).content.decode()
    # Another school reads the document, but not whose hazard goes by it.
    assert (
        hazard.get_absolute_url()
        not in web(stacks.stranger).get(document.get_absolute_url()).content.decode()
    )

    assert web(stacks.stranger).post(f"/library/links/{made.pk}/remove").status_code == 404
    assert web(stacks.bureau).post(f"/library/links/{made.pk}/remove").status_code in (302, 303)
    assert "灭火器指针在绿区" not in school.get(hazard.get_absolute_url()).content.decode()


def test_a_clause_of_another_unit_is_neither_linked_nor_shown(stacks: Stacks, hazard: Hazard) -> None:
    hidden = stacks.document(
        "二小内部办法", "<p>内部条款</p>", org=stacks.tree.sister_school, by=stacks.stranger
    )
    passage = hidden.passages.exclude(kind="title").get()
    sent = {"for": f"hazard:{hazard.pk}", "passage": str(passage.pk)}
    assert web(stacks.keeper).post("/library/links/add", sent).status_code == 404
    assert web(stacks.stranger).post("/library/links/add", sent).status_code == 404  # cannot see the hazard
    assert web(stacks.bureau).post("/library/links/add", sent).status_code in (302, 303)
    assert "内部条款" not in web(stacks.keeper).get(hazard.get_absolute_url()).content.decode()
    assert "内部条款" in web(stacks.bureau).get(hazard.get_absolute_url()).content.decode()


def test_an_item_of_the_bank_goes_by_a_clause_too(stacks: Stacks) -> None:
    item = Item(**values_for(Item, stacks.tree.county) | {"org": stacks.tree.county})
    Record.save(item)
    document = stacks.document("规定", "<p>第三条 每月检查</p>")
    passage = document.passages.exclude(kind="title").get()
    page = web(stacks.bureau)
    sent = {"for": f"item:{item.pk}", "passage": str(passage.pk)}
    assert page.post("/library/links/add", sent).status_code in (302, 303)
    assert "第三条 每月检查" in page.get(f"/forms/items/{item.pk}/").content.decode()
    assert f"/forms/items/{item.pk}/" in page.get(document.get_absolute_url()).content.decode()
