"""Sign-in, passwords, locks, sessions, first accounts and audit coverage as the protection level asks (MLPS)."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity.api import SecurityPolicy, User, disable, open_account
from anlan.engines.identity.passwords import set_password
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.conformance.routes import PUBLIC, anywhere, routes
from tests.factories import a_user
from tests.identity.conftest import PASSWORD

NEXT = "Chao-8842-ping"


def banner(answer) -> str:
    return re.search(r'class="al-banner__t">(.*?)</div>', answer.content.decode(), re.S).group(1)


@pytest.mark.sqlite  # decided before any database is asked
@pytest.mark.requirement("MLPS.01")
def test_nothing_but_the_published_pages_opens_without_signing_in(client, teacher, knock):
    """Every address of the site: pages send to sign-in, the interface answers 401."""
    opened = []
    for pattern, _, _ in routes():
        if pattern in PUBLIC:
            continue
        answer = client.get(anywhere(pattern))
        expected = (401, 404, 405) if pattern.startswith("api/") else (302, 405)
        if answer.status_code not in expected:
            opened.append((pattern, answer.status_code))
    assert opened == []
    with pytest.raises(IntegrityError):
        User.objects.create_user("LinYi", PASSWORD, name="另一个")


@pytest.mark.requirement("MLPS.01")
def test_a_doubled_name_is_refused_and_words_tell_nothing_about_accounts(teacher, tree, knock):
    for twin in ("linyi", "LINYI", " LinYi "):
        with pytest.raises(Rejected):
            open_account(None, tree.school, "另一个", twin)
    disable(None, a_user("", tree.school, username="stopped", phone="13900000077"))
    said = {
        banner(knock("linyi", "wrong")),
        banner(knock("nobody", "wrong")),
        banner(knock("stopped", PASSWORD)),
    }
    assert len(said) == 1


WEAK = ("Ab1-xyz", "abcdefghijkl", "Password123!", "Linyi-7731-ok", PASSWORD)


@pytest.mark.requirement("MLPS.02")
def test_weak_passwords_are_refused_wherever_one_is_set(teacher, tree, client):
    client.force_login(teacher)
    for raw in WEAK:
        data = {"old": PASSWORD, "new": raw, "again": raw}
        assert client.post("/account/password/", data).status_code == 422, raw
        with pytest.raises(Rejected):
            set_password(teacher, raw)
    teacher.refresh_from_db()
    assert teacher.check_password(PASSWORD)


@pytest.mark.requirement("MLPS.02")
def test_after_the_period_only_the_change_opens_and_nothing_shows_a_password(teacher, client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    set_password(teacher, NEXT)
    stored = User.objects.get(pk=teacher.pk)
    assert stored.password.startswith("argon2$argon2id$")
    User.objects.filter(pk=teacher.pk).update(password_changed_at=clock.now() - timedelta(days=181))
    client.force_login(stored)
    for url in ("/account/", "/todos/", "/", "/safety/hazards/", "/messages/"):
        assert client.get(url)["Location"] == "/account/password/", url
    out = io.StringIO()
    call_command("dumpdata", "identity", "audit", stdout=out)
    assert NEXT not in out.getvalue()
    assert NEXT not in str(list(AuditEntry.objects.values()))


@pytest.mark.requirement("MLPS.03")
def test_failures_lock_the_account_and_slow_the_origin_and_each_is_kept(teacher, tree, knock, client):
    for _ in range(5):
        knock("linyi", "wrong", REMOTE_ADDR="10.9.0.1")
    assert "已锁定" in knock().content.decode()
    with clock.moved(clock.now() + timedelta(minutes=31)):
        assert knock().status_code == 302
        client.post("/sign-out/")
    for _ in range(5):
        knock("linyi", "wrong")
    manager = Client()
    manager.force_login(a_user("unit_admin", tree.county))
    manager.post(f"/accounts/{teacher.pk}/unlock/")
    assert knock().status_code == 302
    client.post("/sign-out/")
    causes = AuditEntry.objects.filter(action="sign_in", succeeded=False).values_list(
        "after__cause", flat=True
    )
    assert (list(causes).count("wrong"), list(causes).count("locked")) == (10, 1)
    SecurityPolicy.objects.update(origin_failures=5)
    for number in range(5):
        knock(f"guess{number}", "wrong", REMOTE_ADDR="10.9.0.2")
    assert knock(REMOTE_ADDR="10.9.0.2").status_code == 422
    assert knock(REMOTE_ADDR="10.9.0.3").status_code == 302


def _signed_in(teacher) -> Client:
    browser = Client()
    assert browser.post("/sign-in/", {"username": "linyi", "password": PASSWORD}).status_code == 302
    assert browser.get("/account/").status_code == 200
    return browser


def _thief(browser: Client) -> Client:
    other = Client()
    other.cookies["sessionid"] = browser.cookies["sessionid"].value
    return other


@pytest.mark.requirement("MLPS.04")
def test_each_end_refuses_the_old_cookie_and_signing_in_gives_a_new_one(teacher):
    idle, out, changed, stopped = (_signed_in(teacher) for _ in range(4))
    names = {browser.cookies["sessionid"].value for browser in (idle, out, changed, stopped)}
    assert len(names) == 4
    old = _thief(out)
    out.post("/sign-out/")
    assert old.get("/account/").status_code == 302
    with clock.moved(clock.now() + timedelta(minutes=31)):
        assert _thief(idle).get("/account/").status_code == 302
    old = _thief(stopped)
    changed.post("/account/password/", {"old": PASSWORD, "new": NEXT, "again": NEXT})
    assert [browser.get("/account/").status_code for browser in (changed, old)] == [302, 302]
    again = Client()
    again.post("/sign-in/", {"username": "linyi", "password": NEXT})
    disable(None, teacher)
    assert again.get("/account/").status_code == 302


@pytest.mark.requirement("MLPS.06")
def test_a_fresh_site_has_no_account_and_the_first_password_opens_only_its_change(db):
    assert not User.objects.exists()
    out = io.StringIO()
    call_command("create_first_admins", stdout=out)
    told = dict(line.split("\t") for line in out.getvalue().splitlines() if "\t" in line)
    raw = told["sysadmin"]
    browser = Client()
    browser.post("/sign-in/", {"username": "sysadmin", "password": raw})
    assert browser.get("/accounts/")["Location"] == "/account/password/"
    assert Client().post("/sign-in/", {"username": "sysadmin", "password": raw}).status_code == 422
    browser.post("/account/password/", {"old": raw, "new": NEXT, "again": NEXT})
    assert browser.post("/sign-in/", {"username": "sysadmin", "password": NEXT}).status_code == 302
    assert browser.get("/accounts/").status_code == 200
