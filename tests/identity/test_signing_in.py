"""Signing in: name or phone, nothing told about accounts, a new identifier, sign-out that ends the cookie."""

import re

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import get_resolver

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity.api import User, declared, disable
from tests.factories import a_user
from tests.identity.conftest import PASSWORD


def test_one_signs_in_with_name_or_phone_whatever_the_case(teacher, knock, client):
    for name in ("linyi", "LinYi ", "13900000001"):
        assert knock(name).status_code == 302
        assert client.get("/account/").status_code == 200
        client.post("/sign-out/")


def test_the_session_has_a_new_identifier_after_signing_in(teacher, knock, client):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    knock()
    assert client.cookies["sessionid"].value != planted


def test_the_way_back_leads_only_into_this_site(teacher, client):
    data = {"username": "linyi", "password": PASSWORD}
    assert client.post("/sign-in/?next=/accounts/", data)["Location"] == "/accounts/"
    client.post("/sign-out/")
    assert client.post("/sign-in/?next=https://elsewhere.example/", data)["Location"] == "/"


def test_wrong_name_wrong_password_and_stopped_account_look_alike(teacher, knock, tree):
    stopped = a_user("", tree.school, username="stopped")
    stopped.set_password(PASSWORD)
    stopped.save()
    disable(None, stopped)
    said = {
        _banner(knock("linyi", "wrong")),
        _banner(knock("nobody", "wrong")),
        _banner(knock("stopped", PASSWORD)),
    }
    assert len(said) == 1
    assert "账号或密码不对" in said.pop()


def _banner(answer) -> str:
    assert answer.status_code == 422
    return re.search(r'class="al-banner__t">(.*?)</div>', answer.content.decode(), re.S).group(1)


def test_a_doubled_name_in_another_spelling_is_refused(teacher):
    with pytest.raises(IntegrityError):
        User.objects.create_user("LINYI", PASSWORD, name="另一个")


def test_nothing_but_published_pages_opens_without_signing_in(client, db):
    for url in ("/account/", "/accounts/", "/roles/", "/grants/", "/policy/", "/audit/", "/activations/"):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={url}")
    answer = client.get("/accounts/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/")


def test_every_page_of_accounts_and_audit_says_who_may_enter():
    own = [p for p in get_resolver().url_patterns if _module(p).startswith(OURS)]
    assert len(own) > 30
    assert [str(p.pattern) for p in own if not declared(p.callback)] == []


OURS = ("anlan.engines.identity", "anlan.engines.audit")


def _module(pattern) -> str:
    return getattr(getattr(pattern, "callback", None), "__module__", "") or ""


def test_signing_in_and_failing_are_kept_with_person_and_origin(teacher, knock):
    knock("linyi", "wrong", REMOTE_ADDR="10.1.1.9")
    knock(REMOTE_ADDR="10.1.1.9")
    failed, passed = AuditEntry.objects.filter(action="sign_in").order_by("pk")
    assert (failed.succeeded, failed.title, failed.ip) == (False, "linyi", "10.1.1.9")
    assert (passed.succeeded, passed.user, passed.ip) == (True, teacher, "10.1.1.9")
    assert PASSWORD not in str([failed.before, failed.after, passed.before, passed.after])


@pytest.mark.requirement("MLPS.18")
def test_after_sign_out_the_old_cookie_opens_nothing_and_pages_are_not_kept(teacher, knock, client):
    knock()
    page = client.get("/account/")
    assert "no-store" in page["Cache-Control"]
    old = client.cookies["sessionid"].value
    answer = client.post("/sign-out/")
    assert "cache" in answer["Clear-Site-Data"]
    thief = Client()
    thief.cookies["sessionid"] = old
    assert thief.get("/account/").status_code == 302


def test_a_forged_sign_out_is_refused(teacher):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(teacher)
    assert strict.post("/sign-out/").status_code == 403
    assert strict.get("/account/").status_code == 200
