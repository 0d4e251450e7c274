"""Password rules at every place of setting, one-time first passwords, periodic change, end of sessions."""

from datetime import timedelta

import pytest
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity.api import SecurityPolicy, User, open_account, reset_password
from anlan.engines.identity.passwords import change_password, expired, faults, set_password
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.factories import a_user
from tests.identity.conftest import PASSWORD

NEXT = "Chao-8842-ping"


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("Ab1-xyz", "位"),
        ("abcdefghijkl", "类"),
        ("Password123!", "常见"),
        ("Qwerty-123456", "常见"),
        ("Linyi-7731-ok", "姓名"),
        ("Aa-13900000001", "姓名"),
        ("Aa-iyniL-7731-", "姓名"),
        (PASSWORD, "最近"),
        ("A1-" + "x" * 200, "位"),
    ],
)
def test_weak_passwords_are_refused_with_words(teacher, raw, word):
    assert any(word in said for said in faults(teacher, raw))


def test_a_good_password_is_taken(teacher):
    assert faults(teacher, NEXT) == []


def test_the_last_five_do_not_come_back_and_the_sixth_may(teacher):
    used = [PASSWORD] + [f"Chao-88{number}-ping" for number in range(5)]
    for raw in used[1:]:
        set_password(teacher, raw)
    for raw in used[1:]:
        with pytest.raises(Rejected, match="最近"):
            set_password(teacher, raw)
    set_password(teacher, PASSWORD)


def test_the_stored_password_is_a_salted_hash(settings, teacher):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    set_password(teacher, NEXT)
    assert User.objects.get(pk=teacher.pk).password.startswith("argon2$argon2id$")


def _fresh(tree, client):
    user, raw = open_account(None, tree.school, "王二", "wanger")
    answer = client.post("/sign-in/", {"username": "wanger", "password": raw})
    assert answer.status_code == 302
    return user, raw


def test_the_first_password_opens_nothing_but_the_change(tree, client):
    _, raw = _fresh(tree, client)
    for url in ("/account/", "/accounts/", "/audit/", "/policy/"):
        answer = client.get(url)
        assert (answer.status_code, answer.get("Location")) == (303, "/account/password/"), url
    boosted = client.get("/account/", headers={"HX-Request": "true"})
    assert boosted["HX-Redirect"] == "/account/password/"
    data = {"old": raw, "new": NEXT, "again": NEXT}
    assert client.post("/account/password/", data)["Location"] == "/sign-in/"
    client.post("/sign-in/", {"username": "wanger", "password": NEXT})
    assert client.get("/account/").status_code == 200


def test_the_first_password_works_once(tree, client):
    _, raw = _fresh(tree, client)
    again = Client().post("/sign-in/", {"username": "wanger", "password": raw})
    assert again.status_code == 422


def test_a_first_password_left_lying_expires(tree):
    _, raw = open_account(None, tree.school, "王二", "wanger")
    with clock.moved(clock.now() + timedelta(hours=73)):
        answer = Client().post("/sign-in/", {"username": "wanger", "password": raw})
    assert answer.status_code == 422


def test_after_the_period_only_the_change_opens(teacher, client):
    User.objects.filter(pk=teacher.pk).update(password_changed_at=clock.now() - timedelta(days=181))
    client.force_login(teacher)
    assert client.get("/account/")["Location"] == "/account/password/"
    teacher.refresh_from_db()
    assert expired(teacher, SecurityPolicy.current())


def test_the_period_is_a_setting(teacher, client):
    client.force_login(teacher)
    assert client.get("/account/").status_code == 200
    SecurityPolicy.objects.update(password_days=30)
    User.objects.filter(pk=teacher.pk).update(password_changed_at=clock.now() - timedelta(days=31))
    assert client.get("/account/")["Location"] == "/account/password/"


def test_changing_the_password_ends_every_session(teacher, client):
    phone = Client()
    phone.force_login(teacher)
    client.force_login(teacher)
    data = {"old": PASSWORD, "new": NEXT, "again": NEXT}
    assert client.post("/account/password/", data).status_code == 302
    for browser in (phone, client):
        assert browser.get("/account/").status_code == 302


def test_a_wrong_old_password_or_a_slip_changes_nothing(teacher, client):
    client.force_login(teacher)
    wrong = client.post("/account/password/", {"old": "no", "new": NEXT, "again": NEXT})
    slip = client.post("/account/password/", {"old": PASSWORD, "new": NEXT, "again": NEXT + "x"})
    weak = client.post("/account/password/", {"old": PASSWORD, "new": "short", "again": "short"})
    assert [wrong.status_code, slip.status_code, weak.status_code] == [422, 422, 422]
    teacher.refresh_from_db()
    assert teacher.check_password(PASSWORD)


def test_a_reset_ends_the_old_password_and_sessions(teacher, client, tree):
    client.force_login(teacher)
    raw = reset_password(a_user("unit_admin", tree.county), teacher)
    assert client.get("/account/").status_code == 302
    assert client.post("/sign-in/", {"username": "linyi", "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in/", {"username": "linyi", "password": raw}).status_code == 302


def test_no_entry_of_the_trail_shows_a_password_or_hash(teacher):
    change_password(teacher, PASSWORD, NEXT)
    text = str(list(AuditEntry.objects.values_list("before", "after", "title", "reason")))
    assert AuditEntry.objects.filter(action="password.change").exists()
    assert NEXT not in text
    assert teacher.password not in text
