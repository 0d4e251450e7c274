"""Units activate with the account they were allotted; codes work once; the province sees who has done so
(P.04).
"""

from datetime import timedelta

import pytest
from django.test import Client

from anlan.engines.identity import activation as activations
from anlan.engines.identity.activation import Activation
from anlan.engines.identity.api import allot
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.factories import a_user
from tests.identity.conftest import PASSWORD

PROFILE = {"name": "泉州市教育局", "short_name": "泉州市局", "responsible": "周敏", "phone": "13900000009"}


@pytest.fixture
def province(tree):
    return a_user("unit_admin", tree.province)


@pytest.fixture
def allotted(tree, province):
    return allot(province, tree.city, "quanzhou", clock.today() + timedelta(days=14))


def redeem(code, username="quanzhou", password=PASSWORD, browser=None):
    data = {"username": username, "code": code, "new": password, "again": password}
    return (browser or Client()).post("/activate/", data)


@pytest.mark.requirement("P.04")
@pytest.mark.requirement("MLPS.18")
def test_units_activate_once_and_the_province_sees_when(tree, province, allotted, client):
    late, _ = allot(province, tree.university, "college", clock.today())
    foreign, other_code = allot(province, tree.other_city, "fuzhou", clock.today() + timedelta(days=30))
    item, code = allotted
    for wrong in (redeem("WRONG-CODE"), redeem(other_code), redeem(code, password="weak")):
        assert wrong.status_code == 422
    with clock.moved(clock.now() + timedelta(days=31)):
        assert redeem(code).status_code == 422

    officer = Client()
    assert redeem(code, browser=officer)["Location"] == "/account/activation/"
    assert redeem(code).status_code == 422
    for url in ("/account/", "/accounts/", "/activations/", "/account/password/"):
        assert officer.get(url)["Location"] == "/account/activation/", url
    assert officer.post("/account/activation/", {**PROFILE, "responsible": ""}).status_code == 422
    assert officer.post("/account/activation/", PROFILE).status_code == 302
    assert officer.get("/accounts/").status_code == 200

    item.refresh_from_db()
    assert (item.responsible, item.unit.short_name) == ("周敏", "泉州市局")
    client.force_login(province)
    with clock.moved(clock.now() + timedelta(days=1)):
        client.force_login(province)
        rows = {row.unit_id: row.status[1] for row in Activation.objects.all()}
        page = client.get("/activations/").content.decode()
    assert rows == {item.unit_id: "已激活", late.unit_id: "逾期未激活", foreign.unit_id: "已下发"}
    assert all(word in page for word in ("已激活", "逾期未激活", "已下发", "周敏"))


def test_colleagues_wait_until_the_unit_is_activated(tree, allotted, client):
    client.force_login(a_user("bureau_safety", tree.city))
    assert client.get("/account/")["Location"] == "/account/activation/"
    assert "还没有激活" in client.get("/account/activation/").content.decode()


@pytest.mark.requirement("MLPS.18")
def test_a_renewed_code_ends_the_old_one(allotted):
    item, old = allotted
    new = activations.renew(item)
    assert redeem(old).status_code == 422
    assert redeem(new).status_code == 302


def test_a_unit_is_allotted_once(tree, province, allotted):
    with pytest.raises(Conflict):
        allot(province, tree.city, "quanzhou2", clock.today())


def test_codes_are_guessed_five_times_at_most(allotted):
    for _ in range(5):
        redeem("GUESS")
    assert redeem(allotted[1]).status_code == 422


def test_units_elsewhere_are_not_seen(tree, allotted, client):
    client.force_login(a_user("unit_admin", tree.other_city))
    assert "泉州" not in client.get("/activations/").content.decode()
    assert client.get(f"/activations/{allotted[0].pk}/").status_code == 404
    assert client.post(f"/activations/{allotted[0].pk}/renew/").status_code == 404


def test_the_page_allots_and_tells_the_code_once(tree, province, client):
    client.force_login(province)
    data = {"unit": "350500", "username": "quanzhou", "due_on": clock.today().isoformat()}
    assert "激活码" in client.post("/activations/new/", data).content.decode()
    assert client.post("/activations/new/", {**data, "unit": "350100"}).status_code == 422
