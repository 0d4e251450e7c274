"""Ledgers of draws and of what checks found (S04.5)."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.duty.checks import NOT_REACHED, RESULTS, Check, Draw, record
from anlan.domains.duty.rosters import Turn
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, act, block, computed, ledger, masked

BUREAU, CHECK = "bureau_safety township_officer", "duty.checks.edit"
UNMASK = "duty.turns.unmask"


class ResultForm(forms.Form):
    """What the check found."""

    result = forms.ChoiceField(label="结果", choices=RESULTS, widget=forms.RadioSelect)
    note = forms.CharField(label="情况", max_length=300, required=False, widget=forms.Textarea)


def awaited(check: Check) -> bool:
    """Nothing was written down yet."""
    return not check.result and check.archived_at is None


@ledger
class Draws(Ledger):
    """Draws with their seed; the schools drawn follow from it."""

    code = "duty.draws"
    model = Draw
    title, noun, icon = "值班抽查", "次", "target"
    area, group, order = "safety", "值班", 420
    columns = "draw drawn_at way number among town org seed created_by"
    filters = "org way drawn_at"
    search = "org__name"
    form = "org way number town"
    sort = "-drawn_at"
    example = {"number": 1, "way": "call"}
    roles = {"view": (*ABOVE,), "add": BUREAU, "export": BUREAU}

    @computed("抽查", sort="drawn_at")
    def draw(self, row: Draw) -> str:
        """When and how."""
        return str(row)

    @block("抽到的学校", "duty/drawn.html", printed=True)
    def drawn(self, request: Any, record: Draw) -> dict[str, Any]:
        """Each school drawn with what was found."""
        return {"checks": record.checks.select_related("org", "watch__place").order_by("org__path", "pk")}


@ledger
class Checks(Ledger):
    """Results of checks."""

    code = "duty.checks"
    model = Check
    readonly = True
    title, noun, icon = "抽查结果", "次", "check"
    area, group, order = "safety", "值班", 422
    columns = "org shift way result note checked_at checked_by draw"
    filters = "org way result checked_at draw"
    search = "org__name note"
    views = {"待抽查": "open=1", "联系不上": f"result={NOT_REACHED}"}
    marks = {"open": lambda: Q(result="")}
    happenings = {"check": "登记抽查结果"}
    example = {"note": "电话三次无人接听"}
    roles = {"view": (*ABOVE, *AT_SCHOOL), "edit": BUREAU, "export": (*ABOVE, "school_head")}

    @computed("班次", needs="watch watch__place", sort="watch__begins_at")
    def shift(self, row: Check) -> str:
        """Day, name and campus."""
        return str(row.watch)

    @act("登记结果", CHECK, form=ResultForm, icon="check", kind="primary", when=awaited)
    def find(self, actor: Actor, found: Check, values: dict[str, Any]) -> str:
        """What was found; the school's head is told where nobody was reached."""
        return record(actor, found, **values).draw.get_absolute_url()

    @block("值班人员", "duty/reached.html")
    def people(self, request: Any, found: Check) -> dict[str, Any]:
        """Who stands in the shift, with numbers for whoever may see them, and where they signed in."""
        clear = scope(request.user, UNMASK).covers(found.org.path)
        turns = Turn.objects.unscoped().filter(watch=found.watch, archived_at=None).select_related("person")
        return {
            "turns": [(turn, turn.phone if clear else masked("phone", turn.phone)) for turn in turns],
            "clear": clear,
        }
