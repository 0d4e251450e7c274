"""Ledgers of the directory, its entries, material entered by hand, and entries that do not apply."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.accounts.closings import said_of, shut_over
from anlan.domains.accounts.exemptions import SCHOOL, Exemption
from anlan.domains.accounts.issuing import copy_former, end_own, issue
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.reviewing import returned_versions
from anlan.domains.accounts.sections import Directory, Section, in_force
from anlan.domains.accounts.years import period_title, this_year
from anlan.engines.archives.api import archives, not_archived
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel.school_years import school_year
from anlan.shell.navigation import add_area

SEEING = " ".join((*ABOVE, *AT_SCHOOL))
ISSUE = declare_permission("accounts.directories.issue", "台账目录：发布", ("bureau_safety",)).code
add_area("accounts", "安全台账", "clipboard-list", order=36)


def is_draft(directory: Directory) -> bool:
    """Not issued."""
    return directory.issued_at is None


def is_own(section: Section) -> bool:
    """An entry a unit added for itself, still standing."""
    return section.directory_id is None and not section.until


def effect_of_issue(directory: Directory) -> str:
    """From when it stands."""
    number = directory.sections.filter(archived_at=None).count()
    return f"{number} 个台账从 {directory.year} 学年起用，以前的学年保持原样；发布后不能再改"


@ledger
class Directories(Ledger):
    """Versions of the directory."""

    code = "accounts.directories"
    model = Directory
    title, noun, icon = "台账目录", "版", "book"
    area, group, order = "accounts", "目录", 30
    columns = "title year stand org issued_at"
    filters = "org year issued_at"
    search = "title"
    key = "org year"
    form = "org title year note"
    sort = "-year"
    example = {"title": "中小学校园安全台账目录", "year": "2030-2031"}
    happenings = {"issue": "发布"}
    roles = rights(SEEING, "bureau_safety", export=SEEING)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit issues it."""
        return {"org": user.unit_id}

    @computed("状态", "chip")
    def stand(self, row: Directory) -> tuple[str, str]:
        """Draft or issued."""
        return ("todo", "起草中") if is_draft(row) else ("done", "已发布")

    @act("发布", ISSUE, icon="send", kind="primary", when=is_draft, effect=effect_of_issue)
    def issue(self, actor: Actor, record: Directory, values: dict[str, Any]) -> None:
        """From its school year on."""
        issue(actor, record)

    @act(
        "复制上一版条目",
        ISSUE,
        icon="copy",
        when=is_draft,
        effect="上一版的台账都放进这一版，已有同名的不重复",
    )
    def copy(self, actor: Actor, record: Directory, values: dict[str, Any]) -> None:
        """Begin from the former version."""
        copy_former(actor, record)

    @block("台账", "accounts/sections.html", printed=True)
    def contents(self, request: Any, record: Directory) -> dict[str, Any]:
        """The entries."""
        return {"sections": record.sections.filter(archived_at=None).order_by("kind", "pk"), "record": record}

    def locked(self, record: Any, verb: str) -> str:
        """What was issued stays as it is."""
        return "" if is_draft(record) else "已发布的目录不能再改，请起草下一学年的目录"


