"""The trail is copied outside the database every night; old entries go only when a whole copy holds them."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from anlan.engines.audit.api import AuditEntry, back_up, log, take_away_old, verify_chain
from anlan.engines.audit.backups import AuditBackup
from anlan.engines.audit.proving import faults_in
from anlan.engines.identity.api import SecurityPolicy
from anlan.engines.tasks.schedules import periodics
from anlan.kernel import clock
from tests.factories import a_user


@pytest.fixture
def shelf(settings, tmp_path: Path) -> Path:
    settings.AUDIT_BACKUPS = str(tmp_path / "copies")
    return tmp_path / "copies"


@pytest.fixture
def entries(actor, shelf):
    return [log(actor, "change", after={"grade": number}, title=f"隐患 {number}") for number in range(5)]


@pytest.mark.requirement("MLPS.11")
def test_copies_follow_each_other_and_prove_themselves(entries, actor):
    first = back_up()
    assert first.count == AuditBackup.objects.get().count >= 5
    assert "隐患 3" in gzip.decompress(first.path.read_bytes()).decode()
    assert first.path.stat().st_mode & 0o077 == 0
    log(actor, "change", title="后来的")
    second = back_up()
    assert second.first == first.last + 1
    assert [list(faults_in(copy.path)) for copy in (first, second)] == [[], []]
    assert "audit.backup" in {item.code for item in periodics}


@pytest.mark.parametrize(("old", "new"), [("隐患 3", "隐患 9"), ('"grade": 2', '"grade": 1')])
def test_a_copy_somebody_changed_is_found(entries, old, new):
    made = back_up()
    text = gzip.decompress(made.path.read_bytes()).decode()
    made.path.write_bytes(gzip.compress(text.replace(old, new).encode()))
    assert not made.whole()
    assert len(list(faults_in(made.path))) == 1


def test_a_line_taken_out_of_a_copy_is_found(entries):
    made = back_up()
    lines = gzip.decompress(made.path.read_bytes()).decode().splitlines()
    del lines[2]
    made.path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert list(faults_in(made.path))


@pytest.mark.requirement("MLPS.11")
def test_old_entries_leave_only_with_a_whole_copy_and_young_ones_never(entries, actor):
    kept = AuditEntry.objects.filter(title__startswith="隐患")
    assert take_away_old() == 0
    with clock.moved(clock.now() + timedelta(days=370)):
        assert take_away_old() == 0
        made = back_up()
        content = made.path.read_bytes()
        made.path.write_bytes(b"broken")
        assert take_away_old() == 0
        made.path.write_bytes(content)
        young = log(actor, "change", title="新的")
        back_up()
        assert take_away_old() >= 5
        assert not kept.exists()
        assert AuditEntry.objects.filter(pk=young.pk).exists()
        assert list(verify_chain()) == []


def test_the_period_is_a_setting_with_the_legal_minimum(entries, tree, client):
    client.force_login(a_user("security_admin", tree.province))
    page = client.get("/policy/")
    values = {f.name: f.value() for f in page.context["form"] if f.name != "second_factor_roles"}
    assert client.post("/policy/", {**values, "trail_days": 183}).status_code == 422
    assert client.post("/policy/", {**values, "trail_days": 200}).status_code == 302
    assert SecurityPolicy.current().trail_days == 200


def test_auditors_of_the_top_fetch_copies_and_nobody_else(entries, tree, auditor):
    made = back_up()
    url = f"/audit/copies/{made.pk}/"
    expected = {"auditor": [200, 403], "system_admin": [403, 403], "staff": [403, 403]}
    for role, answers in expected.items():
        stranger = Client()
        stranger.force_login(a_user(role, tree.county))
        assert [stranger.get(u).status_code for u in ("/audit/copies/", url)] == answers, role
    desk = Client()
    desk.force_login(auditor)
    assert "完好" in desk.get("/audit/copies/").content.decode()
    assert b"".join(desk.get(url).streaming_content) == made.path.read_bytes()
    assert AuditEntry.objects.filter(action="audit.export", user=auditor).count() == 1
