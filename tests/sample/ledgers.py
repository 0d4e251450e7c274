"""Ledgers of the sample module."""

from pathlib import Path
from typing import Any

from anlan.engines.archives.api import archives
from anlan.engines.registry.api import Inventory, Ledger, Personal, block, computed, declare_cycles, ledger
from tests.sample.lamps import Lamp, Maker
from tests.sample.permits import Permit, Pump

declare_cycles(Path(__file__).with_name("cycles.yaml"))


@ledger
class Makers(Ledger):
    model = Maker
    title = "厂家"
    area = "sample"
    columns = "name org"
    search = "name"
    key = "org name"
    example = {"name": "福建灯具厂"}
    roles = dict.fromkeys(("view", "add", "edit"), ("lamp_keeper", "lamp_master"))


@ledger
class Lamps(Ledger):
    model = Lamp
    title = "灯具台账"
    noun = "盏"
    area = "sample"
    icon = "bulb"
    columns = "code place kind state maker power price bought_on keeper phone org due_at"
    filters = "org kind state maker bought_on"
    search = "code place keeper maker__name"
    key = "org code"
    sections = {
        "哪一盏": "org code place kind maker",
        "谁在管": "keeper phone owner",
        "其他": "watts price bought_on spare",
    }
    masked = {"phone": "phone", "keeper": "name"}
    personal = {
        "keeper": Personal("联系保管人", "履行管理职责", "离岗后一年"),
        "phone": Personal("联系保管人", "履行管理职责", "离岗后一年"),
    }
    example = {
        "code": "D-01",
        "place": "一号楼东侧",
        "keeper": "王小明",
        "phone": "13859700001",
        "watts": 8,
        "price": "35.50",
        "bought_on": "2026-03-01",
    }
    files = {"before": "现场", "after": "修好后"}
    views = {"损坏": "state=broken", "逾期": "overdue=1"}
    roles = {
        "view": "lamp_keeper lamp_master lamp_guest",
        "add": "lamp_keeper",
        "edit": "lamp_keeper lamp_master",
        "archive": "lamp_master",
        "import": "lamp_keeper",
        "export": "lamp_keeper lamp_master",
        "unmask": "lamp_master",
    }

    @computed("功率", "text", sort="watts")
    def power(self, lamp: Lamp) -> str:
        """Watts in words."""
        return f"{lamp.watts} 瓦"

    @block("备用情况", "sample/spare.html")
    def spare(self, request: Any, lamp: Lamp) -> dict[str, Any]:
        """Whether a spare lies ready."""
        return {"spare": lamp.spare}


@ledger
class Permits(Ledger):
    model = Permit
    title, noun, area = "许可证", "份", "sample"
    columns = "name holder number issued_on valid_to validity org"
    filters = "org valid_to"
    search = "name number"
    key = "org number"
    masked = {"holder": "name"}
    personal = {"holder": Personal("核对持证人", "履行管理职责", "失效后一年")}
    expires = "valid_to"
    renews = "number issued_on valid_to"
    files = {"scan": "扫描件"}
    example = {"name": "经营许可", "number": "X-1", "issued_on": "2026-01-01", "valid_to": "2031-01-01"}
    roles = {
        **dict.fromkeys(("view", "add", "edit", "archive", "import", "export"), "lamp_keeper"),
        "watch": "lamp_master",
    }


@ledger
class Pumps(Inventory):
    model = Pump
    title, noun, area = "水泵台账", "台", "sample"
    columns = "code kind state made_on next_check next_on validity org"
    filters = "org kind state next_on"
    search = "code"
    key = "org code"
    form = "org code kind made_on"
    cycle = "sample.pump.{kind} made_on"
    life = "lamp_keeper/lamp_master"
    example = {"code": "P-1", "made_on": "2026-01-31"}
    roles = dict.fromkeys(("view", "add", "edit", "archive", "import", "export"), "lamp_keeper")


archives("sample.lamps", "equipment")
