"""Rules for how answers are filled in: formats, days, formulas and totals must be such as the type allows."""

from collections.abc import Iterator

from anlan.engines.forms.definition import Filling, Question
from anlan.engines.forms.layouts.formulas import parse
from anlan.engines.forms.limits import FORMATS, MASK, day_of
from anlan.engines.forms.values import Wrong, clean
from anlan.kernel.errors import Rejected

Fault = tuple[str, str]
TOTALS = {"": "不汇总", "sum": "求和", "average": "平均", "count": "计数", "minimum": "最小", "maximum": "最大",
          "list": "逐校列出", "formula": "按公式重算"}  # fmt: skip
OF_NUMBERS = ("sum", "average", "minimum", "maximum")
OF_TEXT = ("text", "long_text", "person")


def filling_faults(question: Question) -> Iterator[Fault]:
    """What is wrong with how a question is filled in."""
    rule = question.rule
    yield from _format_faults(question, rule)
    yield from _day_faults(rule)
    yield from _formula_faults(question, rule)
    if rule.total not in TOTALS:
        yield "total", "没有这种汇总方式"
    elif rule.total in OF_NUMBERS and question.type not in ("number", "computed"):
        yield "total", f"只有数字能{TOTALS[rule.total]}"
    elif rule.total == "formula" and question.type != "computed":
        yield "total", "只有公式单元格能按公式重算"
    yield from _initial_faults(question, rule)


def _format_faults(question: Question, rule: Filling) -> Iterator[Fault]:
    if not rule.pattern:
        return
    if question.type not in OF_TEXT:
        yield "pattern", "只有文字有格式"
    elif rule.pattern not in FORMATS and not MASK.fullmatch(rule.pattern):
        yield "pattern", "格式不超过 60 个字符"


def _day_faults(rule: Filling) -> Iterator[Fault]:
    days = {}
    for name, said in (("earliest", rule.earliest), ("latest", rule.latest)):
        try:
            days[name] = day_of(said)
        except ValueError:
            yield name, "应是日期，如 2026-10-20，或 today（填报当天）"
    first, last = days.get("earliest"), days.get("latest")
    if first and last and last < first:
        yield "latest", "最晚不能早于最早"


def _formula_faults(question: Question, rule: Filling) -> Iterator[Fault]:
    if question.type != "computed":
        if rule.formula:
            yield "formula", "只有公式单元格有公式"
        return
    try:
        parse(rule.formula)
    except Rejected as refusal:
        yield "formula", refusal.message


def _initial_faults(question: Question, rule: Filling) -> Iterator[Fault]:
    if rule.initial:
        try:
            clean(question, [rule.initial] if question.type == "multi" else rule.initial)
        except Wrong as wrong:
            yield "initial", str(wrong)
    if rule.fixed and not (rule.initial or rule.known):
        yield "fixed", "只读的单元格要有默认值，或由平台预填"
