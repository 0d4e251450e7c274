"""Whether every entrance in use has its staffed duty room with alarm and communication, shown by a photo (N2.03)."""

from anlan.base.proofs import Proof, declare_proof
from anlan.domains.alarms.entrances import Entrance
from anlan.engines.org.api import OrgUnit

ROOM = ("没有门卫值班室", "值班室没有人员", "没有照片")
EQUIPMENT = ("没有报警设备", "没有通讯设备", "没有照片")


def _against(unit: OrgUnit, wanted: tuple[str, ...]) -> str | None:
    rows = list(Entrance.objects.unscoped().filter(org=unit, closed_on=None, archived_at=None))
    said = [f"{row.title}{words}" for row in rows for words in row.lacks if words in wanted]
    return "、".join(said) if rows else None


def rooms_at(unit: OrgUnit) -> str | None:
    """Entrances in use without a staffed room, in words; None where none is registered."""
    return _against(unit, ROOM)


def equipment_at(unit: OrgUnit) -> str | None:
    """Entrances in use without alarm or communication, in words; None where none is registered."""
    return _against(unit, EQUIPMENT)


declare_proof(Proof("alarms.gate_rooms", "校园出入口", rooms_at, (Entrance,)))
declare_proof(Proof("alarms.gate_equipment", "校园出入口", equipment_at, (Entrance,)))
