"""The ledger of each school's part: evidence, verdicts level by level, hazards (SAF.13-SAF.15, SAF.43)."""

from typing import Any

from anlan.domains.safety.judging import LEVELS, RAISE, RIGHTS, judge
from anlan.domains.safety.special import SpecialPart
from anlan.domains.safety.special_flow import left_open
from anlan.domains.safety.special_forms import BureauSheet, EvidenceForm, GroupSheet, SchoolSheet
from anlan.domains.safety.special_publishing import UPLOAD
from anlan.domains.safety.special_registers import PARTIES, WATCHERS
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach, attachments_of_many, choose
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, act, block, computed, ledger

VERBS = {"school": "check_self", "group": "check_group", "bureau": "check_bureau"}


def at_school(part: SpecialPart) -> bool:
    """The school's turn."""
    return part.state in LEVELS["school"]


def at_group(part: SpecialPart) -> bool:
    """The group's turn."""
    return part.state in LEVELS["group"]


def at_bureau(part: SpecialPart) -> bool:
    """The bureau's turn."""
    return part.state in LEVELS["bureau"]


@ledger
class SpecialParts(Ledger):
    """One school's part; each level sees it once the level below confirmed it."""

    code = "safety.special_parts"
    model = SpecialPart
    readonly = True
    title, noun, icon = "专项检查办理", "检查", "list-check"
    area, group, order = "safety", "日常", 25
    columns = "check_of org group state due_at"
    filters = "org check_of group state reached check_of__finish_on"
    search = "check_of__title org__name group__name"
    facts = "check_of org group state due_at requirements findings group_summary bureau_summary opinion"
    files = {"evidence": "佐证材料"}
    views = {
        "待自查": "state=waiting&state=returned",
        "待小组确认": "state=group",
        "待教育局确认": "state=bureau",
        "逾期": "overdue=1",
    }
    example = {"reached": 2}
    roles = {"view": PARTIES, "export": f"{WATCHERS} inspector"}

    @computed("检查要求", needs="check_of")
    def requirements(self, row: SpecialPart) -> str:
        """What the bureau asks."""
        return row.check_of.requirements

    @act("填写自查", RIGHTS["school"], form=SchoolSheet, icon="edit", when=at_school)
    def check_self(self, actor: Actor, record: SpecialPart, values: dict[str, Any]) -> None:
        """The school's findings, item by item."""
        judge(actor, record, "school", values["said"])

    @act("逐项确认", RIGHTS["group"], form=GroupSheet, icon="edit", when=at_group, above=True)
    def check_group(self, actor: Actor, record: SpecialPart, values: dict[str, Any]) -> None:
        """The group's verdict on each item."""
        judge(actor, record, "group", values["said"])

    @act("逐项确认", RIGHTS["bureau"], form=BureauSheet, icon="edit", when=at_bureau)
    def check_bureau(self, actor: Actor, record: SpecialPart, values: dict[str, Any]) -> None:
        """The bureau's verdict on each item."""
        judge(actor, record, "bureau", values["said"])

    @act("上传佐证材料", UPLOAD, form=EvidenceForm, icon="cloud-upload", when=at_school)
    def upload(self, actor: Actor, record: SpecialPart, values: dict[str, Any]) -> None:
        """Pictures and papers of the school."""
        results = SpecialResult.objects.unscoped().filter(part=record)
        target = results.one(pk=values["item"]) if values["item"] else record
        for file in values["papers"]:
            attach(actor, target, file, "evidence")
        choose(actor, target, "evidence", values["chosen"])

    @block("逐项检查", "safety/special_results.html")
    def results(self, request: Any, record: SpecialPart) -> dict[str, Any]:
        """Verdicts of school, group and bureau side by side, and what is still to be judged by this person."""
        level = _turn(record, request.user)
        rows = list(SpecialResult.objects.unscoped().filter(part=record).select_related("item", "hazard"))
        files = attachments_of_many(rows)
        return {
            "part": record,
            "results": [(row, files.get(row.pk, [])) for row in rows],
            "left": left_open(record, level) if level else 0,
            "write": f"{record.get_absolute_url()}act/{VERBS[level]}" if level else "",
            "raises": not at_school(record)
            and record.state != "withdrawn"
            and _may_raise(record, request.user),
        }


def _turn(part: SpecialPart, user: Any) -> str:
    """The level this person may judge at now; empty for none."""
    level = next((level for level, states in LEVELS.items() if part.state in states), "")
    if not level:
        return ""
    found = scope(user, RIGHTS[level])
    in_charge = bool(found) and part.entrusts(user) if level == "group" else found.covers(part.org.path)
    return level if in_charge else ""


def _may_raise(part: SpecialPart, user: Any) -> bool:
    found = scope(user, RAISE)
    return found.covers(part.org.path) or (bool(found) and part.entrusts(user))


archives("safety.special_parts", "inspection", parts="results")
