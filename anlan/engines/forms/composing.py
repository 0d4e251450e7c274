"""Composing a form: questions made from bank items, and edits of a definition as pure functions."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from anlan.engines.forms.bank import Item
from anlan.engines.forms.definition import FAIL, Column, Condition, Evidence, Form, Option, Question, Section
from anlan.kernel import ids
from anlan.kernel.errors import Missing


def question_from(item: Item, **changed: Any) -> Question:
    """The question a bank item makes, its wording and standard copied; ``changed`` overrides single
    fields.
    """
    evidence = Evidence((FAIL,), photos=item.photos, note=item.note_required)
    wanted = item.answer_type == "verdict" and (item.photos or item.note_required)
    made = Question(
        uid=str(ids.new_uid()),
        type=item.answer_type,
        text=item.wording,
        item=str(item.uid),
        hint=item.method,
        standard=item.standard,
        fails_when=item.fails_when,
        basis=item.basis,
        level=item.level,
        score=item.score,
        phrases=tuple(item.phrases),
        hazard_category=item.hazard_category,
        hazard_grade=item.hazard_grade,
        evidence=(evidence,) if wanted else (),
        shown_if=_conditions(item),
    )
    return replace(made, **changed)


def blank_question(kind: str, text: str) -> Question:
    """A question of one's own, with a first choice or column where its type needs one."""
    return Question(
        str(ids.new_uid()),
        kind,
        text,
        options=(Option("o1", "选项一"),) if kind in ("single", "multi") else (),
        columns=(Column("c0", "第一列"),) if kind == "table" else (),
    )


def _conditions(item: Item) -> tuple[Condition, ...]:
    types = (Condition(tuple(item.school_types), fact="school_type"),) if item.school_types else ()
    return (*types, *(Condition(("yes",), fact=fact) for fact in item.facts))


def unconditional(form: Form) -> Form:
    """The same questions, all of them shown."""
    return replace(
        form,
        sections=tuple(
            replace(
                section, questions=tuple(replace(question, shown_if=()) for question in section.questions)
            )
            for section in form.sections
        ),
    )


def with_section(form: Form, title: str) -> Form:
    """One more section at the end."""
    return replace(form, sections=(*form.sections, Section(title)))


def without_section(form: Form, at: int) -> Form:
    """Take a section away with all its questions."""
    _section(form, at)
    return replace(form, sections=form.sections[:at] + form.sections[at + 1 :])


def renamed_section(form: Form, at: int, title: str) -> Form:
    """Give a section another title."""
    return _changed(form, at, lambda section: replace(section, title=title))


def moved_section(form: Form, at: int, by: int) -> Form:
    """Move a section up (-1) or down (1); at the end it stays."""
    _section(form, at)
    return replace(form, sections=_moved(form.sections, at, by))


def with_question(form: Form, at: int, question: Question) -> Form:
    """One more question at the end of a section."""
    return _changed(form, at, lambda section: replace(section, questions=(*section.questions, question)))


def without_question(form: Form, uid: str) -> Form:
    """Take a question away."""
    at, index = place_of(form, uid)
    return _changed(form, at, lambda s: replace(s, questions=s.questions[:index] + s.questions[index + 1 :]))


def moved_question(form: Form, uid: str, by: int) -> Form:
    """Move a question up or down; at the edge of its section it goes over into the next one."""
    at, index = place_of(form, uid)
    if 0 <= index + by < len(form.sections[at].questions):
        return _changed(form, at, lambda s: replace(s, questions=_moved(s.questions, index, by)))
    if not 0 <= at + by < len(form.sections):
        return form
    question = form.sections[at].questions[index]
    left = without_question(form, uid)
    return _changed(left, at + by, lambda s: replace(s, questions=_joined(s.questions, question, by)))


def changed_question(form: Form, uid: str, **values: Any) -> Form:
    """Other values for a question's fields."""
    at, index = place_of(form, uid)
    return replaced(form, replace(form.sections[at].questions[index], **values))


def replaced(form: Form, question: Question) -> Form:
    """``question`` in the place of the one with its uid."""
    at, index = place_of(form, question.uid)
    return _changed(
        form,
        at,
        lambda s: replace(s, questions=(*s.questions[:index], question, *s.questions[index + 1 :])),
    )


def place_of(form: Form, uid: str) -> tuple[int, int]:
    """Section and place of a question; Missing where the form does not ask it."""
    for at, section in enumerate(form.sections):
        for index, question in enumerate(section.questions):
            if question.uid == uid:
                return at, index
    raise Missing


def _section(form: Form, at: int) -> Section:
    if not 0 <= at < len(form.sections):
        raise Missing
    return form.sections[at]


def _changed(form: Form, at: int, change: Callable[[Section], Section]) -> Form:
    changed = change(_section(form, at))
    return replace(form, sections=(*form.sections[:at], changed, *form.sections[at + 1 :]))


def _moved(line: tuple[Any, ...], at: int, by: int) -> tuple[Any, ...]:
    rest = list(line)
    one = rest.pop(at)
    rest.insert(max(0, at + by), one)
    return tuple(rest)


def _joined(questions: tuple[Question, ...], question: Question, by: int) -> tuple[Question, ...]:
    return (question, *questions) if by > 0 else (*questions, question)
