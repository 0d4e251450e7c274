"""What a text or a day may be: known formats, masks, earliest and latest days."""

import re
from datetime import date

from anlan.engines.forms.definition import Filling, Question
from anlan.kernel import clock

TODAY = "today"
FORMATS: dict[str, tuple[str, re.Pattern[str]]] = {
    "digits": ("数字串", re.compile(r"[0-9]+")),
    "mobile": ("手机号码", re.compile(r"1[3-9][0-9]{9}")),
    "telephone": ("电话号码", re.compile(r"(?:0[0-9]{2,3}-?)?[0-9]{7,8}|1[3-9][0-9]{9}")),
    "id_card": ("居民身份证号", re.compile(r"[1-9][0-9]{16}[0-9X]")),
    "credit_code": ("统一社会信用代码", re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")),
    "postcode": ("邮政编码", re.compile(r"[0-9]{6}")),
    "plate": ("车牌号码", re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{5,6}")),
}
MASK = re.compile(r"[^\s].{0,59}")
MASKED = {"9": "[0-9]", "A": "[A-Za-z]", "*": "."}


def outside(question: Question, value: str) -> str:
    """What is wrong with a text or a day; empty where nothing is."""
    rule = question.rule
    if question.type in ("text", "long_text", "person") and rule.pattern:
        return "" if _fits(rule.pattern, value) else f"格式应为{words_of(rule.pattern)}"
    if question.type == "date":
        return _day_fault(rule, value)
    return ""


def _fits(pattern: str, value: str) -> bool:
    if pattern in FORMATS:
        return FORMATS[pattern][1].fullmatch(value) is not None
    return re.fullmatch("".join(MASKED.get(mark, re.escape(mark)) for mark in pattern), value) is not None


def words_of(pattern: str) -> str:
    """A format in words; a mask as it is, 9 standing for a figure and A for a letter."""
    return FORMATS[pattern][0] if pattern in FORMATS else f"“{pattern}”（9 代表数字，A 代表字母）"


def day_of(said: str) -> date | None:
    """The day a limit means; None for no limit. ValueError for anything else."""
    if not said:
        return None
    return clock.today() if said == TODAY else date.fromisoformat(said)


def _day_fault(rule: Filling, value: str) -> str:
    first, last, day = day_of(rule.earliest), day_of(rule.latest), date.fromisoformat(value)
    if first is not None and day < first:
        return f"不早于 {first}"
    if last is not None and day > last:
        return f"不晚于 {last}"
    return ""
