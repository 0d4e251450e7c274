"""Ledgers of topics, types and documents (D05.1, D05.2, D05.9, D05.10)."""

from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.html import format_html

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Attachment, attachments_of
from anlan.engines.library.documents import OVER, Document, current
from anlan.engines.library.extracts import Extract, read_again, readings_of_files
from anlan.engines.library.linking import linked_to
from anlan.engines.library.readings import RULE, Reading, note_reading
from anlan.engines.library.required import ISSUE, Required
from anlan.engines.library.shelves import DocumentKind, Topic, used
from anlan.engines.org.api import may, scope
from anlan.engines.registry.api import Ledger, act, block, can, computed, counted_words, ledger
from anlan.shell.rich_text import shown

ABOVE = "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin"
VISITING = "inspector hazard_raiser grid_keeper"
SCHOOL = "school_head school_safety school_contact"
STAFF = "staff guard canteen_manager dorm_keeper"
READERS = f"{ABOVE} {VISITING} {SCHOOL} {STAFF}"
KEEPERS = "bureau_safety school_safety"
AREA = "library"
EDIT, READ = "library.documents.edit", "library.readings.view"
SHOWN = 6


def to_list(query: str, number: int) -> str:
    """A number that opens the list of documents behind it."""
    return format_html('<a href="/library/documents/?{}">{} 份</a>', query, number)


class Shelves(Ledger):
    """What topics and types share: none goes away with documents on it."""

    area, group = AREA, "设置"
    sort = "position"
    roles = {"view": READERS, "add": "bureau_safety", "edit": "bureau_safety", "archive": "bureau_safety"}

    def refine(self, rows: Any) -> Any:
        """With the number of documents."""
        return rows.annotate(count=Count("documents", filter=Q(documents__archived_at=None), distinct=True))

    @computed("文件数", "number")
    def documents(self, row: Any) -> int:
        """How many."""
        return int(row.count)

    def locked(self, record: Any, verb: str) -> str:
        """Documents have to be moved first."""
        if verb != "archive":
            return ""
        number = getattr(record, "count", None)
        number = used(record) if number is None else number
        return f"还有 {number} 份文件，请先移走" if number else ""


@ledger
class DocumentKinds(Shelves):
    """Types of document."""

    code = "library.kinds"
    model = DocumentKind
    title, noun, icon, order = "文件类型", "类", "tag", 920
    columns = "title documents position org"
    facts = "title shelf position org"
    search = "title"
    key = "org title"
    form = "org title position"
    example = {"title": "操作规程"}

    @computed("文件")
    def shelf(self, row: Any) -> str:
        """The list behind the number."""
        return to_list(f"kind={row.pk}", row.count)


@ledger
class Topics(Shelves):
    """Topics and the categories below them."""

    code = "library.topics"
    model = Topic
    title, noun, icon, order = "文件主题", "类", "folder", 910
    columns = "title trail documents position org"
    facts = "title trail shelf position org"
    filters = "parent"
    search = "title"
    key = "org parent title"
    form = "org parent title position"
    example = {"title": "灭火器材"}

    @computed("目录", needs="parent__parent__parent")
    def trail(self, row: Topic) -> str:
        """From the top."""
        return row.trail

    @computed("文件")
    def shelf(self, row: Any) -> str:
        """The list behind the number."""
        return to_list(f"topic={row.pk}", row.count)

    def refine(self, rows: Any) -> Any:
        """With the number of topics below, too."""
        below = Count("parts", filter=Q(parts__archived_at=None), distinct=True)
        return super().refine(rows).annotate(below=below)

    def locked(self, record: Any, verb: str) -> str:
        """Neither with documents nor with topics below."""
        if verb == "archive" and bool(getattr(record, "below", False)):
            return "还有下级主题，请先移走"
        return super().locked(record, verb)


def _plans() -> Q:
    return Q(kind__code="plan")


def _silent() -> Q:
    return Q(pk__in=Extract.objects.filter(state__in=("empty", "failed")).values("document"))


def readings_counted() -> Any:
    """How often each document was read, for annotating its rows."""
    rows = Reading.unguarded.filter(document=OuterRef("pk")).order_by().values("document")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


