"""The closed loop of hazards: who may do what, in which order, and what stays behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.pressing import ask_extension, press
from anlan.engines.audit.api import SYSTEM, AuditEntry, change, create, verify_chain
from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import todos_for
from anlan.engines.workflow.api import perform, steps_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.safety.conftest import County

pytestmark = pytest.mark.django_db
DONE = {"after": 1}


@pytest.fixture
def bureau(county: County) -> Any:
    """The county's safety officer."""
    return county.actor("zhou", "bureau_safety", "county")


@pytest.fixture
def inspector(county: County) -> Any:
    """An inspector of the county."""
    return county.actor("lin", "inspector", "county")


@pytest.fixture
def school(county: County) -> Any:
    """The school's safety manager."""
    return county.actor("he", "school_safety", "school")


@pytest.fixture
def hazard(a_hazard: Callable[..., Hazard], inspector: Any) -> Hazard:
    """One reported by the inspector."""
    return create(inspector, a_hazard())


def confirmed(actor: Any, hazard: Hazard) -> Hazard:
    """Judged, graded and assigned."""
    said = {"grade": "large", "responsible": "何静", "due_at": clock.now() + timedelta(days=7)}
    return perform(actor, hazard, "confirm", said)  # type: ignore[return-value]


def rectified(school: Any, hazard: Hazard) -> Hazard:
    """Handed in with a measure and a picture."""
    return perform(school, hazard, "submit", {"measure": "已清空"}, files=DONE)  # type: ignore[return-value]


def test_a_hazard_that_fails_twice_shows_three_rounds(
    hazard: Hazard, bureau: Any, school: Any, inspector: Any
) -> None:
    confirmed(bureau, hazard)
    for verdict in ("fail_recheck", "fail_recheck", "pass_recheck"):
        rectified(school, hazard)
        perform(bureau, hazard, "approve")
        perform(inspector, hazard, verdict, {"opinion": verdict})
    perform(bureau, hazard, "strike_off")
    verdicts = [step for step in steps_of(hazard) if step.move.endswith("_recheck")]
    assert [step.values["opinion"] for step in verdicts] == ["fail_recheck", "fail_recheck", "pass_recheck"]
    assert {step.actor for step in verdicts} == {"lin"}
    assert hazard.rounds == 3


def test_an_archived_hazard_takes_no_change(hazard: Hazard, bureau: Any, school: Any, inspector: Any) -> None:
    confirmed(bureau, hazard)
    rectified(school, hazard)
    perform(bureau, hazard, "approve")
    perform(inspector, hazard, "pass_recheck")
    perform(bureau, hazard, "strike_off")
    with pytest.raises(Conflict):
        change(bureau, hazard, {"title": "改写"})
    with pytest.raises(Conflict):
        perform(bureau, hazard, "strike_off")
    assert Hazard.objects.unscoped().get(pk=hazard.pk).title == "疏散通道堆放课桌椅"


def test_a_false_alarm_needs_a_reason_and_leaves_every_desk(hazard: Hazard, bureau: Any) -> None:
    with pytest.raises(Rejected) as refusal:
        perform(bureau, hazard, "dismiss")
    assert "opinion" in refusal.value.fields
    assert todos_for(bureau.user).count() == 1
    perform(bureau, hazard, "dismiss", {"opinion": "并无堆放"})
    assert todos_for(bureau.user).count() == 0
    assert hazard.state == "void"


def test_the_school_cannot_judge_or_strike_off(hazard: Hazard, school: Any, bureau: Any) -> None:
    with pytest.raises(Forbidden):
        perform(school, hazard, "dismiss", {"opinion": "不是"})
    confirmed(bureau, hazard)
    with pytest.raises(Forbidden):
        perform(school, hazard, "strike_off")
    assert AuditEntry.objects.filter(action="refused:strike_off", succeeded=False).count() == 1


def test_rectification_without_evidence_is_refused(hazard: Hazard, bureau: Any, school: Any) -> None:
    confirmed(bureau, hazard)
    with pytest.raises(Rejected) as refusal:
        perform(school, hazard, "submit", {"measure": "已清空"})
    assert list(refusal.value.fields) == ["after"]
    hazard.refresh_from_db()
    assert (hazard.state, hazard.measure) == ("assigned", "")


def test_nobody_checks_the_own_rectification(
    county: County, hazard: Hazard, bureau: Any, school: Any
) -> None:
    confirmed(bureau, hazard)
    rectified(school, hazard)
    Hazard.unguarded.filter(pk=hazard.pk).update(rectified_by=bureau.user)
    hazard.refresh_from_db()
    with pytest.raises(Conflict):
        perform(bureau, hazard, "approve")


def test_a_deadline_before_the_finding_is_refused(hazard: Hazard, bureau: Any) -> None:
    early = {"grade": "large", "responsible": "何静", "due_at": hazard.found_at - timedelta(hours=1)}
    with pytest.raises(Rejected) as refusal:
        perform(bureau, hazard, "confirm", early)
    assert "要晚于发现时间" in refusal.value.fields["due_at"][0]
    hazard.refresh_from_db()
    assert hazard.state == "reported"


