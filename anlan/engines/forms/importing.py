"""Items from rows: checked all, then stored all or only the good ones; the same rows again store
nothing (D01.2, SAF.10).

Reading spreadsheets belongs to the exchange engine; :func:`rows_from_text` turns the numbered lines of
a document into rows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from anlan.engines.audit.api import Actor, create, create_all
from anlan.engines.forms.bank import DEPTH, LIVE, Item, ItemCategory, tidy
from anlan.engines.forms.definition import ASKED, LEVELS, NumberRule
from anlan.engines.forms.rights import require_over
from anlan.engines.forms.values import Wrong, number_text
from anlan.engines.forms.vocabularies import HAZARD_CATEGORY, HAZARD_GRADE, SCHOOL_TYPE, Glossary
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Rejected

NUMBERED = re.compile(
    r"^\s*(?:[（(]?\d{1,3}[)）.．、]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．])\s*(?P<text>\S.*)$"
)
YES = {"是", "要", "需要", "必须", "1", "true", "yes", "√"}
SEPARATORS = re.compile(r"[；;\n]")


@dataclass(frozen=True)
class ItemRow:
    """One row as read, all text; ``category`` is the classes from the major one down. ``number`` is its
    row in the file.
    """

    number: int
    category: tuple[str, ...]
    wording: str
    standard: str = ""
    answer_type: str = ""
    fails_when: str = ""
    method: str = ""
    basis: str = ""
    score: str = ""
    photos: str = ""
    note_required: str = ""
    level: str = ""
    phrases: str = ""
    school_types: str = ""
    hazard_category: str = ""
    hazard_grade: str = ""
    code: str = ""


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row, and in which field."""

    row: int
    field: str
    text: str


@dataclass(frozen=True)
class ImportResult:
    """What came of an import; ``there_already`` are the numbers of rows whose item the bank holds."""

    stored: tuple[Item, ...]
    there_already: tuple[int, ...]
    errors: tuple[RowError, ...]


class _Bank:
    """The categories a unit can use, by their titles from the major class down, and what they hold."""

    def __init__(self, unit: OrgUnit, create_categories: bool) -> None:
        self.unit, self.create = unit, create_categories
        self.glossary = Glossary(unit)
        rows = ItemCategory.objects.unscoped().filter(LIVE, org__code__in=unit.ancestor_codes())
        found = list(rows.select_related("parent__parent").order_by("org__path"))
        self.by_line: dict[tuple[str, ...], ItemCategory] = {
            tuple(one.title for one in category.line()): category for category in found
        }
        items = Item.objects.unscoped().filter(LIVE, category__in=found)
        self.held = set(items.values_list("category", "wording"))

    def find(self, line: tuple[str, ...]) -> ItemCategory | None:
        return self.by_line.get(line)

    def make(self, actor: Actor, line: tuple[str, ...]) -> ItemCategory:
        if line not in self.by_line:
            parent = self.make(actor, line[:-1]) if len(line) > 1 else None
            category = ItemCategory(org=self.unit, parent=parent, title=line[-1])
            self.by_line[line] = create(actor, category)
        return self.by_line[line]


def check_items(unit: OrgUnit, rows: Sequence[ItemRow], *, create_categories: bool = False) -> ImportResult:
    """The preview: nothing is stored, ``stored`` holds the items that would be."""
    bank = _Bank(unit, create_categories)
    items, there, errors = _sorted_out(bank, rows)
    return ImportResult(tuple(item for _, item in items), tuple(there), tuple(errors))


@transaction.atomic
def import_items(
    actor: Actor,
    unit: OrgUnit,
    rows: Sequence[ItemRow],
    *,
    good_only: bool = False,
    create_categories: bool = False,
    source: UUID | None = None,
) -> ImportResult:
    """Store the rows' items: with bad rows among them nothing, unless ``good_only``. Doubles are left out.

    ``create_categories`` adds classes the bank lacks; otherwise an unknown one is an error of the row.
    ``source`` is the file they came from.
    """
    require_over(actor, unit, "forms.items.import")
    bank = _Bank(unit, create_categories)
    items, there, errors = _sorted_out(bank, rows)
    if errors and not good_only:
        return ImportResult((), tuple(there), tuple(errors))
    for line, item in items:
        item.category, item.source = bank.make(actor, line), source
    stored = create_all(actor, [item for _, item in items], action="import")
    return ImportResult(tuple(stored), tuple(there), tuple(errors))


