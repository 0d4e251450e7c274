"""Sessions end on the server: after idleness, when kicked out, when the account stops; a duty is worn per
session.
"""

from datetime import timedelta

import pytest
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity.api import (
    SecurityPolicy,
    User,
    disable,
    end_sessions,
    lock_idle,
    open_sessions,
    stop_leavers,
)
from anlan.engines.identity.managing import set_leaving
from anlan.engines.org.api import rights
from anlan.kernel import clock
from tests.factories import a_grant, a_role, a_user
from tests.identity.conftest import PASSWORD


def opens(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


@pytest.fixture
def phone(teacher):
    browser = Client(HTTP_USER_AGENT="Mozilla Mobile MicroMessenger/8", REMOTE_ADDR="10.2.2.2")
    browser.force_login(teacher)
    assert opens(browser)
    return browser


def test_idle_sessions_are_refused_on_the_server(phone):
    with clock.moved(clock.now() + timedelta(minutes=29)):
        assert opens(phone)
    with clock.moved(clock.now() + timedelta(minutes=29 + 31)):
        assert not opens(phone)
    assert not opens(phone)
    assert AuditEntry.objects.get(action="sign_out").after == {"cause": "idle"}


def test_the_idle_time_is_a_setting(phone):
    SecurityPolicy.objects.update(idle_minutes=5)
    with clock.moved(clock.now() + timedelta(minutes=6)):
        assert not opens(phone)


def test_sessions_are_listed_with_device_and_origin(teacher, phone):
    desk = Client(REMOTE_ADDR="10.3.3.3", HTTP_USER_AGENT="Firefox/140")
    desk.post("/sign-in/", {"username": "linyi", "password": PASSWORD})
    page = desk.get("/account/").content.decode()
    for word in ("Firefox", "10.3.3.3", "本机", "强制下线"):
        assert word in page
    assert open_sessions(teacher).count() == 2


def test_one_kicks_out_another_own_session(teacher, client):
    desk = Client()
    desk.force_login(teacher)
    row = open_sessions(teacher).get()
    client.force_login(teacher)
    assert client.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert not opens(desk)
    assert opens(client)


def test_an_administrator_kicks_out_below_and_nobody_elsewhere(teacher, phone, tree, client):
    row = open_sessions(teacher).get()
    client.force_login(a_user("unit_admin", tree.other_county))
    assert client.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert opens(phone)
    client.force_login(a_user("unit_admin", tree.county))
    assert client.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert not opens(phone)


def test_disabling_ends_sessions_at_the_next_request(teacher, phone):
    disable(None, teacher)
    assert not opens(phone)


def test_a_leaver_is_refused_the_same_day_even_before_the_job(teacher, phone):
    User.objects.filter(pk=teacher.pk).update(leaves_on=clock.today())
    assert not opens(phone)
    assert stop_leavers() == 1
    teacher.refresh_from_db()
    assert not teacher.is_active


def test_leaving_today_stops_the_account_at_once(teacher, phone, tree):
    set_leaving(a_user("unit_admin", tree.county), teacher, clock.today())
    teacher.refresh_from_db()
    assert not teacher.is_active
    assert not opens(phone)


def test_accounts_nobody_used_for_ninety_days_lock(teacher, phone):
    with clock.moved(clock.now() + timedelta(days=89)):
        assert lock_idle() == 0
    with clock.moved(clock.now() + timedelta(days=91)):
        assert lock_idle() >= 1
        teacher.refresh_from_db()
        assert teacher.idle_locked_at
    assert not opens(phone)


def test_signing_out_everywhere(teacher, phone):
    assert end_sessions(teacher, "kicked") == 1
    assert not opens(phone)


def test_a_duty_narrows_what_one_may_do(teacher, tree, client):
    role = a_role("reader", "safety.hazards.view")
    grant = a_grant(teacher, role.code, tree.sister_school)
    client.force_login(teacher)
    own = client.get("/account/")
    assert set(rights(own.wsgi_request.user)["safety.hazards.view"]) == {
        tree.school.path,
        tree.sister_school.path,
    }
    assert client.post(f"/account/duty/{grant.pk}/").status_code == 302
    narrowed = rights(client.get("/account/").wsgi_request.user)
    assert narrowed == {"safety.hazards.view": (tree.sister_school.path,)}
    client.post("/account/duty/0/")
    assert len(rights(client.get("/account/").wsgi_request.user)["safety.hazards.view"]) == 2


def test_a_duty_of_somebody_else_cannot_be_worn(teacher, tree, client):
    other = a_user("bureau_safety", tree.county)
    client.force_login(teacher)
    assert client.post(f"/account/duty/{other.grants.get().pk}/").status_code == 404


def test_a_duty_taken_back_leaves_nothing(teacher, tree, client):
    grant = a_grant(teacher, a_role("reader", "safety.hazards.view").code, tree.sister_school)
    client.force_login(teacher)
    client.post(f"/account/duty/{grant.pk}/")
    grant.delete()
    assert rights(client.get("/account/").wsgi_request.user) == {}