@pytest.mark.requirement("SAF.17")
def test_a_hazard_kept_inside_the_school(
    county: County, a_hazard: Callable[..., Hazard], school: Any, bureau: Any
) -> None:
    inside = create(school, a_hazard(reported_up=False, source="self"))
    assert not Hazard.objects.visible(bureau.user, "safety.hazards.view").filter(pk=inside.pk).exists()
    assert Hazard.objects.visible(school.user, "safety.hazards.view").filter(pk=inside.pk).exists()
    other = county.actor("wu", "school_safety", "second")
    assert not Hazard.objects.visible(other.user, "safety.hazards.view").filter(pk=inside.pk).exists()
    assert [todo.title for todo in todos_for(school.user)] == [inside.title]
    with pytest.raises(Rejected):
        perform(school, inside, "settle", {"measure": "已修"})
    perform(school, inside, "settle", {"measure": "已修"}, files=DONE)
    assert inside.state == "closed"
    reported = create(school, a_hazard(title="围墙外倾", reported_up=False, source="self"))
    perform(school, reported, "report_up")
    assert Hazard.objects.visible(bureau.user, "safety.hazards.view").get(pk=reported.pk).state == "reported"
    with pytest.raises(Forbidden):
        perform(school, reported, "strike_off")


@pytest.mark.requirement("SAF.20")
def test_pressing_is_recorded_counted_and_refused_for_the_finished(
    hazard: Hazard, bureau: Any, school: Any
) -> None:
    press(bureau, hazard, "请于周五前完成")
    pressing = press(bureau, hazard, "再次督办")
    hazard.refresh_from_db()
    assert (hazard.pressings, pressing.created_by, pressing.text) == (2, bureau.user, "再次督办")
    told = Message.objects.filter(event="safety.hazard.pressed", addressee=school.user)
    assert [message.text for message in told.order_by("pk")] == ["请于周五前完成", "再次督办"]
    with pytest.raises(Forbidden):
        press(school, hazard, "催")
    perform(bureau, hazard, "dismiss", {"opinion": "误报"})
    with pytest.raises(Conflict):
        press(bureau, hazard, "催")


def test_an_extension_counts_only_once_agreed(hazard: Hazard, bureau: Any, school: Any) -> None:
    confirmed(bureau, hazard)
    before, later = hazard.due_at, hazard.due_at + timedelta(days=5)  # type: ignore[operator]
    asked = ask_extension(school, hazard, {"until": later, "reason": "配件未到"})
    hazard.refresh_from_db()
    assert hazard.due_at == before
    with pytest.raises(Rejected):
        ask_extension(school, hazard, {"until": later, "reason": "再来一次"})
    perform(bureau, asked, "agree")
    hazard.refresh_from_db()
    assert hazard.due_at == later
    assert todos_for(school.user).get(kind="safety.hazards.submit").due_at == later


def test_the_same_finding_makes_one_hazard(a_hazard: Callable[..., Hazard], inspector: Any) -> None:
    create(inspector, a_hazard(source_key="answer:1"))
    with pytest.raises((Conflict, Rejected)):
        create(inspector, a_hazard(source_key="answer:1"))
    assert Hazard.objects.unscoped().count() == 1


def test_every_step_stands_in_the_chain(hazard: Hazard, bureau: Any) -> None:
    confirmed(bureau, hazard)
    entry = AuditEntry.objects.get(action="move:confirm")
    assert entry.before["state"] == "reported"
    assert (entry.after["state"], entry.after["grade"]) == ("assigned", "large")
    assert list(verify_chain()) == []
    assert SYSTEM.name == "系统"


@pytest.mark.requirement("D03.4")
def test_a_false_alarm_is_told_and_only_the_judge_reopens_it(
    hazard: Hazard, bureau: Any, school: Any, inspector: Any
) -> None:
    with pytest.raises(Rejected):
        perform(bureau, hazard, "dismiss")
    perform(bureau, hazard, "dismiss", {"opinion": "并无堆放"})
    told = Message.objects.get(event="safety.hazard.judged", addressee=inspector.user)
    assert "判为误报" in told.title
    open_rows = Hazard.objects.unscoped().exclude(state__in=hazard.flow.final)
    assert not open_rows.filter(pk=hazard.pk).exists()
    for other in (school, inspector):
        with pytest.raises(Forbidden):
            perform(other, hazard, "reopen", {"opinion": "再看"})
    perform(bureau, hazard, "reopen", {"opinion": "复核"})
    assert [step.move for step in steps_of(hazard)] == ["dismiss", "reopen"]


def test_a_failed_recheck_reminds_the_school_s_inspectors(
    county: County, hazard: Hazard, bureau: Any, school: Any, inspector: Any
) -> None:
    near = county.actor("mei", "inspector", "school")
    far = county.actor("tang", "inspector", "second")
    confirmed(bureau, hazard)
    rectified(school, hazard)
    perform(bureau, hazard, "approve")
    perform(inspector, hazard, "fail_recheck", {"opinion": "仍有堆放"})
    reminders = todos_for(near.user).filter(kind="safety.hazards.reinspect")
    assert [todo.title for todo in reminders] == ["school：疏散通道堆放课桌椅（第 1 轮未整改到位）"]
    assert not todos_for(far.user).exists()
    rectified(school, hazard)
    perform(bureau, hazard, "approve")
    perform(inspector, hazard, "pass_recheck")
    assert not reminders.all().exists()
