"""Ledgers of surveys, places and statements (N1.06, N1.07)."""

from typing import Any

from django.db.models import Count, Q

from anlan.domains.site_security.asking import CategoryForm, ExcuseForm, PlaceForm
from anlan.domains.site_security.editions import LocationKind
from anlan.domains.site_security.laying_out import excuse, set_up, take_down
from anlan.domains.site_security.loading import MEASURES
from anlan.domains.site_security.stating import CHECK, STATE, becomes_hazard, to_hazard
from anlan.domains.site_security.survey_flow import kinds_not_set_up, places_of, unfilled
from anlan.domains.site_security.surveys import OPEN_TO_SCHOOL, UNMET, KeyPlace, Statement, Survey
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, act, block, computed, ledger

SCHOOL = "school_safety school_head school_contact"
WATCHERS = "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin inspector"
ROLES = {"view": f"{WATCHERS} {SCHOOL}", "export": f"{WATCHERS} {SCHOOL}"}
RAISE = "safety.hazards.add"


def is_open(survey: Survey) -> bool:
    """The school may still change it."""
    return survey.archived_at is None and survey.state in OPEN_TO_SCHOOL


def stands(place: KeyPlace) -> bool:
    """The place can be taken down."""
    return place.archived_at is None and is_open(place.survey)


@ledger
class Surveys(Ledger):
    """Every school's survey with how far it is."""

    code = "site_security.surveys"
    model = Survey
    readonly = True
    title, noun, icon = "重点部位防护对照", "份", "shield-check"
    area, group, order = "safety", "重点部位", 200
    columns = "org edition state must_open should_open blanks due_at"
    filters = "org edition state"
    search = "org__name"
    sort = "org__path"
    facts = "org edition state compliant must_open should_open blanks opinion"
    views = {
        "待填报": "state=filling&state=returned",
        "待核对": "state=submitted",
        "已核对": "state=confirmed",
    }
    roles = ROLES

    def refine(self, rows: Any) -> Any:
        """With numbers of what is not met and not filled in."""
        live = Q(statements__archived_at=None)
        unmet = live & Q(statements__result__in=UNMET)
        return rows.annotate(
            open_musts=Count("statements", filter=unmet & Q(statements__level="must")),
            open_shoulds=Count("statements", filter=unmet & Q(statements__level="should")),
            blank_ones=Count("statements", filter=live & Q(statements__verdict="")),
        )

    @computed("应达未达", "number")
    def must_open(self, row: Any) -> int:
        """Must-items not met."""
        return int(row.open_musts)

    @computed("宜达未达", "number")
    def should_open(self, row: Any) -> int:
        """Should-items not met."""
        return int(row.open_shoulds)

    @computed("未填报", "number")
    def blanks(self, row: Any) -> int:
        """Statements not made."""
        return int(row.blank_ones)

    @computed("是否达标", "chip")
    def compliant(self, row: Any) -> tuple[str, str]:
        """Only musts count."""
        return ("late", f"不达标，{row.open_musts} 项应达未达") if row.open_musts else ("done", "达标")

    @act("增加部位", STATE, form=PlaceForm, icon="plus", when=is_open)
    def set_up(self, actor: Actor, record: Survey, values: dict[str, Any]) -> None:
        """One more place."""
        set_up(actor, record, **values)

    @act("标为不适用", STATE, form=ExcuseForm, icon="minus", when=is_open)
    def excuse(self, actor: Actor, record: Survey, values: dict[str, Any]) -> None:
        """The school has no such place."""
        excuse(actor, record, values["kind"], values["reason"])

    @block("重点部位", "site_security/kinds.html")
    def kinds(self, request: Any, record: Survey) -> dict[str, Any]:
        """Kind by kind: places, how much is filled in, and the way to the sheet."""
        right = STATE if is_open(record) else CHECK if record.state == "submitted" else ""
        writes = (
            bool(right) and record.archived_at is None and scope(request.user, right).covers(record.org.path)
        )
        return {
            "survey": record,
            "rows": kinds_of(record),
            "lacking": kinds_not_set_up(record),
            "unfilled": unfilled(record),
            "verb": ("填报" if right == STATE else "核对") if writes else "",
        }


