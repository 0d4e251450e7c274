"""Form controls for choosing units: the shell's picker over the one endpoint of schools (D09.4)."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from anlan.engines.org.api import OrgUnit


class UnitPicker(forms.Widget):
    """Several units by name, pinyin or initials; ``url`` answers as :mod:`anlan.base.picking` does."""

    def __init__(self, url: str, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.url = url

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Every unit chosen."""
        return data.getlist(name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The picker with what is chosen."""
        wanted = [pk for pk in value or () if str(pk).isdecimal() and len(str(pk)) < 18]
        chosen = [{"value": unit.pk, "label": str(unit)} for unit in OrgUnit.objects.filter(pk__in=wanted)]
        said = attrs or {}
        context = {"name": name, "url": self.url, "chosen": chosen, "attrs": said}
        context["described"] = said.get("aria-describedby", "")
        return render_to_string("base/unit_picker.html", context)
