"""What answers amount to: verdict, score, and what is still missing before they may be submitted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anlan.engines.forms.definition import (
    ANY,
    CHOICES,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Evidence,
    Form,
    Question,
)
from anlan.engines.forms.limits import outside
from anlan.engines.forms.values import out_of_range


@dataclass(frozen=True)
class Given:
    """An answer as the rules look at it."""

    value: Any = None
    note: str = ""
    photos: tuple[str, ...] = ()
    score: Decimal | None = None


NOTHING = Given()


def verdict_of(question: Question, value: Any) -> str:
    """pass, fail or not_applicable as the chosen option counts; empty for answers that judge nothing."""
    if question.type not in ("verdict", "single"):
        return ""
    return next((option.verdict for option in question.choices if option.code == value), "")


def score_of(question: Question, given: Given) -> Decimal | None:
    """Full standard score for a pass, the given one otherwise (0 if none); None where nothing is scored."""
    verdict = verdict_of(question, given.value)
    if question.score is None or verdict in ("", NOT_APPLICABLE):
        return None
    if given.score is not None:
        return given.score
    return question.score if verdict == PASS else Decimal(0)


def missing(form: Form, asked: Iterable[Question], given: Mapping[str, Given]) -> dict[str, list[str]]:
    """What keeps a submission back, by question uid, in the order of the form."""
    found = {question.uid: list(_wants(question, given.get(question.uid, NOTHING))) for question in asked}
    return {uid: said for uid, said in found.items() if said}


def _wants(question: Question, given: Given) -> Iterator[str]:
    if not _answered(question, given):
        if question.required and question.type != "computed":
            yield "请拍照" if question.type == "photo" else "请填写这一项"
        return
    if question.type == "number" and (said := out_of_range(question.number, given.value)):
        yield said
    if isinstance(given.value, str) and (said := outside(question, given.value)):
        yield said
    if question.type == "table":
        yield from _table_wants(question, given.value)
    if given.score is not None and question.score is not None and not 0 <= given.score <= question.score:
        yield f"得分在 0 至 {question.score} 之间"
    for evidence in question.evidence:
        if _applies(evidence, question, given.value):
            yield from _evidence_wants(evidence, given)


def _answered(question: Question, given: Given) -> bool:
    return bool(given.photos) if question.type == "photo" else given.value is not None


def _table_wants(question: Question, rows: list[dict[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        for column in question.columns:
            value = row.get(column.code)
            if value is None and column.required:
                yield f"第 {number} 行：请填写“{column.label}”"
            if value is not None and column.type == "number" and (said := out_of_range(column.number, value)):
                yield f"第 {number} 行：“{column.label}”{said}"


def _applies(evidence: Evidence, question: Question, value: Any) -> bool:
    if ANY in evidence.when:
        return True
    chosen = value if isinstance(value, list) else [value]
    return question.type in CHOICES and any(code in evidence.when for code in chosen)


def _evidence_wants(evidence: Evidence, given: Given) -> Iterator[str]:
    photos = len(given.photos) >= evidence.photos
    note = bool(given.note.strip()) or not evidence.note
    if evidence.either and ((bool(evidence.photos) and photos) or bool(given.note.strip())):
        return
    if not photos:
        lacking = evidence.photos - len(given.photos)
        yield f"还差 {lacking} 张照片" if given.photos else f"请至少拍 {evidence.photos} 张照片"
    if not note:
        yield "请写明情况"


@dataclass(frozen=True)
class Outcome:
    """Counts and scores of a whole submission."""

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    score: Decimal | None = None
    full_score: Decimal | None = None


def outcome(asked: Iterable[Question], given: Mapping[str, Given]) -> Outcome:
    """Counts by verdict; the score out of the standard scores of all questions that were judged."""
    judged = [(q, given[q.uid], verdict_of(q, given[q.uid].value)) for q in asked if q.uid in given]
    scored = [(q, one) for q, one, verdict in judged if q.score is not None and verdict in (PASS, FAIL)]
    scores = [score for q, one in scored if (score := score_of(q, one)) is not None]
    verdicts = [verdict for _, _, verdict in judged]
    return Outcome(
        passed=verdicts.count(PASS),
        failed=verdicts.count(FAIL),
        not_applicable=verdicts.count(NOT_APPLICABLE),
        score=sum(scores, Decimal(0)) if scored else None,
        full_score=sum((q.score for q, _ in scored if q.score is not None), Decimal(0)) if scored else None,
    )
