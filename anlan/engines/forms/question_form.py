"""One question of a form as fields of a page, and back."""

from collections.abc import Iterator
from typing import Any

from django import forms

from anlan.engines.forms.asking import Lines, one_of, several
from anlan.engines.forms.definition import (
    ANY,
    ASKED,
    CELL_KINDS,
    CHOICES,
    FAIL,
    KINDS,
    VERDICTS,
    Column,
    Condition,
    Evidence,
    Form,
    NumberRule,
    Option,
    Question,
)
from anlan.engines.forms.vocabularies import HAZARD_CATEGORY, HAZARD_GRADE, SCHOOL_TYPE
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Rejected

TITLES = {title: code for code, title in {**VERDICTS}.items()}
CELL_TITLES = {KINDS[code]: code for code in CELL_KINDS if code != "single"}
PLAIN = (
    "text",
    "type",
    "standard",
    "fails_when",
    "hint",
    "basis",
    "level",
    "required",
    "allow_na",
    "score",
    "hazard_category",
    "hazard_grade",
)


class QuestionForm(forms.Form):
    """Type, wording, standard, evidence, score, choices, bounds, columns and conditions of one question."""

    text = forms.CharField(label="检查内容", max_length=500)
    type = forms.ChoiceField(label="答案类型", choices=list(ASKED.items()))
    required = forms.BooleanField(label="必填", required=False)
    standard = forms.CharField(
        label="检查标准", max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    fails_when = forms.CharField(
        label="何种情形不合格", max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    hint = forms.CharField(
        label="检查方法", max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    basis = forms.CharField(label="依据条款", max_length=2000, required=False)
    level = forms.ChoiceField(
        label="要求程度", choices=[("", "不分"), ("must", "应"), ("should", "宜")], required=False
    )
    score = forms.DecimalField(label="标准分", required=False, min_value=0, max_value=1000, decimal_places=2)
    allow_na = forms.BooleanField(label="可以选“不适用”", required=False)
    photos = forms.IntegerField(label="至少几张照片", required=False, min_value=0, max_value=20)
    note = forms.BooleanField(label="须写明情况", required=False)
    phrases = Lines(label="常用语", required=False, help_text="一行一句")
    choices = Lines(
        label="选项", required=False, help_text="单选、多选用，一行一个；要计入合格率的写成“选项=合格”"
    )
    unit = forms.CharField(label="数字的单位", max_length=20, required=False)
    minimum = forms.DecimalField(label="不小于", required=False)
    maximum = forms.DecimalField(label="不大于", required=False)
    decimals = forms.IntegerField(label="小数位", required=False, min_value=0, max_value=6)
    columns = Lines(label="表格的列", required=False, help_text="一行一列，可写成“数量=数字”")
    shown_if = forms.MultipleChoiceField(
        label="前面选了这些答案才问", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, unit: OrgUnit, whole: Form, question: Question, data: Any = None) -> None:
        super().__init__(data, initial=_initial(question))
        self.question = question
        self.fields["school_types"] = several(unit, SCHOOL_TYPE, "只问这些学校类型", "不选为全部类型")
        self.fields[HAZARD_CATEGORY] = one_of(
            unit, HAZARD_CATEGORY, "不合格时建议的隐患类别", question.hazard_category
        )
        self.fields[HAZARD_GRADE] = one_of(unit, HAZARD_GRADE, "不合格时建议的隐患等级")
        self.fields["shown_if"].choices = list(answers_before(whole, question))  # type: ignore[attr-defined]

    def made(self) -> Question:
        """The question as filled in; Rejected at the field where lines cannot be read."""
        given = self.cleaned_data
        kind = given["type"]
        plain = {name: given[name] for name in PLAIN}
        return Question(
            uid=self.question.uid,
            item=self.question.item,
            max_length=self.question.max_length,
            phrases=tuple(given["phrases"]),
            options=options_from(given["choices"], self.question) if kind in ("single", "multi") else (),
            number=_bounds(given) if kind == "number" else None,
            columns=_columns(given["columns"], self.question) if kind == "table" else (),
            evidence=_evidence(given, self.question),
            shown_if=_conditions(given, self.question),
            filling=self.question.filling,
            **plain,
        )


def _initial(question: Question) -> dict[str, Any]:
    plain = {name: getattr(question, name) for name in PLAIN}
    evidence = question.evidence[0] if question.evidence else Evidence((ANY,))
    rule = question.number or NumberRule()
    types = [value for one in question.shown_if if one.fact == "school_type" for value in one.among]
    return {
        **plain,
        "photos": evidence.photos,
        "note": evidence.note,
        "phrases": list(question.phrases),
        "choices": [_option_line(option) for option in question.options],
        "unit": rule.unit,
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "decimals": rule.decimals,
        "columns": [_column_line(column) for column in question.columns],
        "shown_if": [
            f"{one.question}={code}" for one in question.shown_if if one.question for code in one.among
        ],
        "school_types": types,
    }


def _option_line(option: Option) -> str:
    return f"{option.label}={VERDICTS[option.verdict]}" if option.verdict else option.label


def _column_line(column: Column) -> str:
    return column.label if column.type == "text" else f"{column.label}={KINDS[column.type]}"


def answers_before(whole: Form, question: Question) -> Iterator[tuple[str, str]]:
    """Answers of choice questions above this one, as options of a field."""
    for one in whole.questions():
        if one.uid == question.uid:
            return
        if one.type in CHOICES:
            yield from ((f"{one.uid}={o.code}", f"{one.text[:30]}：{o.label}") for o in one.choices)


def options_from(lines: list[str], before: Question) -> tuple[Option, ...]:
    """Options keep their code as long as their words stay; new ones get the next free one."""
    kept = {option.label: option.code for option in before.options}
    found: list[Option] = []
    taken = set(kept.values())
    for line in lines:
        label, _, verdict = (part.strip() for part in line.partition("="))
        if verdict and verdict not in TITLES:
            raise Rejected({"choices": f"“{line}”：等号后只能写合格、不合格或不适用"})
        code = kept.get(label) or next(c for n in range(1, 400) if (c := f"o{n}") not in taken)
        taken.add(code)
        found.append(Option(code, label, TITLES.get(verdict, "")))
    return tuple(found)


def _columns(lines: list[str], before: Question) -> tuple[Column, ...]:
    kept = {column.label: column for column in before.columns}
    taken = {column.code for column in before.columns}
    found: list[Column] = []
    for line in lines:
        label, _, kind = (part.strip() for part in line.partition("="))
        if kind and kind not in CELL_TITLES:
            raise Rejected({"columns": f"“{line}”：等号后只能写{'、'.join(CELL_TITLES)}"})
        code = (
            kept[label].code if label in kept else next(c for n in range(99) if (c := f"c{n}") not in taken)
        )
        taken.add(code)
        found.append(Column(code, label, CELL_TITLES.get(kind, "text")))
    return tuple(found)


def _bounds(given: dict[str, Any]) -> NumberRule:
    places = given["decimals"]
    return NumberRule(given["unit"], given["minimum"], given["maximum"], 2 if places is None else places)


def _evidence(given: dict[str, Any], before: Question) -> tuple[Evidence, ...]:
    """The first rule as the page asks it; further ones stay while the answers they name stay."""
    further = before.evidence[1:] if given["type"] == before.type else ()
    if not (given["photos"] or given["note"]):
        return further
    same = bool(before.evidence) and given["type"] == before.type
    when = before.evidence[0].when if same else ((FAIL,) if given["type"] == "verdict" else (ANY,))
    either = before.evidence[0].either if same else False
    return (Evidence(when, given["photos"] or 0, given["note"], either), *further)


def _conditions(given: dict[str, Any], before: Question) -> tuple[Condition, ...]:
    types = (Condition(tuple(given["school_types"]), fact="school_type"),) if given["school_types"] else ()
    other = tuple(one for one in before.shown_if if one.fact and one.fact != "school_type")
    return (*conditions_from(given["shown_if"]), *types, *other)


def conditions_from(pairs: list[str]) -> tuple[Condition, ...]:
    """Conditions on earlier answers, chosen as pairs of question and option."""
    by_question: dict[str, list[str]] = {}
    for pair in pairs:
        uid, _, code = pair.partition("=")
        by_question.setdefault(uid, []).append(code)
    return tuple(Condition(tuple(codes), question=uid) for uid, codes in by_question.items())
