"""Failed sign-ins lock the account and slow the origin down; parallel tries do not pass the limit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from anlan.engines.identity import tallies
from anlan.engines.identity.api import SecurityPolicy, unlock
from anlan.kernel import clock
from tests.factories import a_user

LOCK = timedelta(minutes=30)


def fail(knock, name="linyi", times=5, **extra):
    return [knock(name, "wrong", **extra) for _ in range(times)]


def test_the_sixth_try_is_refused_even_with_the_right_password(teacher, knock):
    fail(knock)
    answer = knock()
    assert answer.status_code == 422
    assert "已锁定" in answer.content.decode()
    assert AuditEntry.objects.filter(action="sign_in", after__cause="locked").count() == 1


def test_four_failures_do_not_lock_and_success_starts_anew(teacher, knock, client):
    for _ in range(3):
        fail(knock, times=4)
        assert knock().status_code == 302
        client.post("/sign-out/")


def test_name_and_phone_of_one_account_count_together(teacher, knock):
    fail(knock, "linyi", 3)
    fail(knock, "13900000001", 2)
    assert knock().status_code == 422


def test_the_account_works_again_after_the_time(teacher, knock):
    fail(knock)
    with clock.moved(clock.now() + timedelta(minutes=29)):
        assert knock().status_code == 422
    with clock.moved(clock.now() + timedelta(minutes=31)):
        assert knock().status_code == 302


def test_an_administrator_unlocks(teacher, knock, tree):
    fail(knock)
    unlock(a_user("unit_admin", tree.county), teacher)
    assert knock().status_code == 302
    assert AuditEntry.objects.filter(action="account.unlock").count() == 1


def test_a_name_nobody_has_locks_just_the_same(teacher, knock):
    assert [a.status_code for a in fail(knock, "nobody")] == [422] * 5
    words = [knock(name).content.decode().count("已锁定") for name in ("nobody",)]
    fail(knock)
    assert words == [knock().content.decode().count("已锁定")]


def test_one_origin_is_stopped_across_accounts(teacher, knock):
    SecurityPolicy.objects.update_or_create(pk=1, defaults={"origin_failures": 6})
    for number in range(6):
        knock(f"guess{number}", "wrong", REMOTE_ADDR="10.9.9.9")
    assert knock(REMOTE_ADDR="10.9.9.9").status_code == 422
    assert knock(REMOTE_ADDR="10.9.9.8").status_code == 302


def test_old_tallies_are_dropped(db):
    tallies.take("name:x", 5, LOCK)
    with clock.moved(clock.now() + timedelta(days=2)):
        assert tallies.forget_old() == 1


def _together(work, count=12):
    def run(_):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.requirement("MLPS.03")
@pytest.mark.django_db(transaction=True)
def test_parallel_tries_cannot_pass_the_limit():
    taken = _together(lambda: tallies.take("account:1", 5, LOCK))
    assert sum(taken) == 5
    assert tallies.locked("account:1")


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_parallel_tries_pass_the_limit():
    """The twin: counting by reading first and writing afterwards lets more than the limit through."""

    def read_then_write(key, limit, lock):
        tallies._ensure(key)
        row = tallies.Tally.objects.get(key=key)
        if row.count >= limit:
            return False
        gate.wait()
        row.count += 1
        row.save()
        return True

    gate = Barrier(6, timeout=20)
    assert sum(_together(lambda: read_then_write("account:1", 5, LOCK), 6)) == 6


@pytest.mark.requirement("MLPS.03")
@pytest.mark.django_db(transaction=True)
def test_parallel_sign_ins_check_at_most_five_passwords(monkeypatch):
    checked = []
    monkeypatch.setattr(
        "anlan.engines.identity.signing_in.authenticate", lambda *args, **kwargs: checked.append(1)
    )
    SecurityPolicy.current()
    data = {"username": "victim", "password": "guess"}
    answers = _together(lambda: Client().post("/sign-in/", data).status_code)
    assert set(answers) == {422}
    assert len(checked) == 5
