"""Models of dormitories, for Django; ledgers, rights and jobs are declared beside them."""

from anlan.domains.dormitory import (
    boarder_registers,
    building_registers,
    check_registers,
    demo,
    keeper_registers,
    leave_registers,
    night_registers,
    phone,
    proving,
    school_registers,
    watching,
)
from anlan.domains.dormitory.boarders import Boarder, HealthRemark
from anlan.domains.dormitory.buildings import Bed, Building, Room
from anlan.domains.dormitory.checks import RoomCheck
from anlan.domains.dormitory.keepers import Keeper, Night
from anlan.domains.dormitory.leaves import Leave, Visit
from anlan.domains.dormitory.roll_calls import Absence, RollCall
from anlan.domains.dormitory.rules import DormitoryRules
from anlan.domains.dormitory.stays import Stay

__all__ = [
    "Absence",
    "Bed",
    "Boarder",
    "Building",
    "DormitoryRules",
    "HealthRemark",
    "Keeper",
    "Leave",
    "Night",
    "RollCall",
    "Room",
    "RoomCheck",
    "Stay",
    "Visit",
    "boarder_registers",
    "building_registers",
    "check_registers",
    "demo",
    "keeper_registers",
    "leave_registers",
    "night_registers",
    "phone",
    "proving",
    "school_registers",
    "watching",
]
