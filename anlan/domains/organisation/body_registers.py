"""Ledgers of safety bodies and their members (S05.1)."""

from typing import Any

from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.organisation.bodies import Body, Seat, end_body
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, ledger

KEEPERS = "bureau_safety school_head school_safety"
SEEING = " ".join((*ABOVE, *AT_SCHOOL))


def stands(body: Body) -> bool:
    """Not ended."""
    return body.ends_on is None


@ledger
class Bodies(Ledger):
    """Leading groups, offices, groups for special matters."""

    code = "organisation.bodies"
    model = Body
    title, noun, icon = "安全机构", "个", "sitemap"
    area, group, order = "safety", "组织", 380
    columns = "name kind parent org starts_on ends_on"
    filters = "org kind ends_on"
    search = "name duty"
    key = "org name"
    form = "org name kind parent duty starts_on"
    sort = "org__path"
    example = {"name": "消防安全工作组", "kind": "special", "duty": "组织防火检查和演练"}
    views = {"现有": "current=1"}
    marks = {"current": lambda: Q(ends_on=None)}
    happenings = {"end": "撤销"}
    roles = rights(SEEING, KEEPERS)

    @act("撤销", "organisation.bodies.edit", icon="x", when=stands, effect="今天起撤销，历史仍可查看")
    def end(self, actor: Actor, record: Body, values: dict[str, Any]) -> None:
        """The body exists no longer."""
        end_body(actor, record)

    def locked(self, record: Any, verb: str) -> str:
        """What ended stays as it was."""
        return "" if stands(record) else "已撤销的机构不能修改"


@ledger
class Seats(Ledger):
    """Who sits in which body."""

    code = "organisation.seats"
    model = Seat
    title, noun, icon = "机构成员", "人次", "users"
    area, group, order = "safety", "组织", 385
    columns = "person body part org starts_on ends_on"
    filters = "org body part"
    search = "person__name person__pinyin body__name"
    key = "org body person starts_on"
    form = "org body person part starts_on ends_on"
    sort = "org__path"
    example = {"part": "member"}
    whose = "person"
    roles = rights(SEEING, KEEPERS)
