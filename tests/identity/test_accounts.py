"""The life of accounts: opened, applied for, approved by somebody else, reviewed, stopped; the scope of
managers.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.identity import managing, requests
from anlan.engines.identity.api import User, open_account
from anlan.engines.identity.requests import AccountRequest
from anlan.engines.registry.keys import issue
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user


@pytest.fixture
def manager(tree):
    return a_user("unit_admin", tree.county)


def test_managers_see_the_accounts_below_them_only(manager, teacher, tree, client):
    stranger = a_user("staff", tree.far_school, name="远处的人")
    client.force_login(manager)
    page = client.get("/accounts/").content.decode()
    assert "林一" in page
    assert "远处的人" not in page
    assert client.get(f"/accounts/{teacher.pk}/").status_code == 200
    for url in (f"/accounts/{stranger.pk}/", "/accounts/999999/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/accounts/{stranger.pk}/disable/").status_code == 404


def test_people_without_the_right_are_refused(teacher, client):
    client.force_login(teacher)
    for url in (
        "/accounts/",
        "/accounts/open/",
        f"/accounts/{teacher.pk}/",
        "/roles/",
        "/grants/",
        "/policy/",
    ):
        assert client.get(url).status_code == 403, url


def test_phones_are_masked(manager, teacher, client):
    client.force_login(manager)
    page = client.get(f"/accounts/{teacher.pk}/").content.decode()
    assert "139****0001" in page
    assert "13900000001" not in page


def test_an_account_is_opened_and_its_password_told_once(manager, tree, client):
    client.force_login(manager)
    data = {"name": "王二", "username": "wanger", "phone": "", "unit": tree.school.code}
    page = client.post("/accounts/open/", data)
    user = User.objects.get(username="wanger")
    assert user.must_change_password
    assert "初始密码" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.get(action="account.open").user == manager


@pytest.mark.parametrize(
    "wrong",
    [{"username": "LINYI"}, {"username": "王二"}, {"phone": "123"}, {"phone": "13900000001"}, {"unit": "S4"}],
)
def test_taken_names_bad_phones_and_foreign_units_are_refused(manager, teacher, tree, client, wrong):
    client.force_login(manager)
    before = User.objects.count()
    data = {"name": "王二", "username": "wanger", "phone": "", "unit": "S1", **wrong}
    assert client.post("/accounts/open/", data).status_code == 422
    assert User.objects.count() == before


def test_managers_stop_and_reopen_accounts_but_not_their_own(manager, teacher, client):
    client.force_login(manager)
    assert client.post(f"/accounts/{teacher.pk}/disable/").status_code == 302
    teacher.refresh_from_db()
    assert not teacher.is_active
    assert "初始密码" in client.post(f"/accounts/{teacher.pk}/enable/").content.decode()
    teacher.refresh_from_db()
    assert teacher.is_active
    assert teacher.must_change_password
    manager.unit = teacher.unit
    manager.save()
    assert client.post(f"/accounts/{manager.pk}/disable/").status_code == 422


def test_the_term_review_lists_units_that_owe_it(manager, teacher, tree):
    assert not managing.unreviewed_units(manager)
    User.objects.filter(pk=teacher.pk).update(created_at=clock.now() - timedelta(days=200))
    assert list(managing.unreviewed_units(manager)) == [tree.school]
    assert managing.confirm_review(manager, User.objects.all()) >= 1
    assert not managing.unreviewed_units(manager)


def test_a_review_leaves_accounts_elsewhere_alone(manager, tree):
    stranger = a_user("staff", tree.far_school)
    managing.confirm_review(manager, User.objects.filter(pk=stranger.pk))
    stranger.refresh_from_db()
    assert stranger.reviewed_at is None


ASKED = {"name": "陈三", "username": "chensan", "phone": "13900000003", "reason": "接任安全管理员"}


def test_an_application_is_approved_by_somebody_else(manager, teacher, tree, client):
    client.force_login(teacher)
    assert client.post("/account-requests/new/", {**ASKED, "unit": "S1"}).status_code == 302
    asked = AccountRequest.objects.get()
    client.force_login(manager)
    assert "请您审批" in client.get(f"/account-requests/{asked.pk}/").content.decode()
    page = client.post(f"/account-requests/{asked.pk}/decide/", {"verdict": "approve"})
    assert "chensan" in page.content.decode()
    assert User.objects.get(username="chensan").unit == tree.school
    assert client.post(f"/account-requests/{asked.pk}/decide/", {"verdict": "approve"}).status_code == 409


def test_nobody_approves_an_own_application(manager, tree):
    asked = requests.apply_for(manager, tree.school, **ASKED)
    with pytest.raises(Forbidden, match="自己"):
        requests.approve(manager, asked)
    assert not User.objects.filter(username="chensan").exists()


def test_nobody_approves_an_account_for_oneself_asked_by_another(manager, teacher, tree):
    asked = requests.apply_for(teacher, tree.school, **ASKED)
    manager.phone = ASKED["phone"]
    with pytest.raises(Forbidden):
        requests.approve(manager, asked)


def test_accounts_are_not_shared(teacher, tree):
    with pytest.raises(Rejected, match="不能合用"):
        requests.apply_for(teacher, tree.school, **{**ASKED, "phone": teacher.phone})


def test_an_application_for_another_unit_is_refused(teacher, tree, client):
    client.force_login(teacher)
    assert client.post("/account-requests/new/", {**ASKED, "unit": "S2"}).status_code == 422
    with pytest.raises(Forbidden):
        requests.apply_for(teacher, tree.sister_school, **ASKED)


def test_sending_back_needs_words(manager, teacher, tree):
    asked = requests.apply_for(teacher, tree.school, **ASKED)
    with pytest.raises(Rejected):
        requests.refuse(manager, asked, " ")
    requests.refuse(manager, asked, "请本人来办")
    with pytest.raises(Conflict):
        requests.approve(manager, asked)


def test_managers_elsewhere_see_and_decide_nothing(teacher, tree, client):
    asked = requests.apply_for(teacher, tree.school, **ASKED)
    client.force_login(a_user("unit_admin", tree.other_county))
    assert client.get(f"/account-requests/{asked.pk}/").status_code == 404
    assert client.post(f"/account-requests/{asked.pk}/decide/", {"verdict": "approve"}).status_code == 404


def test_an_account_outside_the_scope_cannot_be_opened(manager, tree):
    with pytest.raises(Forbidden):
        open_account(manager, tree.far_school, "王二", "wanger")


def test_the_list_costs_the_same_however_long(manager, tree, client, django_assert_num_queries):
    client.force_login(manager)
    client.get("/accounts/")
    with CaptureQueriesContext(connection) as before:
        client.get("/accounts/")
    for number in range(15):
        a_user("staff", tree.school, name=f"人{number}")
    with django_assert_num_queries(len(before)):
        client.get("/accounts/")


@pytest.mark.requirement("NF.206")
def test_the_life_of_an_account_from_application_to_leaving(manager, teacher, tree, client):
    """Applied for by the school, approved by the unit's administrator, reviewed, locked when idle, gone on leaving."""
    client.force_login(teacher)
    client.post("/account-requests/new/", {**ASKED, "unit": "S1"})
    shared = client.post("/account-requests/new/", {**ASKED, "phone": teacher.phone, "unit": "S1"})
    assert (shared.status_code, AccountRequest.objects.count()) == (422, 1)
    asked = AccountRequest.objects.get()
    own = requests.apply_for(manager, tree.school, **{**ASKED, "username": "own", "phone": "13900000004"})
    client.force_login(manager)
    verdict = {"verdict": "approve"}
    assert client.post(f"/account-requests/{own.pk}/decide/", verdict).status_code == 403
    assert client.post(f"/account-requests/{asked.pk}/decide/", verdict).status_code == 200
    user = User.objects.get(username="chensan")
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    User.objects.exclude(pk=user.pk).update(
        reviewed_at=clock.now() + timedelta(days=184),
        password_changed_at=clock.now() + timedelta(days=100),
        idle_from=clock.now() + timedelta(days=91),
    )
    with clock.moved(clock.now() + timedelta(days=184)):
        client.force_login(manager)
        page = client.get("/accounts/?view=review").content.decode()
        assert "1 个单位有账号待复核" in page
        assert "陈三" in page
        client.post(f"/accounts/{user.pk}/review/")
        assert "0 个单位有账号待复核" in client.get("/accounts/").content.decode()
    with clock.moved(clock.now() + timedelta(days=91)):
        managing.lock_idle()
        assert User.objects.get(pk=user.pk).idle_locked_at
        managing.unlock(None, user)
    browser, key = Client(), issue(Actor.person(user), "对接")
    browser.force_login(user)
    bearer = {"Authorization": f"Bearer {key}"}
    assert browser.get("/account/").status_code == 200
    assert Client().get("/api/base/schools/", headers=bearer).status_code == 403
    client.force_login(manager)
    client.post(f"/accounts/{user.pk}/leave/", {"day": clock.today().isoformat()})
    assert browser.get("/account/").status_code == 302
    assert Client().get("/api/base/schools/", headers=bearer).status_code == 401
