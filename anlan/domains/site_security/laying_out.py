"""Which statements a survey asks for: begun with an edition, following the places, carried to the next edition."""

from typing import Any

from django.db import transaction

from anlan.base.schools import School
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.editions import Edition, LocationKind, Requirement, edition_for
from anlan.domains.site_security.recorded import follow_survey
from anlan.domains.site_security.surveys import (
    OPEN_TO_SCHOOL,
    KeyPlace,
    Statement,
    Survey,
    school_type_of,
)
from anlan.engines.audit.api import Actor, archive, change, create, create_all
from anlan.engines.files.api import attachments_of, carry_over
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import close_todos
from anlan.kernel.errors import Conflict, Rejected

FACTS = {
    "has_canteen": ("has_canteen", "学校档案登记有食堂"),
    "has_dormitory": ("boarders", "学校档案登记有住校生"),
}


def current(unit: OrgUnit) -> Survey | None:
    """The school's survey in force."""
    found: Survey | None = Survey.objects.unscoped().filter(org=unit, archived_at=None).first()
    return found


def blank(survey: Survey, requirement: Requirement, place: KeyPlace | None = None) -> Statement:
    """A statement not yet made."""
    return Statement(
        org=survey.org, survey=survey, edition_id=survey.edition_id, kind=requirement.kind, place=place,
        requirement=requirement, level=requirement.level, measure=requirement.measure,
    )  # fmt: skip


def asked_of(survey: Survey, kind: LocationKind | None = None) -> list[Requirement]:
    """Requirements of the edition that apply to a school of this type, all or those of one kind."""
    rows = Requirement.objects.unscoped().filter(edition=survey.edition_id).select_related("kind")
    school_type = school_type_of(survey)
    return [row for row in (rows.filter(kind=kind) if kind else rows) if row.applies_to(school_type)]


@transaction.atomic
def begin(actor: Actor, unit: OrgUnit, edition: Edition) -> Survey:
    """A new survey of a school, everything still unfilled."""
    survey = create(actor, Survey(org=unit, edition=edition))
    create_all(actor, [blank(survey, row) for row in asked_of(survey)])
    follow_survey(survey)
    return survey


def must_be(survey: Survey, *states: str) -> None:
    """Conflict unless the survey, read anew and held, is in force and in one of the states."""
    fresh: Survey = Survey.objects.unscoped().select_for_update().get(pk=survey.pk)
    if fresh.archived_at is not None:
        raise Conflict("标准已换版，请在新的防护对照里填报")
    if fresh.state not in states:
        raise Conflict(f"当前状态是“{fresh.state_shown.title}”，现在不能改")


@transaction.atomic
def set_up(actor: Actor, survey: Survey, **values: Any) -> KeyPlace:
    """One more place of the school, or the note that it has none of this kind; its statements follow.

    Rejected for a place that needs a keeper, or beyond the kinds a reason and measures, and has none.
    """
    must_be(survey, *OPEN_TO_SCHOOL)
    if faults := _unkept(**values):
        raise Rejected(faults)
    place = create(actor, KeyPlace(org=survey.org, survey=survey, **values))
    _settle(actor, survey, place.kind)
    return place


def _unkept(
    kind: LocationKind,
    absent: bool = False,
    keeper: Any = None,
    reason: str = "",
    measures: Any = (),
    **_: Any,
) -> dict[str, str]:
    faults: dict[str, str] = {}
    if kind.kept and not absent and keeper is None:
        faults["keeper"] = "这一类部位要指定管理人员"
    if kind.further and not reason.strip():
        faults["reason"] = "请写明为什么要设防"
    if kind.further and not measures:
        faults["measures"] = "请选择采取的防范措施"
    return faults


def excuse(actor: Actor, survey: Survey, kind: LocationKind, reason: str) -> KeyPlace:
    """The school has no such place; Rejected where the edition does not allow it or the profile says otherwise."""
    return set_up(actor, survey, kind=kind, name="不适用", absent=True, reason=reason)


def contradiction(survey: Survey, kind: LocationKind | Requirement) -> str:
    """What the school's profile says against excusing the kind or requirement; empty for nothing."""
    field, words = FACTS.get(kind.condition, ("", ""))
    school = School.unguarded.filter(org=survey.org_id).first() if field else None
    return words if school and getattr(school, field) else ""


