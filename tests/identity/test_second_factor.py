"""One-time codes: switched on by the person or asked of a role, each good once."""

import base64

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from anlan.engines.identity import second_factor
from anlan.engines.identity.api import SecurityPolicy
from anlan.engines.org.api import Role
from anlan.kernel import clock
from tests.identity.conftest import PASSWORD


def code_of(secret: str, steps: int = 0) -> str:
    clockwork = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return clockwork.generate(int(clock.now().timestamp()) + 30 * steps).decode()


@pytest.fixture
def secret(teacher) -> str:
    found = second_factor.enrol(teacher)
    second_factor.confirm(teacher, code_of(found, -1))
    return found


def test_a_known_code_of_the_standard():
    clockwork = TOTP(b"12345678901234567890", 8, SHA1(), 30)
    assert clockwork.generate(59) == b"94287082"


def test_the_password_alone_opens_nothing(teacher, secret, knock, client):
    assert knock()["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.requirement("MLPS.18")
def test_a_code_is_good_once(teacher, secret, knock):
    code = code_of(secret)
    for expected in (302, 422):
        browser = Client()
        browser.post("/sign-in/", {"username": "linyi", "password": PASSWORD})
        assert browser.post("/sign-in/code/", {"code": code}).status_code == expected


def test_codes_are_guessed_five_times_at_most(teacher, secret, knock, client):
    knock()
    for _ in range(5):
        client.post("/sign-in/code/", {"code": "000000"})
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).status_code == 422


def test_setting_up_needs_a_right_code(teacher, client):
    client.force_login(teacher)
    client.get("/account/second-factor/")
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 422
    assert not second_factor.active(teacher)
    secret = client.session["factor_secret"]
    assert client.post("/account/second-factor/", {"code": code_of(secret)}).status_code == 302
    assert second_factor.active(teacher)


def test_a_role_can_be_asked_for_it(teacher, client):
    SecurityPolicy.current().second_factor_roles.add(Role.objects.get(code="school_safety"))
    client.force_login(teacher)
    assert client.get("/account/")["Location"] == "/account/second-factor/"
    client.get("/account/second-factor/")
    client.post("/account/second-factor/", {"code": code_of(client.session["factor_secret"])})
    assert client.get("/account/").status_code == 200


def test_switching_off_asks_for_the_password(teacher, secret, client):
    client.force_login(teacher)
    client.post("/account/second-factor/off/", {"password": "wrong"})
    assert second_factor.active(teacher)
    client.post("/account/second-factor/off/", {"password": PASSWORD})
    assert not second_factor.active(teacher)


def test_the_secret_is_not_stored_in_the_clear(teacher, secret):
    stored = bytes(second_factor.SecondFactor.objects.get(user=teacher).secret)
    assert base64.b32decode(secret) not in stored
