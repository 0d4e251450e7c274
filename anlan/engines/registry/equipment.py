"""Equipment: one life and one repair loop for every kind of it (in use, repair, stopped, scrapped)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models

from anlan.engines.audit.api import SYSTEM
from anlan.engines.registry.cycle_rules import Rules
from anlan.engines.registry.cycles import Pause, wants_restart_check
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.inspecting import Checked, Cycled, results_of, rule_of
from anlan.engines.registry.known import ledger_of
from anlan.engines.registry.lede import counted_words
from anlan.engines.workflow.api import (
    FlowRecord,
    Workflow,
    back,
    doing,
    done,
    idle,
    move,
    perform,
    review,
    steps_of,
)
from anlan.kernel import clock, events

IN_USE = models.Q(state__in=("in_use", "reported", "repairing", "repaired"))
AT_REST = ("stopped", "scrapped")


class Equipment(Cycled, FlowRecord):
    """A piece of equipment; ``life`` of its ledger gives it the flow.

    A kind of equipment may say: ``WORKING_DAYS`` by step; ``ASKED``, what is needed and may be said to mend and to
    confirm; ``REPAIR_FILES``, slots filled on the way; ``AFTER_FAILURE``, the step a failed check takes.
    """

    fault = models.TextField("情况说明", blank=True)

    WORKING_DAYS: ClassVar[Mapping[str, int]] = {"accept": 3, "finish": 7, "confirm": 3}
    ASKED: ClassVar[Mapping[str, tuple[str, str]]] = {"finish": ("fault", "")}
    REPAIR_FILES: ClassVar[str] = ""
    AFTER_FAILURE: ClassVar[str] = "stop"

    class Meta(FlowRecord.Meta):
        abstract = True

    def hinders(self, step: str, user: Any) -> str | None:
        """Hook: why this person may not take this step of the life now; None: they may."""
        return None

    def desk(self, step: str) -> Iterable[Any]:
        """Hook: on whose desks a step lies; one None: of everybody who holds its right."""
        return (None,)

    def also_writes(self, step: str) -> dict[str, Any]:
        """Hook: what a step of the life writes beside what people say."""
        return {}

    @property
    def at_rest(self) -> bool:
        """Out of use: its dates are not judged."""
        return self.state in AT_REST

    def held_back(self) -> str:
        """Hook: what must be done before a stopped piece is used again, in words; empty: nothing."""
        return ""

    def pauses(self) -> list[Pause]:
        """When it was stopped, from the steps of its life."""
        return list(
            _pauses([(step.target, step.at.astimezone(clock.zone()).date()) for step in steps_of(self)])
        )


def _pauses(steps: list[tuple[str, date]]) -> Iterator[Pause]:
    since = None
    for state, day in steps:
        if state == "stopped" and since is None:
            since = day
        elif state != "stopped" and since is not None:
            yield Pause(since, day)
            since = None
    if since is not None:
        yield Pause(since)


class Inventory(Ledger):
    """Base of ledgers of equipment: the next check expires while in use, and every piece has a label."""

    expires: ClassVar[str] = "next_on"
    watched: ClassVar[models.Q] = IN_USE
    labels: ClassVar[bool] = True

    def lede(self, rows: Any, user: Any) -> str:
        """How many there are and are in use; a piece in use is no open matter."""
        there = rows.filter(archived_at=None)
        used = counted_words(there.filter(self.watched))
        noun = self.noun or "件"
        return f"共 {counted_words(there)} {noun}，在用（含维修）{used} {noun}"


STATES = {
    "in_use": done("在用"),
    "reported": back("报修"),
    "repairing": doing("维修中"),
    "repaired": review("待确认", "确认修复"),
    "stopped": idle("停用"),
    "scrapped": idle("报废"),
}


def live(model: type[Any], title: Any, *, keepers: str, menders: str = "") -> None:
    """Give equipment its life: ``keepers`` report, confirm, stop and scrap, ``menders`` accept and repair."""
    said = {
        "code": f"{model._meta.app_label}.{model._meta.model_name}_life",
        "title": str(title),
        "model": model,
        "states": STATES,
        "initial": "in_use",
        "final": "scrapped",
        "files": model.REPAIR_FILES,
    }
    type(f"{model.__name__}Life", (Workflow,), said | _steps(model, keepers, menders or keepers))


def _steps(model: type[Any], keepers: str, menders: str) -> dict[str, Any]:
    def step(name: str, words: str, source: str, target: str, by: str = keepers, **more: Any) -> Any:
        needs, takes = model.ASKED.get(name, (more.pop("needs", ""), ""))
        more = {"guard": _guard(name), "within_days": model.WORKING_DAYS.get(name)} | more
        more = {"effect": _effect(name), "desk": lambda record: record.desk(name)} | more
        return move(words, source, target, by=by, needs=needs, takes=takes, **more)

    asked: dict[str, Any] = {"needs": "fault", "duty": False}
    restart: dict[str, Any] = {"guard": may_restart, "duty": False}
    return {
        "report": step("report", "报修", "in_use", "reported", **asked),
        "accept": step("accept", "受理", "reported", "repairing", menders),
        "finish": step("finish", "修好送验", "repairing", "repaired", menders),
        "confirm": step("confirm", "确认修复", "repaired", "in_use"),
        "redo": step("redo", "没有修好", "repaired", "repairing", **asked),
        "stop": step("stop", "停用", "in_use reported repairing", "stopped", **asked),
        "restart": step("restart", "恢复使用", "stopped", "in_use", **restart),
        "scrap": step("scrap", "报废", "in_use reported repairing stopped", "scrapped", **asked),
    }


def _guard(step: str) -> Callable[[Any, Any], str | None]:
    return lambda record, user: record.hinders(step, user)


def _effect(step: str) -> Callable[[Any, Any], dict[str, Any]]:
    # What is in use again, or out of use, has no deadline left.
    over = {"due_at": None} if step in ("confirm", "stop", "restart") else {}
    return lambda record, actor: over | record.also_writes(step)


def may_restart(record: Any, user: Any) -> str | None:
    """Guard: nothing past its check, failed, or stopped for long, is used again without a new report."""
    if why := record.held_back():
        return str(why)
    if record.next_on is not None and record.next_on < clock.today():
        return f"{record.next_check}已于 {record.next_on} 到期，请先记录检验"
    ledger, pauses = ledger_of(type(record)), record.pauses()
    rule = rule_of(ledger, record, Rules()) if ledger is not None and ledger.cycle else None
    if rule is None or ledger is None or not pauses:
        return None
    made = [one.as_done() for one in results_of(ledger, [record.pk])[record.pk]]
    lacking = wants_restart_check(rule, made, pauses[-1], clock.today())
    return f"停用已满 {rule.restart} 个月，请先记录{rule.checks[0].title}" if lacking else None


@events.on(Checked)
def stop_what_failed(event: Checked) -> None:
    """Handler: what failed its check is out of use at once."""
    record = event.record
    if isinstance(record, Equipment) and not event.result.passed and record.state == "in_use":
        words = f"{event.result.title}不合格 {event.result.note}".strip()
        perform(SYSTEM, record, record.AFTER_FAILURE, {"fault": words})
