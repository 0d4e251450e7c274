"""The history of a record for its page: workflow steps and audit entries, newest first."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime

from anlan.engines.audit.api import AuditEntry
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.masking import masked
from anlan.engines.workflow.api import steps_of
from anlan.shell.deadlines import long_words
from anlan.shell.parts import Event

CHANNELS = {"web": "网页", "phone": "手机", "api": "接口", "import": "导入", "job": "系统", "system": "系统"}
WORDS = {
    "create": "登记",
    "change": "修改",
    "archive": "归档",
    "unmask": "查看完整个人信息",
    "attach": "上传附件",
    "import": "导入",
    "task:assign": "下发",
    "task:accept": "接收",
    "task:start": "开始执行",
    "task:submit": "提交",
    "task:return": "退回",
    "task:cancel": "撤回",
    "task:transfer": "转办",
    "begin": "开始填写",
    "renew": "续期",
    "merge": "合并",
    "inspect": "记录检验",
    "share.answer": "部门答复",
}
LIMIT, VEILED = 200, "匿名"


def events(ledger: Ledger, record: Any) -> list[Event]:
    """Everything that happened to the record."""
    found = [*_steps(ledger, record), *_entries(ledger, record)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _steps(ledger: Ledger, record: Any) -> Iterator[Event]:
    if not ledger.flow:
        return
    for step in steps_of(record).order_by("-pk")[:LIMIT]:
        state = ledger.flow.states.get(step.target)
        how = CHANNELS.get(step.channel, step.channel)
        said = _said(ledger, step.values)
        who = _who(ledger, record, step.user_id, step.actor)
        yield Event(step.title, who, step.at, said, how, state.tone if state else "idle")


def _who(ledger: Ledger, record: Any, user: int | None, name: str) -> str:
    return VEILED if user is not None and user == ledger.veiled(record) else name


def _entries(ledger: Ledger, record: Any) -> Iterator[Event]:
    rows = AuditEntry.objects.filter(model=record._meta.label_lower, object_id=str(record.pk))
    words = {**WORDS, **ledger.happenings}
    for entry in rows.filter(action__in=words).order_by("-pk")[:LIMIT]:
        text = (
            _changes(ledger, entry.before, entry.after)
            if entry.action in ("change", "renew", "merge")
            else entry.reason
        )
        how = CHANNELS.get(entry.channel, entry.channel)
        who = _who(ledger, record, entry.user_id, entry.actor)
        yield Event(words[entry.action], who, entry.at, text, how)


def _changes(ledger: Ledger, before: dict[str, Any], after: dict[str, Any]) -> str:
    parts = []
    for name in after:
        old, new = (_shown(ledger, name, side.get(name)) for side in (before, after))
        parts.append(f"{_title(ledger, name)}：{old or '未填'} → {new or '未填'}")
    return "；".join(parts)


def _said(ledger: Ledger, values: dict[str, Any]) -> str:
    slots = ledger.flow.files if ledger.flow else ()
    filled = {name: value for name, value in values.items() if value not in (None, "", [])}
    return "；".join(
        f"{_title(ledger, name)} {value} 个" if name in slots else _sentence(ledger, name, value)
        for name, value in filled.items()
    )


def _sentence(ledger: Ledger, name: str, value: Any) -> str:
    shown = _shown(ledger, name, value)
    return shown if name in ("opinion", "measure") else f"{_title(ledger, name)}：{shown}"


def _title(ledger: Ledger, name: str) -> str:
    if name in ledger.files:
        return ledger.files[name]
    try:
        return str(ledger.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _shown(ledger: Ledger, name: str, value: Any) -> str:
    if name in ledger.masked:
        return masked(ledger.masked[name], value)
    try:
        field: Any = ledger.model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    if field.is_relation:
        many = value if isinstance(value, list) else [value]
        found = field.related_model._base_manager.filter(pk__in=[pk for pk in many if pk is not None])
        return "、".join(str(item) for item in found)
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value or ""))):
        return long_words(moment)
    return str(dict(field.flatchoices).get(value, "" if value is None else value))
