"""Rules a definition must keep beyond its shape; faults are named by their place in the JSON."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from anlan.engines.forms.codec import from_json
from anlan.engines.forms.definition import (
    ANY,
    CELL_KINDS,
    CHOICES,
    KINDS,
    LEVELS,
    VERDICTS,
    Column,
    Condition,
    Evidence,
    Form,
    NumberRule,
    Option,
    Question,
)
from anlan.engines.forms.fill_rules import filling_faults
from anlan.kernel.errors import Rejected

Fault = tuple[str, str]
CODE = re.compile(r"[A-Za-z0-9_-]{1,36}")
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESERVED = ("signature", "location")
WORDS, MANY, TEXT = 500, 600, 2000


def read_form(data: Any) -> Form:
    """The definition from JSON; Rejected with a message for each place at fault."""
    form = from_json(Form, data)
    faults: dict[str, str] = {}
    for place, said in form_faults(form):
        faults.setdefault(place, said)
    if faults:
        raise Rejected(faults)
    return form


def form_faults(form: Form) -> Iterator[Fault]:
    """Everything wrong with a definition."""
    earlier: dict[str, Question] = {}
    if sum(1 for _ in form.questions()) > MANY:
        yield "sections", f"一张表最多 {MANY} 题"
    for at, section in enumerate(form.sections):
        if not section.title.strip():
            yield f"sections.{at}.title", "请填写分组名称"
        for index, question in enumerate(section.questions):
            place = f"sections.{at}.questions.{index}"
            for name, said in question_faults(question, earlier):
                yield f"{place}.{name}", said
            earlier[question.uid] = question


def question_faults(question: Question, earlier: dict[str, Question]) -> Iterator[Fault]:
    """What is wrong with one question; ``earlier`` are those above it."""
    if not CODE.fullmatch(question.uid):
        yield "uid", "编号只用字母、数字、横线，不超过 36 位"
    if question.uid in RESERVED:
        yield "uid", "这个编号另有用处"
    if question.uid in earlier:
        yield "uid", "编号重复"
    if question.type not in KINDS:
        yield "type", "没有这种答案类型"
        return
    yield from _wording(question)
    yield from _for_kind(question)
    for index, evidence in enumerate(question.evidence):
        yield from _placed(f"evidence.{index}", _evidence(evidence, question))
    for index, condition in enumerate(question.shown_if):
        yield from _placed(f"shown_if.{index}", _condition(condition, earlier))


def _wording(question: Question) -> Iterator[Fault]:
    if not question.text.strip():
        yield "text", "请填写检查内容"
    if len(question.text) > WORDS:
        yield "text", f"不超过 {WORDS} 字"
    for name in ("hint", "standard", "fails_when", "basis"):
        if len(getattr(question, name)) > TEXT:
            yield name, f"不超过 {TEXT} 字"
    if question.level not in LEVELS:
        yield "level", "只能是“应”或“宜”"
    if question.item and not UID.fullmatch(question.item):
        yield "item", "题库编号不对"
    if question.score is not None and not 0 <= question.score <= 1000:
        yield "score", "分值在 0 至 1000 之间"
    if any(not phrase.strip() or len(phrase) > 100 for phrase in question.phrases):
        yield "phrases", "常用语不能空，不超过 100 字"


def _for_kind(question: Question) -> Iterator[Fault]:
    if question.type in ("single", "multi"):
        yield from _options(question.options)
    elif question.options:
        yield "options", "这种答案没有选项"
    if question.number is not None:
        yield from _number(question.number)
    if question.type == "table":
        yield from _columns(question.columns)
    elif question.columns:
        yield "columns", "只有表格有列"
    if question.filling is not None:
        yield from _placed("filling", filling_faults(question))
    elif question.type == "computed":
        yield "filling.formula", "请写公式"
    if not 0 <= question.max_length <= 10_000:
        yield "max_length", "在 0 至 10000 之间"


def _options(options: tuple[Option, ...]) -> Iterator[Fault]:
    if not options:
        yield "options", "请至少写一个选项"
    if len({option.code for option in options}) != len(options):
        yield "options", "选项重复"
    for index, option in enumerate(options):
        if not CODE.fullmatch(option.code) or option.code == ANY:
            yield f"options.{index}.code", "选项代码只用字母、数字、横线"
        if not option.label.strip() or len(option.label) > 100:
            yield f"options.{index}.label", "请填写选项，不超过 100 字"
        if option.verdict and option.verdict not in VERDICTS:
            yield f"options.{index}.verdict", "只能是合格、不合格或不适用"


def _number(rule: NumberRule) -> Iterator[Fault]:
    if not 0 <= rule.decimals <= 6:
        yield "number.decimals", "小数位在 0 至 6 之间"
    if rule.minimum is not None and rule.maximum is not None and rule.maximum < rule.minimum:
        yield "number.maximum", "上限不能小于下限"


def _columns(columns: tuple[Column, ...]) -> Iterator[Fault]:
    if not 1 <= len(columns) <= 20:
        yield "columns", "表格有 1 至 20 列"
    if len({column.code for column in columns}) != len(columns):
        yield "columns", "列重复"
    for index, column in enumerate(columns):
        yield from _placed(f"columns.{index}", _column(column))


def _column(column: Column) -> Iterator[Fault]:
    if not CODE.fullmatch(column.code):
        yield "code", "列代码只用字母、数字、横线"
    if not column.label.strip() or len(column.label) > 40:
        yield "label", "请填写列名，不超过 40 字"
    if column.type not in CELL_KINDS:
        yield "type", "表格里不能用这种答案"
    if column.type == "single":
        yield from _options(column.options)
    if column.number is not None:
        yield from _number(column.number)


def _evidence(evidence: Evidence, question: Question) -> Iterator[Fault]:
    known = {ANY} | ({option.code for option in question.choices} if question.type in CHOICES else set())
    if not evidence.when or not set(evidence.when) <= known:
        yield "when", "没有这个答案"
    if not 0 <= evidence.photos <= 20:
        yield "photos", "照片在 0 至 20 张之间"


def _condition(condition: Condition, earlier: dict[str, Question]) -> Iterator[Fault]:
    if bool(condition.question) == bool(condition.fact):
        yield "question", "条件要么看前面的题，要么看单位情况"
    elif condition.question:
        asked = earlier.get(condition.question)
        if asked is None:
            yield "question", "条件只能看前面的题"
        elif asked.type not in CHOICES:
            yield "question", "条件只能看选择题"
        elif not set(condition.among) <= {option.code for option in asked.choices}:
            yield "among", "没有这个答案"
    if not condition.among:
        yield "among", "请写明哪些值"


def _placed(place: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    return ((f"{place}.{name}", said) for name, said in faults)
