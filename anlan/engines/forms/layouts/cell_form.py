"""What may be set on cells, as a form of the page, and the question it makes."""

from typing import Any

from django import forms

from anlan.engines.forms.asking import Lines
from anlan.engines.forms.definition import KINDS, Filling, Form, NumberRule, Option, Question
from anlan.engines.forms.fill_rules import TOTALS
from anlan.engines.forms.knowing import known_data
from anlan.engines.forms.limits import FORMATS
from anlan.engines.forms.question_form import answers_before, conditions_from, options_from
from anlan.engines.forms.vocabularies import offered_words, words_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Rejected

OFFERED = ("number", "text", "long_text", "date", "time", "single", "multi", "person", "org", "photo", "file",
           "signature", "computed")  # fmt: skip
SECTIONS: tuple[dict[str, Any], ...] = (
    {"id": "what", "title": "填什么", "fields": ["type", "text", "required", "hint"]},
    {"id": "number", "title": "数字", "fields": ["unit", "decimals", "minimum", "maximum"]},
    {"id": "words", "title": "文字、日期", "fields": ["pattern", "mask", "max_length", "earliest", "latest"]},
    {"id": "choice", "title": "选项", "fields": ["vocabulary", "choices"]},
    {"id": "before", "title": "预填", "fields": ["known", "preset", "fixed"]},
    {"id": "sum", "title": "公式与汇总", "fields": ["formula", "total"]},
    {"id": "shown", "title": "何时要填", "fields": ["shown_if"]},
)
DAY = "如 2026-10-20；写 today 表示填报当天"


class CellForm(forms.Form):
    """Attributes of one cell, or of several at once."""

    type = forms.ChoiceField(label="填写方式", choices=[(code, KINDS[code]) for code in OFFERED])
    text = forms.CharField(
        label="名称", max_length=200, required=False, help_text="手机上和汇总里这样叫；不填按表头取"
    )
    required = forms.BooleanField(label="必填", required=False)
    hint = forms.CharField(label="填写说明", max_length=300, required=False)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    decimals = forms.IntegerField(label="小数位", required=False, min_value=0, max_value=6)
    minimum = forms.DecimalField(label="不小于", required=False)
    maximum = forms.DecimalField(label="不大于", required=False)
    pattern = forms.ChoiceField(
        label="格式",
        required=False,
        choices=[("", "不限"), *((code, words) for code, (words, _) in FORMATS.items())],
    )
    mask = forms.CharField(
        label="自定格式", max_length=60, required=False, help_text="9 代表数字，A 代表字母，如 A999-99"
    )
    max_length = forms.IntegerField(label="最多字数", required=False, min_value=1, max_value=5000)
    earliest = forms.CharField(label="不早于", max_length=10, required=False, help_text=DAY)
    latest = forms.CharField(label="不晚于", max_length=10, required=False, help_text=DAY)
    vocabulary = forms.ChoiceField(label="从词汇表取选项", required=False)
    choices = Lines(label="选项", required=False, help_text="一行一个")
    known = forms.ChoiceField(label="平台已有的数据", required=False)
    preset = forms.CharField(label="默认值", max_length=200, required=False)
    fixed = forms.BooleanField(label="只读，学校不能改", required=False)
    formula = forms.CharField(
        label="公式", max_length=500, required=False, help_text="如 =SUM(B4:B9)、=ROUND(D4/B4,4)"
    )
    total = forms.ChoiceField(label="各校怎样汇总", choices=list(TOTALS.items()), required=False)
    shown_if = forms.MultipleChoiceField(
        label="前面选了这些答案才填", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, unit: OrgUnit, whole: Form, question: Question, data: Any = None) -> None:
        super().__init__(data, initial=_initial(question))
        self.question, self.unit_of = question, unit
        choices = {
            "vocabulary": [
                ("", "不用词汇表"),
                *((code, words.title) for code, words in offered_words()),
            ],
            "known": [("", "不预填"), *((one.code, one.title) for one in known_data)],
            "shown_if": list(answers_before(whole, question)),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.shown = [section for section in SECTIONS if section["id"] != "shown" or choices["shown_if"]]

    def groups(self) -> list[dict[str, Any]]:
        """Fields under their headings; a group with something in it, or something wrong, stands open."""
        return [
            self._group(section["title"], [self[name] for name in section["fields"]])
            for section in self.shown
        ]

    def _group(self, title: Any, fields: list[Any]) -> dict[str, Any]:
        return {
            "title": title,
            "fields": fields,
            "open": any(field.errors or field.value() for field in fields),
        }

    def made(self) -> Question:
        """The question as set; Rejected at the field that is wrong."""
        given, before = self.cleaned_data, self.question
        kind = given["type"]
        options = self._options(kind)
        return Question(
            uid=before.uid,
            type=kind,
            text=given["text"].strip(),
            required=given["required"] and kind != "computed",
            hint=given["hint"],
            max_length=given["max_length"] or 0,
            options=options,
            number=_rule(given) if kind in ("number", "computed") else None,
            shown_if=conditions_from(given["shown_if"]),
            filling=_filling(given, kind, options),
        )

    def _options(self, kind: str) -> tuple[Option, ...]:
        if kind not in ("single", "multi"):
            return ()
        given = self.cleaned_data
        listed = (
            [title for _, title in words_of(given["vocabulary"], self.unit_of)] if given["vocabulary"] else []
        )
        lines = listed or given["choices"]
        if not lines:
            raise Rejected({"choices": "请写选项，或选一张词汇表"})
        return options_from(lines, self.question)


def _rule(given: dict[str, Any]) -> NumberRule | None:
    places = given["decimals"]
    if given["type"] == "computed" and places is None and not given["unit"]:
        return None
    return NumberRule(given["unit"], given["minimum"], given["maximum"], 2 if places is None else places)


def _filling(given: dict[str, Any], kind: str, options: tuple[Option, ...]) -> Filling:
    wordy, dated = kind in ("text", "long_text", "person"), kind == "date"
    codes, preset = {option.label: option.code for option in options}, given["preset"].strip()
    total = given["total"] or ("formula" if kind == "computed" else "")
    return Filling(
        pattern=(given["mask"].strip() or given["pattern"]) if wordy else "",
        earliest=given["earliest"].strip() if dated else "",
        latest=given["latest"].strip() if dated else "",
        initial="" if kind == "computed" else codes.get(preset, preset),
        known=given["known"],
        fixed=given["fixed"] and kind != "computed",
        formula=given["formula"].strip().removeprefix("=") if kind == "computed" else "",
        total=total,
    )


def _words_of(question: Question, code: str) -> str:
    """A default as people read it; choices are named by their words."""
    return next((option.label for option in question.options if option.code == code), code)


def _initial(question: Question) -> dict[str, Any]:
    rule, number = question.rule, question.number
    return {
        "type": question.type,
        "text": question.text,
        "required": question.required,
        "hint": question.hint,
        "unit": number.unit if number else "",
        "decimals": number.decimals if number else None,
        "minimum": number.minimum if number else None,
        "maximum": number.maximum if number else None,
        "pattern": rule.pattern if rule.pattern in FORMATS else "",
        "mask": "" if rule.pattern in FORMATS else rule.pattern,
        "max_length": question.max_length or None,
        "earliest": rule.earliest,
        "latest": rule.latest,
        "choices": [option.label for option in question.options],
        "known": rule.known,
        "preset": _words_of(question, rule.initial),
        "fixed": rule.fixed,
        "formula": rule.formula,
        "total": rule.total,
        "shown_if": [
            f"{one.question}={code}" for one in question.shown_if if one.question for code in one.among
        ],
    }
