"""The bureau looks through material, passes it or returns it; what was returned is kept (S06.5)."""

from typing import Any

from anlan.base.roles import AT_SCHOOL
from anlan.domains.accounts.closings import year_shut
from anlan.domains.accounts.items import Item
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of
from anlan.engines.workflow.api import Workflow, back, done, idle, move, steps_of, todo

SCHOOL = " ".join(AT_SCHOOL)
KEPT = ("title", "section", "material", "day", "person", "note")


def version_of(item: Item) -> dict[str, Any]:
    """The material as it stands: words by the title of the field, and its files by uid."""
    model: Any = item._meta
    facts = [(model.get_field(name).verbose_name, str(getattr(item, name) or "")) for name in KEPT]
    return {"facts": facts, "files": [str(one.uid) for one in attachments_of(item)]}


def keep_version(item: Item, actor: Actor) -> dict[str, Any]:
    """Effect of a return: what the bureau saw stays, whatever the school changes afterwards."""
    return {"former": [*item.former, version_of(item)]}


def returned_versions(item: Item) -> list[dict[str, Any]]:
    """Former versions, first one first, with who returned each, when, why, and its files."""
    steps = steps_of(item).filter(move="hand_back")
    files = {str(one.uid): one for one in attachments_of(item, formers=True)}
    return [
        {
            "number": number,
            "by": step.actor,
            "at": step.at,
            "comment": step.values["comment"],
            "facts": kept["facts"],
            "files": [files[uid] for uid in kept["files"]],
        }
        for number, (kept, step) in enumerate(zip(item.former, steps, strict=True), start=1)
    ]


class ItemFlow(Workflow):
    """Filed, passed or returned by the bureau; passed material is closed, returned material open to the school."""

    code = "accounts.items"
    title = "台账材料"
    model = Item
    states = {
        "filed": todo("待查阅"),
        "returned": back("退回补充"),
        "passed": done("已查阅"),
        "withdrawn": idle("已撤下"),
    }
    initial, final = "filed", "passed withdrawn"

    passing = move(
        "查阅通过", "filed", "passed", by="bureau_safety", takes="comment", duty=False, guard=year_shut
    )
    hand_back = move(
        "退回补充",
        "filed passed",
        "returned",
        by="bureau_safety",
        needs="comment",
        within_days=5,
        effect=keep_version,
        duty=False,
        guard=year_shut,
    )
    refile = move("补充完毕，重新提交", "returned", "filed", by=SCHOOL)
    withdraw = move(
        "撤下", "filed", "withdrawn", by=SCHOOL, archives=True, duty=False, outlined=True, guard=year_shut
    )
