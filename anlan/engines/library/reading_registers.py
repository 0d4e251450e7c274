"""Ledgers of readings, required reading and receipts (D05.6)."""

from typing import Any

from django.db.models import Count, Q
from django.utils.html import format_html

from anlan.engines.audit.api import Actor
from anlan.engines.library.readings import Reading, note_reading
from anlan.engines.library.registers import ABOVE, AREA, KEEPERS, READERS, SCHOOL
from anlan.engines.library.required import (
    CONFIRM,
    ISSUE,
    Receipt,
    Required,
    confirm,
    end,
    issue,
    readers_of,
    urge_readers,
)
from anlan.engines.messaging.api import urges_of
from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel import clock
from anlan.shell.rich_text import shown

SEE = "library.receipts.view"
WATCHERS = f"{ABOVE} {SCHOOL}"


@ledger
class Readings(Ledger):
    """Who read what and when."""

    code = "library.readings"
    model = Reading
    readonly = True
    title, noun, icon = "阅读记录", "次", "eye"
    area, group, order = AREA, "阅读", 120
    columns = "document reader org read_at"
    filters = "document org read_at"
    search = "document__title reader__name org__name"
    whose = "reader__person"
    roles = {"view": WATCHERS, "view.own": READERS, "export": WATCHERS}


def is_draft(required: Required) -> bool:
    """Not yet sent."""
    return required.state == "draft" and required.archived_at is None


def is_sent(required: Required) -> bool:
    """Asked for now."""
    return required.state == "sent"


def _people(required: Required) -> str:
    return f"将发给 {len(readers_of(required))} 人，每人一条待办"


