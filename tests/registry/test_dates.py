"""Dates that run out: stages, both screens, lead times of a district, results, and the life of equipment."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.engines.audit.api import Actor, archive, change
from anlan.engines.files.api import attach, attachments_of, may_read
from anlan.engines.messaging.api import Message
from anlan.engines.registry import reminding
from anlan.engines.registry.api import CycleSetting, LeadTime, ledgers, number_of, remind_all
from anlan.engines.registry.inspecting import reckon_again, record_check
from anlan.engines.registry.renewing import periods_of, renew
from anlan.engines.registry.saving import add, amend
from anlan.engines.tasks.api import Job, Todo, badges, todos_for
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import Tree
from tests.sample.permits import Pump

DAY = date(2026, 6, 1)
PASSED = {"check_code": "test", "passed": True}


def on(day: date) -> Any:
    """The clock at nine of that day."""
    return clock.moved(datetime(day.year, day.month, day.day, 9, tzinfo=clock.zone()))


@pytest.fixture
def permits() -> Any:
    return ledgers["sample.permits"]


@pytest.fixture
def pumps() -> Any:
    return ledgers["sample.pumps"]


@pytest.fixture
def permit(keeper: Any, permits: Any) -> Any:
    """A permit valid to the end of July."""
    with on(DAY):
        values = {"org": keeper.unit, "name": "经营许可", "number": "X-1", "valid_to": date(2026, 7, 31)}
        return add(Actor.person(keeper), permits, values)


@pytest.fixture
def pump(keeper: Any, pumps: Any) -> Any:
    with on(DAY):
        return add(
            Actor.person(keeper), pumps, {"org": keeper.unit, "code": "P-1", "made_on": date(2026, 1, 31)}
        )


def told(user: Any) -> list[str]:
    return list(Message.objects.filter(addressee=user).order_by("pk").values_list("title", flat=True))


def test_each_stage_is_told_once_to_the_keeper_and_the_one_who_watches(
    permit: Any, keeper: Any, master: Any, guest: Any
) -> None:
    start = permit.valid_to
    for left in (61, 60, 59, 31, 30, 8, 7, 6, 1, 0, -1, -2, -30):
        with on(start - timedelta(days=left)):
            remind_all()
            remind_all()
    words = ["还有 60 天到期", "还有 30 天到期", "还有 7 天到期", "今天到期", "已过期 1 天"]
    assert told(keeper) == told(master) == [f"许可证{word}：经营许可" for word in words]
    assert told(guest) == []


def test_a_run_that_missed_a_day_tells_the_stage_reached_and_not_those_gone_by(
    permit: Any, keeper: Any
) -> None:
    with on(permit.valid_to - timedelta(days=5)):
        remind_all()
    assert told(keeper) == ["许可证还有 5 天到期：经营许可"]


def test_a_run_killed_half_way_and_run_again_tells_everybody_once(
    tree: Tree, keeper: Any, permits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on(DAY):
        for number in range(4):
            values = {"org": tree.school, "name": f"证{number}", "number": f"N{number}"}
            add(Actor.person(keeper), permits, {**values, "valid_to": DAY + timedelta(days=7)})
        real, sent = reminding.send, []

        def dies(*said: Any, **more: Any) -> int:
            sent.append(1)
            if len(sent) in (2, 4):
                raise SystemExit
            return real(*said, **more)

        monkeypatch.setattr(reminding, "send", dies)
        for _ in range(2):
            with pytest.raises(SystemExit):
                remind_all()
        remind_all()
    assert len(told(keeper)) == len(set(told(keeper))) == 4
    assert Todo.objects.filter(closed_at=None).count() == 4


def test_desk_badge_and_phone_show_the_same_matter_and_renewing_clears_both(
    permit: Any, keeper: Any, permits: Any, enter: Any
) -> None:
    with on(permit.valid_to - timedelta(days=30)):
        assert badges(keeper).total == 0
        remind_all()
        assert badges(keeper).by_model == {"sample.permit": 1}
        client = enter(keeper)
        for page in (client.get("/todos/"), client.get("/todos/", headers={"User-Agent": "iPhone"})):
            assert "许可证：经营许可" in page.content.decode()
        renew(Actor.person(keeper), permits, permit, {"number": "X-2", "valid_to": date(2031, 7, 31)})
        assert badges(keeper).total == 0
        assert number_of(permits, keeper, "validity=expiring") == 0
        remind_all()
    assert told(keeper) == ["许可证还有 30 天到期：经营许可"]


def test_the_thirtieth_day_before_is_near_and_the_day_after_the_last_is_expired(
    permit: Any, keeper: Any, permits: Any
) -> None:
    for left, said in ((31, "valid"), (30, "expiring"), (0, "expiring"), (-1, "expired")):
        with on(permit.valid_to - timedelta(days=left)):
            keeper.__dict__.pop("_leads", None)
            standings = {one: number_of(permits, keeper, f"validity={one}") for one in reminding_words()}
            assert standings == {one: int(one == said) for one in reminding_words()}, left


def test_a_ledger_of_short_cycles_is_near_later_unless_a_unit_says_otherwise(
    permit: Any, keeper: Any, permits: Any, tree: Tree, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(permits), "soon", 7)
    with on(permit.valid_to - timedelta(days=8)):
        remind_all()
        assert told(keeper) == []
        assert number_of(permits, keeper, "validity=expiring") == 0
        assert "即将到期" not in enter(keeper).get("/sample/permits/").content.decode().split("<tbody>")[1]
    with on(permit.valid_to - timedelta(days=7)):
        remind_all()
        assert told(keeper) == ["许可证还有 7 天到期：经营许可"]
        assert "即将到期" in enter(keeper).get("/sample/permits/").content.decode().split("<tbody>")[1]
    LeadTime.objects.create(org=tree.county, ledger="", days=20, stages="20")
    with on(permit.valid_to - timedelta(days=20)):
        keeper.__dict__.pop("_leads", None)
        assert number_of(permits, keeper, "validity=expiring") == 1


def reminding_words() -> tuple[str, ...]:
    return ("valid", "expiring", "expired", "endless")


def test_a_renewal_keeps_number_dates_and_scan_of_the_old_period(
    permit: Any, keeper: Any, permits: Any, guest: Any
) -> None:
    actor = Actor.person(keeper)
    old = attach(actor, permit, SimpleUploadedFile("旧证.txt", "旧".encode(), "text/plain"), "scan")
    with pytest.raises(Rejected):
        renew(actor, permits, permit, {"number": "X-2", "valid_to": date(2026, 7, 30)})
    new = SimpleUploadedFile("新证.txt", "新".encode(), "text/plain")
    renew(actor, permits, permit, {"number": "X-2", "valid_to": date(2031, 7, 31)}, [new])
    assert (permit.number, permit.valid_to) == ("X-2", date(2031, 7, 31))
    assert [item.name for item in attachments_of(permit)] == ["新证.txt"]
    period = periods_of(permits, permit).get()
    assert period.values == {"number": "X-1", "issued_on": None, "valid_to": "2026-07-31"}
    kept = attachments_of(period)[0]
    assert (kept.name, kept.file_id) == ("旧证.txt", old.file_id)
    assert may_read(keeper, kept)
    assert not may_read(guest, kept)


def test_the_nearest_unit_sets_the_lead_time_and_the_daily_round_follows(
    tree: Tree, permit: Any, keeper: Any, permits: Any
) -> None:
    LeadTime.objects.create(org=tree.county, ledger="", days=10, stages="10")
    LeadTime.objects.create(org=tree.county, ledger="sample.permits", days=40, stages="40 3")
    with on(permit.valid_to - timedelta(days=40)):
        remind_all()
        assert told(keeper) == ["许可证还有 40 天到期：经营许可"]
        assert todos_for(keeper).count() == 1
        school = LeadTime(org=tree.school, ledger="", days=5, stages="5")
        school.full_clean()
        school.save()
        keeper.__dict__.pop("_leads", None)
        assert number_of(permits, keeper, "validity=expiring") == 0, "the school's own line is nearer"
        remind_all()
        assert todos_for(keeper).count() == 0


def test_a_date_that_is_changed_or_a_row_archived_withdraws_the_matter_at_once(
    permit: Any, keeper: Any, permits: Any
) -> None:
    actor = Actor.person(keeper)
    with on(permit.valid_to - timedelta(days=3)):
        remind_all()
        amend(actor, permits, permit, {"valid_to": date(2027, 7, 31)})
        assert todos_for(keeper).count() == 0
        amend(actor, permits, permit, {"valid_to": date(2026, 7, 30)})
        assert todos_for(keeper).get().due_at.astimezone(clock.zone()).date() == date(2026, 7, 31)
        archive(actor, permit)
        assert todos_for(keeper).count() == 0
        remind_all()
        assert todos_for(keeper).count() == 0


def test_a_pump_is_due_by_its_rule_and_a_result_moves_the_date(pump: Any, keeper: Any, pumps: Any) -> None:
    actor = Actor.person(keeper)
    assert (pump.next_on, pump.next_check) == (date(2026, 7, 31), "试运行")
    with on(date(2026, 7, 20)):
        remind_all()
        assert todos_for(keeper).get().verb == "检验"
        said = {"check_code": "test", "day": date(2026, 7, 18), "passed": True}
        record_check(actor, pumps, pump, said)
        pump.refresh_from_db()
        assert pump.next_on == date(2027, 1, 18)
        assert todos_for(keeper).count() == 0
        with pytest.raises(Conflict):
            record_check(actor, pumps, pump, said)
    amend(actor, pumps, pump, {"kind": "big"})
    assert pump.next_on == date(2026, 10, 18), "another kind, another rule"


def test_what_fails_its_check_is_out_of_use_until_it_passes(pump: Any, keeper: Any, pumps: Any) -> None:
    actor = Actor.person(keeper)
    with on(date(2026, 8, 5)):
        remind_all()
        record_check(
            actor,
            pumps,
            pump,
            {"check_code": "test", "day": date(2026, 8, 5), "passed": False, "note": "漏水"},
        )
        pump.refresh_from_db()
        assert (pump.state, pump.fault) == ("stopped", "试运行不合格 漏水")
        assert todos_for(keeper).filter(kind__startswith="expiry").count() == 0, "out of use, no date is told"
        with pytest.raises(Conflict, match="请先记录检验"):
            perform(actor, pump, "restart")
    with on(date(2026, 8, 9)):
        record_check(actor, pumps, pump, {"check_code": "test", "day": date(2026, 8, 9), "passed": True})
        pump.refresh_from_db()
        perform(actor, pump, "restart")
    assert pump.state == "in_use"
    assert pump.next_on == date(2027, 2, 9)


def test_out_of_use_for_a_year_a_check_comes_before_use(pump: Any, keeper: Any, pumps: Any) -> None:
    actor = Actor.person(keeper)
    with on(date(2026, 7, 1)):
        record_check(
            actor,
            pumps,
            pump,
            PASSED | {"day": date(2026, 7, 1), "until": date(2030, 1, 1)},
        )
        pump.refresh_from_db()
        perform(actor, pump, "stop", {"fault": "暑期停用"})
    with on(date(2027, 7, 2)), pytest.raises(Conflict, match="停用已满 12 个月"):
        perform(actor, pump, "restart")


def test_the_repair_loop_goes_round_with_every_step_on_the_right_desk(
    pump: Any, keeper: Any, master: Any
) -> None:
    actor, mender = Actor.person(keeper), Actor.person(master)
    with on(DAY):
        perform(actor, pump, "report", {"fault": "不出水"})
        assert todos_for(master).get().verb == "受理"
        perform(mender, pump, "accept")
        perform(mender, pump, "finish", {"fault": "换了叶轮"})
        assert todos_for(keeper).get().verb == "确认修复"
        perform(actor, pump, "redo", {"fault": "还是不出水"})
        perform(mender, pump, "finish", {"fault": "再换"})
        perform(actor, pump, "confirm")
        assert pump.state == "in_use"
        assert todos_for(keeper).count() == todos_for(master).count() == 0


def test_a_rule_a_district_changes_moves_the_dates_of_its_rows(tree: Tree, pump: Any, keeper: Any) -> None:
    far = Pump.unguarded.create(org=tree.far_school, code="P-9", made_on=date(2026, 1, 31), state="in_use")
    setting = CycleSetting.objects.create(org=tree.county, check_of="sample.pump.small/test", every=2)
    reckon_again(Job())
    pump.refresh_from_db()
    far.refresh_from_db()
    assert (pump.next_on, far.next_on) == (date(2026, 3, 31), date(2026, 7, 31))
    change(Actor.person(keeper), setting, {"every": 3})
    assert Job.objects.filter(code__endswith="reckon_again").count() == 1, "changing a rule queues the work"


def test_the_workbench_counts_what_runs_out_and_opens_the_list(permit: Any, keeper: Any, enter: Any) -> None:
    with on(permit.valid_to + timedelta(days=1)):
        page = enter(keeper).get("/").content.decode()
    assert "证照和检验到期" in page
    assert 'href="/sample/permits/?validity=expired"' in page
