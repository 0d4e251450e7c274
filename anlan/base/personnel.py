"""The safety people of a unit in one table: posts, certificates, duty, tasks, training and assessments (X.23)."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.base.people import Person
from anlan.base.person_lists import PARTS
from anlan.base.person_numbers import numbers_at
from anlan.engines.analytics.api import Answer, Cell, Line, show
from anlan.engines.identity.api import offer_units, unit_choice
from anlan.engines.org.api import OrgUnit, require
from anlan.shell.navigation import Page, add_page

TITLE, URL, VIEW = "安全人员情况", "/base/personnel/", "base.people.view"
offer_units(VIEW)
add_page(Page("base", "人员", TITLE, URL, VIEW, order=55))


class UnitForm(forms.Form):
    """Whose people are shown."""

    def __init__(self, user: Any, data: Any) -> None:
        super().__init__(data)
        self.fields["unit"] = unit_choice(VIEW, user)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """People of a unit (one's own, or one asked for), with what the modules' lists say about each."""
    user: Any = request.user
    require(user, VIEW)
    asked = request.GET.get("unit") or (user.unit.code if user.unit else "")
    form = UnitForm(user, {"unit": asked})
    answer = _answer(user, form.cleaned_data["unit"]) if form.is_valid() else None
    return show(request, TITLE, form, answer)


def _answer(user: Any, unit: OrgUnit) -> Answer:
    found = numbers_at(user, unit)
    known = {person for numbers in found.values() for person in numbers}
    people = Person.objects.visible(user, VIEW).filter(Q(pk__in=known), org=unit, archived_at=None)
    return Answer(
        ("姓名", *PARTS.values()),
        [_line(person, found) for person in people.order_by("pinyin", "pk")],
        lede=f"{unit}有岗位、证书、值班、任务或考核记录的在岗人员。点数字看这个人的各项台账。",
    )


def _line(person: Person, found: dict[str, Any]) -> Line:
    url = person.get_absolute_url()
    cells = [
        Cell(f"{n:,}", f"{url}#block-numbers" if n else "", "late" if n and part == "late" else "")
        for part in PARTS
        for n in [found[part][person.pk]]
    ]
    return Line(f"{person.name}（{person.duty}）" if person.duty else person.name, cells, url)
