"""Pages of code tables and the data catalogue; one source per item."""

import pytest

from anlan.base.data_catalogue import catalogue
from anlan.base.people import Person
from anlan.base.vocabularies import Code
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.registry.api import Ledger, ledger, ledgers
from tests.factories import a_grant, a_role, a_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(client, tree):
    return sign_in(client, a_user("bureau_safety", tree.county))


def test_codes_are_looked_up_renamed_retired_and_added(bureau):
    assert "普惠性民办" in bureau.get("/base/codes/?table=school_nature").content.decode()
    bureau.post("/base/codes/school_nature.other/edit", {"name": "国企办", "retired": "on"})
    code = Code.objects.get(key="school_nature.other")
    assert (code.name, code.retired) == ("国企办", True)
    bureau.post("/base/codes/school_nature/new", {"code": "joint", "name": "混合办学"})
    assert Code.objects.get(key="school_nature.joint").name == "混合办学"
    again = bureau.post("/base/codes/school_nature/new", {"code": "joint", "name": "又一个"})
    assert again.status_code == 422
    assert bureau.get("/base/codes/no.such/edit").status_code == 404


def test_codes_are_changed_by_those_with_the_right_only(client, tree):
    sign_in(client, a_user("unit_admin", tree.county))
    assert client.get("/base/codes/").status_code == 200
    assert client.post("/base/codes/school_nature.other/edit", {"name": "改"}).status_code == 403
    sign_in(client, a_user("school_head", tree.school))
    assert client.get("/base/codes/").status_code == 403


@pytest.mark.requirement("ARCH.05")
def test_the_catalogue_names_source_owner_and_users_of_each_item(bureau):
    items = {item.code: item for item in catalogue()}
    phone = items["base.person.phone"]
    assert phone.source == "基础数据"
    assert "教育局安全管理员" in phone.owners
    assert {"安全小组", "安全责任人", "网格"} <= set(phone.users)
    assert len(items) == len(catalogue()), "no item has two sources"
    page = bureau.get("/base/data-catalogue/").content.decode()
    assert "base.person.phone" in page


@pytest.mark.requirement("ARCH.05")
def test_a_second_source_of_the_same_items_is_refused(monkeypatch):
    monkeypatch.setattr(ledgers, "_items", dict(ledgers._items))
    monkeypatch.setattr(ledgers, "_frozen", False)
    monkeypatch.setattr("anlan.engines.registry.registering.declare_permission", lambda *_: None)

    class Shadow(Ledger):
        code = "base.shadow_people"
        model = Person
        title = "另一份人员"
        columns = "name"

    ledger(Shadow)
    assert any("maintained by" in fault for fault in ledgers.faults())


@pytest.mark.requirement("ARCH.05")
def test_a_module_that_is_not_the_source_cannot_write_an_item(client, tree, schools):
    """Lists drawn from another module's records, and fields another system maintains, take no value."""
    everything = a_user("", tree.county)
    drawn = [item for item in ledgers if item.readonly]
    verbs = ("view", "add", "edit", "archive", "import")
    role = a_role("everything", *(item.permission(verb) for item in drawn for verb in verbs))
    a_grant(everything, role.code, tree.county)
    sign_in(client, everything)
    assert drawn
    for item in drawn:
        answers = [
            client.post(f"{item.url}new", {"title": "改写"}).status_code,
            client.post(f"{item.url}1/edit", {"title": "改写"}).status_code,
            client.post(f"/api{item.url}", {"title": "改写"}, "application/json").status_code,
            client.patch(f"/api{item.url}1", {"values": {}}, "application/json").status_code,
        ]
        assert set(answers) <= {403, 404, 405}, (item.code, answers)
    for item in ledgers:
        assert not set(item.source) & set(item.form_names), item.code


@pytest.mark.requirement("ARCH.05")
def test_a_change_at_the_source_is_seen_in_every_module_without_typing_it_again(bureau, schools, tree):
    grid_pages = ("/base/schools/", f"/base/schools/{schools['S1'].pk}/", "/base/schools/pick?all=1")
    people = create(SYSTEM, Person(org=tree.school, name="林一", duty="安全干部"))
    change(SYSTEM, schools["S1"], {"name": "池店中心小学", "short_name": ""})
    for url in (*grid_pages, "/base/people/", f"/base/people/{people.pk}/", "/api/base/schools/"):
        text = bureau.get(url).content.decode()
        text = text.encode().decode("unicode_escape") if "\\u" in text else text
        assert "池店中心小学" in text, url
        assert "池店一小" not in text.partition("办理记录")[0], url