@ledger
class RequiredReading(Ledger):
    """What has to be read, by whom, and how far it is."""

    code = "library.required"
    model = Required
    title, noun, icon = "必读安排", "项", "checklist"
    area, group, order = AREA, "阅读", 110
    columns = "document stand people open late_ones due_on org"
    facts = "document stand counted note due_on sent_at org"
    filters = "document state due_on org"
    search = "document__title note"
    form = "org document units roles due_on note"
    happenings = {"issue": "下发", "urge": "催读", "end": "结束"}
    while_in = {"edit": "draft", "archive": "draft ended"}
    roles = {
        "view": WATCHERS,
        "add": KEEPERS,
        "edit": KEEPERS,
        "archive": KEEPERS,
        "export": WATCHERS,
    }

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit asks for it."""
        return {"org": user.unit_id}

    def refine(self, rows: Any) -> Any:
        """With numbers of people, of open and of late receipts."""
        open_ones = Q(receipts__done=False)
        return rows.annotate(
            people_count=Count("receipts"),
            open_count=Count("receipts", filter=open_ones),
            late_count=Count(
                "receipts", filter=Q(receipts__late=True) | (open_ones & Q(due_on__lt=clock.today()))
            ),
        )

    @computed("状态", "chip", sort="state")
    def stand(self, row: Required) -> tuple[str, str]:
        """To be sent, running or over."""
        tone = {"draft": "todo", "sent": "doing"}.get(row.state, "idle")
        return tone, row.get_state_display()

    @computed("应读", "number")
    def people(self, row: Any) -> int:
        """How many have to read it."""
        return int(row.people_count)

    @computed("未读", "number")
    def open(self, row: Any) -> int:
        """How many have not confirmed."""
        return int(row.open_count)

    @computed("逾期", "number")
    def late_ones(self, row: Any) -> int:
        """How many confirmed late or are late."""
        return int(row.late_count)

    @computed("回执")
    def counted(self, row: Any) -> str:
        """The numbers, each with its list."""
        return format_html(
            '应读 <a href="/library/receipts/?required={0}">{1}</a>，'
            '未读 <a href="/library/receipts/?required={0}&amp;done=0">{2}</a>，'
            '逾期 <a href="/library/receipts/?required={0}&amp;behind=1">{3}</a>',
            row.pk,
            row.people_count,
            row.open_count,
            row.late_count,
        )

    @act("下发", ISSUE, icon="send", kind="primary", when=is_draft, effect=_people)
    def issue(self, actor: Actor, record: Required, values: dict[str, Any]) -> None:
        """Put it on desks."""
        issue(actor, record)

    @act("催读", ISSUE, icon="bell", when=is_sent, effect="只提醒还没有确认的人")
    def urge(self, actor: Actor, record: Required, values: dict[str, Any]) -> None:
        """Remind those who are open."""
        urge_readers(actor, record)

    @act("结束", ISSUE, icon="x", when=is_sent, effect="没有确认的人不再需要阅读")
    def end(self, actor: Actor, record: Required, values: dict[str, Any]) -> None:
        """Ask no more."""
        end(actor, record)

    @block("各单位进度", "library/progress.html")
    def progress(self, request: Any, record: Required) -> dict[str, Any] | None:
        """Unit by unit: how many read, how many open."""
        if not may(request.user, SEE):
            return None
        rows = Receipt.objects.visible(request.user, SEE).filter(required=record)
        lines = rows.order_by().values("org", "org__name").annotate(
            total=Count("pk"), read=Count("pk", filter=Q(done=True))
        )  # fmt: skip
        found = list(lines.order_by("org__path"))
        return {"lines": found, "urges": list(urges_of(record)[:5])} if found else None


def _behind() -> Q:
    return Q(late=True) | Q(done=False, required__due_on__lt=clock.today())


def unconfirmed(receipt: Receipt) -> bool:
    """Still to be read."""
    return not receipt.done and receipt.required.state == "sent"


@ledger
class Receipts(Ledger):
    """Person by person: read and confirmed, or not."""

    code = "library.receipts"
    model = Receipt
    readonly = True
    title, noun, icon = "必读与回执", "件", "clipboard-check"
    area, group, order = AREA, "阅读", 100
    columns = "heading mark reader org due done_at"
    facts = "heading mark reader org due done_at note"
    filters = "required done late org"
    search = "required__document__title reader__name org__name"
    views = {"待读": "done=0", "已确认": "done=1", "逾期": "behind=1"}
    marks = {"behind": _behind}
    happenings = {"confirm": "确认已读", "deliver": "下发"}
    whose = "reader__person"
    roles = {"view": WATCHERS, "view.own": READERS, "export": WATCHERS}

    @computed("文件", needs="required__document", sort="required__document__title")
    def heading(self, row: Receipt) -> str:
        """What has to be read."""
        return row.required.document.title

    @computed("状态", "chip", needs="required", sort="done")
    def mark(self, row: Receipt) -> tuple[str, str]:
        """Confirmed in time or late, open or overdue."""
        if row.done:
            return ("late", "逾期确认") if row.late else ("done", "已确认")
        if row.required.state == "ended":
            return "idle", "已结束"
        return ("late", "逾期未读") if row.required.due_on < clock.today() else ("todo", "待读")

    @computed("期限", "date", needs="required", sort="required__due_on")
    def due(self, row: Receipt) -> Any:
        """Until when."""
        return row.required.due_on

    @computed("要求", needs="required")
    def note(self, row: Receipt) -> str:
        """What was asked."""
        return row.required.note

    @act("确认已读", CONFIRM, icon="check", kind="primary", when=unconfirmed, own=True, above=True,
         effect="确认您已读完全文")  # fmt: skip
    def confirm(self, actor: Actor, record: Receipt, values: dict[str, Any]) -> None:
        """The reader has read it."""
        confirm(actor, record)

    @block("正文", "library/text.html")
    def text(self, request: Any, record: Receipt) -> dict[str, Any]:
        """The document."""
        document = record.required.document
        note_reading(request, document)
        return {"record": document, "body": shown(document.body), "follower": document, "files": []}
