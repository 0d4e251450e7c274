"""Forms: a place, an excuse, the school's sheet, the inspector's sheet, the category of a hazard."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.people import Person
from anlan.base.rostering import staff_of
from anlan.domains.site_security.editions import LocationKind
from anlan.domains.site_security.laying_out import contradiction
from anlan.domains.site_security.loading import MEASURES
from anlan.domains.site_security.recorded import needless, source_of, standing
from anlan.domains.site_security.stating import Said
from anlan.domains.site_security.surveys import STATED, KeyPlace, Statement, Survey, Verdict
from anlan.engines.registry.api import ledgers

PICTURES = "image/*"
HAZARDS, ROUTES = "safety.hazards", "patrols.routes"


class PlaceForm(forms.Form):
    """One more real place."""

    kind = forms.ModelChoiceField(LocationKind.unguarded.none(), label="部位类别")
    name = forms.CharField(label="部位名称", max_length=60, help_text="本校怎么叫就怎么写，例如“南大门”")
    spot = forms.CharField(label="具体位置", max_length=80, required=False)
    keeper = forms.ModelChoiceField(
        Person.unguarded.none(),
        label="管理人员",
        required=False,
        help_text="危险品、实验室、贵重物品和设备间必选",
    )
    measures = forms.MultipleChoiceField(
        label="防范措施", choices=list(MEASURES.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="标准所列部位以外的部位必选",
    )  # fmt: skip
    reason = forms.CharField(
        label="设防理由", max_length=200, required=False, help_text="标准所列部位以外的部位必填"
    )

    @classmethod
    def for_record(cls, record: Survey, *sent: Any) -> "PlaceForm":
        """With the kinds of the survey's edition and the school's staff."""
        form = cls(*sent)
        rows = LocationKind.unguarded.filter(Q(general=False) | Q(further=True), edition=record.edition_id)
        form.fields["kind"].queryset = rows  # type: ignore[attr-defined]
        form.fields["keeper"].queryset = staff_of(record.org)  # type: ignore[attr-defined]
        return form


class KeeperForm(forms.Form):
    """Who looks after a place from now on."""

    keeper = forms.ModelChoiceField(Person.unguarded.none(), label="管理人员")

    @classmethod
    def for_record(cls, record: KeyPlace, *sent: Any) -> "KeeperForm":
        """Of the school's staff."""
        form = cls(*sent)
        form.fields["keeper"].queryset = staff_of(record.org)  # type: ignore[attr-defined]
        return form


class RouteForm(forms.Form):
    """The patrol route a place becomes a point of."""

    route = forms.ModelChoiceField(Person.unguarded.none(), label="巡查路线")

    @classmethod
    def for_record(cls, record: KeyPlace, *sent: Any) -> "RouteForm":
        """Routes of the school."""
        form = cls(*sent)
        rows = ledgers[ROUTES].model.unguarded.filter(org=record.org_id, archived_at=None)
        form.fields["route"].queryset = rows  # type: ignore[attr-defined]
        return form


class ExcuseForm(forms.Form):
    """The school has no place of this kind."""

    kind = forms.ModelChoiceField(LocationKind.unguarded.none(), label="部位类别")
    reason = forms.CharField(label="不适用的理由", max_length=200, widget=forms.Textarea)

    @classmethod
    def for_record(cls, record: Survey, *sent: Any) -> "ExcuseForm":
        """With the kinds the edition lets a school lack."""
        form = cls(*sent)
        rows = LocationKind.unguarded.filter(edition=record.edition_id, general=False).exclude(condition="")
        form.fields["kind"].queryset = rows  # type: ignore[attr-defined]
        form.survey = record  # type: ignore[attr-defined]
        return form

    def clean(self) -> dict[str, Any]:
        """Not against the school's own profile."""
        data = super().clean() or {}
        kind: Any = data.get("kind")
        if kind and (words := contradiction(self.survey, kind)):  # type: ignore[attr-defined]
            self.add_error("kind", f"{words}，不能标为不适用")
        return data


class CategoryForm(forms.Form):
    """The category of the hazard to be."""

    category = forms.ModelChoiceField(LocationKind.unguarded.none(), label="风险类别")

    @classmethod
    def for_record(cls, record: Statement, *sent: Any) -> "CategoryForm":
        """With the categories laid down for the school."""
        form = cls(*sent)
        hazard: Any = ledgers[HAZARDS].model
        category = hazard._meta.get_field("category")
        rows = category.related_model.unguarded.filter(
            org__code__in=record.org.ancestor_codes(), retired=False, archived_at=None
        )
        form.fields["category"].queryset = rows  # type: ignore[attr-defined]
        return form