@ledger
class Documents(Ledger):
    """The library: laws, rules, notices, plans."""

    code = "library.documents"
    model = Document
    title, noun, icon = "法规资料库", "份", "book-2"
    area, group, order = AREA, "资料", 20
    columns = "title stand topic__title kind number level issuer issued_on readings org"
    facts = "title number stand kind filed risk level issuer issued_on effective_on repealed_on follower org"
    filters = "topic kind risk level issuer force issued_on org"
    offers = "issuer"
    search = "title number issuer"
    sort = "-precedence"
    sections = {
        "这是什么文件": "org title kind topic risk",
        "谁发的": "level issuer number issued_on effective_on",
        "还有效吗": "force repealed_on successor",
        "正文": "body",
    }
    files = {"source": "正文文件", "annex": "附件", "original": "导入原件"}
    form_files = "source annex"
    photos = ""
    words = {"topic__title": "主题"}
    example = {
        "title": "校园消防安全管理办法",
        "body": "第一条 每日检查安全出口。",
        "number": "教安〔2026〕8 号",
    }
    views = {
        "现行有效": "force=in_force",
        "应急预案": "plans=1",
        "已废止或被替代": "over=1",
        "草稿": "force=draft",
        "检索不到文字": "silent=1",
    }
    marks = {
        "plans": _plans,
        "knowledge": lambda: ~_plans(),
        "silent": _silent,
        "over": lambda: Q(force__in=OVER),
    }
    happenings = {"restore": "恢复旧版", "link": "关联", "import": "导入正文"}
    roles = {
        "view": READERS,
        "add": KEEPERS,
        "edit": KEEPERS,
        "archive": KEEPERS,
        "export": f"{ABOVE} {SCHOOL}",
    }

    def lede(self, rows: Any, user: Any) -> str:
        """How many, and how readings are counted."""
        return f"共 {counted_words(rows.filter(archived_at=None))} 份。阅读次数：{RULE}。"

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit keeps it."""
        return {"org": user.unit_id}

    def refine(self, rows: Any) -> Any:
        """With how often it was read, and the order: in force first, then the newest."""
        force = Case(When(force__in=OVER, then=Value("0 ")), default=Value("1 "))
        day = Coalesce(Cast("issued_on", CharField()), Value(""))
        precedence = Concat(force, day, output_field=CharField())
        return rows.annotate(reading_count=readings_counted(), precedence=precedence)

    def seek(self, word: str) -> Q:
        """Names of files too."""
        named = Attachment.unguarded.filter(
            model="library.document", archived_at=None, replaced_by=None, name__icontains=word
        )
        return Q(pk__in=named.values("object_id"))

    @computed("效力", "chip", sort="force")
    def stand(self, row: Document) -> tuple[str, str]:
        """Whether it is to be followed."""
        return row.tone, row.get_force_display()

    @computed("阅读次数", "number", sort="reading_count")
    def readings(self, row: Any) -> int:
        """How often it was read."""
        return int(row.reading_count)

    @computed("目录", needs="topic__parent__parent__parent")
    def filed(self, row: Document) -> str:
        """The category with its path; leads to it."""
        return format_html(
            '{} <a href="/library/documents/?topic={}">定位到目录</a>', row.topic.trail, row.topic_id
        )

    @computed("替代文件", needs="successor")
    def follower(self, row: Document) -> str:
        """What replaces it today."""
        if row.successor is None:
            return ""
        follower = current(row)
        return format_html('<a href="{}">{}</a>', follower.get_absolute_url(), follower)

    @act(
        "重新识别文字",
        EDIT,
        icon="refresh",
        when=lambda row: row.extracts.exists(),
        effect="文件较大时要几分钟",
    )
    def read_again(self, actor: Actor, record: Document, values: dict[str, Any]) -> None:
        """Read the files once more."""
        read_again(actor, record)

    @block("正文", "library/text.html", printed=True)
    def text(self, request: Any, record: Document) -> dict[str, Any]:
        """The words; opening them is reading the document."""
        note_reading(request, record)
        files = [item for item in attachments_of(record) if item.slot != "original"]
        return {"body": shown(record.body), "follower": current(record), "files": files}

    @block("文字识别", "library/extracts.html")
    def extracts(self, request: Any, record: Document) -> dict[str, Any] | None:
        """How far each file can be searched."""
        rows = readings_of_files(record)
        return {"rows": rows} if rows else None

    @block("关联的记录", "library/linked.html")
    def linked(self, request: Any, record: Document) -> dict[str, Any] | None:
        """Check items, hazards … that go by this document."""
        groups = linked_to(request.user, record)
        return {"groups": groups} if groups else None

    @block("阅读情况", "library/reading.html")
    def read_by(self, request: Any, record: Document) -> dict[str, Any] | None:
        """Who read it last, how many by unit, what is required; for those who answer for the document."""
        if not can(self, request.user, record, "edit") or not may(request.user, READ):
            return None
        rows = Reading.objects.visible(request.user, READ).filter(document=record)
        units = rows.order_by().values("org", "org__name").annotate(n=Count("pk")).order_by("-n", "org__path")
        asked = Required.objects.unscoped().filter(document=record, archived_at=None).exclude(state="draft")
        return {
            "rule": RULE,
            "total": rows.count(),
            "units": list(units[:SHOWN]),
            "latest": list(rows.select_related("reader", "org").order_by("-pk")[:SHOWN]),
            "required": list(asked),
            "issues": scope(request.user, ISSUE).covers(record.org.path)
            and record.force in ("in_force", "amended"),
        }

    @block("历次版本", "library/editions.html")
    def editions(self, request: Any, record: Document) -> dict[str, Any]:
        """Every saved state."""
        return {"rows": list(record.editions.select_related("saved_by")[:50])}
