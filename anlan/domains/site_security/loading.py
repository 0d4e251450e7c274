"""Loading an edition from its data file; a changed set is a new edition, never a changed old one (N1.09)."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from anlan.domains.site_security.editions import (
    COMPARISONS,
    GRADES,
    UNITS,
    Edition,
    LocationKind,
    Requirement,
)
from anlan.engines.audit.api import Actor, create, create_all
from anlan.engines.forms.api import Requirements, read_requirements
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Conflict, Rejected

GROUPS = ("requirements", "basic_requirements", "physical_requirements")
FACTS = yaml.safe_load(
    (Path(__file__).parent / "seeds" / "requirement_facts.yaml").read_text(encoding="utf-8")
)
MEASURES = {
    "video": "视频监控", "intrusion": "入侵报警", "access": "出入口控制", "panic": "紧急报警",
    "physical": "实体防护", "patrol": "电子巡查", "broadcast": "广播", "intercom": "访客对讲",
    "comms": "通讯", "gear": "防卫器械", "traffic": "交通安全设施", "management": "管理制度",
    "staffing": "人员值守", "network": "联网与网络防护", "other": "其他",
}  # fmt: skip


def load_file(actor: Actor, unit: OrgUnit, file: Path) -> Edition:
    """As :func:`load_edition`, from a YAML file; Rejected where it is none."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Rejected({"file": "不是防护要求数据文件"}) from None
    return load_edition(actor, unit, data)


@transaction.atomic
def load_edition(actor: Actor, unit: OrgUnit, data: Any) -> Edition:
    """The edition of the data at the unit; the same again changes nothing.

    Rejected for doubled ids and rows that are not whole; Conflict when the edition is there with other rows.
    """
    found = read_requirements(data)
    known = Edition.objects.unscoped().filter(org=unit, code=found.edition, archived_at=None).first()
    if known is not None:
        return _unchanged(known, found, data)
    edition = create(actor, Edition(org=unit, code=found.edition, title=found.title))
    kinds, limits = _kinds(actor, edition, found, data), _limits(data)
    grades = _grades(data)
    create_all(
        actor,
        [
            Requirement(
                org=unit, edition=edition, kind=kinds[row.location], code=row.id, text=row.text, level=row.level,
                measure=row.measure or "other", school_types=list(row.school_types), condition=row.condition,
                grade=grades.get(row.id, ""),
                **{"metric": FACTS["proved_by"].get(row.id, "")} | limits.get(row.id, {}),
            )
            for row in found.rows
        ],
    )  # fmt: skip
    return edition


def _limits(data: Any) -> dict[str, dict[str, Any]]:
    """The recorded value a requirement goes by and its threshold, where it names one, by its id."""
    rows = [row for name in GROUPS for row in data.get(name, ())]
    return {str(row["id"]): _limit(str(row["id"]), row["threshold"]) for row in rows if row.get("threshold")}


def _limit(code: str, said: Any) -> dict[str, Any]:
    try:
        bound, op = Decimal(str(said["value"])), dict(COMPARISONS)[said["op"]] and said["op"]
        return {"metric": str(said["metric"]), "op": op, "bound": bound, "unit": UNITS[said["unit"]]}
    except (KeyError, TypeError, InvalidOperation):
        raise Rejected({"file": f"{code} 的限值不完整"}) from None


def _grades(data: Any) -> dict[str, str]:
    """The grade of image a requirement demands, by its id; Rejected for one unknown."""
    rows = [row for name in GROUPS for row in data.get(name, ()) if row.get("image_quality")]
    found = {str(row["id"]): str(row["image_quality"]) for row in rows}
    if unknown := set(found.values()) - set(dict(GRADES)):
        raise Rejected({"file": f"不认识的图像等级：{'、'.join(sorted(unknown))}"})
    return found


def _kinds(actor: Actor, edition: Edition, found: Requirements, data: Any) -> dict[str, LocationKind]:
    places = {place["code"]: place for place in data.get("locations", ())}
    used = {row.location for row in found.rows}
    kinds = [
        LocationKind(
            org=edition.org,
            edition=edition,
            code=code,
            number=number,
            title=title[:60],
            condition=str(places.get(code, {}).get("condition", "")),
            general=bool(places.get(code, {"general": True}).get("general")),
            kept=bool(places.get(code, {}).get("keeper", code in FACTS["with_keeper"])),
            further=bool(places.get(code, {}).get("further", code in FACTS["further"])),
        )
        for number, (code, title) in enumerate(found.locations, 1)
        if code in used
    ]
    return {kind.code: kind for kind in create_all(actor, kinds)}


def _unchanged(edition: Edition, found: Requirements, data: Any) -> Edition:
    rows = {row.code: (row.text, row.level, row.measure, row.bound) for row in edition.requirements.all()}
    bounds = {code: limit["bound"] for code, limit in _limits(data).items()}
    if rows != {
        row.id: (row.text, row.level, row.measure or "other", bounds.get(row.id)) for row in found.rows
    }:
        raise Conflict("这个版次已经载入，内容不同；改动过的要求请作为新的版次")
    return edition
