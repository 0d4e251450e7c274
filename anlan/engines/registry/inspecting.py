"""Rows with a cycle: the next date is worked out from rule, start and results, and kept with the row.

A result is written once by the act 记录检验 and never changed; the next date follows in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db import models, transaction

from anlan.engines.audit.api import SYSTEM, Actor, Written, WrittenTogether, change, create
from anlan.engines.files.api import attach, attachments_of_many, register_reader
from anlan.engines.org.api import Record
from anlan.engines.registry.acting import Act, asked_by
from anlan.engines.registry.cycle_rules import CycleSetting, Rules
from anlan.engines.registry.cycles import Done, Pause, Rule, next_due
from anlan.engines.registry.declaring import Block, Ledger
from anlan.engines.registry.entries import Entry
from anlan.engines.registry.evidence import SeveralFiles, may_read_files
from anlan.engines.registry.known import ledger_of, ledgers, ledgers_of
from anlan.engines.registry.saving import fixed
from anlan.engines.tasks.api import Job, background, enqueue
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

CHUNK, REPORT = 500, "report"


class Cycled(Entry):
    """A row with a cycle; ``next_on`` and ``next_check`` are worked out, never typed."""

    next_on = models.DateField("下次日期", null=True, blank=True, editable=False, db_index=True)
    next_check = models.CharField("下次事项", max_length=40, blank=True, editable=False)

    class Meta(Entry.Meta):
        abstract = True

    def pauses(self) -> list[Pause]:
        """Hook: when the thing was out of use."""
        return []


class CheckResult(Record):
    """One check that was made."""

    ledger = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    check_code = models.CharField(max_length=40)
    title = models.CharField("事项", max_length=40)
    day = models.DateField("日期")
    passed = models.BooleanField("合格", default=True)
    body = models.CharField("检验单位", max_length=80, blank=True)
    number = models.CharField("报告编号", max_length=60, blank=True)
    until = models.DateField("报告载明的下次日期", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = "检验记录"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["ledger", "object_id"], name="registry_check_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "object_id", "check_code", "day"], name="registry_check_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.day}"

    def as_done(self) -> Done:
        """The result for the calendar."""
        return Done(self.day, self.check_code, self.passed, self.until)


@dataclass(frozen=True)
class Checked:
    """Event: a check of ``record`` was written down; same transaction."""

    actor: Actor
    ledger: Ledger
    record: Any
    result: CheckResult


def _may_read(user: Any, pk: int) -> bool:
    """Reports are read by whoever sees the row they are about."""
    result = CheckResult.objects.unscoped().filter(pk=pk).first()
    ledger = ledgers.get(result.ledger) if result else None
    return bool(result and ledger and may_read_files(ledgers_of(ledger.model), user, result.object_id))


register_reader("registry.checkresult", _may_read)


def results_of(ledger: Ledger, keys: Iterable[int]) -> dict[int, list[CheckResult]]:
    """Results by the key of their row, the latest first."""
    rows = CheckResult.objects.unscoped().filter(ledger=ledger.code, object_id__in=keys, archived_at=None)
    found: dict[int, list[CheckResult]] = defaultdict(list)
    for row in rows.select_related("created_by").order_by("-day", "-pk"):
        found[row.object_id].append(row)
    return found


def cycle_start(ledger: Ledger) -> str:
    """The field the cycle is counted from."""
    return ledger.cycle.split()[1]


def rule_of(ledger: Ledger, record: Any, known: Rules) -> Rule | None:
    """The rule in force for a row; None where no rule fits it."""
    code = ledger.cycle.split()[0].format_map(
        {f.name: f.value_from_object(record) for f in record._meta.fields}
    )
    return known.at(record.org, code)


def reckon(ledger: Ledger, record: Any, known: Rules, results: list[CheckResult]) -> dict[str, Any]:
    """What is due next, as values of the row."""
    rule = rule_of(ledger, record, known)
    start = getattr(record, cycle_start(ledger))
    pauses = record.pauses() if record.pk and results else []
    due = next_due(rule, start, [one.as_done() for one in results], pauses) if rule else None
    return {"next_on": due.on if due else None, "next_check": due.title if due else ""}


def reckoned(rows: list[Any], made: Mapping[int, list[CheckResult]] | None = None) -> list[Any]:
    """Rows stored in bulk, with next dates and first state; ``made``: results so far by the key of a stored row."""
    known = Rules()
    for row in rows:
        ledger = ledger_of(type(row))
        if hasattr(row, "flow"):
            row.state = row.state or row.flow.initial
        if ledger is not None and ledger.cycle:
            for name, value in reckon(ledger, row, known, (made or {}).get(row.pk, [])).items():
                setattr(row, name, value)
    return rows


def refresh(ledger: Ledger, record: Any, known: Rules | None = None, results: Any = None) -> None:
    """Work the next date out again and store it where it differs."""
    found = results if results is not None else results_of(ledger, [record.pk])[record.pk]
    values = reckon(ledger, record, known or Rules(), found)
    if any(getattr(record, name) != value for name, value in values.items()):
        change(SYSTEM, record, values, action="cycle")


@events.on(Written)
def follow_the_row(event: Written) -> None:
    """Handler: a new row, or one whose start or kind has changed, gets its next date; so do all under a new rule."""
    record = event.record
    if isinstance(record, CycleSetting):
        enqueue(SYSTEM, reckon_again)
    elif isinstance(record, Cycled) and event.action not in ("cycle", "archive") and not event.together:
        ledger = ledger_of(type(record))
        if ledger is not None and ledger.cycle and record.archived_at is None:
            refresh(ledger, record, results=[] if event.action == "create" else None)


@events.on(WrittenTogether)
def follow_the_rows(event: WrittenTogether) -> None:
    """Handler: the same for many new rows under the rules read once."""
    ledger = ledger_of(type(event.records[0]))
    if ledger is not None and ledger.cycle:
        known = Rules()
        for record in event.records:
            refresh(ledger, record, known, [])


@background("重新推算检验日期")
def reckon_again(job: Job) -> dict[str, Any]:
    """Every row of every ledger with a cycle, after a rule was changed; may be repeated."""
    known, touched = Rules(), 0
    for ledger in ledgers:
        if ledger.cycle and ledger_of(ledger.model) is ledger:
            touched += _reckon_all(ledger, known)
    return {"rows": touched}


def _reckon_all(ledger: Ledger, known: Rules) -> int:
    keys = list(ledger.model.objects.unscoped().filter(archived_at=None).values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        part = keys[first : first + CHUNK]
        results = results_of(ledger, part)
        for row in ledger.model.objects.unscoped().filter(pk__in=part).select_related("org"):
            refresh(ledger, row, known, results[row.pk])
    return len(keys)


@transaction.atomic
def record_check(
    actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any], papers: Iterable[Any] = ()
) -> CheckResult:
    """Write a result down; Rejected for a day to come, before the start, or a check not of the rule."""
    rule = rule_of(ledger, record, Rules())
    check = rule.check(values["check_code"]) if rule else None
    if check is None:
        raise Rejected({"check_code": "请选择检验事项"})
    if fault := _wrong_day(ledger, record, values):
        raise Rejected(fault)
    if any(
        one.day == values["day"] and one.check_code == check.code
        for one in results_of(ledger, [record.pk])[record.pk]
    ):
        raise Conflict("这一天的这次检验已经记录过")
    result = CheckResult(org=record.org, ledger=ledger.code, object_id=record.pk, title=check.title, **values)
    create(actor, result)
    for paper in papers:
        attach(actor, result, paper, REPORT)
    change(actor, record, {}, action="inspect")
    events.publish(Checked(actor, ledger, record, result))
    return result


def _wrong_day(ledger: Ledger, record: Any, values: dict[str, Any]) -> dict[str, str]:
    day, until = values["day"], values.get("until")
    start = getattr(record, cycle_start(ledger))
    if day > clock.today():
        return {"day": "检验日期不能晚于今天"}
    if start and day < start:
        return {"day": f"检验日期不能早于 {start}"}
    return {"until": "下次日期要晚于检验日期"} if until and until <= day else {}


class CheckForm(forms.Form):
    """What is asked about a check."""

    check_code = forms.ChoiceField(label="检验事项")
    day = forms.DateField(label="检验日期", widget=forms.DateInput(format="%Y-%m-%d"))
    passed = forms.TypedChoiceField(
        label="结论",
        choices=[("1", "合格"), ("0", "不合格")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
    )
    body = forms.CharField(label="检验单位", max_length=80, required=False)
    number = forms.CharField(label="报告编号", max_length=60, required=False)
    until = forms.DateField(
        label="报告载明的下次日期",
        required=False,
        help_text="不填则按规则推算",
        widget=forms.DateInput(format="%Y-%m-%d"),
    )
    note = forms.CharField(label="说明", max_length=300, required=False)
    papers = SeveralFiles(label="检验报告", required=False)


def _form(ledger: Ledger, record: Any, data: Any = None, files: Any = None) -> forms.Form:
    """The form with the checks of the row's rule, the one due first."""
    form, rule = CheckForm(data, files), rule_of(ledger, record, Rules())
    checks = [(check.code, check.title) for check in rule.checks] if rule else []
    form.fields["check_code"].choices = sorted(  # type: ignore[attr-defined]
        checks, key=lambda pair: pair[1] != record.next_check
    )
    form.initial = {"day": clock.today()}
    return form


