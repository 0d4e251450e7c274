"""The ledger of checks of devices (D02.4)."""

from typing import Any

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.site_security.device_checks import DeviceCheck
from anlan.engines.registry.api import Ledger, block, ledger

VIEWERS = f"{KEPT_BY_SCHOOL['view']} inspector device_mender"


@ledger
class DeviceChecks(Ledger):
    """Every check with its answers; made on the device's page."""

    code = "site_security.device_checks"
    model = DeviceCheck
    readonly = True
    title, noun, icon = "技防设备检查", "次", "clipboard-check"
    area, group, order = "safety", "技防设备", 270
    columns = "device org day checker passed grade note"
    filters = "org day passed device__kind device"
    search = "device__code device__name checker note org__name"
    words = {"device__kind": "设备类型"}
    files, photos = {"photo": "样图、照片"}, ""
    views = {"不合格": "passed=0"}
    happenings = {"raise": "转为隐患"}
    roles = {
        "view": VIEWERS,
        "add": "school_safety school_head inspector bureau_safety",
        "export": VIEWERS,
    }

    @block("逐项结论", "site_security/answers.html", printed=True)
    def items(self, request: Any, record: DeviceCheck) -> dict[str, Any]:
        """Item by item, and the hazard made of what failed."""
        return {"answers": record.answers, "url": record.hazard_url}
