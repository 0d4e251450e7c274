"""Ledgers of attendance and visitors from other systems, and of what was held back (SAF.01)."""

from typing import Any

from django import forms

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.alarms.feed_records import FeedRecord, HeldRecord
from anlan.domains.alarms.feeding import drop, release
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, Personal, act, ledger

KEEPING = "bureau_safety unit_admin school_safety school_head"
VIEWING = " ".join((*ABOVE, *AT_SCHOOL))
COMING = Personal("校园出入管理", "未成年人保护法 第三十九条", "记录后两年", since="day", years=2)
SETTLE = declare_permission(
    "alarms.held_records.settle", "暂缓入库记录：核对入库", tuple(KEEPING.split())
).code


class NoteForm(forms.Form):
    """Why it is left out."""

    note = forms.CharField(label="不入库的理由", max_length=200, widget=forms.Textarea)


@ledger
class FeedRecords(Ledger):
    """Records at their school and day."""

    code = "alarms.feed_records"
    model = FeedRecord
    readonly = True
    title, noun, icon = "考勤访客数据", "条", "users"
    area, group, order = "safety", "报警与出入", 352
    columns = "person kind person_class status day at org source"
    filters, search = "org kind person_class status day source", "person card host"
    facts = "person kind person_class status day at card host purpose org source number"
    sort, photos = "-day", ""
    masked, personal = {"person": "name"}, dict.fromkeys(("person", "card", "host"), COMING)
    views = {"缺勤": "status=absent", "访客": "kind=visitor"}
    roles = {"view": VIEWING, "export": KEEPING, "unmask": "school_safety school_head"}


@ledger
class HeldRecords(Ledger):
    """Records whose school or person is not known; mended, they are released."""

    code = "alarms.held_records"
    model = HeldRecord
    readonly = True
    title, noun, icon = "暂缓入库记录", "条", "alert-triangle"
    area, group, order = "safety", "报警与出入", 354
    columns = "number why kind day unit_code card state org source"
    filters, search = "org state kind day source", "number why card unit_code"
    facts = "number why kind person status day at unit_code card host purpose state note record org source"
    photos = ""
    masked, personal = {"person": "name"}, dict.fromkeys(("person", "card", "host"), COMING)
    views = {"待处理": "state=held"}
    happenings = {"release": "核对入库", "drop": "不入库"}
    roles = {"view": KEEPING, "export": KEEPING, "unmask": "school_safety school_head"}

    @act("重新核对入库", SETTLE, icon="check", kind="primary", when=lambda row: row.waits,
         effect="学校或人员补登记后，记录按日期归入学校；还不能确认的说明原因，仍留在这里。")  # fmt: skip
    def release(self, actor: Actor, record: HeldRecord, values: dict[str, Any]) -> str:
        """Put it where it belongs by now."""
        return release(actor, record).get_absolute_url()

    @act("不入库", SETTLE, form=NoteForm, icon="x", when=lambda row: row.waits)
    def drop(self, actor: Actor, record: HeldRecord, values: dict[str, Any]) -> None:
        """Leave it out."""
        drop(actor, record, values["note"].strip())