@ledger
class Sections(Ledger):
    """Entries of the bureau and those schools add."""

    code = "accounts.sections"
    model = Section
    title, noun, icon = "台账条目", "个", "list-details"
    area, group, order = "accounts", "目录", 40
    columns = "title kind period source_words required file_kind standing org since until"
    facts = "title kind period source condition required materials file_kind directory org since until"
    filters = "org directory kind period since"
    search = "title materials"
    key = "org directory title"
    form = "org directory title kind period source condition required materials file_kind"
    sort = "kind"
    files = {"template": "样表"}
    photos = ""
    views = {"现行": "current=1", "本校增设": "own=1"}
    marks = {"current": lambda: in_force(this_year()), "own": lambda: Q(directory=None)}
    example = {"title": "校园安全工作计划", "kind": "duty", "period": "year", "materials": "学年工作计划"}
    happenings = {"end": "止用"}
    at_home = True
    choices = {"directory": Q(issued_at=None)}
    roles = rights(SEEING, "bureau_safety school_head school_safety", export=SEEING)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit."""
        return {"org": user.unit_id}

    def refine(self, rows: Any) -> Any:
        """With whether there is material already."""
        there = Item.objects.unscoped().filter(section=OuterRef("pk"), archived_at=None)
        return rows.annotate(filled=Exists(there))

    @computed("来源")
    def source_words(self, row: Section) -> str:
        """The ledger it is filled from, or uploads."""
        return row.get_source_display() if row.source else "填报上传"

    @computed("性质", "chip", needs="directory org")
    def standing(self, row: Section) -> tuple[str, str]:
        """Whose entry it is, and whether it is issued."""
        if row.directory_id is None:
            return "idle", "自行增设"
        return ("todo", "未发布") if row.draft else ("done", "统一目录")

    @act(
        "停用",
        "accounts.sections.edit",
        icon="x",
        when=is_own,
        at_home=True,
        effect="本学年结束后不再要求，以前的学年保留",
    )
    def end(self, actor: Actor, record: Section, values: dict[str, Any]) -> None:
        """An own entry ends with this school year."""
        end_own(actor, record)

    def clean(self, user: Any, record: Section | None, values: dict[str, Any]) -> dict[str, str]:
        """Above schools, entries go into a version of the directory."""
        unit = values.get("org") or (record.org if record else None)
        held = values.get("directory") or (record.directory if record else None)
        alone = unit is not None and unit.kind != "school" and held is None
        return {"directory": "请选择放进哪一版目录；还没有就先起草目录"} if alone else {}

    def locked(self, record: Any, verb: str) -> str:
        """Issued entries and those of former years stay as they are, and those with material stay there."""
        if record.directory_id and not record.draft:
            return "已发布的台账不能再改，请在下一学年的目录里调整"
        if record.since < this_year() and not record.draft:
            return "以前学年就有的台账不能再改；不再需要的请停用"
        if verb == "archive" and getattr(record, "filled", False):
            return "已有材料的台账不能归档；不再需要的请停用"
        return ""


@ledger
class Items(Ledger):
    """Material entered by hand."""

    code = "accounts.items"
    model = Item
    title, noun, icon = "台账材料", "件", "file-text"
    area, group, order = "accounts", "台账", 20
    columns = "title section section__kind material day year person org state"
    facts = "title section material day period person note org state comment created_by"
    filters = "org section section__kind day state"
    search = "title material note section__title"
    form = "org section title material day person note"
    sort = "-day"
    files = {"file": "材料文件"}
    photos = ""
    example = {"title": "2026 年秋季开学工作计划", "day": "2026-09-01"}
    choices = {"section": lambda rows, user: rows.filter(in_force(this_year()))}
    views = {"待查阅": "state=filed", "退回补充": "state=returned"}
    happenings = {"view": "查阅"}
    at_home = traced = True
    roles = rights(SEEING, " ".join(AT_SCHOOL), export=SEEING)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own school."""
        return {"org": user.unit_id}

    def refine(self, rows: Any) -> Any:
        """With whether its school year is closed."""
        return rows.annotate(shut=Exists(shut_over("day")))

    def locked(self, record: Any, verb: str) -> str:
        """What lies in a closed year stays as it is."""
        return said_of(school_year(record.day)) if getattr(record, "shut", False) else ""

    @computed("学年", "meta")
    def year(self, row: Item) -> str:
        """The school year of the day."""
        return school_year(row.day)

    @computed("所属周期", needs="section")
    def period(self, row: Item) -> str:
        """The period of its ledger that the day lies in."""
        return period_title(row.section.period, row.day)

    @block("退回前的版本", "accounts/versions.html", printed=True)
    def versions(self, request: Any, record: Item) -> dict[str, Any] | None:
        """What was returned, as it was then."""
        return {"versions": returned_versions(record)} if record.former else None


@ledger
class Exemptions(Ledger):
    """Entries that do not apply to a school."""

    code = "accounts.exemptions"
    model = Exemption
    title, noun, icon = "不适用申请", "件", "circle-minus"
    area, group, order = "accounts", "台账", 25
    columns = "section org year period state reason opinion"
    filters = "org year state section"
    search = "section__title reason"
    form = "org section reason year period"
    views = {"待确认": "state=asked"}
    example = {"reason": "本校没有食堂", "year": "2026-2027"}
    while_in = {"edit": "asked"}
    at_home = True
    roles = rights(SEEING, SCHOOL, export=SEEING)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own school."""
        return {"org": user.unit_id}


archives("accounts.items", "ledger")
not_archived("accounts.exemptions", "随学年台账归档")
