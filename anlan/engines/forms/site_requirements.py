"""Protective requirements of key locations, read from a data file into the item bank and a working form.

The file (``kind: site_requirements``) carries its ``edition``; editions stand side by side (N1.06,
N1.07, N1.09). Every requirement becomes an item and a question with its id as uid, so that two editions
can be compared.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from anlan.engines.audit.api import Actor
from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.banking import add_category, add_item
from anlan.engines.forms.composing import question_from
from anlan.engines.forms.definition import Condition, Evidence, Form, Option, Question, Section
from anlan.engines.forms.designing import add_form, publish
from anlan.engines.forms.designs import FormDefinition, FormVersion
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Conflict, Rejected

CODE = "site_requirements"
GROUPS = (("basic_requirements", "系统建设与运行"), ("physical_requirements", "物防要求"))
CONFORMITY = (
    Option("met", "符合", "pass"),
    Option("partly", "部分符合", "fail"),
    Option("not_met", "不符合", "fail"),
)
EXCUSED = Option("not_applicable", "不适用", "not_applicable")


@dataclass(frozen=True)
class Requirement:
    """One row: ``level`` is must or should; ``excusable`` only where the file names a condition a
    school may lack.
    """

    id: str
    text: str
    level: str
    measure: str
    location: str
    school_types: tuple[str, ...]
    condition: str

    @property
    def excusable(self) -> bool:
        """Whether a school may say it does not apply."""
        return bool(self.condition)


@dataclass(frozen=True)
class Requirements:
    """The whole file: ``locations`` are codes with their names, in order; the two general groups come
    last.
    """

    edition: str
    title: str
    locations: tuple[tuple[str, str], ...]
    rows: tuple[Requirement, ...]

    def at(self, location: str, school_type: str = "") -> list[Requirement]:
        """The rows of a location; of those for some school types only the ones meant for this type."""
        return [
            row
            for row in self.rows
            if row.location == location and (not row.school_types or school_type in ("", *row.school_types))
        ]


def parse(data: Any) -> Requirements:
    """The file's content; Rejected for a wrong kind, for doubled ids and for rows that are not whole."""
    if not isinstance(data, dict) or data.get("kind") != CODE or not data.get("edition"):
        raise Rejected({"": "不是防护要求数据文件"})
    locations = {place["code"]: place for place in data.get("locations", ())}
    faults: dict[str, str] = {}
    rows: dict[str, Requirement] = {}
    for group in ("requirements", *(name for name, _ in GROUPS)):
        for raw in data.get(group, ()):
            row = _requirement(raw, raw.get("location", group), locations)
            if row.id in rows:
                faults[row.id] = "编号重复"
            elif not row.id or not row.text or row.level not in ("must", "should"):
                faults[row.id or "?"] = "这一条不完整"
            elif row.location not in (*locations, *dict(GROUPS)):
                faults[row.id] = "没有这个部位"
            rows[row.id] = row
    if faults:
        raise Rejected(faults)
    places = [(code, place["zh"]) for code, place in locations.items()]
    return Requirements(str(data["edition"]), str(data["title"]), (*places, *GROUPS), tuple(rows.values()))


def _requirement(raw: dict[str, Any], location: str, locations: dict[str, Any]) -> Requirement:
    types = raw.get("applies_to", "all")
    return Requirement(
        id=str(raw.get("id", "")),
        text=str(raw.get("text", "")).strip(),
        level=str(raw.get("level", "")),
        measure=str(raw.get("measure", "")),
        location=location,
        school_types=() if types == "all" else tuple([types] if isinstance(types, str) else types),
        condition=str(raw.get("condition") or locations.get(location, {}).get("condition", "")),
    )


@transaction.atomic
def load_site_requirements(actor: Actor, unit: OrgUnit, file: Path) -> FormVersion:
    """Items, categories and the published form of the file's edition at ``unit``; loading it again
    changes nothing.

    Conflict when the edition is there with other content: a changed requirement set is a new edition.
    """
    found = parse(yaml.safe_load(file.read_text(encoding="utf-8")))
    known = FormDefinition.objects.unscoped().filter(
        org=unit, code=CODE, edition=found.edition, archived_at=None
    )
    if (definition := known.first()) is not None:
        return _unchanged(definition, found)
    items = _items(actor, unit, found)
    definition = add_form(
        actor,
        unit,
        form=_form(found, items),
        title=found.title[:100],
        subject="技术防范",
        code=CODE,
        edition=found.edition,
    )
    return publish(actor, definition)


def _unchanged(definition: FormDefinition, found: Requirements) -> FormVersion:
    version = definition.version_in_use
    asked = {q.uid: (q.text, q.level) for q in version.form().questions()} if version else {}
    if version is None or asked != {row.id: (row.text, row.level) for row in found.rows}:
        raise Conflict("这个版次已经载入，内容不同；改动过的要求请作为新的版次")
    return version


def _items(actor: Actor, unit: OrgUnit, found: Requirements) -> dict[str, Item]:
    major = add_category(actor, unit, found.title[:30] + " " + found.edition[:29])
    classes: dict[str, ItemCategory] = {
        code: add_category(actor, unit, title[:60], parent=major) for code, title in found.locations
    }
    return {
        row.id: add_item(
            actor,
            unit,
            category=classes[row.location],
            wording=row.text,
            standard=row.text,
            answer_type="single",
            level=row.level,
            school_types=list(row.school_types),
            facts=[row.condition] if row.condition else [],
            basis=found.edition,
            code=row.id,
        )
        for row in found.rows
    }


def _form(found: Requirements, items: dict[str, Item]) -> Form:
    titles = dict(found.locations)
    sections = [
        Section(titles[code], tuple(_question(row, items[row.id]) for row in found.at(code)))
        for code, _ in found.locations
    ]
    return Form(tuple(section for section in sections if section.questions))


def _question(row: Requirement, item: Item) -> Question:
    options = (*CONFORMITY, EXCUSED) if row.excusable else CONFORMITY
    excused = (Evidence(("not_applicable",), note=True),) if row.excusable else ()
    shown_if = (Condition(row.school_types, fact="school_type"),) if row.school_types else ()
    return question_from(
        item,
        uid=row.id,
        options=options,
        shown_if=shown_if,
        evidence=(Evidence(("met",), photos=1, note=True, either=True), *excused),
    )
