"""Ledgers of surveys, places and statements (N1.06, N1.07)."""

from typing import Any

from django.db.models import Count, Q

from anlan.base.checklists import Subject, declare_subject
from anlan.base.looked import Looked
from anlan.base.roles import IN_SCHOOL
from anlan.base.spot_checks import unlooked
from anlan.domains.site_security.asking import CategoryForm, ExcuseForm, KeeperForm, PlaceForm, RouteForm
from anlan.domains.site_security.camera_proof import proof_of
from anlan.domains.site_security.editions import LocationKind
from anlan.domains.site_security.laying_out import excuse, set_up, take_down
from anlan.domains.site_security.loading import MEASURES
from anlan.domains.site_security.stating import CHECK, STATE, becomes_hazard, to_hazard
from anlan.domains.site_security.survey_flow import kinds_not_set_up, places_of, unfilled
from anlan.domains.site_security.surveys import OPEN_TO_SCHOOL, UNMET, KeyPlace, Statement, Survey, Verdict
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, act, add, block, computed, ledger, ledgers

SCHOOL = "school_safety school_head school_contact"
WATCHERS = "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin inspector"
ROLES = {"view": f"{WATCHERS} {SCHOOL}", "export": f"{WATCHERS} {SCHOOL}"}
RAISE, POINTS = "safety.hazards.add", "patrols.points.add"


def is_open(survey: Survey) -> bool:
    """The school may still change it."""
    return survey.archived_at is None and survey.state in OPEN_TO_SCHOOL


def in_place(place: KeyPlace) -> bool:
    """A place that is there."""
    return place.archived_at is None and place.there


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
            blank_ones=Count("statements", filter=live & Q(statements__result=Verdict.UNFILLED)),
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
            total=Count("pk"),
            filled=Count("pk", ~Q(result=Verdict.UNFILLED)),
            unmet=Count("pk", Q(result__in=UNMET)),
        )
    }
    kinds = LocationKind.objects.unscoped().filter(edition=survey.edition_id)
    return [{**counted.get(kind.pk, {}), "kind": kind, "places": places.get(kind.pk, [])} for kind in kinds]


LOOKED_AS = declare_subject(
    Subject(
        "site_security.place",
        "重点部位",
        31,
        "facility",
        (
            "实体防护完好",
            "技防设备在位、工作正常",
            "出入口锁闭，钥匙和进出登记完整",
            "没有可疑物品、超量存放",
        ),
    )
).code


@ledger
class KeyPlaces(Looked):
    """Places of schools, and kinds schools were excused from."""

    looked_as = LOOKED_AS

    code = "site_security.places"
    model = KeyPlace
    readonly = True
    title, noun, icon = "重点部位清单", "处", "map-pin"
    area, group, order = "safety", "重点部位", 210
    columns = "name kind org keeper looked absent reason survey__edition"
    facts = "name kind org spot keeper protected_by reason absent looked survey__edition"
    filters = "org kind absent survey__edition"
    search = "name spot org__name"
    sort = "org__path"
    views = {"不适用": "absent=1", "标准以外的部位": "further=1", "检查超期": "unlooked=1"}
    marks = {"further": lambda: Q(kind__further=True), "unlooked": lambda: Q(absent=False) & unlooked()}
    happenings = {"keeper": "更换管理人员"}
    whose = "keeper"
    roles = ROLES | {"view": " ".join((ROLES["view"], *IN_SCHOOL[3:]))}

    @computed("防范措施")
    def protected_by(self, row: KeyPlace) -> str:
        """What protects a place beyond the kinds, in words."""
        return "、".join(MEASURES.get(code, code) for code in row.measures)

    @act("更换管理人员", STATE, form=KeeperForm, icon="user", when=in_place)
    def change_keeper(self, actor: Actor, record: KeyPlace, values: dict[str, Any]) -> None:
        """Somebody else looks after it."""
        change(actor, record, {"keeper": values["keeper"]}, action="keeper")

    @act("加入巡查路线", POINTS, form=RouteForm, icon="map-pin", when=in_place)
    def onto_route(self, actor: Actor, record: KeyPlace, values: dict[str, Any]) -> str:
        """It becomes the last point of a patrol route."""
        points, route = ledgers["patrols.points"], values["route"]
        rows: Any = points.model.unguarded.filter(archived_at=None)
        numbers = rows.filter(route=route).values_list("number", flat=True)
        said = {"org": record.org, "route": route, "number": max(numbers, default=0) + 1}
        add(actor, points, said | {"name": record.name[:40]})
        return str(route.get_absolute_url())

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
        "应达未达": "level=must&result=unfilled&result=partly&result=not_met&result=unproved",
        "宜达未达": "level=should&result=unfilled&result=partly&result=not_met&result=unproved",
        "未填报": "result=unfilled",
        "未证实": "result=unproved",
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

    @block("摄像机与核验", "site_security/cameras.html")
    def cameras(self, request: Any, record: Statement) -> dict[str, Any] | None:
        """Cameras that serve the requirement, and why it is not met by them."""
        proof = proof_of(record)
        return {"cameras": proof.cameras, "why": proof.why, "grade": proof.grade} if proof else None

    @act("转为隐患", RAISE, form=CategoryForm, icon="alert-triangle", when=becomes_hazard)
    def to_hazard(self, actor: Actor, record: Statement, values: dict[str, Any]) -> str:
        """An unmet must-item enters the hazard loop."""
        return to_hazard(actor, record, values["category"])

    @block("隐患", "site_security/hazard.html")
    def hazard(self, request: Any, record: Statement) -> dict[str, Any] | None:
        """The hazard made of it; advice for an unmet should-item."""
        advice = record.level == "should" and record.result in UNMET
        return {"url": record.hazard_url, "advice": advice} if record.hazard_url or advice else None


archives("site_security.surveys", "inspection", parts="statements")