class Pictures(forms.FileField):
    """Any number of pictures."""

    class Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every picture sent."""
        said = data if isinstance(data, list) else [data]
        return [super(Pictures, self).clean(item, initial) for item in said if item]


class Sheet(forms.Form):
    """Statements of one kind, each a part of the page."""

    def __init__(self, rows: list[Statement], proofs: dict[int, list[Any]], *sent: Any) -> None:
        super().__init__(*sent)
        self.rows = rows
        self.parts = [self.take(row, len(proofs.get(row.pk, ()))) for row in rows]

    def take(self, row: Statement, pictures: int) -> dict[str, Any]:
        """The school's fields of one statement; what records answer is only shown."""
        level = "应（必须达到）" if row.level == "must" else "宜（建议）"
        found = standing(row.requirement, row.org)
        excused = bool(row.requirement.condition)
        choices = [one for one in STATED if excused or one[0] != Verdict.NOT_APPLICABLE]
        self.fields[f"verdict-{row.pk}"] = forms.ChoiceField(
            label=level, choices=choices, widget=forms.RadioSelect(), required=False, initial=row.verdict
        )
        self.fields[f"device-{row.pk}"] = forms.CharField(
            label="设备名称和编号", max_length=100, required=False, initial=row.device
        )
        self.fields[f"note-{row.pk}"] = forms.CharField(
            label="说明", max_length=300, required=False, initial=row.note
        )
        self.fields[f"photo-{row.pk}"] = Pictures(
            label="照片", required=False, help_text=f"已有 {pictures} 张照片" if pictures else ""
        )
        wanted = ["verdict", "device", "note", "photo"]
        if needless(row.requirement, row.org):
            field = self.fields[f"verdict-{row.pk}"]
            field.disabled, field.help_text = True, f"由{source_of(row.requirement)}得出：不适用"
        elif found is not None:
            self._show_found(row, found)
        elif row.requirement.bound is not None:
            wanted.insert(0, "value")
            self.fields[f"value-{row.pk}"] = forms.DecimalField(
                label=f"登记值（{row.requirement.unit}）", required=False, initial=row.value,
                max_digits=9, decimal_places=2, help_text=f"要求{row.requirement.limit}，结论由登记值得出",
            )  # fmt: skip
        names = [f"{name}-{row.pk}" for name in wanted]
        return {"id": f"s{row.pk}", "title": f"{row.where}：{row.requirement.text}", "fields": names}

    def _show_found(self, row: Statement, found: str) -> None:
        field = self.fields[f"verdict-{row.pk}"]
        field.disabled, field.initial = True, Verdict.NOT_MET if found else Verdict.MET
        field.help_text = f"由{source_of(row.requirement)}得出：{found or '达到'}"

    def said(self) -> dict[int, Said]:
        """What was filled in, by statement."""
        data = self.cleaned_data
        return {
            row.pk: Said(
                data[f"verdict-{row.pk}"],
                data[f"note-{row.pk}"],
                data[f"device-{row.pk}"],
                data.get(f"value-{row.pk}"),
                data[f"photo-{row.pk}"],
            )
            for row in self.rows
        }


class CheckSheet(Sheet):
    """The inspector's fields: what the school says stands above."""

    def take(self, row: Statement, pictures: int) -> dict[str, Any]:
        """Confirm or correct one statement."""
        words = [
            f"学校填报：{row.get_verdict_display() or '未填'}",
            f"登记值 {row.value} {row.requirement.unit}" if row.value is not None else "",
            row.device,
            row.note,
            f"照片 {pictures} 张",
        ]
        excused = bool(row.requirement.condition)
        choices = [one for one in STATED if excused or one[0] != Verdict.NOT_APPLICABLE]
        self.fields[f"checked-{row.pk}"] = forms.ChoiceField(
            label="核对结论",
            choices=choices,
            widget=forms.RadioSelect(),
            required=False,
            initial=row.checked or row.verdict,
            help_text="；".join(word for word in words if word),
        )
        self.fields[f"checked_note-{row.pk}"] = forms.CharField(
            label="理由（与学校不同时必填）", max_length=300, required=False, initial=row.checked_note
        )
        level = "应" if row.level == "must" else "宜"
        names = [f"checked-{row.pk}", f"checked_note-{row.pk}"]
        return {
            "id": f"s{row.pk}",
            "title": f"{row.where}：{row.requirement.text}（{level}）",
            "fields": names,
        }

    def said(self) -> dict[int, Said]:
        """What was found, by statement."""
        data = self.cleaned_data
        return {row.pk: Said(data[f"checked-{row.pk}"], data[f"checked_note-{row.pk}"]) for row in self.rows}
