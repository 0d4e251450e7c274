"""Ledgers of special checks, of each school's part and of its items (SAF.11, SAF.12, SAF.43)."""

from typing import Any

from django.db.models import Count, Q

from anlan.domains.safety.special import OVERSEE, SpecialCheck, SpecialPart, SpecialProgress, officers
from anlan.domains.safety.special_forms import ItemForm, RemoveForm, TemplateForm
from anlan.domains.safety.special_items import add_from_template, add_item, remove_items
from anlan.domains.safety.special_publishing import groups_by_school
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import Kind, scope
from anlan.engines.registry.api import Ledger, act, block, computed, ledger

BUREAU = "bureau_safety team_admin"
EDIT = "safety.special_checks.edit"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer"
PARTIES = f"{WATCHERS} inspector school_head school_safety school_contact"


def is_draft(check: SpecialCheck) -> bool:
    """Not yet published."""
    return check.state == "draft"


def has_items(check: SpecialCheck) -> bool:
    """A draft with items to take out."""
    return is_draft(check) and check.items.exists()


@ledger
class SpecialChecks(Ledger):
    """Special checks of the bureau; saved ones are the bureau's own, published ones also their schools'."""

    code = "safety.special_checks"
    model = SpecialCheck
    title, noun, icon = "专项检查", "专项检查", "clipboard-check"
    area, group, order = "safety", "日常", 20
    columns = "title org state items_there schools_there finish_on responsible"
    filters = "org state finish_on"
    search = "title requirements"
    sections = {
        "查什么": "org title requirements",
        "谁负责、何时完成": "responsible finish_on",
        "查哪些学校": "schools",
    }
    facts = "title requirements finish_on responsible state"
    example = {"title": "秋季消防安全专项检查", "requirements": "逐项自查"}
    while_in = {"edit": "draft"}
    choices = {"schools": Q(kind=Kind.SCHOOL), "responsible": officers}
    views = {"检查中": "state=published", "草稿": "state=draft", "已结束": "state=ended"}
    roles = {
        "view": WATCHERS,
        "view.own": "inspector school_head school_safety school_contact",
        "add": BUREAU,
        "edit": BUREAU,
        "export": WATCHERS,
    }

    def refine(self, rows: Any) -> Any:
        """Checks with the numbers of their items and schools."""
        items, schools = Count("items", distinct=True), Count("schools", distinct=True)
        return rows.annotate(item_count=items, school_count=schools)

    @computed("检查项目", "number")
    def items_there(self, row: Any) -> int:
        """How many items."""
        return int(row.item_count)

    @computed("学校", "number")
    def schools_there(self, row: Any) -> int:
        """How many schools."""
        return int(row.school_count)

    @act("从检查表添加", EDIT, form=TemplateForm, icon="list-check", when=is_draft)
    def add_template(self, actor: Actor, record: SpecialCheck, values: dict[str, Any]) -> None:
        """All items of a form in use."""
        add_from_template(actor, record, values["template"])

    def begin(self, user: Any) -> dict[str, Any]:
        """The own bureau checks."""
        return {"org": user.unit_id}

    @act("添加检查项目", EDIT, form=ItemForm, icon="plus", when=is_draft)
    def add_item(self, actor: Actor, record: SpecialCheck, values: dict[str, Any]) -> None:
        """One more item."""
        add_item(actor, record, values)

    @act("去掉项目", EDIT, form=RemoveForm, icon="x", when=has_items)
    def remove_items(self, actor: Actor, record: SpecialCheck, values: dict[str, Any]) -> None:
        """Some items fewer."""
        remove_items(actor, record, list(values["items"]))

    @block("检查项目", "safety/special_items.html")
    def items(self, request: Any, record: SpecialCheck) -> dict[str, Any]:
        """The items, and the way to add more while it is a draft."""
        return {"check": record, "items": record.items.all(), "draft": is_draft(record)}

    @block("检查学校", "safety/special_schools.html")
    def to_whom(self, request: Any, record: SpecialCheck) -> dict[str, Any] | None:
        """Before publication: the schools with the groups they will get."""
        if not is_draft(record):
            return None
        groups = groups_by_school(record)
        rows = [(school, groups.get(school.pk)) for school in record.schools.order_by("path")]
        return {"rows": rows, "lacking": sum(not given for _, given in rows)}

    @block("各校进度", "safety/special_progress.html")
    def progress(self, request: Any, record: SpecialCheck) -> dict[str, Any] | None:
        """State of every school's part for the bureau, of their own for schools and groups."""
        if is_draft(record):
            return None
        every = SpecialPart.objects.unscoped().filter(check_of=record).select_related("org", "group")
        seen = SpecialPart.objects.visible(request.user, "safety.special_parts.view").filter(check_of=record)
        opened = set(seen.values_list("pk", flat=True))
        overseen = scope(request.user, OVERSEE)
        parts = [
            part
            for part in every.order_by("org__path")
            if overseen.covers(part.org.path) or part.pk in opened
        ]
        return {"parts": parts, "opened": opened, "check": record, "overseen": bool(overseen)}


@ledger
class SpecialProgressList(Ledger):
    """How far every school is."""

    code = "safety.special_progress"
    model = SpecialProgress
    readonly = True
    title, noun, icon = "专项检查进度", "校", "chart-histogram"
    area, group, order = "safety", "日常", 26
    columns = "org check_of group group__leader state due_at"
    filters = "org check_of group state check_of__finish_on"
    search = "org__name check_of__title group__name"
    facts = "org check_of group group__leader state due_at"
    roles = {"view": WATCHERS, "export": WATCHERS}


@ledger
class SpecialResults(Ledger):
    """Item by item at each school, with the hazard made of it."""

    code = "safety.special_results"
    model = SpecialResult
    readonly = True
    title, noun, icon = "专项检查逐项结论", "项", "list-check"
    area, group, order = "safety", "日常", 27
    columns = "item part__check_of org school_verdict group_verdict bureau_verdict hazard hazard__state"
    filters = "org part__check_of part__group school_verdict group_verdict bureau_verdict hazard__state part__check_of__finish_on"  # noqa: E501
    search = "item__wording part__check_of__title org__name"
    files = {"evidence": "佐证材料"}
    facts = "item__wording item__standard part org school_verdict school_text group_verdict group_text bureau_verdict bureau_text hazard"  # noqa: E501
    roles = {"view": PARTIES, "export": f"{WATCHERS} inspector"}


archives("safety.special_checks", "inspection", parts="items")
