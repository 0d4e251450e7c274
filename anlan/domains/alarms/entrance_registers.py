"""Ledgers of entrances and of the times they are open (N2.02, N2.03)."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import BooleanField, Case, Q, Value, When

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.alarms.entrances import Entrance, Opening, passed_though_closed, unmet
from anlan.domains.alarms.passings import Passing
from anlan.engines.audit.api import Actor, change
from anlan.engines.files.api import attach
from anlan.engines.registry.api import Ledger, SeveralFiles, act, block, computed, ledger
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

WATCHED_BY_GUARDS = KEPT_BY_SCHOOL | {"view": f"{KEPT_BY_SCHOOL['view']} inspector guard"}
ROOM = "room_photo"


class MetForm(forms.Form):
    """The photos that show it."""

    photos = SeveralFiles(label="值班室照片", required=False)

    def clean_photos(self) -> list[Any]:
        """At least one."""
        photos: list[Any] = self.cleaned_data["photos"]
        if not photos:
            raise forms.ValidationError("认定达标要上传值班室照片")
        return photos


def leaking() -> Q:
    """Condition on entrances: closed, and people still go through."""
    return passed_though_closed(Passing.unguarded)


@ledger
class Entrances(Ledger):
    """Entrances with their gate duty rooms."""

    code = "alarms.entrances"
    model = Entrance
    title, noun, icon = "校园出入口", "处", "login"
    area, group, order = "safety", "报警与出入", 336
    columns = "title kind org room room_staff alarm comms standing"
    filters, search, key = "org kind room alarm comms closed_on", "title org__name", "org title"
    form = "org title kind room room_staff alarm comms closed_on"
    facts = "title kind org room room_staff alarm comms met_on closed_on standing"
    files = {ROOM: "值班室照片"}
    marks = {"unmet": unmet, "leaking": leaking}
    views = {"值班室未达标": "unmet=1", "停用后仍有通行": "leaking=1"}
    happenings = {"met": "认定达标"}
    example = {
        "title": "南大门",
        "kind": "both",
        "room": "gate",
        "room_staff": 2,
        "alarm": True,
        "comms": True,
    }
    form_files = ROOM
    roles = WATCHED_BY_GUARDS

    def refine(self, rows: Any) -> Any:
        """With whether people go through though it is closed."""
        used = Case(When(leaking(), then=Value(True)), default=Value(False), output_field=BooleanField())
        return rows.annotate(leaks=used)

    @computed("达标情况", "chip")
    def standing(self, row: Any) -> tuple[str, str]:
        """In the words of what is lacking first."""
        if row.closed_on:
            return ("late", "停用后仍有通行") if row.leaks else ("idle", "已停用")
        return ("late", f"未达标：{row.lacks[0]}") if row.lacks else ("done", "达标")

    @act("认定值班室达标", "alarms.entrances.edit", form=MetForm, icon="check", kind="primary",
         when=lambda row: row.archived_at is None and row.closed_on is None)  # fmt: skip
    def meet(self, actor: Actor, record: Entrance, values: dict[str, Any]) -> None:
        """Everything is there, and photos show it."""
        meet(actor, record, values["photos"])

    @block("开放时间和例外放行", "alarms/openings.html")
    def times(self, request: Any, record: Entrance) -> dict[str, Any]:
        """When who may pass, and who passed at other times."""
        rows = Opening.objects.unscoped().filter(entrance=record, archived_at=None).select_related("approver")
        recent = rows.filter(Q(day=None) | Q(day__gte=clock.today()))
        outside = Passing.unguarded.filter(entrance=record, outside=True, archived_at=None).count()
        return {"entrance": record, "openings": recent, "outside": outside}


@transaction.atomic
def meet(actor: Actor, entrance: Entrance, photos: list[Any]) -> None:
    """Mark the duty room as met, with photos; Rejected where something is lacking or a file is no photo."""
    lacking = [words for words in entrance.lacks if words != "没有照片"]
    if lacking:
        raise Rejected({"photos": f"{'、'.join(lacking)}，不能认定达标"})
    for photo in photos:
        if not attach(actor, entrance, photo, ROOM).is_picture:
            raise Rejected({"photos": "这里只收照片"})
    change(actor, entrance, {"met_on": clock.today()}, action="met")


@ledger
class Openings(Ledger):
    """Times and exceptions."""

    code = "alarms.openings"
    model = Opening
    title, noun, icon = "出入口开放时间", "条", "clock"
    area, group, order = "safety", "报警与出入", 338
    columns = "entrance span who kind approver reason org"
    facts = "entrance kind org who days day starts ends approver reason"
    filters, search = "org entrance kind days day", "reason entrance__title"
    photos = ""
    views = {"例外放行": "kind=exception"}
    example = {"kind": "regular", "days": "work", "starts": "07:00", "ends": "08:00", "who": "student"}
    roles = WATCHED_BY_GUARDS

    @computed("时间", sort="starts")
    def span(self, row: Opening) -> str:
        """Days and hours."""
        return str(row)