def kinds_of(survey: Survey) -> list[dict[str, Any]]:
    """Every kind of the edition with its places and counts of statements."""
    places: dict[int, list[KeyPlace]] = {}
    for place in places_of(survey):
        places.setdefault(place.kind_id, []).append(place)
    rows = Statement.objects.unscoped().filter(survey=survey, archived_at=None).order_by().values("kind")
    counted = {
        row["kind"]: row
        for row in rows.annotate(
            total=Count("pk"), filled=Count("pk", ~Q(verdict="")), unmet=Count("pk", Q(result__in=UNMET))
        )
    }
    kinds = LocationKind.objects.unscoped().filter(edition=survey.edition_id)
    return [{**counted.get(kind.pk, {}), "kind": kind, "places": places.get(kind.pk, [])} for kind in kinds]


@ledger
class KeyPlaces(Ledger):
    """Places of schools, and kinds schools were excused from."""

    code = "site_security.places"
    model = KeyPlace
    readonly = True
    title, noun, icon = "重点部位清单", "处", "map-pin"
    area, group, order = "safety", "重点部位", 210
    columns = "name kind org spot absent reason survey__edition"
    filters = "org kind absent survey__edition"
    search = "name spot org__name"
    sort = "org__path"
    views = {"不适用": "absent=1"}
    roles = ROLES

    @act("撤销", STATE, icon="x", kind="danger", when=stands, effect="这个部位填报的内容一并撤销")
    def take_down(self, actor: Actor, record: KeyPlace, values: dict[str, Any]) -> str:
        """No more there."""
        take_down(actor, record)
        return record.survey.get_absolute_url()


@ledger
class Statements(Ledger):
    """Requirement by requirement: what is met, with which proof."""

    code = "site_security.statements"
    model = Statement
    readonly = True
    title, noun, icon = "防护要求逐项", "项", "list-check"
    area, group, order = "safety", "重点部位", 220
    columns = "requirement__text org kind stands_at level measures result verdict checked"
    filters = "org edition kind level measure result"
    search = "requirement__text requirement__code org__name place__name"
    sort = "org__path"
    facts = "requirement__code requirement__text org kind stands_at level measures limit value verdict device note checked checked_note result edition"  # noqa: E501
    files = {"proof": "证明照片"}
    views = {
        "应达未达": "level=must&result=unfilled&result=partly&result=not_met",
        "宜达未达": "level=should&result=unfilled&result=partly&result=not_met",
        "未填报": "result=unfilled",
    }
    roles = ROLES

    @computed("部位", needs="place kind")
    def stands_at(self, row: Statement) -> str:
        """Where."""
        return row.where

    @computed("措施类型")
    def measures(self, row: Statement) -> str:
        """The measure in words."""
        return MEASURES.get(row.measure, row.measure)

    @computed("限值", needs="requirement")
    def limit(self, row: Statement) -> str:
        """The threshold in words."""
        return row.requirement.limit

    @act("转为隐患", RAISE, form=CategoryForm, icon="alert-triangle", when=becomes_hazard)
    def to_hazard(self, actor: Actor, record: Statement, values: dict[str, Any]) -> str:
        """An unmet must-item enters the hazard loop."""
        return to_hazard(actor, record, values["category"])

    @block("隐患", "site_security/hazard.html")
    def hazard(self, request: Any, record: Statement) -> dict[str, Any] | None:
        """The hazard made of it; advice for an unmet should-item."""
        advice = record.level == "should" and record.result in UNMET
        return {"url": record.hazard_url, "advice": advice} if record.hazard_url or advice else None
