"""Special equipment by kind, state and unit (D16.6)."""

from anlan.domains.special_equipment.devices import Devices
from anlan.engines.analytics.api import Analysis, Card, Figure, declare_analysis
from anlan.engines.registry.api import ledgers

DEVICES = ledgers[Devices.code]
USED = Figure("在用设备", DEVICES, "state=in_use", "台")
EXPIRED = Figure("超期未检", DEVICES, "validity=expired", "台")

declare_analysis(
    Analysis(
        "special.equipment",
        "特种设备统计",
        DEVICES.permission("view"),
        (
            Card("在用设备种类", USED, "kind"),
            Card("设备状态", Figure("特种设备", DEVICES, "", "台"), "state"),
            Card("各单位超期未检", EXPIRED, "org", most=10),
        ),
        (USED, EXPIRED, Figure("在用未登记", DEVICES, "unregistered=1", "台")),
        area="upkeep",
        order=330,
    )
)
