"""Answers on their way in: read from JSON or a posted page, checked for form, before anything is stored."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from anlan.engines.forms.definition import Form, NumberRule, Question
from anlan.engines.forms.values import Wrong, clean, half_width, uid_list, uid_text
from anlan.kernel import clock, ids
from anlan.kernel.errors import Rejected

KEYS = {"uid", "question", "value", "note", "photos", "score", "at"}
NOTE = 2000
SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class AnswerIn:
    """One answer as a client sends it; ``at`` is the client's own time."""

    question: str
    value: Any = None
    note: str = ""
    photos: tuple[str, ...] = ()
    score: Decimal | None = None
    at: datetime = field(default_factory=clock.now)
    uid: UUID = field(default_factory=ids.new_uid)

    @property
    def says(self) -> bool:
        """Whether there is anything in it; an empty one only clears an earlier answer."""
        return self.value is not None or bool(self.note or self.photos)


def answers_from_json(data: Any) -> list[AnswerIn]:
    """Read the ``answers`` list of a request body; Rejected where its shape is wrong."""
    if not isinstance(data, list) or len(data) > 1000:
        raise Rejected({"answers": "应是答案的列表"})
    return [read_answer(one, f"answers.{index}") for index, one in enumerate(data)]


def read_answer(one: Any, place: str = "answer") -> AnswerIn:
    """One answer of a request; Rejected at its question, or at ``place`` where it names none."""
    if not isinstance(one, dict) or not isinstance(one.get("question"), str) or set(one) - KEYS:
        raise Rejected({place: "答案不完整"})
    question = one["question"]
    try:
        return AnswerIn(
            question=question,
            value=one.get("value"),
            note=_note(one.get("note")),
            photos=tuple(uid_list(one.get("photos") or [])),
            score=_score(one.get("score")),
            at=client_time(one.get("at")) or clock.now(),
            uid=UUID(uid_text(one["uid"])) if one.get("uid") else ids.new_uid(),
        )
    except Wrong as wrong:
        raise Rejected({question: str(wrong)}) from None


def client_time(raw: Any) -> datetime | None:
    """A moment with its zone, as phones send it; one ahead of the server counts as now. Wrong for
    anything else.
    """
    if raw in (None, ""):
        return None
    try:
        moment = parse_datetime(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Wrong("时间应带时区，如 2026-10-20T09:10:00+08:00")
    now = clock.now()
    return now if moment > now + SKEW else moment


def _note(raw: Any) -> str:
    return clean(Question("note", "long_text", "", max_length=NOTE), raw) or ""


def _score(raw: Any) -> Decimal | None:
    if raw in (None, ""):
        return None
    rule = NumberRule(decimals=2)
    return Decimal(clean(Question("score", "number", "", number=rule), half_width(raw)))


def cleaned(form: Form, answers: Iterable[AnswerIn]) -> list[AnswerIn]:
    """The answers with canonical values, the latest per question; Rejected with all messages by question."""
    known = form.by_uid()
    faults: dict[str, str] = {}
    latest: dict[str, AnswerIn] = {}
    for one in answers:
        question = known.get(one.question)
        if question is None:
            faults[one.question[:36] or "?"] = "表里没有这一题"
            continue
        try:
            value = clean(question, one.value)
        except Wrong as wrong:
            faults[one.question] = str(wrong)
            continue
        if one.question not in latest or latest[one.question].at <= one.at:
            latest[one.question] = AnswerIn(
                one.question, value, one.note.strip(), one.photos, one.score, one.at, one.uid
            )
    if faults:
        raise Rejected(faults)
    return list(latest.values())


def body_of(raw: bytes) -> dict[str, Any]:
    """A request body that is a JSON object; Rejected for anything else."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise Rejected({"": "内容不是 JSON"}) from None
    if not isinstance(data, dict):
        raise Rejected({"": "内容应是一组名称和值"})
    return data