Sorted = tuple[list[tuple[tuple[str, ...], Item]], list[int], list[RowError]]


def _sorted_out(bank: _Bank, rows: Iterable[ItemRow]) -> Sorted:
    good: list[tuple[tuple[str, ...], Item]] = []
    there: list[int] = []
    errors: list[RowError] = []
    seen: set[tuple[tuple[str, ...], str]] = set()
    for row in rows:
        line, wording = tuple(tidy(title) for title in row.category if tidy(title)), tidy(row.wording)
        if faults := _faults(bank, row, line, wording):
            errors += [RowError(row.number, name, said) for name, said in faults.items()]
            continue
        category = bank.find(line)
        if (line, wording) in seen or (category is not None and (category.pk, wording) in bank.held):
            there.append(row.number)
            continue
        seen.add((line, wording))
        good.append((line, Item(org=bank.unit, wording=wording, **_values(row, bank.glossary))))
    return good, there, errors


def _faults(bank: _Bank, row: ItemRow, line: tuple[str, ...], wording: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not line:
        faults["category"] = "没有写类别"
    elif len(line) > DEPTH:
        faults["category"] = f"类别最多 {DEPTH} 级"
    elif bank.find(line) is None and not bank.create:
        faults["category"] = f"题库里没有类别“{' / '.join(line)}”"
    if not wording:
        faults["wording"] = "没有写检查内容"
    try:
        values = _values(row, bank.glossary)
    except Rejected as refusal:
        return {**faults, **{name: said[0] for name, said in refusal.fields.items()}}
    return {**_model_faults(values, wording), **faults}


def _model_faults(values: dict[str, Any], wording: str) -> dict[str, str]:
    try:
        Item(wording=wording, **values).full_clean(exclude={"org", "category"}, validate_constraints=False)
    except ValidationError as error:
        return {name: said[0] for name, said in error.message_dict.items()}
    return {}


def _values(row: ItemRow, glossary: Glossary) -> dict[str, Any]:
    codes = {**{title: code for code, title in ASKED.items()}, **{code: code for code in ASKED}}
    levels = {**{title: code for code, title in LEVELS.items()}, **{code: code for code in LEVELS}}
    faults: dict[str, str] = {}
    score = _figure(row.score, "score", 2, faults)
    photos = _figure(row.photos, "photos", 0, faults)
    if row.answer_type.strip() and row.answer_type.strip() not in codes:
        faults["answer_type"] = "没有这种答案类型"
    if row.level.strip() not in levels:
        faults["level"] = "要求程度只能写“应”或“宜”"
    types = [_word(glossary, SCHOOL_TYPE, name, "school_types", faults) for name in _list(row.school_types)]
    category = _word(glossary, HAZARD_CATEGORY, row.hazard_category.strip(), "hazard_category", faults)
    grade = _word(glossary, HAZARD_GRADE, row.hazard_grade.strip(), "hazard_grade", faults)
    if faults:
        raise Rejected(faults)
    return {
        "standard": row.standard.strip(),
        "answer_type": codes.get(row.answer_type.strip(), "verdict"),
        "fails_when": row.fails_when.strip(),
        "method": row.method.strip(),
        "basis": row.basis.strip(),
        "score": score,
        "photos": int(photos or 0),
        "note_required": row.note_required.strip().lower() in YES,
        "level": levels[row.level.strip()],
        "phrases": _list(row.phrases),
        "school_types": types,
        "hazard_category": category,
        "hazard_grade": grade,
        "code": row.code.strip(),
    }


def _word(glossary: Glossary, vocabulary: str, text: str, name: str, faults: dict[str, str]) -> str:
    code = glossary.code(vocabulary, text) if text else ""
    if code is None:
        faults[name] = f"没有“{text}”这一项"
    return code or ""


def _figure(text: str, name: str, places: int, faults: dict[str, str]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(number_text(NumberRule(decimals=places), text))
    except Wrong as wrong:
        faults[name] = str(wrong)
        return None


def _list(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def rows_from_text(text: str, category: tuple[str, ...]) -> list[ItemRow]:
    """Draft rows from the numbered lines of a document ("1.", "（2）", "三、"); the line is also its own
    standard.
    """
    found = [(number, NUMBERED.match(line)) for number, line in enumerate(text.splitlines(), 1)]
    return [
        ItemRow(number, category, match["text"].strip(), standard=match["text"].strip())
        for number, match in found
        if match
    ]