def results_panel(ledger: Ledger, record: Any) -> dict[str, Any] | None:
    """What the panel of results shows; None without any."""
    found = results_of(ledger, [record.pk])[record.pk]
    files = attachments_of_many(found, REPORT)
    shown = [
        {"result": one, "files": [(item.name, item.address("download")) for item in files.get(one.pk, ())]}
        for one in found
    ]
    return {"results": shown} if shown else None


def add_checks(declaration: type[Ledger], ledger: Ledger) -> None:
    """Give a ledger with a ``cycle`` the act 记录检验 and the panel of results."""

    def checking(self: Ledger, actor: Actor, record: Any, values: dict[str, Any]) -> str:
        said = dict(values)
        record_check(actor, self, record, said, said.pop("papers", ()))
        return ""

    def check_results(self: Ledger, request: Any, record: Any) -> dict[str, Any] | None:
        return results_panel(self, record)

    checking.act = Act(  # type: ignore[attr-defined]
        "记录检验",
        ledger.permission("edit"),
        asked_by(partial(_form, ledger)),
        when=lambda record: not fixed(ledger, record) and bool(rule_of(ledger, record, Rules())),
        icon="clipboard-check",
        kind="primary",
        name="checking",
    )
    check_results.block = Block(  # type: ignore[attr-defined]
        "检验记录", "registry/check_results.html", "check_results", printed=True
    )
    declaration.checking = checking  # type: ignore[attr-defined]
    declaration.check_results = check_results  # type: ignore[attr-defined]
