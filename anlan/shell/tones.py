"""The one table of status tones and risk grades; templates never choose a colour."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Tone:
    """A status tone: code (CSS class ``is-<code>``), shape beside the colour, sample words."""

    code: str
    shape: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Grade:
    """A risk grade of the national four-colour practice: number 1 (most serious) to 4, printed word."""

    number: int
    word: str


def _tone(code: str, shape: str, words: str) -> Tone:
    return Tone(code, shape, tuple(words.split()))


TONES = MappingProxyType(
    {
        tone.code: tone
        for tone in (
            _tone("idle", "empty ring", "草稿 未开始 待核实 不适用 作废 已撤回"),
            _tone("todo", "quarter", "待整改 待提交 临期"),
            _tone("doing", "half", "整改中 检查中 评分中 审核中"),
            _tone("review", "three quarters", "待审核 待复查 待确认 复核中"),
            _tone("done", "full", "已销号 合格 达标 通过 已录取 已阅"),
            _tone("late", "triangle", "逾期 不合格 未达标 不通过"),
            _tone("back", "diamond", "退回 补正 需重拍"),
        )
    }
)

GRADES = MappingProxyType(
    {g.number: g for g in (Grade(1, "重大"), Grade(2, "较大"), Grade(3, "一般"), Grade(4, "低"))}
)
GRADE_WORDS = MappingProxyType({grade.word: grade for grade in GRADES.values()})


def tone(code: str) -> Tone:
    """Return the tone with this code; KeyError names the seven allowed codes."""
    try:
        return TONES[code]
    except KeyError:
        raise KeyError(f"unknown tone {code!r}; one of {', '.join(TONES)}") from None


def grade(value: int | str) -> Grade:
    """Return the risk grade given as number 1 to 4 or as its word; KeyError otherwise."""
    found = GRADE_WORDS.get(str(value)) or (GRADES.get(int(value)) if str(value).isdigit() else None)
    if found is None:
        raise KeyError(f"unknown risk grade {value!r}")
    return found
