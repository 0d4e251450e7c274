"""Schools that have held no drill in the term, to be urged (D14.4)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from anlan.base.calendar import Term
from anlan.base.roles import ABOVE
from anlan.base.schools import School
from anlan.domains.fire.drills import Drill
from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import holders, urge
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, Personal, act, ledger
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

URGE = declare_permission("fire.drills.urge", "消防演练：催办", ("bureau_safety", "township_officer")).code


def half_year(day: date) -> tuple[date, date]:
    """The usual span of a term, where no calendar of terms is kept: February to July, August to January."""
    if 2 <= day.month <= 7:
        return date(day.year, 2, 1), date(day.year, 7, 31)
    first = date(day.year if day.month >= 8 else day.year - 1, 8, 1)
    return first, date(first.year + 1, 1, 31)


def undrilled() -> Q:
    """Condition on schools: no drill was held in the present term of the unit nearest above."""
    today, taken = clock.today(), Q(pk__in=[])
    condition: Any = Q(pk__in=[])
    terms = Term.unguarded.filter(first__lte=today, last__gte=today, archived_at=None).select_related("org")
    spans = [(term.org.path, term.first, term.last) for term in terms]
    for path, first, last in [*sorted(spans, key=lambda one: -len(one[0])), ("", *half_year(today))]:
        here = Q(org__path__startswith=path) & ~taken
        held = Drill.unguarded.filter(org=OuterRef("org"), state="held", held_on__range=(first, last))
        condition |= here & ~Exists(held)
        taken |= Q(org__path__startswith=path)
    return condition


@ledger
class Undrilled(Ledger):
    """Schools that have held no drill in this term."""

    code = "fire.undrilled"
    model = School
    readonly = True
    title, noun, area, group, order = "本学期未演练的学校", "所", "upkeep", "消防", 252
    columns = "name kind pupils org"
    filters, search, sort = "kind", "name", "org__path"
    personal = {"office_phone": Personal("联系学校", "履行法定职责所必需", "随学校档案")}
    example = {"name": "示例小学", "kind": "primary"}
    roles = {"view": " ".join((*ABOVE, "school_head", "school_safety")), "export": " ".join(ABOVE)}

    def refine(self, rows: Any) -> Any:
        """Only those; a school that is closed drills no more."""
        return rows.filter(undrilled(), closed_on=None)

    @act("催办演练", URGE, icon="bell", effect="提醒这所学校的安全管理员和校长尽快组织演练")
    def urge_school(self, actor: Actor, record: School, values: dict[str, Any]) -> str:
        """Remind those who keep the drills of the school."""
        people = {
            person.pk: person
            for role in ("school_safety", "school_head")
            for person in holders(record.org, role=role, at_unit=True)
        }
        if not people:
            raise Rejected({"": "这所学校没有安全管理员和校长的账号"})
        urge(actor, record, people.values(), note="本学期还没有消防演练", url="/fire/drills/new")
        return self.url
