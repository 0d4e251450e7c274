"""What a form asks, as data: sections of questions with answer types, conditions, evidence and scores.

The same definition draws the web page, the phone page and the print; it is stored as JSON by
:mod:`codec` and checked by :mod:`checking`. ``Question.uid`` stays the same through all versions of a form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

KINDS: dict[str, str] = {
    "verdict": "合格判定",
    "single": "单选",
    "multi": "多选",
    "text": "文字",
    "long_text": "长文字",
    "number": "数字",
    "date": "日期",
    "time": "时间",
    "photo": "照片",
    "file": "文件",
    "signature": "签名",
    "location": "位置",
    "person": "人员",
    "org": "单位",
    "table": "表格",
    "computed": "公式计算",
}
ASKED = {code: title for code, title in KINDS.items() if code != "computed"}
CELL_KINDS = ("text", "number", "date", "time", "single")
CHOICES = ("verdict", "single", "multi")
PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "not_applicable"
VERDICTS = {PASS: "合格", FAIL: "不合格", NOT_APPLICABLE: "不适用"}
ANY = "any"
LEVELS = {"": "", "must": "应", "should": "宜"}


@dataclass(frozen=True)
class Option:
    """A choice. ``verdict`` makes it count as pass, fail or not_applicable in the statistics."""

    code: str
    label: str
    verdict: str = ""


@dataclass(frozen=True)
class NumberRule:
    """Unit, bounds (both included) and the number of decimals allowed."""

    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 2


@dataclass(frozen=True)
class Evidence:
    """What an answer must bring along. ``when`` lists option codes, or ``any``; ``either``: one of the
    two is enough.
    """

    when: tuple[str, ...]
    photos: int = 0
    note: bool = False
    either: bool = False


@dataclass(frozen=True)
class Condition:
    """Show only if an earlier question (``question``), or a fact of the unit (``fact``), has one of
    these values.
    """

    among: tuple[str, ...]
    question: str = ""
    fact: str = ""


@dataclass(frozen=True)
class Filling:
    """How an answer is filled in. ``pattern``: a known format or a mask for text; ``earliest`` and ``latest``:
    ISO days or ``today``; ``initial`` a value or ``known`` a datum of the unit to begin with, ``fixed`` keeps it;
    ``formula`` computes it; ``total`` says how the answers of several units become one.
    """

    pattern: str = ""
    earliest: str = ""
    latest: str = ""
    initial: str = ""
    known: str = ""
    fixed: bool = False
    formula: str = ""
    total: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table question; of a plain kind."""

    code: str
    label: str
    type: str = "text"
    required: bool = False
    options: tuple[Option, ...] = ()
    number: NumberRule | None = None


PLAIN = Filling()


@dataclass(frozen=True)
class Question:
    """One question; ``item`` is the uid of the bank item it came from, ``score`` the standard score."""

    uid: str
    type: str
    text: str
    item: str = ""
    hint: str = ""
    standard: str = ""
    fails_when: str = ""
    basis: str = ""
    level: str = ""
    required: bool = True
    allow_na: bool = True
    evidence: tuple[Evidence, ...] = ()
    shown_if: tuple[Condition, ...] = ()
    options: tuple[Option, ...] = ()
    number: NumberRule | None = None
    columns: tuple[Column, ...] = ()
    max_length: int = 0
    score: Decimal | None = None
    phrases: tuple[str, ...] = ()
    hazard_category: str = ""
    hazard_grade: str = ""
    filling: Filling | None = None

    @property
    def rule(self) -> Filling:
        """How it is filled in; nothing particular by default."""
        return self.filling or PLAIN

    @property
    def closed(self) -> bool:
        """Whether nobody types the answer: it is computed, or kept as it was filled in beforehand."""
        return self.type == "computed" or self.rule.fixed

    @property
    def choices(self) -> tuple[Option, ...]:
        """What may be chosen, the three verdicts included."""
        if self.type != "verdict":
            return self.options
        codes = VERDICTS if self.allow_na else (PASS, FAIL)
        return tuple(Option(code, VERDICTS[code], code) for code in codes)


@dataclass(frozen=True)
class Section:
    """A titled group of questions."""

    title: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Form:
    """The whole definition; ``signed`` asks for a signature at the end, ``located`` for a place."""

    sections: tuple[Section, ...] = ()
    signed: bool = False
    located: bool = False

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for section in self.sections:
            yield from section.questions

    def by_uid(self) -> dict[str, Question]:
        """Questions by their uid."""
        return {question.uid: question for question in self.questions()}

    def section_of(self, uid: str) -> str:
        """The title of the section a question stands in."""
        titles = (one.title for one in self.sections if any(q.uid == uid for q in one.questions))
        return next(titles, "")
