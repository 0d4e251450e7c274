"""Entries cannot be changed or removed in the database; whoever gets past that is found by the chain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from anlan.engines.audit.api import SYSTEM, AuditEntry, log, seal, verify_chain
from anlan.engines.audit.retention import clean_up
from anlan.engines.audit.sealing import AuditHead, AuditSeal
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

ENTRY, SEAL, HEAD = "audit_auditentry", "audit_auditseal", "audit_audithead"


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def chained(actor):
    """Five entries of one person, chained; the tests' own permission to delete is taken away."""
    sql("DELETE FROM audit_permit")
    entries = [log(actor, "change", after={"grade": number}, title=f"隐患 {number}") for number in range(5)]
    seal()
    assert list(verify_chain()) == []
    return entries


@pytest.fixture
def unguarded(chained):
    """The triggers dropped, as somebody with the database's password could."""
    if connection.vendor == "postgresql":
        for table in (ENTRY, SEAL):
            sql(f"DROP TRIGGER {table}_guard ON {table}")
    else:
        for table in (ENTRY, SEAL):
            sql(f"DROP TRIGGER {table}_no_update")
            sql(f"DROP TRIGGER {table}_no_delete")
    return chained


def found() -> list[str]:
    return [fault.text for fault in verify_chain()]


@pytest.mark.requirement("MLPS.11")
@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {ENTRY} SET actor = 'x'",
        f"UPDATE {ENTRY} SET succeeded = NOT succeeded",
        f"UPDATE {SEAL} SET digest = 'x'",
        f"DELETE FROM {SEAL}",
        f"DELETE FROM {ENTRY}",
    ],
)
def test_the_database_refuses_changes_and_deletions(chained, statement):
    with pytest.raises(DatabaseError, match="audit records cannot be"), transaction.atomic():
        sql(statement)
    assert list(verify_chain()) == []


@pytest.mark.requirement("MLPS.11")
def test_the_application_cannot_delete_or_save_over_an_entry(chained):
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditSeal.objects.all().delete()
    chained[0].actor = "x"
    with pytest.raises(DatabaseError), transaction.atomic():
        chained[0].save()


@pytest.mark.requirement("MLPS.11", "NF.216")
@pytest.mark.parametrize(
    "change",
    [
        "actor = 'x'",
        "after = '{}'",
        "title = 'x'",
        "ip = '9'",
        "succeeded = NOT succeeded",
        "user_id = NULL",
        "path = '/'",
    ],
)
def test_an_altered_entry_is_found(unguarded, change):
    sql(f"UPDATE {ENTRY} SET {change} WHERE id = %s", unguarded[2].pk)
    assert "记录内容被改动" in found()


def test_an_entry_moved_in_time_is_found(unguarded):
    sql(f"UPDATE {ENTRY} SET at = %s WHERE id = %s", clock.now() - timedelta(days=3), unguarded[2].pk)
    assert "记录内容被改动" in found()


def _remove(entry):
    sql(f"DELETE FROM {SEAL} WHERE entry_id = %s", entry.pk)
    sql(f"DELETE FROM {ENTRY} WHERE id = %s", entry.pk)


@pytest.mark.requirement("MLPS.11")
@pytest.mark.parametrize(("place", "words"), [(0, "缺少记录"), (2, "缺少记录"), (4, "链尾记录被删除")])
def test_a_removed_entry_is_found(unguarded, place, words):
    _remove(unguarded[place])
    assert words in found()


def test_a_seal_moved_to_another_entry_is_found(unguarded):
    """Entry 2 takes the place of entry 1, whose own seal is gone."""
    first, second = unguarded[1].pk, unguarded[2].pk
    sql(f"DELETE FROM {SEAL} WHERE entry_id = %s", first)
    sql(f"UPDATE {SEAL} SET entry_id = %s WHERE entry_id = %s", first, second)
    assert {"缺少记录", "链接不符"} <= set(found())


def test_the_end_of_the_chain_cannot_be_moved_back(unguarded):
    _remove(unguarded[4])
    previous = AuditSeal.objects.get(entry=unguarded[3])
    sql(f"UPDATE {HEAD} SET position = %s, digest = %s", previous.position, previous.digest)
    assert "链首尾登记被改动" in found()


def test_a_forged_entry_is_found(unguarded, actor):
    forged = AuditEntry(actor="林一", channel="web", action="change", mac="0" * 64)
    forged.save()
    seal()
    assert "记录内容被改动" in found()


def test_an_entry_that_was_never_chained_is_found(chained, actor):
    with clock.moved(clock.now() - timedelta(minutes=10)):
        straggler = log(actor, "change")
    assert found() == [f"记录 {straggler.pk} 没有入链"]


def test_the_command_reports_a_whole_and_a_broken_chain(unguarded):
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "chain whole" in out.getvalue()
    sql(f"UPDATE {ENTRY} SET actor = 'x' WHERE id = %s", unguarded[1].pk)
    with pytest.raises(CommandError):
        call_command("verify_audit", stdout=out, stderr=out)


@pytest.mark.requirement("MLPS.11")
def test_young_entries_survive_every_clean_up(chained):
    for days in (0, 30, 183):
        with pytest.raises(Rejected, match="六个月"):
            clean_up(clock.now() - timedelta(days=days), StringIO())
    assert AuditEntry.objects.filter(pk__in=[entry.pk for entry in chained]).count() == 5


def test_old_entries_go_into_the_archive_and_the_rest_stays_whole(chained, actor):
    with clock.moved(clock.now() + timedelta(days=200)):
        young = log(actor, "change", title="新的")
        seal()
        archive = StringIO()
        assert clean_up(clock.now() - timedelta(days=190), archive) == 5
        seal()
        assert len(archive.getvalue().splitlines()) == 5
        assert "隐患 3" in archive.getvalue()
        assert list(verify_chain()) == []
        assert AuditEntry.objects.filter(pk=young.pk).exists()
        assert AuditEntry.objects.filter(action="audit.clean_up").count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(f"DELETE FROM {ENTRY}")


def test_the_base_of_the_chain_cannot_be_moved_by_hand(unguarded):
    first = AuditSeal.objects.get(entry=unguarded[0])
    _remove(unguarded[0])
    sql(f"UPDATE {HEAD} SET base_position = %s, base_digest = %s", first.position, first.digest)
    assert found() == ["链首尾登记被改动"]


@pytest.mark.django_db(transaction=True)
def test_entries_are_chained_right_after_the_commit_once_per_transaction():
    with transaction.atomic():
        for _ in range(3):
            log(SYSTEM, "change")
        waiting = [entry[1].__name__ for entry in connection.run_on_commit]
        assert waiting == ["seal"]
        assert AuditSeal.objects.count() == 0
    assert AuditSeal.objects.count() == 3
    assert AuditHead.objects.get().position == 3


@pytest.mark.django_db(transaction=True)
def test_entries_of_a_change_that_failed_are_gone_with_it():
    def fail():
        with transaction.atomic():
            log(SYSTEM, "change")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_make_one_whole_chain():
    def write(number):
        try:
            for _ in range(5):
                with transaction.atomic():
                    log(SYSTEM, "change", title=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    seal()
    assert AuditSeal.objects.count() == 20
    assert list(verify_chain()) == []
