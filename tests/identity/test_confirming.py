"""Decisive acts ask for the password once more; what was typed and sent stays."""

from datetime import timedelta

import pytest
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity.api import SecurityPolicy
from anlan.engines.org.api import Grant, Role
from anlan.kernel import clock
from tests.factories import a_user
from tests.identity.conftest import PASSWORD


@pytest.fixture
def security(tree):
    user = a_user("security_admin", tree.county)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def desk(security):
    """The security officer's browser, signed in eleven minutes ago."""
    browser = Client()
    with clock.moved(clock.now() - timedelta(minutes=11)):
        browser.force_login(security)
    return browser


def wish(teacher) -> dict:
    role = Role.objects.get(code="bureau_viewer")
    return {"username": teacher.username, "role": role.pk, "unit": "350582"}


def granted() -> bool:
    return Grant.objects.filter(role__code="bureau_viewer").exists()


def test_a_grant_waits_for_the_password_and_keeps_what_was_typed(desk, teacher):
    asked = desk.post("/grants/new/", wish(teacher))
    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'name="username" value="linyi"' in page
    assert 'type="password"' in page
    assert not granted()
    wrong = desk.post("/grants/new/", {**wish(teacher), "confirm_password": "guess"})
    assert (wrong.status_code, granted()) == (422, False)
    assert "密码不对" in wrong.content.decode()
    assert "guess" not in wrong.content.decode()
    assert AuditEntry.objects.filter(action="password.confirm", succeeded=False).count() == 1
    assert desk.post("/grants/new/", {**wish(teacher), "confirm_password": PASSWORD}).status_code == 302
    assert granted()


def test_the_answer_holds_for_the_minutes_of_the_policy(desk, teacher):
    desk.post("/grants/new/", {**wish(teacher), "confirm_password": PASSWORD})
    grant = Grant.objects.get(role__code="bureau_viewer")
    with clock.moved(clock.now() + timedelta(minutes=9)):
        assert desk.post(f"/grants/{grant.pk}/take-back/").status_code == 302
    with clock.moved(clock.now() + timedelta(minutes=12)):
        assert desk.post("/grants/new/", wish(teacher)).status_code == 422
    SecurityPolicy.objects.update(confirm_minutes=15)
    with clock.moved(clock.now() + timedelta(minutes=12)):
        assert desk.post("/grants/new/", wish(teacher)).status_code == 302


def test_signing_in_counts_as_an_answer(security, teacher, client):
    client.post("/sign-in/", {"username": security.username, "password": PASSWORD})
    assert client.post("/grants/new/", wish(teacher)).status_code == 302


def test_guessing_at_an_open_screen_ends_after_five_tries(desk, teacher):
    for _ in range(5):
        desk.post("/grants/new/", {**wish(teacher), "confirm_password": "guess"})
    late = desk.post("/grants/new/", {**wish(teacher), "confirm_password": PASSWORD})
    assert "次数太多" in late.content.decode()
    assert not granted()


def test_roles_and_the_policy_wait_as_well(desk):
    for url in ("/roles/new/", "/policy/"):
        answer = desk.post(url, {"title": "只看账号"})
        assert answer.status_code == 422, url
        assert 'name="confirm_password"' in answer.content.decode(), url
    assert not Role.objects.filter(title="只看账号").exists()
