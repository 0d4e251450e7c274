"""Ledgers of the archive: what is filed, what is to be destroyed, keeping times, holds (X.17)."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest

from anlan.engines.archives.disposals import Disposal
from anlan.engines.archives.holdings import Holding
from anlan.engines.archives.holds import Hold, holds_on, release
from anlan.engines.archives.keeping import KeepingTime
from anlan.engines.archives.sweeping import Sweep
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of
from anlan.engines.registry.api import Ledger, act, block, computed, ledger, ledgers, one
from anlan.kernel.errors import Missing
from anlan.shell.navigation import add_area

ABOVE = "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin"
SCHOOL = "school_head school_safety school_contact staff guard canteen_manager dorm_keeper"
EVERYBODY = f"{ABOVE} {SCHOOL} inspector hazard_raiser grid_keeper agency_liaison unit_admin"
KEEPER, DECIDING = "bureau_safety", "bureau_safety bureau_leader"
AREA = "archives"
add_area(AREA, "归档", "archive", order=70)


@ledger
class Holdings(Ledger):
    """Everything that has ended and that the person may see, by school and year."""

    code = "archives.holdings"
    model = Holding
    readonly = True
    title, noun, icon, area, group, order = "归档", "件", "archive", AREA, "归档", 10
    columns = "title kind ledger org year ended_on keep_until standing"
    facts = "title kind ledger org year ended_on keep_until standing gone_at disposal"
    filters, search, sort = "org year kind ledger ended_on keep_until", "title org__name", "-ended_on"
    offers = "year"
    views = {"已冻结": "frozen=1", "已销毁": "gone=1"}
    marks = {"frozen": lambda: Q(held=True, gone_at=None), "gone": lambda: Q(gone_at__isnull=False)}
    photos = ""
    example = {"ledger": "fire.drills", "title": "消防通道堵塞", "year": "2026-2027"}
    roles = {"view": EVERYBODY, "export": f"{ABOVE} school_head school_safety"}

    @computed("状态", "chip")
    def standing(self, row: Holding) -> tuple[str, str]:
        """Kept, frozen, destroyed."""
        if row.gone_at is not None:
            return "idle", "已销毁"
        return ("late", "冻结") if row.held else ("done", "在档")

    @block("原记录与附件", "archives/holding.html")
    def original(self, request: HttpRequest, record: Holding) -> dict[str, Any] | None:
        """The record where it is kept, on paper, with its files, and what holds it."""
        owner = ledgers[record.ledger]
        try:
            kept = one(owner, request.user, record.object_id)
        except Missing:
            return None
        files = [(paper.name, paper.address("download")) for paper in attachments_of(kept)]
        return {"owner": owner, "url": owner.url_of(kept), "files": files, "holds": holds_on(record)}


@ledger
class Disposals(Ledger):
    """Lists of what has reached its time, and the records of destruction."""

    code = "archives.disposals"
    model = Disposal
    readonly = True
    title, noun, icon, area, group, order = "到期销毁", "份", "trash", AREA, "保存与销毁", 20
    columns = "title kind listed state destroyed spared asked_by approved_by destroyed_at org"
    facts = f"{columns} reason basis opinion files digest"
    filters, search = "org kind state destroyed_at", "title"
    views = {"待销毁": "open=1", "销毁记录": "state=destroyed"}
    photos = ""
    roles = {"view": DECIDING, "export": DECIDING}

    @block("清单", "archives/disposal.html", printed=True)
    def listing(self, request: HttpRequest | None, record: Disposal) -> dict[str, Any]:
        """The matters on it."""
        return {"holdings": record.holdings.select_related("org").order_by("pk")}


@ledger
class KeepingTimes(Ledger):
    """How long each kind of data is kept; the nearest unit's line counts."""

    code = "archives.keeping_times"
    model = KeepingTime
    title, noun, icon, area, group, order = "保存期限", "条", "settings", AREA, "保存与销毁", 30
    columns = "kind amount unit basis org"
    filters, search, sort = "org kind", "basis", "kind"
    key = "org kind"
    example = {"kind": "notice", "amount": 10, "unit": "year", "basis": "本局档案保管期限表"}
    roles = {"view": ABOVE} | dict.fromkeys(("add", "edit", "archive", "import", "export"), KEEPER)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit."""
        return {"org": user.unit_id}


@ledger
class Sweeps(Ledger):
    """What the nightly run deleted of short-lived data."""

    code = "archives.sweeps"
    model = Sweep
    title, noun, icon, area, group, order = "到期清除记录", "次", "clock", AREA, "保存与销毁", 35
    readonly = True
    columns = "title kind ran_on deleted first last spared org"
    filters, search, sort = "org kind ran_on", "title", "-ran_on"
    roles = {"view": DECIDING, "export": DECIDING}


class ReleaseForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(label="解除理由", max_length=200, widget=forms.Textarea)


def lasts(hold: Hold) -> bool:
    """Not released."""
    return hold.released_at is None and hold.archived_at is None


@ledger
class Holds(Ledger):
    """Holds for cases and inquiries."""

    code = "archives.holds"
    model = Hold
    title, noun, icon, area, group, order = "冻结", "项", "lock", AREA, "保存与销毁", 40
    columns = "title number kind since until standing org"
    facts = "title number kind since until reason standing released_at org created_by"
    filters, search = "org kind released_at", "title number reason"
    form = "org title number kind since until reason"
    example = {"title": "某校食堂事故追责", "number": "2026-01", "reason": "调查尚未结束"}
    happenings = {"release": "解除"}
    roles = {"view": DECIDING} | dict.fromkeys(("add", "edit", "export"), DECIDING)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit."""
        return {"org": user.unit_id}

    @computed("状态", "chip")
    def standing(self, row: Hold) -> tuple[str, str]:
        """Lasting or released."""
        return ("late", "冻结中") if lasts(row) else ("idle", "已解除")

    @act("解除冻结", "archives.holds.edit", form=ReleaseForm, when=lasts, confirm=True)
    def release(self, actor: Actor, record: Hold, values: dict[str, Any]) -> None:
        """From now on the data may be destroyed when their time has come."""
        release(actor, record, values["reason"])

    def locked(self, record: Any, verb: str) -> str:
        """A released hold stays as it was."""
        return "" if lasts(record) else "已解除的冻结不能再改"
