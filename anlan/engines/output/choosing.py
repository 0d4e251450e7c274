"""Choosing what leaves the house: which schools, which columns in which order, which format (D12.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from anlan.engines.output.exporting import chosen, offered
from anlan.engines.registry.api import Ledger, Listing, about_schools, school_pills, writers
from anlan.kernel.errors import Rejected
from anlan.shell.listing import whole_number

COLUMNS, PLACE, NAME = "columns", "at-", "school_name"
BESIDE = {COLUMNS, "format", "layout", "csrfmiddlewaretoken", "reason", "page", "size", "go"}


@dataclass(frozen=True)
class Line:
    """A column one may take along, and its place in the file."""

    name: str
    title: str
    place: int
    checked: bool


class ExportForm(forms.Form):
    """Schools by what they are (where the list is about schools), the columns, and the format."""

    format = forms.ChoiceField(label="文件格式", widget=forms.RadioSelect)

    def __init__(self, ledger: Ledger, user: Any, query: QueryDict, sent: bool) -> None:
        said = Listing(ledger, user, query, "export")
        super().__init__(query if sent else None, initial={"format": query.get("format", "xlsx")})
        self.ledger, self.user = ledger, user
        self.fields["format"].choices = [(one.code, one.title) for one in writers]  # type: ignore[attr-defined]
        if about_schools(ledger, query, user, said.scoped):
            self._ask_for_schools(query)

    def _ask_for_schools(self, query: QueryDict) -> None:
        for pill in school_pills(query, self.user):
            self.fields[pill.name] = forms.MultipleChoiceField(
                label=pill.label,
                required=False,
                choices=[(one.value, one.label) for one in pill.options],
                initial=query.getlist(pill.name),
                widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
            )
        self.fields[NAME] = forms.CharField(
            label="学校名称", required=False, max_length=60, initial=query.get(NAME, "")
        )

    @property
    def school_fields(self) -> list[forms.BoundField]:
        """What narrows the schools; nothing for lists that are not about schools."""
        return [self[name] for name in self.fields if name != "format"]

    def clean(self) -> dict[str, Any]:
        """At least one column, and only those this person sees."""
        names = names_in_order(self.data)
        if not names:
            self.add_error(None, "请至少选一列")
        try:
            chosen(self.ledger, self.user, names)
        except Rejected as refused:
            self.add_error(None, refused.message)
        return self.cleaned_data


def names_in_order(query: Any) -> list[str]:
    """The columns asked for, by the places typed beside them; equal places in the order of the page."""
    names = [name for name in query.getlist(COLUMNS) if name]
    return sorted(dict.fromkeys(names), key=lambda name: whole_number(query.get(f"{PLACE}{name}"), 0))


def query_of(query: QueryDict) -> QueryDict:
    """The part of an address that narrows the list."""
    kept = query.copy()
    for name in list(kept):
        if name in BESIDE or name.startswith(PLACE):
            kept.pop(name)
    return kept


def kept_words(form: ExportForm, query: QueryDict) -> list[tuple[str, str]]:
    """What narrows the list and is not asked on the page."""
    return [
        (name, value)
        for name, values in query_of(query).lists()
        if name not in form.fields
        for value in values
        if value
    ]


def lines(ledger: Ledger, user: Any, said: QueryDict | None) -> Iterator[Line]:
    """Every column offered; ticked and placed as said, at first as in the list."""
    listed = {item.name for item in ledger.column_data}
    for number, item in enumerate(offered(ledger, user), 1):
        place = whole_number(said.get(f"{PLACE}{item.name}"), number) if said is not None else number
        ticked = item.name in (said.getlist(COLUMNS) if said is not None else listed)
        yield Line(item.name, item.title, place, ticked)
