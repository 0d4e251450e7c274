"""Ledgers of hygiene kept every day (S09.5)."""

from django.db.models import Q

from anlan.base.roles import rights
from anlan.domains.canteen.canteen_registers import SEEING
from anlan.domains.canteen.logs import AdditiveUse, Chilling, ColdStore, Disinfection, PestControl, Waste
from anlan.engines.registry.api import Ledger, Personal, ledger

WORKING = "school_safety school_head canteen_manager"
BY = Personal("落实食品安全责任", "食品安全法 第四十四条", "随台账保存")


@ledger
class Disinfections(Ledger):
    """Disinfection day by day."""

    code = "canteen.disinfections"
    model = Disinfection
    title, noun, icon = "消毒台账", "次", "wash"
    area, group, order = "canteen", "卫生台账", 400
    columns = "things day canteen org way strength minutes by"
    filters = "org canteen day way"
    search = "things by org__name"
    form = "org canteen day things way strength minutes by note"
    personal = {"by": BY}
    files = {"photo": "照片"}
    example = {
        "day": "2026-09-01",
        "things": "餐盘、筷子",
        "strength": "100℃ 蒸汽",
        "minutes": 15,
        "by": "陈师傅",
    }
    roles = rights(SEEING, WORKING)


@ledger
class Additives(Ledger):
    """Additives used."""

    code = "canteen.additives"
    model = AdditiveUse
    title, noun, icon = "添加剂台账", "次", "flask"
    area, group, order = "canteen", "卫生台账", 410
    columns = "additive day canteen org dish grams product by"
    filters = "org canteen day"
    search = "additive product dish"
    form = "org canteen day additive product dish grams by note"
    personal = {"by": BY}
    files = {"photo": "照片"}
    example = {
        "day": "2026-09-01",
        "additive": "泡打粉",
        "product": "泡打粉 A1",
        "dish": "馒头",
        "grams": 20,
        "by": "陈师傅",
    }
    roles = rights(SEEING, WORKING)


@ledger
class ColdStores(Ledger):
    """Fridges and cold rooms with their ranges."""

    code = "canteen.cold_stores"
    model = ColdStore
    title, noun, icon = "冷藏冷冻设备", "台", "snowflake"
    area, group, order = "canteen", "卫生台账", 430
    columns = "name canteen org low high retired"
    filters = "org canteen retired"
    search = "name canteen__name org__name"
    key = "org canteen name"
    form = "org canteen name low high retired"
    photos = ""
    example = {"name": "冷藏柜 1 号", "low": "0", "high": "8"}
    roles = rights(SEEING, WORKING)


@ledger
class Chillings(Ledger):
    """Temperatures read."""

    code = "canteen.chillings"
    model = Chilling
    title, noun, icon = "冷藏温度台账", "次", "temperature"
    area, group, order = "canteen", "卫生台账", 420
    columns = "store day degrees fine canteen org by"
    filters = "org canteen store day fine"
    search = "store__name org__name"
    form = "org store day degrees by note"
    choices = {"store": Q(retired=False)}
    personal = {"by": BY}
    views = {"超出范围": "fine=0"}
    photos = ""
    example = {"day": "2026-09-01", "degrees": "4.0", "by": "陈师傅"}
    roles = {"view": SEEING, "export": WORKING, "add": WORKING, "archive": WORKING}


@ledger
class PestControls(Ledger):
    """Pest control."""

    code = "canteen.pest_controls"
    model = PestControl
    title, noun, icon = "有害生物防制台账", "次", "shield-check"
    area, group, order = "canteen", "卫生台账", 440
    columns = "measures day canteen org company by"
    filters = "org canteen day"
    search = "measures org__name"
    form = "org canteen day measures company by note"
    personal = {"by": BY}
    files = {"photo": "照片"}
    example = {"day": "2026-09-01", "measures": "检查挡鼠板、更换粘鼠板", "by": "陈师傅"}
    roles = rights(SEEING, WORKING)


@ledger
class Wastes(Ledger):
    """Waste handed over."""

    code = "canteen.wastes"
    model = Waste
    title, noun, icon = "废弃物台账", "次", "trash"
    area, group, order = "canteen", "卫生台账", 450
    columns = "kind kilograms day canteen org taker driver by"
    filters = "org canteen day kind"
    search = "driver org__name taker__name"
    form = "org canteen day kind kilograms taker driver by note"
    personal = {"by": BY, "driver": BY}
    files = {"photo": "交接单"}
    example = {"day": "2026-09-01", "kilograms": "35.5", "by": "陈师傅", "driver": "刘师傅"}
    roles = rights(SEEING, WORKING)
