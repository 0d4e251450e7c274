"""One definition drawn as a sheet: for filling in on a page, for reading, and for print (D01.3).

``forms/sheet.html`` shows a :class:`Sheet` inside the form of the page that includes it; :mod:`posting`
reads back what it sends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.engines.files.api import attachments_of
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.definition import LEVELS, Form, Question
from anlan.engines.forms.responses import Response
from anlan.engines.forms.showing import shown
from anlan.engines.org.api import OrgUnit
from anlan.shell.parts import Choice

TONES = {"pass": ("done", "check"), "fail": ("late", "x"), "not_applicable": ("idle", "minus")}
INPUTS = {"number": "text", "date": "date", "time": "time"}
BLANK_ROWS = 2


@dataclass(frozen=True)
class Cell:
    """A field of a table row."""

    name: str
    label: str
    type: str
    value: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A question as it is shown: its number in the sheet, what was answered, and what is wrong with it."""

    number: int
    question: Question
    answer: Answer | None
    files: tuple[dict[str, str], ...]
    faults: tuple[str, ...]
    decides: bool
    typed: Any = None

    @property
    def name(self) -> str:
        """The name its fields begin with."""
        return f"q.{self.question.uid}"

    @property
    def key(self) -> str:
        """Part of element ids."""
        return self.question.uid

    @property
    def value(self) -> Any:
        """What was just typed and could not be taken, else the canonical value, or nothing."""
        if self.typed is not None:
            return self.typed
        return "" if self.answer is None or self.answer.value is None else self.answer.value

    @property
    def input(self) -> str:
        """The type of a plain input."""
        return INPUTS.get(self.question.type, "text")

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen; verdicts carry their tone."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return tuple(
            Choice(o.code, o.label, *TONES.get(o.verdict, ("", "")), checked=o.code in chosen)
            for o in self.question.choices
        )

    @property
    def level(self) -> str:
        """应 or 宜."""
        return LEVELS.get(self.question.level, "")

    @property
    def fails(self) -> bool:
        """Whether it was judged not to pass."""
        return self.answer is not None and self.answer.verdict == "fail"

    @property
    def judges(self) -> bool:
        """Whether a note and pictures belong to it."""
        return self.question.type in ("verdict", "single") or bool(self.question.evidence)

    @property
    def wants(self) -> str:
        """What evidence is asked for, in words."""
        return "；".join(_wanted(self.question))

    @property
    def text(self) -> str:
        """The answer in words, for reading and print."""
        return words(self.question, self.answer.value if self.answer else None)

    @property
    def rows(self) -> list[list[Cell]]:
        """The rows of a table with two blank ones below."""
        kept = self.value if isinstance(self.value, list) else []
        return [
            [self._cell(index, column, row) for column in self.question.columns]
            for index, row in enumerate([*kept, *({} for _ in range(BLANK_ROWS))])
        ]

    def _cell(self, index: int, column: Any, row: Mapping[str, Any]) -> Cell:
        value = row.get(column.code, "")
        options = tuple(Choice(o.code, o.label, checked=o.code == value) for o in column.options)
        shape = "select" if column.type == "single" else INPUTS.get(column.type, "text")
        return Cell(f"{self.name}.{index}.{column.code}", column.label, shape, value, options)


@dataclass(frozen=True)
class Sheet:
    """The sections that have something to ask; ``save_url`` is where a changed answer is sent to draw
    it anew.
    """

    sections: tuple[tuple[str, tuple[Drawn, ...]], ...]
    editable: bool = True
    save_url: str = ""

    @property
    def questions(self) -> list[Drawn]:
        """Every question shown."""
        return [drawn for _, group in self.sections for drawn in group]

    @property
    def faulty(self) -> list[Drawn]:
        """Those with something wrong."""
        return [drawn for drawn in self.questions if drawn.faults]


def sheet(
    form: Form,
    facts: Mapping[str, Any],
    answers: Iterable[Answer] = (),
    *,
    files: Mapping[str, Sequence[dict[str, str]]] | None = None,
    faults: Mapping[str, Sequence[str]] | None = None,
    typed: Mapping[str, Any] | None = None,
    editable: bool = True,
    save_url: str = "",
) -> Sheet:
    """The sheet of a form for a unit with these facts, with what was answered so far."""
    rows = {row.question: row for row in answers}
    asked = {q.uid: n for n, q in enumerate(shown(form, facts, {u: r.value for u, r in rows.items()}), 1)}
    deciding = {condition.question for q in form.questions() for condition in q.shown_if}

    def draw(question: Question) -> Drawn:
        uid = question.uid
        kept, wrong = tuple((files or {}).get(uid, ())), tuple((faults or {}).get(uid, ()))
        return Drawn(
            asked[uid], question, rows.get(uid), kept, wrong, uid in deciding, (typed or {}).get(uid)
        )

    groups = [(s.title, tuple(draw(q) for q in s.questions if q.uid in asked)) for s in form.sections]
    return Sheet(tuple(group for group in groups if group[1]), editable, save_url)


def sheet_of(response: Response, **shape: Any) -> Sheet:
    """The sheet of a response, with its pictures."""
    return sheet(
        response.form_version.form(),
        response.facts,
        response.answers.all(),
        files=files_of(response),
        **shape,
    )


def files_of(response: Response) -> dict[str, list[dict[str, str]]]:
    """Stored files by question, as the uploader shows them."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in attachments_of(response):
        shown_file = {"id": str(one.uid), "name": one.name, "url": f"/files/{one.uid}/thumb"}
        found.setdefault(one.slot, []).append(shown_file)
    return found


def words(question: Question, value: Any) -> str:
    """A canonical value as people read it; empty for none."""
    if value is None:
        return ""
    labels = {option.code: option.label for option in question.choices}
    if question.type == "table":
        heads = {column.code: column.label for column in question.columns}
        return "\n".join("，".join(f"{heads[c]} {v}" for c, v in row.items() if c in heads) for row in value)
    if isinstance(value, list):
        return "、".join(labels.get(code, "") for code in value) if labels else f"{len(value)} 个文件"
    if isinstance(value, dict):
        return str(value.get("place") or f"{value.get('lat')}，{value.get('lng')}")
    if question.type == "org":
        return str(OrgUnit.objects.filter(code=value).first() or value)
    unit = question.number.unit if question.number else ""
    return labels.get(str(value), f"{value}{unit}")


def _wanted(question: Question) -> Iterable[str]:
    labels = {option.code: option.label for option in question.choices}
    for evidence in question.evidence:
        when = "、".join(labels.get(code, "") for code in evidence.when if code in labels)
        asked = [f"照片至少 {evidence.photos} 张"] if evidence.photos else []
        asked += ["写明情况"] if evidence.note else []
        yield f"{when}须" + ("或" if evidence.either else "、").join(asked) if when else "、".join(asked)
