"""Ledgers of editions and of which area goes by which (N1.09)."""

from typing import Any

from django.db.models import Count

from anlan.domains.site_security.editions import Edition, EditionChoice, Requirement
from anlan.domains.site_security.laying_out import renew
from anlan.domains.site_security.loading import MEASURES
from anlan.engines.audit.api import SYSTEM, Written
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Ledger, computed, ledger
from anlan.engines.tasks.api import Job, background, declare_periodic, enqueue
from anlan.kernel import clock, events

BUREAU = "bureau_safety"
WATCHERS = "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin inspector"
SCHOOL = "school_safety school_head school_contact"


@ledger
class Editions(Ledger):
    """Editions side by side."""

    code = "site_security.editions"
    model = Edition
    readonly = True
    title, noun, icon = "防护标准版本", "版", "certificate"
    area, group, order = "safety", "设置", 950
    columns = "code title items schools org created_at"
    facts = "code title items schools org"
    search = "code title"
    roles = {"view": f"{WATCHERS} {SCHOOL}", "export": WATCHERS}

    def refine(self, rows: Any) -> Any:
        """With numbers of requirements and of schools going by it."""
        items, schools = Count("requirements", distinct=True), Count("surveys", distinct=True)
        return rows.annotate(item_count=items, school_count=schools)

    @computed("要求", "number")
    def items(self, row: Any) -> int:
        """How many requirements."""
        return int(row.item_count)

    @computed("对照学校", "number")
    def schools(self, row: Any) -> int:
        """How many schools were held against it."""
        return int(row.school_count)


@ledger
class Requirements(Ledger):
    """The requirements of all editions."""

    code = "site_security.requirements"
    model = Requirement
    readonly = True
    title, noun, icon = "防护要求", "项", "list-check"
    area, group, order = "safety", "设置", 955
    columns = "text code kind level measures threshold edition"
    filters = "edition kind level measure"
    search = "code text"
    sort = "pk"
    roles = {"view": f"{WATCHERS} {SCHOOL}", "export": WATCHERS}

    @computed("措施类型")
    def measures(self, row: Requirement) -> str:
        """The measure in words."""
        return MEASURES.get(row.measure, row.measure)

    @computed("限值")
    def threshold(self, row: Requirement) -> str:
        """The threshold in words."""
        return row.limit


@ledger
class EditionChoices(Ledger):
    """Which area goes by which edition from which day on."""

    code = "site_security.edition_choices"
    model = EditionChoice
    title, noun, icon = "标准版本选用", "条", "calendar-time"
    area, group, order = "safety", "设置", 960
    columns = "edition org since created_at"
    filters = "org edition since"
    search = "org__name edition__code"
    key = "org since"
    form = "org edition since"
    roles = {"view": WATCHERS, "add": BUREAU, "edit": BUREAU, "archive": BUREAU, "export": BUREAU}


@background("按所选标准版本更新各校防护对照")
def renew_surveys(job: Job, area: int | None = None) -> dict[str, Any]:
    """Bring schools to the edition in force today; every area that chose one where none is named."""
    units = OrgUnit.objects.filter(pk=area) if area else OrgUnit.objects.filter(pk__in=_areas())
    return {"changed": sum(renew(SYSTEM, unit) for unit in units)}


def _areas() -> Any:
    return EditionChoice.objects.unscoped().filter(archived_at=None, since__lte=clock.today()).values("org")


declare_periodic("site_security.editions", "30 1 * * *", renew_surveys)


@events.on(Written)
def follow_choice(event: Written) -> None:
    """A choice already in force is carried out at once, aside."""
    choice = event.record
    if isinstance(choice, EditionChoice) and event.actor.user is not None and choice.since <= clock.today():
        enqueue(event.actor, renew_surveys, area=choice.org_id)