@transaction.atomic
def take_down(actor: Actor, place: KeyPlace) -> KeyPlace:
    """A place that is no more, or a note withdrawn; its statements go with it. Conflict while devices stand there."""
    must_be(place.survey, *OPEN_TO_SCHOOL)
    if Device.objects.unscoped().filter(place=place, archived_at=None).exists():
        raise Conflict("这个部位还登记有技防设备，请先改登到别的部位")
    for row in Statement.objects.unscoped().filter(place=place, archived_at=None):
        archive(actor, row)
    archive(actor, place)
    _settle(actor, place.survey, place.kind)
    return place


def _settle(actor: Actor, survey: Survey, kind: LocationKind) -> None:
    """Statements for every place of the kind; those without a place only where nothing is set up."""
    places = list(KeyPlace.objects.unscoped().filter(survey=survey, kind=kind, archived_at=None))
    rows = Statement.objects.unscoped().filter(survey=survey, kind=kind, archived_at=None)
    loose = list(rows.filter(place=None))
    real = [place for place in places if not place.absent]
    filled = set(rows.exclude(place=None).values_list("place", flat=True))
    for place in real:
        if place.pk in filled:
            continue
        if loose:
            for row in loose:
                change(actor, row, {"place": place})
            loose = []
        else:
            create_all(actor, [blank(survey, row, place) for row in asked_of(survey, kind)])
    if any(place.absent for place in places):
        for row in loose:
            archive(actor, row)
    elif not real and not loose:
        create_all(actor, [blank(survey, row) for row in asked_of(survey, kind)])


@transaction.atomic
def go_over(actor: Actor, survey: Survey, edition: Edition) -> Survey:
    """To another edition: places and answers to unchanged requirements come along, the old survey stays as it is."""
    again = Survey.objects.unscoped().filter(org=survey.org, edition=edition).first()
    if again is not None:
        raise Conflict("这所学校已经有这个版次的对照")
    archive(actor, survey)
    close_todos(survey, actor.user)
    new = create(actor, Survey(org=survey.org, edition=edition))
    places = _carry_places(actor, survey, new)
    rows = Statement.objects.unscoped().filter(survey=survey, archived_at=None)
    olds = {(row.requirement.code, row.place_id): row for row in rows.select_related("requirement")}
    for requirement in asked_of(new):
        for old_place, place in places.get(requirement.kind.code, [(None, None)]):
            if place is not None and place.absent:
                continue
            old = olds.get((requirement.code, old_place.pk if old_place else None))
            _carry(actor, blank(new, requirement, place), old)
    follow_survey(new)
    return new


CARRIED = ("name", "spot", "absent", "reason", "keeper", "measures", "looked_at", "look_by")


def _carry_places(actor: Actor, old: Survey, new: Survey) -> dict[str, list[tuple[Any, Any]]]:
    kinds = {kind.code: kind for kind in LocationKind.objects.unscoped().filter(edition=new.edition)}
    found: dict[str, list[tuple[Any, Any]]] = {}
    rows = KeyPlace.objects.unscoped().filter(survey=old, archived_at=None).select_related("kind")
    for place in rows:
        kind = kinds.get(place.kind.code)
        if kind is None or (place.absent and not kind.condition):
            continue
        kept = {name: getattr(place, name) for name in CARRIED}
        copy = create(actor, KeyPlace(org=new.org, survey=new, kind=kind, **kept))
        for device in Device.objects.unscoped().filter(place=place, archived_at=None):
            change(actor, device, {"place": copy}, action="carry")
        found.setdefault(kind.code, []).append((place, copy))
    return found


def _carry(actor: Actor, new: Statement, old: Statement | None) -> None:
    if old is None or not new.requirement.same_as(old.requirement):
        create(actor, new)
        return
    for name in ("verdict", "value", "device", "note", "checked", "checked_note", "result", "hazard_url"):
        setattr(new, name, getattr(old, name))
    create(actor, new)
    carry_over(actor, attachments_of(old, "proof"), new, "proof")


def renew(actor: Actor, area: OrgUnit) -> int:
    """Bring every open school of the area to the edition it goes by today; how many were changed."""
    rows = School.objects.unscoped().filter(org__path__startswith=area.path, closed_on=None, archived_at=None)
    changed = 0
    for school in rows.select_related("org"):
        edition, survey = edition_for(school.org), current(school.org)
        if edition is None or (survey is not None and survey.edition_id == edition.pk):
            continue
        if survey is None:
            begin(actor, school.org, edition)
        else:
            go_over(actor, survey, edition)
        changed += 1
    return changed
