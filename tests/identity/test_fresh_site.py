"""A fresh site has no account; unsafe settings stop it; the first administrators are made by a command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from anlan.engines.identity.api import User
from anlan.engines.identity.safety_checks import check_settings
from anlan.engines.org.api import Grant

GOOD = "q8W!zr5T-m2Kx_v9Lc4Yp7Bn3Hd6Gj1Fs"


def faults() -> set[str]:
    return {fault.id for fault in check_settings() if fault.is_serious()}


@pytest.fixture
def open_site(settings):
    settings.SECRET_KEY, settings.DEBUG = GOOD, False
    settings.ALLOWED_HOSTS = ["safety.example.edu.cn"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.SESSION_COOKIE_SECURE = settings.BEHIND_TLS = True
    settings.AUDIT_KEY, settings.SECRET_FILES = GOOD, []
    return settings


def test_a_sound_configuration_passes(open_site):
    assert faults() == set()


@pytest.mark.requirement("MLPS.06")
@pytest.mark.parametrize(
    "key", ["", "short", "a" * 60, "django-insecure-8x3k2m4n5b6v7c8x9z1a2s3d4f", "please-changeme-" * 3]
)
def test_missing_short_and_sample_keys_stop_the_site(open_site, key):
    open_site.SECRET_KEY = key
    assert faults() == {"anlan.E010"}


@pytest.mark.requirement("MLPS.06")
def test_debugging_and_open_hosts_stop_the_site(open_site):
    open_site.DEBUG = True
    assert "anlan.E011" in faults()
    open_site.ALLOWED_HOSTS = ["*"]
    assert "anlan.E012" in faults()


def test_sign_in_in_the_clear_stops_the_site(open_site):
    open_site.BEHIND_TLS = False
    assert faults() == {"anlan.E014"}
    open_site.ALLOWED_HOSTS = ["127.0.0.1"]
    assert faults() == set()


def test_a_sample_key_of_the_audit_trail_stops_the_site(open_site):
    open_site.AUDIT_KEY = "please-changeme-" * 3
    assert faults() == {"anlan.E010"}


def test_secrets_others_can_read_stop_the_site(open_site, tmp_path):
    secret = tmp_path / "env"
    secret.write_text("ANLAN_SECRET_KEY=x")
    open_site.SECRET_FILES = [secret]
    for mode, found in ((0o644, {"anlan.E015"}), (0o640, set()), (0o600, set())):
        secret.chmod(mode)
        assert faults() == found


def test_quick_hashes_stop_the_site(open_site):
    open_site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert faults() == {"anlan.E013"}


def test_a_fresh_site_has_no_account_until_the_first_administrators_are_made(db, client):
    assert not User.objects.exists()
    out = StringIO()
    call_command("create_first_admins", stdout=out)
    told = dict(line.split("\t") for line in out.getvalue().splitlines() if "\t" in line)
    assert set(told) == {"sysadmin", "secadmin", "auditor"}
    offices = set(Grant.objects.values_list("user__username", "role__office"))
    assert offices == {("sysadmin", "system"), ("secadmin", "security"), ("auditor", "audit")}
    for name, password in told.items():
        browser = Client()
        assert browser.post("/sign-in/", {"username": name, "password": password}).status_code == 302
        assert browser.get("/accounts/")["Location"] == "/account/password/"
    with pytest.raises(CommandError):
        call_command("create_first_admins", stdout=out)
