"""Verbs on layouts: a form from an Excel file, questions put on its cells and taken off again."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.forms.codec import to_json
from anlan.engines.forms.definition import Filling, Form, NumberRule, Question, Section
from anlan.engines.forms.designing import add_form, save_content
from anlan.engines.forms.designs import FormDefinition
from anlan.engines.forms.layouts.drafting import Draft, draft_from
from anlan.engines.forms.layouts.labels import label_of
from anlan.engines.forms.layouts.lattice import Layout, place_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Conflict, Rejected

MOST = 500


def add_layout(
    actor: Actor, unit: OrgUnit, path: Path, name: str, **values: Any
) -> tuple[FormDefinition, tuple[str, ...]]:
    """A draft form laid out like the file; its formulas become computed cells. Also tells what was left out."""
    draft = draft_from(path, name)
    form = form_of(draft)
    made = add_form(actor, unit, form=form, layout=to_json(draft.layout), **values)
    return made, draft.notes


def form_of(draft: Draft) -> Form:
    """The questions a fresh layout has: its formulas, each with the decimals of its number format."""
    asked = [_computed(draft.layout, at, formula) for at, formula in draft.formulas.items()]
    return Form((Section(draft.layout.sheet, tuple(ordered(asked))),))


def _computed(layout: Layout, at: str, formula: str) -> Question:
    rule = Filling(formula=formula, total="formula")
    return Question(at, "computed", label_of(layout, at), required=False, filling=rule)


def ordered(questions: Iterable[Question]) -> list[Question]:
    """Questions row by row, as the sheet is read."""
    return sorted(questions, key=lambda question: place_of(question.uid))


def layout_of(definition: FormDefinition) -> Layout:
    """The layout of a form; Conflict where it has none."""
    layout = definition.plan()
    if layout is None:
        raise Conflict("这张表不是用 Excel 表样做的")
    return layout


def put_on(
    actor: Actor,
    definition: FormDefinition,
    cells: Iterable[str],
    asked: Question,
    *,
    version: int | None = None,
) -> list[Question]:
    """Let each of the cells ask ``asked``; one without words of its own is named by the headings around it.

    Rejected for cells that print something or cannot be seen.
    """
    layout, form = layout_of(definition), definition.form()
    wanted = [at for at in dict.fromkeys(cells) if layout.holds(at)]
    _refuse_printed(layout, wanted)
    known = form.by_uid()
    made = [_one(layout, at, asked, known.get(at), len(wanted)) for at in wanted]
    _store(actor, definition, form, {**known, **{question.uid: question for question in made}}, version)
    return made


def _refuse_printed(layout: Layout, cells: list[str]) -> None:
    if not cells or len(cells) > MOST:
        raise Rejected({"at": f"请选 1 至 {MOST} 个单元格"})
    spots = layout.by_address()
    printed = [at for at in cells if at in spots and (spots[at].text or spots[at].number is not None)]
    if printed:
        raise Rejected({"at": f"{'、'.join(printed[:5])} 已有文字，不能填写"})


def _one(layout: Layout, at: str, asked: Question, known: Question | None, many: int) -> Question:
    words = asked.text if asked.text and many == 1 else (known.text if known else label_of(layout, at))
    number = asked.number or (NumberRule() if asked.type == "number" else None)
    return replace(asked, uid=at, text=words, number=number)


def take_off(
    actor: Actor, definition: FormDefinition, cells: Iterable[str], *, version: int | None = None
) -> None:
    """The cells ask nothing any more."""
    form, gone = definition.form(), set(cells)
    left = {uid: question for uid, question in form.by_uid().items() if uid not in gone}
    _store(actor, definition, form, left, version)


def _store(
    actor: Actor, definition: FormDefinition, form: Form, questions: dict[str, Question], version: int | None
) -> None:
    title = form.sections[0].title if form.sections else definition.title
    section = Section(title, tuple(ordered(questions.values())))
    save_content(actor, definition, replace(form, sections=(section,)), version=version)
